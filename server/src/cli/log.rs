//! The log: text for people or JSON for machines, to standard error.

mod json;

use tracing::Level;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::JsonFields;

use crate::config::{Log, LogFormat};
use json::FlatJson;

/// Starts the log of the server.
///
/// # Errors
/// When the level is no filter.
pub(super) fn start(log: &Log) -> Result<(), String> {
    let filter =
        EnvFilter::try_new(&log.level).map_err(|error| format!("setting `log.level` {error}"))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false);
    match log.format {
        LogFormat::Text => builder.with_ansi(false).init(),
        LogFormat::Json => builder
            .fmt_fields(JsonFields::new())
            .event_format(FlatJson)
            .init(),
    }
    Ok(())
}

/// Starts the log of a command: warnings, as of a database that is not there yet, for who waits at the terminal.
pub(super) fn start_for_command() {
    tracing_subscriber::fmt()
        .with_max_level(Level::WARN)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(false)
        .without_time()
        .init();
}
