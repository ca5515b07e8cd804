//! Mailbox codes (mailed for one act): their form, their lifetime and how many wrong guesses end one.

use std::fmt;
use std::sync::LazyLock;

use app::types::secret_text::SecretText;
use app::types::two_factor::MailboxAct;
use data_encoding::{Encoding, Specification};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Seconds that a code is good (NIST SP 800-63B-4 §3.1.3.2 allows ten minutes for a code that is sent).
pub const MAILBOX_CODE_LIFE: i64 = 10 * 60;
/// Wrong codes after which the code is over. With 40 bits, five guesses find it once in 2 * 10^11 codes.
pub const WRONG_CODES_PER_MAILBOX_CODE: u32 = 5;
/// Seconds for which a browser has been known before it takes from the part of the day's codes that is kept for known
/// browsers: who has just signed in with a stolen password must not use that part up.
pub const KNOWN_FOR: i64 = 24 * 60 * 60;

/// Bytes of a code: 40 bits, eight characters.
pub const MAILBOX_CODE_BYTES: usize = 5;
/// Characters after which a code as it is shown has a dash.
const GROUP: usize = 4;

/// Crockford's alphabet in capitals: no I, L, O or U, which are read as the digits that they look like.
static ALPHABET: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification
        .symbols
        .push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    specification
        .translate
        .from
        .push_str("abcdefghjkmnpqrstvwxyzOoIiLl");
    specification
        .translate
        .to
        .push_str("ABCDEFGHJKMNPQRSTVWXYZ001111");
    specification
        .encoding()
        .expect("32 symbols, none of them twice")
});

/// A code that is mailed for one act: what must not be guessed, so it does not print.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct MailboxCode([u8; MAILBOX_CODE_BYTES]);

/// The text is not a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a code from a mailbox")]
pub struct NotAMailboxCode;

impl MailboxCode {
    /// A code of random bytes.
    pub const fn new(bytes: [u8; MAILBOX_CODE_BYTES]) -> Self {
        Self(bytes)
    }

    /// Parses what a person typed or pasted: any case and width, without blanks and dashes.
    ///
    /// # Errors
    /// Refuses everything that does not leave eight characters of the alphabet.
    pub fn parse(text: &str) -> Result<Self, NotAMailboxCode> {
        // The longest spelling of a code that anybody types: a dash or blank after each character.
        const MOST_TYPED: usize = 4 * MAILBOX_CODE_BYTES;
        if text.chars().nth(MOST_TYPED).is_some() {
            return Err(NotAMailboxCode);
        }
        let typed: String = text.nfkc().filter(|c| c.is_alphanumeric()).collect();
        let bytes = ALPHABET
            .decode(typed.as_bytes())
            .map_err(|_| NotAMailboxCode)?;
        bytes.try_into().map(Self).map_err(|_| NotAMailboxCode)
    }

    /// The 40 bits.
    pub const fn bytes(&self) -> &[u8; MAILBOX_CODE_BYTES] {
        &self.0
    }

    /// The code as it is mailed: `ABCD-EFGH`.
    pub fn shown(&self) -> SecretText {
        let mut text = ALPHABET.encode(&self.0);
        text.insert(GROUP, '-');
        SecretText::new(text)
    }
}

impl fmt::Debug for MailboxCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailboxCode(…)")
    }
}

/// The word by which the database knows what a code is good for.
pub const fn word_of(act: MailboxAct) -> &'static str {
    match act {
        MailboxAct::FirstFactor => "first_factor",
        MailboxAct::DeclineFactor => "decline_factor",
        MailboxAct::ChangeAddress => "change_address",
    }
}

/// What is shown of an address to whoever may be no more than its password: the first letter and the domain.
pub fn masked(email: &str) -> String {
    match email.split_once('@') {
        Some((local, domain)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}…@{domain}")
        }
        None => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_eight_characters_in_two_groups_and_is_read_however_it_is_typed() {
        let code = MailboxCode::new([0x00, 0x44, 0x32, 0x14, 0xc7]);
        assert_eq!(code.shown().expose(), "0123-4567");
        for text in [
            "01234567",
            "o123-4567",
            "O I 2 3 – 4567",
            "０１２３４５６７",
            " 0l23_4567\n",
        ] {
            assert_eq!(MailboxCode::parse(text).as_ref(), Ok(&code), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_code_is_refused() {
        let long = "0".repeat(1000);
        for text in [
            "",
            "0123-456",
            "0123-45678",
            "0123-456U",
            "0123-456é",
            &long,
        ] {
            assert_eq!(MailboxCode::parse(text), Err(NotAMailboxCode), "{text}");
        }
    }

    #[test]
    fn a_code_never_shows_in_debug_output() {
        assert_eq!(format!("{:?}", MailboxCode::new([7; 5])), "MailboxCode(…)");
    }

    #[test]
    fn of_an_address_the_first_letter_and_the_domain_are_shown() {
        assert_eq!(masked("ada@example.org"), "a…@example.org");
    }

    proptest! {
        #[test]
        fn what_is_shown_parses_to_the_same_code(bytes in any::<[u8; MAILBOX_CODE_BYTES]>()) {
            let code = MailboxCode::new(bytes);
            prop_assert_eq!(MailboxCode::parse(code.shown().expose()), Ok(code));
        }

        #[test]
        fn parsing_never_panics(text in "\\PC{0,60}") {
            let _ = MailboxCode::parse(&text);
        }
    }
}
