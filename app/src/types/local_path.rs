//! Paths on our own origin: the only places that a sign-in leads to.

/// The longest path that is followed; ours are far shorter.
const LONGEST_PATH: usize = 512;

/// A path, with its query, on our own origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    /// Parses where somebody wants to be led; nothing when that could be another origin.
    ///
    /// Browsers read `//host` and `/\host` as another origin and drop tabs and line breaks while they parse
    /// (URL Standard §4.4), so neither form is taken, nor any control character. Steps that they resolve, as in
    /// `/..//host`, are refused too: what is left may be such a form. The sign-in page itself is no place to be led to
    /// after signing in.
    pub fn parse(text: &str) -> Option<Self> {
        let mut characters = text.chars();
        let is_local =
            characters.next() == Some('/') && !matches!(characters.next(), Some('/' | '\\'));
        let is_clean =
            text.len() <= LONGEST_PATH && !text.chars().any(|c| c.is_control() || c == '\\');
        let leads_on = !text.starts_with("/sign-in");
        (is_local && is_clean && leads_on && !has_steps(text)).then(|| Self(text.to_owned()))
    }

    /// The path as text.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Whether a path has a segment for "here" or "one up", however it is written (URL Standard §4.1).
fn has_steps(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    path.split('/').any(|segment| {
        let dots = segment.replace("%2e", ".").replace("%2E", ".");
        dots == "." || dots == ".."
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_on_our_origin_are_taken() {
        for text in [
            "/",
            "/users/settings/security",
            "/accounts/any?tab=users",
            "/a//b",
            "/%2f%2fevil.example",
            "/a..b/.c?next=../..",
        ] {
            assert_eq!(LocalPath::parse(text).unwrap().into_string(), text);
        }
    }

    #[test]
    fn what_could_be_another_origin_is_refused() {
        let long = "/".to_owned() + &"a".repeat(512);
        for text in [
            "",
            "evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "\t//evil.example",
            "/\n/evil.example",
            "/a\\b",
            "/..//evil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "/%2e%2E//evil.example",
            "/.%2e/",
            "/accounts/..",
            " /a",
            "/a\0",
            "/sign-in",
            "/sign-in?next=/",
            &long,
        ] {
            assert_eq!(LocalPath::parse(text), None, "{text:?}");
        }
    }
}
