//! Recovery codes: sixteen characters of Crockford's Base32, 80 bits, shown in groups of four.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::one_time_code::is_separator;
use super::secret_text::SecretText;

/// Bytes of randomness in a recovery code: 80 bits.
pub const RECOVERY_CODE_BYTES: usize = 10;
const CHARACTERS: usize = RECOVERY_CODE_BYTES * 8 / 5;
const GROUP: usize = 4;
/// Crockford's alphabet: no I, L, O or U, so that a code read aloud or from paper stays the same code.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The 80 bits of one recovery code.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct RecoveryCode([u8; RECOVERY_CODE_BYTES]);

/// The text is not a recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a recovery code")]
pub struct NotARecoveryCode;

impl RecoveryCode {
    /// A code of the given random bytes.
    pub const fn new(bytes: [u8; RECOVERY_CODE_BYTES]) -> Self {
        Self(bytes)
    }

    /// Parses what a person typed or pasted: any case and width, blanks and dashes dropped, `O` read as 0, `I` and `L` as 1;
    /// at both ends also what is no letter or digit (a full stop, quotation marks), and the number of a list.
    ///
    /// # Errors
    /// Refuses everything that does not leave sixteen characters of the alphabet.
    pub fn parse(text: &str) -> Result<Self, NotARecoveryCode> {
        let mut bytes = [0_u8; RECOVERY_CODE_BYTES];
        let mut length = 0;
        for c in core(text).chars().filter(|c| !is_separator(*c)) {
            let value = value(c).ok_or(NotARecoveryCode)?;
            if length == CHARACTERS {
                return Err(NotARecoveryCode);
            }
            for bit in 0..5 {
                let position = length * 5 + bit;
                bytes[position / 8] |= ((value >> (4 - bit)) & 1) << (7 - position % 8);
            }
            length += 1;
        }
        if length == CHARACTERS {
            Ok(Self(bytes))
        } else {
            Err(NotARecoveryCode)
        }
    }

    /// The 80 bits, for hashing.
    pub const fn bytes(&self) -> &[u8; RECOVERY_CODE_BYTES] {
        &self.0
    }

    /// The code as it is shown: `abcd-efgh-jkmn-pqrs`.
    pub fn shown(&self) -> SecretText {
        let mut text = String::with_capacity(CHARACTERS + CHARACTERS / GROUP);
        for index in 0..CHARACTERS {
            if index > 0 && index % GROUP == 0 {
                text.push('-');
            }
            let value = (0..5).fold(0_usize, |value, bit| {
                let position = index * 5 + bit;
                value << 1 | usize::from(self.0[position / 8] >> (7 - position % 8) & 1)
            });
            text.push(char::from(ALPHABET[value]));
        }
        SecretText::new(text)
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

/// What was pasted without what stood around it: `“1. code,”`. The number of a list has one or two digits and a mark behind
/// it, which no code has.
fn core(text: &str) -> &str {
    let is_around = |c: char| !c.is_alphanumeric();
    let bare = text.trim_matches(is_around);
    let digits = bare
        .chars()
        .take_while(|c| narrow(*c).is_ascii_digit())
        .count();
    let mut rest = bare.chars();
    let mark = rest.by_ref().nth(digits).map(narrow);
    if (1..=2).contains(&digits) && matches!(mark, Some('.' | ')' | ':')) {
        rest.as_str().trim_start_matches(is_around)
    } else {
        bare
    }
}

/// A full-width character as the narrow one (U+FF01 to U+FF5E are those of ASCII).
fn narrow(c: char) -> char {
    match u32::from(c) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

fn value(c: char) -> Option<u8> {
    let c = match narrow(c).to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    };
    ALPHABET
        .iter()
        .position(|letter| char::from(*letter) == c)
        .and_then(|index| u8::try_from(index).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_that_begins_with_zero_is_a_code() {
        let code = RecoveryCode::new([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(code.shown().expose(), "0000-0000-0000-0001");
        assert_eq!(RecoveryCode::parse("0000000000000001"), Ok(code));
    }

    #[test]
    fn look_alikes_case_and_separators_do_not_matter() {
        let code = RecoveryCode::parse("01ab-cdef-ghjk-mnpq").unwrap();
        for text in [
            "OIAB CDEF GHJK MNPQ",
            "olab–cdef–ghjk–mnpq",
            " 01abcdefghjkmnpq\n",
        ] {
            assert_eq!(RecoveryCode::parse(text).as_ref(), Ok(&code), "{text}");
        }
    }

    #[test]
    fn what_stands_around_a_pasted_code_does_not_matter() {
        let code = RecoveryCode::parse("01ab-cdef-ghjk-mnpq").unwrap();
        for text in [
            "01ab-cdef-ghjk-mnpq.",
            "01ab-cdef-ghjk-mnpq,",
            "1. 01ab-cdef-ghjk-mnpq",
            "10) 01ab-cdef-ghjk-mnpq",
            "• 01ab-cdef-ghjk-mnpq",
            "“01ab-cdef-ghjk-mnpq”",
            "- [ ] 01ab-cdef-ghjk-mnpq",
            "０１ａｂ－ｃｄｅｆ－ｇｈｊｋ－ｍｎｐｑ",
            "１．０１ＡＢ　ＣＤＥＦ　ＧＨＪＫ　ＭＮＰＱ。",
        ] {
            assert_eq!(RecoveryCode::parse(text).as_ref(), Ok(&code), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_code_is_refused() {
        for text in [
            "100. 01ab-cdef-ghjk-mnpq",
            "1 01ab-cdef-ghjk-mnpq",
            "1.",
            "01ab.cdef-ghjk-mnpq",
            "",
            "01ab",
            "01ab-cdef-ghjk-mnpu",
            "01ab-cdef-ghjk-mnpq0",
            "123456",
            "01ab_cdef_ghjk_mnpq",
        ] {
            assert_eq!(RecoveryCode::parse(text), Err(NotARecoveryCode), "{text}");
        }
    }

    #[test]
    fn a_code_never_shows_in_debug_output() {
        assert_eq!(
            format!("{:?}", RecoveryCode::new([7; RECOVERY_CODE_BYTES])),
            "RecoveryCode(…)"
        );
    }

    proptest! {
        #[test]
        fn what_is_shown_parses_to_the_same_code(bytes in any::<[u8; RECOVERY_CODE_BYTES]>()) {
            let code = RecoveryCode::new(bytes);
            prop_assert_eq!(RecoveryCode::parse(code.shown().expose()), Ok(code));
        }

        #[test]
        fn parsing_never_panics(text in "\\PC{0,60}") {
            let _ = RecoveryCode::parse(&text);
        }
    }
}
