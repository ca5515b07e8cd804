//! The browser's one client for server functions: a time limit, network loss as a typed refusal, and one
//! place that hears of every refusal.

/// The header by which a page says for which user it was drawn: another tab may have signed somebody else in since, and
/// what is done here is not theirs.
pub const DRAWN_FOR: &str = "twofold-user";

#[cfg(target_arch = "wasm32")]
pub use in_browser::on_refusal;
#[cfg(target_arch = "wasm32")]
pub(crate) use in_browser::{Awaited, ask};
#[cfg(target_arch = "wasm32")]
pub(crate) use in_browser::{is_renewed, signed_in_as};

#[cfg(target_arch = "wasm32")]
mod in_browser {
    use std::cell::{Cell, RefCell};
    use std::marker::PhantomData;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use gloo_net::http::Request;
    use serde::Serialize;
    use web_sys::AbortSignal;

    use super::DRAWN_FOR;
    use crate::browser::{self, ToldByTab, tell_tabs};
    use crate::error::ApiError;
    use crate::types::ids::UserId;
    use crate::types::session::SessionState;
    use crate::wire::{Answer, Value};

    /// After so many milliseconds a request counts as lost.
    const TIME_LIMIT: u32 = 20_000;
    const JSON: &str = "application/json";

    /// Milliseconds after which the server is asked again who is signed in, one after the other: the new cookie comes with
    /// the answer to another tab, which may be on its way.
    const PATIENCE: [i32; 3] = [100, 400, 1_000];

    /// What open pages ask by themselves, which is no use of the session.
    const BY_ITSELF: [&str; 2] = ["/api/session/left", "/api/account/enter"];

    type Listener = Box<dyn Fn(&ApiError)>;

    thread_local! {
        static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
        static USER: Cell<Option<UserId>> = const { Cell::new(None) };
        static IS_OVER: Cell<bool> = const { Cell::new(false) };
    }

    /// Calls `listener` with every refusal, whichever function it answers.
    pub fn on_refusal(listener: impl Fn(&ApiError) + 'static) {
        LISTENER.set(Some(Box::new(listener)));
    }

    /// Notes for whom the page is drawn.
    pub(crate) fn signed_in_as(user: Option<UserId>) {
        USER.set(user);
        IS_OVER.set(false);
    }

    /// Whether the user for whom the page is drawn is signed in all the same, though a request was refused as signed out:
    /// a step-up in another tab has renewed the session meanwhile, and the old cookie is worth nothing.
    pub(crate) async fn is_renewed() -> bool {
        let Some(user) = USER.get().filter(|_| !IS_OVER.get()) else {
            return false;
        };
        for pause in PATIENCE {
            browser::wait(pause).await;
            let answer = post("/api/session/state", "{}").await;
            let state = answer
                .ok()
                .and_then(|(_, answer)| SessionState::read(&answer));
            if let Some(SessionState::SignedIn(now)) = state {
                IS_OVER.set(now.user_id != user);
                return now.user_id == user;
            }
        }
        // The page is still that user's: whoever signs in meanwhile, in another tab, does nothing with what is left of it.
        IS_OVER.set(true);
        false
    }

    type Posted = Pin<Box<dyn Future<Output = Result<Value, ApiError>>>>;

    /// What a server function will answer.
    #[must_use = "nothing is asked before it is awaited"]
    pub struct Awaited<T> {
        posted: Posted,
        read_as: PhantomData<fn() -> T>,
    }

    impl<T: Answer> Future for Awaited<T> {
        type Output = Result<T, ApiError>;

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
            let answer = self.posted.as_mut().poll(context);
            answer.map(|answer| T::read(&answer?).ok_or(ApiError::Unreachable))
        }
    }

    /// Asks the server function at a path.
    pub(crate) fn ask<T>(path: &'static str, arguments: &impl Serialize) -> Awaited<T> {
        Awaited {
            posted: call(path, serde_json::to_string(arguments).unwrap_or_default()),
            read_as: PhantomData,
        }
    }

    /// Posts a body of JSON and gives what came back. Boxed, so that it is compiled once.
    fn call(path: &'static str, body: String) -> Posted {
        Box::pin(async move {
            let (mut is_good, mut answer) = post(path, &body)
                .await
                .map_err(|NoAnswer| ApiError::Unreachable)?;
            let is_signed_out = !is_good && ApiError::read(&answer) == Some(ApiError::SignedOut);
            // Who is refused as signed out has done nothing yet, so that it can be asked again.
            if is_signed_out && is_renewed().await {
                (is_good, answer) = post(path, &body)
                    .await
                    .map_err(|NoAnswer| ApiError::Unreachable)?;
            }
            if is_good {
                if !BY_ITSELF.contains(&path) {
                    tell_tabs(ToldByTab::Used);
                }
                return Ok(answer);
            }
            // What is no refusal of ours comes from something between us and the server.
            let refusal = ApiError::read(&answer).unwrap_or(ApiError::Unreachable);
            LISTENER.with_borrow(|listener| {
                if let Some(listener) = listener {
                    listener(&refusal);
                }
            });
            Err(refusal)
        })
    }

    /// Whether the answer is a good one, and its JSON, read by the browser's own parser.
    async fn post(path: &str, body: &str) -> Result<(bool, Value), NoAnswer> {
        let mut request = Request::post(path)
            .header("content-type", JSON)
            .header("accept", JSON)
            .abort_signal(Some(&AbortSignal::timeout_with_u32(TIME_LIMIT)));
        if let Some(user) = USER.get() {
            request = request.header(DRAWN_FOR, &user.to_string());
        }
        let response = request.body(body)?.send().await?;
        let json = js_sys::JSON::parse(&response.text().await?).map_err(|_| NoAnswer)?;
        Ok((response.ok(), Value::new(json)))
    }

    /// No answer came, or one that is not of our server.
    struct NoAnswer;

    impl From<gloo_net::Error> for NoAnswer {
        fn from(_: gloo_net::Error) -> Self {
            Self
        }
    }
}
