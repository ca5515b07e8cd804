//! Six-digit codes, as typed, pasted, filled in or copied from an app in any script.

use std::fmt;

use zeroize::Zeroize;

/// Digits of a code (RFC 6238 with the digits that every app shows).
pub const CODE_DIGITS: usize = 6;

/// Where each script's decimal digits begin (Unicode 14, general category Nd); ten in a row from there.
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66,
    0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650,
    0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50,
    0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// Exactly six digits, ASCII, separators gone.
///
/// Everything that looks at a code, the record of used codes and the counting of failures
/// included, looks at this one form; a second spelling of a code is the same code.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimeCode(String);

/// Why a text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotACode {
    /// Too little to be a guess: fewer than six digits, or letters.
    #[error("not six digits")]
    Unfinished,
    /// Six digits or more with something that does not belong: counts as a guess.
    #[error("more than six digits")]
    Guess,
}

impl OneTimeCode {
    /// Parses what a person typed: digits of any script; blanks, dashes and invisible marks are dropped.
    ///
    /// # Errors
    /// Refuses everything that does not leave exactly six digits.
    pub fn parse(text: &str) -> Result<Self, NotACode> {
        let mut digits = String::with_capacity(CODE_DIGITS);
        let mut foreign = false;
        for c in text.chars() {
            if let Some(digit) = digit(c) {
                digits.push(digit);
            } else if !is_separator(c) {
                foreign = true;
            }
        }
        match (digits.len(), foreign) {
            (CODE_DIGITS, false) => Ok(Self(digits)),
            (n, _) => {
                digits.zeroize();
                Err(if n >= CODE_DIGITS {
                    NotACode::Guess
                } else {
                    NotACode::Unfinished
                })
            }
        }
    }

    /// The six ASCII digits.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode(…)")
    }
}

impl Drop for OneTimeCode {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let block = ZEROS.partition_point(|zero| *zero <= code);
    let value = code - ZEROS[block.checked_sub(1)?];
    char::from_digit(value, 10)
}

/// Blanks, dashes and the invisible marks that come along when text is copied.
pub(super) fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '\u{ad}' | '\u{2010}'
                ..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
        )
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_code_in_every_spelling_is_the_same_code() {
        for text in [
            "123456",
            " 123456",
            "123456 ",
            "123 456",
            "123\u{2009}456",
            "123\u{a0}456",
            "123-456",
            "123–456",
            " 123456\n",
            "１２３４５６",
            "１２３ ４５６",
            "١٢٣٤٥٦",
            "۱۲۳۴۵۶",
            "१२३४५६",
            "\u{feff}123456",
            "1 2 3 4 5 6",
        ] {
            assert_eq!(
                OneTimeCode::parse(text).unwrap().digits(),
                "123456",
                "{text:?}"
            );
        }
    }

    #[test]
    fn leading_zeros_are_kept() {
        assert_eq!(OneTimeCode::parse("000123").unwrap().digits(), "000123");
        assert_eq!(OneTimeCode::parse("012345").unwrap().digits(), "012345");
    }

    #[test]
    fn more_than_a_code_is_a_guess_and_less_is_unfinished() {
        for text in ["+123456", "0123456", "123456a", "123456123456", "123,456"] {
            assert_eq!(OneTimeCode::parse(text), Err(NotACode::Guess), "{text:?}");
        }
        for text in ["", " ", "12345", "abcdef", "½23456"] {
            assert_eq!(
                OneTimeCode::parse(text),
                Err(NotACode::Unfinished),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_code_never_shows_in_debug_output() {
        assert!(!format!("{:?}", OneTimeCode::parse("123456")).contains("123456"));
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_yields_six_ascii_digits(text in "\\PC{0,40}") {
            if let Ok(code) = OneTimeCode::parse(&text) {
                prop_assert_eq!(code.digits().len(), CODE_DIGITS);
                prop_assert!(code.digits().bytes().all(|byte| byte.is_ascii_digit()));
            }
        }

        #[test]
        fn every_script_spells_every_code(code in 0_u32..1_000_000, script in 0..ZEROS.len()) {
            let ascii = format!("{code:06}");
            let other: String = ascii.bytes()
                .map(|byte| char::from_u32(ZEROS[script] + u32::from(byte - b'0')).expect("every block has ten digits"))
                .collect();
            let parsed = OneTimeCode::parse(&other).unwrap();
            prop_assert_eq!(parsed.digits(), ascii);
        }
    }
}
