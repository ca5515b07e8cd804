//! Refusals as HTTP responses: the status, the code in a header, the enum as JSON.

use app::error::ApiError;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;

/// The header that repeats the code of a refusal.
pub const REFUSAL: HeaderName = HeaderName::from_static("twofold-refusal");

/// The answer for a refusal, with the status of its kind.
pub fn refusal(error: &ApiError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    refusal_with_status(error, status)
}

/// The answer for a refusal whose status is more exact than its kind: 405, 406, 415 and their like.
pub fn refusal_with_status(error: &ApiError, status: StatusCode) -> Response {
    let body = serde_json::to_vec(error).unwrap_or_default();
    let mut answer = Response::new(Body::from(body));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(REFUSAL, HeaderValue::from_static(error.code()));
    if let Some(seconds) = error.retry_after() {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}
