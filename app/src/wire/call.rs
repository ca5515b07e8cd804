//! The host's half of a call: what the framework asks for to serve a function.

use std::future::Future;

use bytes::Bytes;
use futures::{Sink, Stream};
use http::Method;
use leptos::server_fn::client::Client;
use leptos::server_fn::client::browser::BrowserClient;
use leptos::server_fn::codec::{Json, Post};
use leptos::server_fn::request::browser::BrowserRequest;
use leptos::server_fn::response::browser::BrowserResponse;
use leptos::server_fn::server::Server;
use leptos::server_fn::{Http, Protocol};
use serde::Serialize;

use super::{Answer, StrictJsonEncoding};
use crate::error::ApiError;

/// The framework wants a client for each function; none of ours is called through it, see [`crate::wire::Call`].
pub struct ApiClient;

impl Client<ApiError> for ApiClient {
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(
        request: Self::Request,
    ) -> impl Future<Output = Result<Self::Response, ApiError>> + Send {
        <BrowserClient as Client<ApiError>>::send(request)
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static,
                impl Sink<Bytes> + Send + 'static,
            ),
            ApiError,
        >,
    > + Send {
        <BrowserClient as Client<ApiError>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<ApiError>>::spawn(future);
    }
}

/// Arguments as a JSON object in the body of a `POST`; a field that nothing knows is refused.
type StrictJson = Post<StrictJsonEncoding>;

/// The protocol of every server function.
///
/// The server's half of it is the framework's.
pub struct Call;

impl<Input, Output, C, S> Protocol<Input, Output, C, S, ApiError> for Call
where
    Input: Serialize,
    Output: Answer + Send,
    C: Client<ApiError>,
    S: Server<ApiError>,
    Http<StrictJson, Json>: Protocol<Input, Output, C, S, ApiError>,
{
    const METHOD: Method = Method::POST;

    fn run_server<F, Fut>(
        request: S::Request,
        server_fn: F,
    ) -> impl Future<Output = Result<S::Response, ApiError>> + Send
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<Output, ApiError>> + Send,
    {
        <Http<StrictJson, Json> as Protocol<Input, Output, C, S, ApiError>>::run_server(
            request, server_fn,
        )
    }

    /// Only browsers call, and not by this: see [`functions!`](crate::api).
    fn run_client(
        _path: &str,
        _input: Input,
    ) -> impl Future<Output = Result<Output, ApiError>> + Send {
        std::future::ready(Err(ApiError::Unreachable))
    }
}
