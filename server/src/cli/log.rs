//! The log: text for people or JSON for machines, to standard error.

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Starts the log.
///
/// # Errors
/// When the level is no filter.
pub(super) fn start(log: &Log) -> Result<(), String> {
    let filter = filter(log)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false);
    match log.format {
        LogFormat::Text => builder.with_ansi(false).init(),
        // One flat object a line; `span` has the id of the request and its function.
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .init(),
    }
    Ok(())
}

/// What is logged.
///
/// # Errors
/// When the level is no filter.
pub(super) fn filter(log: &Log) -> Result<EnvFilter, String> {
    EnvFilter::try_new(&log.level).map_err(|_| "setting `log.level` cannot be used".to_owned())
}
