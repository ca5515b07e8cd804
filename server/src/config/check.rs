//! What single texts must be: each function gives the one spelling, or says why a text cannot be used.

use super::log_level;
use super::public_url::origin_of;
use crate::storage::PostgresUrl;

pub(super) fn public_url(text: &str) -> Result<String, String> {
    origin_of(text).map_err(str::to_owned)
}

/// What the address is belongs to no message: it can hold a password.
pub(super) fn database_url(text: &str) -> Result<String, String> {
    let refuse = |reason| format!("cannot be used: {reason}");
    PostgresUrl::new(text).check().map_err(refuse)?;
    Ok(text.to_owned())
}

pub(super) fn log_level(text: &str) -> Result<String, String> {
    log_level::check(text)?;
    Ok(text.to_owned())
}
