//! Names of people and accounts: text for people, never markup.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// The most characters a name may have.
pub const LONGEST_NAME: u32 = 100;

/// A name: NFC, trimmed, 1 to 100 characters, no control characters, no overrides of text direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAName {
    /// Nothing, or only blanks.
    #[error("no name given")]
    Missing,
    /// More than 100 characters.
    #[error("longer than 100 characters")]
    TooLong,
    /// A control character or an override of text direction.
    #[error("holds characters that cannot be shown")]
    NotText,
}

impl Name {
    /// Parses what a person typed.
    ///
    /// # Errors
    /// Refuses nothing, too much, and characters that no name holds: control characters, and the
    /// direction overrides that make text read as another text (UTR 36 §2.8).
    pub fn parse(text: &str) -> Result<Self, NotAName> {
        let name: String = text.trim().nfc().collect();
        if name.is_empty() {
            Err(NotAName::Missing)
        } else if name.chars().nth(LONGEST_NAME as usize).is_some() {
            Err(NotAName::TooLong)
        } else if name.chars().any(|c| {
            c.is_control() || is_direction_override(c) || matches!(c, '\u{2028}' | '\u{2029}')
        }) {
            Err(NotAName::NotText)
        } else {
            Ok(Self(name))
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_scripts_and_markup_are_text() {
        for text in [
            "Ada",
            "  Zoë ",
            "李小龍",
            "\"><svg onload=alert(1)>",
            "👩‍🚀",
            "=SUM(A1)",
        ] {
            assert_eq!(Name::parse(text).unwrap().as_str(), text.trim());
        }
    }

    #[test]
    fn what_cannot_be_shown_is_refused() {
        assert_eq!(Name::parse(" \u{a0} "), Err(NotAName::Missing));
        assert_eq!(Name::parse(&"x".repeat(101)), Err(NotAName::TooLong));
        assert_eq!(Name::parse("a\0b"), Err(NotAName::NotText));
        assert_eq!(Name::parse("a\u{202e}b"), Err(NotAName::NotText));
        assert_eq!(Name::parse("a\nb"), Err(NotAName::NotText));
    }
}
