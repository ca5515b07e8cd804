//! Limits on the head of a request: bytes and number of fields. A browser sends a tenth of it.
//!
//! What is still larger than [`MOST_READ`] or has more than [`MOST_FIELDS_READ`] fields is refused by hyper, with the same
//! status and nothing else: no header of ours, and no content.

use app::error::ApiError;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;

use super::responses::refusal_with_status;

/// Bytes that are read of a head at most.
pub const MOST_READ: usize = 64 * 1024;
/// Fields that are read at most.
pub const MOST_FIELDS_READ: usize = 256;
/// Bytes of the fields that are taken.
const MOST: usize = 16 * 1024;
/// Fields that are taken.
const MOST_FIELDS: usize = 100;
/// Bytes of the address that are taken.
const LONGEST_ADDRESS: usize = 8 * 1024;

/// The refusal of a head that is larger than anybody needs.
pub fn refusal_of(request: &Request) -> Option<Response> {
    let fields = request.headers();
    let bytes = fields
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len());
    let address = request
        .uri()
        .path_and_query()
        .map_or(0, |address| address.as_str().len());
    let status = if address > LONGEST_ADDRESS {
        StatusCode::URI_TOO_LONG
    } else if fields.len() > MOST_FIELDS || bytes.sum::<usize>() > MOST {
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
    } else {
        return None;
    };
    Some(refusal_with_status(&ApiError::TooLarge, status))
}
