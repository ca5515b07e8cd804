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
    /// (URL Standard §4.4), so neither form is taken, nor any control character. The sign-in page itself is no
    /// place to be led to after signing in.
    pub fn parse(text: &str) -> Option<Self> {
        let mut characters = text.chars();
        let is_local =
            characters.next() == Some('/') && !matches!(characters.next(), Some('/' | '\\'));
        let is_clean =
            text.len() <= LONGEST_PATH && !text.chars().any(|c| c.is_control() || c == '\\');
        let leads_on = !text.starts_with("/sign-in");
        (is_local && is_clean && leads_on).then(|| Self(text.to_owned()))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
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
        ] {
            assert_eq!(LocalPath::parse(text).unwrap().as_str(), text);
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
