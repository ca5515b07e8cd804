//! A browser in words, by what it says of itself: for pages and mails alike. What it says is a text that anybody can
//! write, so only names of a closed list are ever repeated.

use crate::text::Texts;
use crate::text::named::BrowserSystem;

/// The first that matches counts: many browsers say that they are others too.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// "Firefox on Linux"; nothing where it is neither a browser nor a system that we know.
pub fn browser_words(agent: &str, texts: &'static Texts) -> Option<String> {
    let find = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(mark, _)| agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    match (find(BROWSERS), find(SYSTEMS)) {
        (Some(browser), Some(system)) => Some(texts.sessions_browser_on(BrowserSystem {
            browser: &browser,
            system: &system,
        })),
        (Some(name), None) | (None, Some(name)) => Some(name.to_owned()),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_by_what_they_say_and_nothing_else_of_it_is_repeated() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        // (user agent, words)
        let table = [
            (firefox, Some("Firefox on Linux")),
            ("Firefox/1 see https://evil.example", Some("Firefox")),
            (
                "curl/8 (Linux) unblock at https://evil.example",
                Some("Linux"),
            ),
            ("your account is blocked", None),
            ("", None),
        ];
        for (agent, words) in table {
            assert_eq!(
                browser_words(agent, Texts::english()).as_deref(),
                words,
                "{agent}"
            );
        }
    }
}
