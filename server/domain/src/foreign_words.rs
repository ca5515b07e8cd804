//! Text that one person typed, in a letter to a stranger: shortened, in quotation marks, and without anything that a mail
//! program would turn into a link.

use unicode_normalization::UnicodeNormalization;

/// The longest that a name may be in a letter to strangers, in characters.
const LONGEST: usize = 40;
/// Stands for a word that was left out, and for the end of a name that was cut.
const LEFT_OUT: &str = "…";
/// Digits from which on they read as a phone number (the shortest national ones have seven).
const DIGITS_OF_A_NUMBER: usize = 7;

/// A name of a person or an account as it stands in a letter to strangers: `“Engines”`.
///
/// What reads as an address, a link or a phone number is left out, in whatever letters it is spelt: the name is brought
/// to its compatible form (NFKC) first.
pub fn quoted(name: &str) -> String {
    let plain: String = name
        .nfkc()
        .filter(|c| !is_quotation_mark(*c) && !turns_text(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let is_number = plain.chars().filter(|c| c.is_numeric()).count() >= DIGITS_OF_A_NUMBER;
    let words = plain.split_whitespace().map(|word| {
        let is_digits = is_number && word.chars().any(char::is_numeric);
        if reads_as_address(word) || is_digits {
            LEFT_OUT
        } else {
            word
        }
    });
    let words = words.collect::<Vec<_>>().join(" ");
    let mut shown: String = words.chars().take(LONGEST).collect();
    if shown.len() < words.len() {
        shown.pop();
        shown.push_str(LEFT_OUT);
    }
    format!("“{shown}”")
}

/// A dot between letters is that of a host name; one at the end of a word is that of "Inc." or "J."
fn reads_as_address(word: &str) -> bool {
    let is_dot = |c: char| matches!(c, '.' | '。' | '․' | '·' | '‧');
    let has_mark = word.contains(['/', '\\', '@', ':', '<', '>', '[', ']', '⁄', '∕', '⧸']);
    let inner = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    has_mark || inner.contains(is_dot) || inner.to_lowercase().starts_with("www")
}

/// Marks of direction, by which a word reads backwards (UAX #9 §2), and characters that show nothing and split one. Joiners stay: scripts
/// need them.
const fn turns_text(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

const fn is_quotation_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '″')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_people_and_accounts_stay_as_they_are() {
        for name in [
            "Ada Lovelace",
            "J. Smith",
            "Engines Inc.",
            "Über-Werk & Co",
            "李雷",
            "Floor 3",
        ] {
            assert_eq!(quoted(name), format!("“{name}”"));
        }
    }

    #[test]
    fn what_reads_as_an_address_is_left_out() {
        // (name, as shown)
        let table = [
            (
                "customer. Your parcel: https://evil.example/parcel,",
                "“customer. Your … …”",
            ),
            ("see evil.example now", "“see … now”"),
            ("see evil．example", "“see …”"),
            ("evil。example", "“…”"),
            ("mail ceo@corp.example", "“mail …”"),
            ("www-evil", "“…”"),
            ("call +44 7400 123456", "“call … … …”"),
            ("say \"hello\" “you”", "“say hello you”"),
            ("ｈｔｔｐ：／／ｅｖｉｌ", "“…”"),
            ("evil\u{200b}.exa\u{2060}mple", "“…”"),
            ("a\u{202e}elpmaxe.live", "“…”"),
            ("one\r\n\u{7}two", "“one two”"),
        ];
        for (name, shown) in table {
            assert_eq!(quoted(name), shown);
        }
    }

    #[test]
    fn a_long_name_is_cut_to_forty_characters() {
        assert_eq!(quoted(&"a".repeat(40)).chars().count(), 42);
        let cut = quoted(&"ä".repeat(41));
        assert_eq!(cut.chars().count(), 42);
        assert!(cut.ends_with("ä…”"));
    }

    proptest! {
        #[test]
        fn nothing_typed_stays_a_link(name in "\\PC{0,80}") {
            let shown = quoted(&name);
            prop_assert!(shown.chars().count() <= LONGEST + 2);
            prop_assert!(!shown.contains(['/', '@', ':', '<', '"']), "{shown}");
        }
    }
}
