//! Requests that may change something run to their end, whatever becomes of their connection.
//!
//! hyper drops the future of a request when its client cuts the connection. Dropped while a password is compared, it would
//! keep the try that was taken before: ten correct passwords over a bad network would end the session, or pause the
//! sign-in. So such a request has a task of its own. It keeps its connection's place in the room: there are never more
//! requests than places, and a clean stop waits for them as for connections. docs/decisions/0012-guessing.md

use std::convert::Infallible;
use std::sync::Arc;

use app::api::Effect;
use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use tokio::task::JoinError;
use tower::Service as _;

use super::room::Guest;
use crate::backend::gate;

/// Answers a request.
///
/// # Errors
/// When the request panicked, or the runtime ends; its connection breaks off then.
pub async fn answer(
    mut router: Router,
    guest: &Arc<Guest>,
    request: Request,
) -> Result<Response, JoinError> {
    if only_reads(&request) {
        return Ok(made(router.call(request).await));
    }
    let place = Arc::clone(guest);
    let work = tokio::spawn(async move {
        let answer = router.call(request).await;
        drop(place);
        answer
    });
    work.await.map(made)
}

/// What only reads leaves nothing half-done, and nobody waits for it.
fn only_reads(request: &Request) -> bool {
    request.method() != Method::POST
        || gate::function_at(request.uri().path())
            .is_none_or(|function| function.effect == Effect::Reads)
}

fn made(answer: Result<Response, Infallible>) -> Response {
    answer.unwrap_or_else(|never| match never {})
}
