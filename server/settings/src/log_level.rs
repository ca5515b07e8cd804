//! Validates log filters. The parser takes a misspelt level for the name of a module, and such a filter logs nothing.

use tracing_subscriber::EnvFilter;

use super::shown;

/// What the setting takes.
const TAKES: &str = "takes error, warn, info, debug, trace or off, or a tracing filter as info,server::delivery=debug";

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
/// Crates whose lines there are.
const CRATES: [&str; 12] = [
    "server",
    "app",
    "axum",
    "hyper",
    "hyper_util",
    "leptos",
    "lettre",
    "rustls",
    "sea_orm",
    "sqlx",
    "tokio",
    "tower",
];

/// Whether a filter can be used.
///
/// # Errors
/// Names the word that is neither a level nor a part of the program, or says that it is no filter.
pub(super) fn check(filter: &str) -> Result<(), String> {
    check_words(filter)?;
    let parsed = EnvFilter::try_new(filter);
    parsed.map(|_| ()).map_err(|_| TAKES.to_owned())
}

/// Looks at every part of a filter that gives no level.
fn check_words(filter: &str) -> Result<(), String> {
    // A span's fields can hold commas and signs of equality; who writes them knows the syntax.
    if filter.contains('[') {
        return Ok(());
    }
    let words = filter
        .split(',')
        .map(str::trim)
        .filter(|part| !part.contains('='));
    for word in words {
        let is_level = LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word));
        let part = word.split("::").next().unwrap_or_default();
        if !is_level && !CRATES.contains(&part) {
            let word = shown::text(word);
            return Err(format!("{TAKES}; `{word}` is no level"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_word_that_is_no_level_is_refused_by_name() {
        for good in [
            "info",
            "WARN",
            "off",
            "info,server::delivery=debug",
            "server",
            "warn,sqlx=info",
            "server[request{id}]=debug",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (wrong, word) in [
            ("wat", "`wat`"),
            ("inf", "`inf`"),
            ("info,debgu", "`debgu`"),
            ("", "``"),
        ] {
            let reason = check(wrong).unwrap_err();
            assert!(reason.contains(word), "{reason}");
        }
    }
}
