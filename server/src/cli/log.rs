//! The log: text for people or JSON for machines, to standard error.

mod json;

use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::JsonFields;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use json::FlatJson;
use settings::{Log, LogFormat};

/// Starts the log of the server.
///
/// # Errors
/// When the level is no filter.
pub(super) fn start(log: &Log) -> Result<(), String> {
    let filter = filter(&log.level).map_err(|error| format!("setting `log.level` {error}"))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // The library reports that in a way that panics where standard error cannot be written to.
        .log_internal_errors(false)
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

/// What is logged. At `info` each step of the schema has two lines of the library that takes it, some fifty on an empty
/// database; we have one for all, and `debug` shows theirs.
fn filter(level: &str) -> Result<EnvFilter, String> {
    const STEPS: &str = "sea_orm_migration";
    let filter = EnvFilter::try_new(level).map_err(|error| error.to_string())?;
    let is_usual = filter.max_level_hint() == Some(LevelFilter::INFO) && !level.contains(STEPS);
    if !is_usual {
        return Ok(filter);
    }
    let quiet = format!("{STEPS}=warn").parse();
    Ok(filter.add_directive(quiet.map_err(|error| format!("{error}"))?))
}

/// Starts the log of a command: warnings, as of a database that is not there yet, for who waits at the terminal. Where the
/// variable of the level says `debug` or `trace`, also what the database said itself.
pub(super) fn start_for_command() {
    let wants_more = std::env::var("TWOFOLD_LOG_LEVEL")
        .is_ok_and(|level| matches!(level.as_str(), "debug" | "trace"));
    let levels = Targets::new().with_default(Level::WARN);
    let levels = if wants_more {
        levels.with_target("storage", Level::DEBUG)
    } else {
        levels
    };
    tracing_subscriber::fmt()
        .with_max_level(Level::TRACE)
        .with_writer(std::io::stderr)
        .log_internal_errors(false)
        .with_target(false)
        .with_ansi(false)
        .without_time()
        .finish()
        .with(levels)
        .init();
}

#[cfg(test)]
mod tests {
    use super::filter;

    #[test]
    fn steps_of_the_schema_are_details() {
        for (level, expected) in [
            ("info", true),
            ("info,server::delivery=info", true),
            ("debug", false),
            ("off", false),
            ("info,sea_orm_migration=info", false),
        ] {
            let shown = filter(level).unwrap().to_string();
            let is_quiet = shown.contains("sea_orm_migration=warn");
            assert_eq!(is_quiet, expected, "{level}: {shown}");
        }
        assert!(filter("[").is_err());
    }
}
