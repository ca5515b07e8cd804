//! Names of people and accounts: text for people, never markup.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// The most characters a name may have.
pub const LONGEST_NAME: u32 = 100;

/// A name: NFC, trimmed, 1 to 100 characters of which one at least shows something, no control characters, no overrides of
/// text direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAName {
    /// Nothing that shows: empty, blanks, or characters without a picture.
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
    /// Refuses what shows nothing, too much, and characters that no name holds: control characters, and the
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
        } else if !name.chars().any(shows) {
            Err(NotAName::Missing)
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

/// Whether a character shows something by itself, by its general category (UAX #44 §5.7.1): letters, numbers, marks of
/// punctuation and symbols do; format characters, separators, and marks without a letter to stand on do not. A character
/// that is not assigned in this version of the tables may be a letter of a later one.
fn shows(c: char) -> bool {
    match c.general_category_group() {
        GeneralCategoryGroup::Letter
        | GeneralCategoryGroup::Number
        | GeneralCategoryGroup::Punctuation
        | GeneralCategoryGroup::Symbol => !is_blank(c),
        GeneralCategoryGroup::Other => {
            c.general_category() == GeneralCategory::Unassigned && !is_ignorable(c)
        }
        GeneralCategoryGroup::Mark | GeneralCategoryGroup::Separator => false,
    }
}

/// Letters and symbols whose picture is empty: fillers of Hangul, the Braille pattern without dots, the null notehead, and
/// the blank hieroglyphs.
const fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\u{115f}'
            | '\u{1160}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{ffa0}'
            | '\u{13441}'
            | '\u{13442}'
            | '\u{1d159}'
    )
}

/// Not assigned, and reserved for characters that show nothing (`Default_Ignorable_Code_Point` of UAX #44).
const fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{2065}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}')
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
    fn a_name_that_shows_nothing_is_none() {
        // Zero-width space, non-joiner and joiner; word joiner; byte order mark; soft hyphen; marks of direction; a
        // combining accent alone; a variation selector; a tag; fillers of Hangul; the empty Braille pattern; what is
        // reserved; for private use.
        for text in [
            "\u{200b}",
            "\u{200c}\u{200d}",
            "\u{2060}",
            "\u{feff}",
            "\u{ad}",
            "\u{200e}\u{200f}\u{61c}",
            "\u{301}",
            "\u{fe0f}",
            "\u{e0041}",
            "\u{3164}",
            "\u{ffa0}",
            "\u{115f}\u{1160}",
            "\u{2800}\u{2800}",
            "\u{180e}",
            "\u{2065}",
            "\u{e000}",
            " \u{200b} \u{3000} ",
        ] {
            assert_eq!(Name::parse(text), Err(NotAName::Missing), "{text:?}");
        }
        // One character that shows is enough, and those that show nothing stay: scripts and pictures need them.
        for text in [
            "A\u{200b}",
            "می\u{200c}خواهم",
            "\u{200b}李",
            "❤\u{fe0f}",
            "e\u{301}",
            "-",
            "7",
        ] {
            assert!(Name::parse(text).is_ok(), "{text:?}");
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
