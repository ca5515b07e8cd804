//! How server functions travel: JSON both ways, strict on what comes in, small on what the browser reads.

mod answer;
#[cfg(test)]
mod sample;
mod strict;

use std::future::Future;

use http::Method;
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::{Json, Post};
use leptos::server_fn::server::Server;
use leptos::server_fn::{Http, Protocol};
use serde::Serialize;

pub use answer::{Answer, Value};
pub use app_derive::{Answer, Refusal};
#[cfg(test)]
pub(crate) use sample::{Sample, assert_read_as_written};
pub use strict::{NotOurJson, StrictJsonEncoding};

use crate::error::ApiError;

/// Arguments as a JSON object in the body of a `POST`; a field that nothing knows is refused.
type StrictJson = Post<StrictJsonEncoding>;

/// The protocol of every server function.
///
/// The server's half is the framework's. The browser's half is one function for all of them, because the
/// framework's is compiled again for each (docs/performance.md).
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

    #[cfg(target_arch = "wasm32")]
    fn run_client(
        path: &str,
        input: Input,
    ) -> impl Future<Output = Result<Output, ApiError>> + Send {
        let body = serde_json::to_string(&input).unwrap_or_default();
        let answer = crate::client::call(path.to_owned(), body);
        send_wrapper::SendWrapper::new(async move {
            let answer = answer.await?;
            Output::read(&answer).ok_or(ApiError::Unreachable)
        })
    }

    /// Only browsers call.
    #[cfg(not(target_arch = "wasm32"))]
    fn run_client(
        _path: &str,
        _input: Input,
    ) -> impl Future<Output = Result<Output, ApiError>> + Send {
        std::future::ready(Err(ApiError::Unreachable))
    }
}
