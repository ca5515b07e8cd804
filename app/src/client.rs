//! The browser's one client for server functions: a time limit, network loss as a typed refusal, and one
//! place that hears of an ended session.

use bytes::Bytes;
use futures::{Sink, Stream};
use leptos::server_fn::client::Client;
use leptos::server_fn::client::browser::BrowserClient;
use leptos::server_fn::request::browser::BrowserRequest;
use leptos::server_fn::response::browser::BrowserResponse;

use crate::error::ApiError;

/// Carries every server function.
pub struct ApiClient;

impl Client<ApiError> for ApiClient {
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(
        request: Self::Request,
    ) -> impl Future<Output = Result<Self::Response, ApiError>> + Send {
        #[cfg(target_arch = "wasm32")]
        return in_browser::send(request);
        #[cfg(not(target_arch = "wasm32"))]
        return <BrowserClient as Client<ApiError>>::send(request);
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

#[cfg(target_arch = "wasm32")]
pub use in_browser::on_refusal;
#[cfg(target_arch = "wasm32")]
pub(crate) use in_browser::tell;

#[cfg(target_arch = "wasm32")]
mod in_browser {
    use std::cell::RefCell;

    use futures::future::{Either, select};
    use gloo_timers::future::TimeoutFuture;
    use send_wrapper::SendWrapper;

    use super::{ApiClient, ApiError, BrowserClient, BrowserRequest, BrowserResponse, Client};

    /// After so many milliseconds a request counts as lost.
    const TIME_LIMIT: u32 = 20_000;

    type Listener = Box<dyn Fn(&ApiError)>;

    thread_local! {
        static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
    }

    /// Calls `listener` with every refusal, whichever function it answers.
    pub fn on_refusal(listener: impl Fn(&ApiError) + 'static) {
        LISTENER.set(Some(Box::new(listener)));
    }

    pub(super) fn send(
        request: BrowserRequest,
    ) -> impl Future<Output = Result<BrowserResponse, ApiError>> + Send {
        SendWrapper::new(async move {
            let answer = Box::pin(<BrowserClient as Client<ApiError>>::send(request));
            match select(answer, TimeoutFuture::new(TIME_LIMIT)).await {
                Either::Left((answer, _)) => answer,
                Either::Right(_) => Err(ApiError::Unreachable),
            }
        })
    }

    /// Tells the listener of a refusal.
    pub(crate) fn tell(refusal: &ApiError) {
        LISTENER.with_borrow(|listener| {
            if let Some(listener) = listener {
                listener(refusal);
            }
        });
    }

    const _: fn() = || {
        fn is_client<T: Client<ApiError>>() {}
        is_client::<ApiClient>();
    };
}
