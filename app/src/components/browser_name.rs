//! A browser in words, for a page.

use crate::browser_words::browser_words;
use crate::text::t;

/// "Firefox on Linux"; that it is unknown where it is none we know; nothing where it says nothing.
pub(crate) fn browser_name(agent: &str) -> String {
    if agent.is_empty() {
        return String::new();
    }
    browser_words(agent, t()).unwrap_or_else(|| t().sessions_unknown().to_owned())
}
