//! Logs and measures every request of the main listener: its id, its duration and its status.

use std::sync::atomic::Ordering;

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use tracing::Instrument as _;
use tracing::field::Empty;

use crate::request_id;
use crypto::clock::Stopwatch;
use service::Services;

/// The response header with the id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives a request its id and counts the answer.
pub async fn observe(
    services: &Services,
    function: &'static str,
    work: impl Future<Output = Response>,
) -> Response {
    let id = request_id::next();
    // At the level of an error, so that no filter takes the id from the lines of faults.
    let span = tracing::error_span!("request", id, function, client = Empty, user.id = Empty);
    let stopwatch = Stopwatch::start();
    let value = HeaderValue::from_str(&id);
    let work = request_id::within(id, work);
    let mut answer = work.instrument(span.clone()).await;
    let (status, seconds) = (answer.status().as_u16(), stopwatch.seconds());
    services.metrics.count_answer(function, status, seconds);
    span.in_scope(|| tracing::debug!(status, seconds, "answered"));
    if let Ok(value) = value {
        answer.headers_mut().insert(REQUEST_ID, value);
    }
    if services.is_stopping.load(Ordering::Relaxed) {
        let close = HeaderValue::from_static("close");
        answer.headers_mut().insert(header::CONNECTION, close);
    }
    answer
}
