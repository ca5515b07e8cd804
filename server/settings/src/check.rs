//! What single texts must be: each function gives the one spelling, or says why a text cannot be used.

use std::net::SocketAddr;

use app::types::name::shown_line;
use lettre::message::Mailbox;

use super::log_level;
use super::public_url::origin_of;
use super::shown;
use storage::PostgresUrl;

pub(super) fn public_url(text: &str) -> Result<String, String> {
    origin_of(text)
}

/// An address to listen at. A name would be another address on another day.
pub(super) fn socket(text: &str) -> Result<String, String> {
    let refuse =
        |_| "takes an address and a port, as 127.0.0.1:3000 or [::1]:3000; no name".to_owned();
    let address: SocketAddr = text.parse().map_err(refuse)?;
    Ok(address.to_string())
}

/// A file or folder; nothing at all would be the folder that the program is started in.
pub(super) fn path(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err("takes a path, and is empty".to_owned());
    }
    // A value that was put where its file belongs may be a secret, which nobody shows as a path.
    if shown::has_key(text) {
        return Err("takes a path, not the key itself".to_owned());
    }
    if text.contains("://") {
        return Err("takes a path, not a URL".to_owned());
    }
    Ok(text.to_owned())
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

/// What people read of the operator's: by the rule for names. Nothing at all is nothing set.
pub(super) fn shown(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Ok(String::new());
    }
    shown_line(text).map_err(|_| {
        "takes one line of text that shows something, without control characters, characters that turn text around, and \
         code points that are no characters"
            .to_owned()
    })
}

/// A sender, whose name stands in every mail beside the address.
pub(super) fn sender(text: &str) -> Result<String, String> {
    let line = shown(text)?;
    let name = line.parse::<Mailbox>().ok().and_then(|sender| sender.name);
    name.as_deref().map_or(Ok(String::new()), shown)?;
    Ok(line)
}
