//! Bearer tokens: session cookies, links from e-mail, the set-up link.
//!
//! The database stores only the hash, so that nobody who reads it gets a token.

use std::fmt;

use app::types::secret_text::SecretText;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::random::{self, Random};

const BYTES: usize = 32;
const CHARACTERS: usize = 43;
/// What `decode_slice` wants to have room for: whole groups of four characters.
const DECODING_ROOM: usize = 33;

/// 256 random bits that open something to whoever has them.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Token([u8; BYTES]);

impl Token {
    /// A new token.
    pub fn new(random: &dyn Random) -> Self {
        Self(random::bytes(random))
    }

    /// The token of bytes that nobody can guess.
    pub const fn of(bytes: [u8; BYTES]) -> Self {
        Self(bytes)
    }

    /// Parses the one spelling that [`Self::to_text`] gives; everything else is no token.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != CHARACTERS {
            return None;
        }
        let mut room = zeroize::Zeroizing::new([0; DECODING_ROOM]);
        let length = URL_SAFE_NO_PAD
            .decode_slice(text, room.as_mut_slice())
            .ok()?;
        room.get(..length)?.try_into().ok().map(Self)
    }

    /// The token as it travels: 43 characters of base64url without padding (RFC 4648 §5).
    pub fn to_text(&self) -> SecretText {
        SecretText::new(URL_SAFE_NO_PAD.encode(self.0))
    }

    /// What the database stores. A token hashed for one purpose is not found under another.
    ///
    /// Plain SHA-256 is enough: 256 random bits cannot be guessed, so there is nothing to slow down.
    pub fn hash(&self, purpose: &str) -> [u8; 32] {
        Sha256::new()
            .chain_update(b"twofold token 1\0")
            .chain_update((purpose.len() as u64).to_be_bytes())
            .chain_update(purpose)
            .chain_update(self.0)
            .finalize()
            .into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn a_token_is_43_characters_that_need_no_escape_in_a_cookie_or_url() {
        let text = Token::new(&SeededRandom::new(1)).to_text();
        assert_eq!(text.expose().len(), CHARACTERS);
        assert!(
            text.expose()
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        );
    }

    #[test]
    fn one_token_has_one_spelling() {
        let token = Token([0; BYTES]);
        assert_eq!(token.to_text().expose(), "A".repeat(43));
        // The last character carries two bits that belong to nothing.
        assert_eq!(Token::parse(&format!("{}B", "A".repeat(42))), None);
        for text in [
            "",
            "A",
            &"A".repeat(42),
            &"A".repeat(44),
            &format!("{}=", "A".repeat(43)),
        ] {
            assert_eq!(Token::parse(text), None, "{text}");
        }
        assert_eq!(Token::parse(&format!("{}+", "A".repeat(42))), None);
        assert_eq!(Token::parse(&format!("é{}", "A".repeat(41))), None);
    }

    #[test]
    fn the_purpose_is_part_of_the_hash() {
        let token = Token::new(&SeededRandom::new(1));
        assert_eq!(token.hash("session"), token.clone().hash("session"));
        assert_ne!(token.hash("session"), token.hash("pending-sign-in"));
        assert_ne!(
            token.hash("session"),
            Token::new(&SeededRandom::new(2)).hash("session")
        );
    }

    #[test]
    fn a_token_never_shows_in_debug_output() {
        assert_eq!(format!("{:?}", Token([7; BYTES])), "Token(…)");
    }

    proptest! {
        #[test]
        fn what_is_written_parses_to_the_same_token(bytes in any::<[u8; BYTES]>()) {
            let token = Token(bytes);
            prop_assert_eq!(Token::parse(token.to_text().expose()), Some(token));
        }

        #[test]
        fn what_parses_is_written_the_same_way(text in "[A-Za-z0-9_=+/-]{43}|\\PC{0,60}") {
            if let Some(token) = Token::parse(&text) {
                let written = token.to_text();
                prop_assert_eq!(written.expose(), text);
            }
        }
    }
}
