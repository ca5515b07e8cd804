//! Logs and measures every request of the main listener: its id, its duration and its status.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;
use tracing::field::Empty;

use super::request_id::{self, REQUEST_ID};
use crate::backend::gate;
use crypto::clock::Stopwatch;
use service::Services;

/// Gives a request its id and counts the answer.
pub async fn observe(
    State(services): State<Arc<Services>>,
    request: Request,
    next: Next,
) -> Response {
    let function = function_of(request.uri().path());
    let id = request_id::next();
    // At the level of an error, so that no filter takes the id from the lines of faults.
    let span = tracing::error_span!("request", id, function, client = Empty, user.id = Empty);
    let stopwatch = Stopwatch::start();
    let value = HeaderValue::from_str(&id);
    let work = request_id::within(id, next.run(request));
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

/// Every label that requests are counted under.
pub fn functions() -> impl Iterator<Item = &'static str> {
    let known = app::api::all_functions().filter_map(|known| known.path.strip_prefix("/api/"));
    known.chain(["page", "probe", "export", "unknown"])
}

/// Maps a path to one of a fixed set of metric labels, whatever paths clients send.
fn function_of(path: &str) -> &'static str {
    let Some(endpoint) = path.strip_prefix("/api/") else {
        return if path == "/healthz" { "probe" } else { "page" };
    };
    let known = gate::function_at(path).and_then(|known| known.path.strip_prefix("/api/"));
    known.unwrap_or_else(|| match endpoint.rsplit_once('.') {
        Some((_, "csv" | "jsonl")) => "export",
        _ => "unknown",
    })
}

#[cfg(test)]
mod tests {
    use super::function_of;

    #[test]
    fn what_strangers_ask_for_makes_no_new_words() {
        for (path, function) in [
            ("/api/sign-in/password", "sign-in/password"),
            ("/api/accounts/1234/activity.csv", "export"),
            ("/api/sign-in/passwords", "unknown"),
            ("/api/", "unknown"),
            ("/healthz", "probe"),
            ("/", "page"),
            ("/accounts/any/team", "page"),
        ] {
            assert_eq!(function_of(path), function, "{path}");
        }
    }
}
