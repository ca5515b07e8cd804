//! Names of people and accounts: text for people, never markup.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// The most characters a name may have.
pub const LONGEST_NAME: u32 = 100;

/// A name: NFC, trimmed, 1 to 100 characters of which one at least shows something, no control characters, no overrides of
/// text direction, nothing that Unicode assigns no character to.
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
    /// A control character, an override of text direction, or no character of Unicode.
    #[error("holds characters that cannot be shown")]
    NotText,
}

impl Name {
    /// Parses what a person typed.
    ///
    /// # Errors
    /// Refuses what shows nothing, too much, and what `shown_line` refuses.
    pub fn parse(text: &str) -> Result<Self, NotAName> {
        let name = shown_line(text)?;
        if name.chars().nth(LONGEST_NAME as usize).is_some() {
            Err(NotAName::TooLong)
        } else {
            Ok(Self(name))
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether what was typed to confirm is this name: as it stands, whatever blanks are around it.
pub fn confirms(typed: &str, name: &str) -> bool {
    Name::parse(typed).is_ok_and(|typed| typed.as_str() == name)
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One line of text that shows something, NFC and trimmed: the rule for whatever people read that somebody typed, a name or
/// a setting.
///
/// # Errors
/// Refuses what shows nothing, and characters that no such text holds: control characters and separators of lines, the
/// direction overrides that make text read as another text (UTR 36 §2.8), noncharacters, and code points that this version
/// of Unicode assigns no character to (PRECIS, RFC 8264 §9.5 and §9.10).
pub fn shown_line(text: &str) -> Result<String, NotAName> {
    let line: String = text.trim().nfc().collect();
    if line.is_empty() {
        Err(NotAName::Missing)
    } else if line.chars().any(is_no_text) {
        Err(NotAName::NotText)
    } else if !line.chars().any(shows) {
        Err(NotAName::Missing)
    } else {
        Ok(line)
    }
}

/// By general category (UAX #44 §5.7.1); noncharacters are among the unassigned.
fn is_no_text(c: char) -> bool {
    matches!(
        c.general_category(),
        GeneralCategory::Control
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::Unassigned
    ) || is_direction_override(c)
}

const fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character shows something by itself, by its general category: letters, numbers, marks of punctuation and
/// symbols do; format characters, separators, characters for private use, and marks without a letter to stand on do not.
fn shows(c: char) -> bool {
    matches!(
        c.general_category_group(),
        GeneralCategoryGroup::Letter
            | GeneralCategoryGroup::Number
            | GeneralCategoryGroup::Punctuation
            | GeneralCategoryGroup::Symbol
    ) && !is_blank(c)
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
        // combining accent alone; a variation selector; a tag; fillers of Hangul; the empty Braille pattern; for
        // private use.
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
    fn a_name_is_confirmed_by_itself_alone() {
        for (typed, name, confirmed) in [
            ("Engines", "Engines", true),
            (" Engines\u{a0}", "Engines", true),
            ("Zoe\u{308}", "Zo\u{eb}", true),
            ("engines", "Engines", false),
            ("Engine", "Engines", false),
            ("", "Engines", false),
            (" ", " ", false),
        ] {
            assert_eq!(confirms(typed, name), confirmed, "{typed:?} {name:?}");
        }
    }

    #[test]
    fn what_cannot_be_shown_is_refused() {
        assert_eq!(Name::parse(" \u{a0} "), Err(NotAName::Missing));
        assert_eq!(Name::parse(&"x".repeat(101)), Err(NotAName::TooLong));
        assert_eq!(Name::parse("a\0b"), Err(NotAName::NotText));
        assert_eq!(Name::parse("a\u{202e}b"), Err(NotAName::NotText));
        assert_eq!(Name::parse("a\nb"), Err(NotAName::NotText));
        assert_eq!(Name::parse("a\u{2028}b"), Err(NotAName::NotText));
    }

    #[test]
    fn what_unicode_assigns_no_character_to_is_refused() {
        // All 66 noncharacters: the last two of each plane, and 32 in the Arabic presentation forms.
        let ends = (0..=16_u32).flat_map(|plane| [plane << 16 | 0xfffe, plane << 16 | 0xffff]);
        let mut count = 0;
        for code in ends.chain(0xfdd0..=0xfdef) {
            let c = char::from_u32(code).unwrap();
            assert_eq!(
                Name::parse(&format!("A{c}")),
                Err(NotAName::NotText),
                "{code:x}"
            );
            count += 1;
        }
        assert_eq!(count, 66);
        // Holes in the blocks of Greek and Thai, a reserved character without a picture, a plane without any character.
        for text in ["A\u{378}", "\u{e3e}", "A\u{2065}", "\u{50000}"] {
            assert_eq!(Name::parse(text), Err(NotAName::NotText), "{text:?}");
        }
    }

    #[test]
    fn names_that_people_have_pass_whole() {
        for text in [
            "Siobhán O’Brien",
            "O'Neill-D’Arcy",
            "Nguyễn Thị Ngọc Ánh",
            "Þórður Ægisson",
            "Müller & Söhne GmbH",
            "Ŋṱȟạ̃",
            // Zero-width non-joiner in Persian; joiner in Sinhala and Malayalam; virama in Devanagari; Tamil.
            "نازنین‌زهرا",
            "ශ්‍රී ලංකා",
            "രാധികാ നന്‍",
            "क्षितिज मिश्र",
            "தமிழ்ச்செல்வன்",
            // Hebrew with points, Arabic with marks, Thai, Khmer, Tibetan, Burmese.
            "מֹשֶׁה בֶּן־דָּוִד",
            "مُحَمَّد",
            "สมศักดิ์ ใจดี",
            "សុខា",
            "བསྟན་འཛིན",
            "အောင်ဆန်း",
            // Georgian, Armenian, Amharic, Cherokee, Adlam.
            "გიორგი",
            "Հայկ",
            "ኃይሌ ገብረሥላሴ",
            "ᏍᏏᏉᏯ",
            "𞤀𞤣𞤤𞤢𞤥",
            // Hangul whole and as letters, Han with a rare letter of a later plane, kana with a length mark.
            "김민수",
            "\u{1100}\u{1161}",
            "𠮷野家",
            "髙橋 エリー",
            // What people put beside names: pictures joined from several, flags, a variation of a character.
            "Ada 👩🏽‍🚀",
            "🇨🇭 Team",
            "🏴󠁧󠁢󠁳󠁣󠁴󠁿 Highlands",
            "❤️",
            "葛󠄀城",
        ] {
            let expected: String = text.nfc().collect();
            assert_eq!(Name::parse(text).unwrap().as_str(), expected, "{text}");
        }
    }
}
