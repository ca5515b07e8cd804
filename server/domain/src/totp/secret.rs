//! The key that an authenticator app and the server share.

use std::fmt;

use app::types::secret_text::SecretText;
use data_encoding::BASE32_NOPAD;
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{SKEW_STEPS, STEP_SECONDS};

/// Bytes of a key that we make: 160 bits, the length that RFC 4226 §4 recommends.
pub const SECRET_BYTES: usize = 20;
/// Fewest bytes of a key that another product has made: 128 bits (RFC 4226 §4, R6).
pub const SHORTEST_SECRET: usize = 16;
/// Most bytes of one: a block of SHA-1. HMAC hashes a longer key to 160 bits first (RFC 2104 §2).
pub const LONGEST_SECRET: usize = 64;
const DIGITS: u8 = 6;
const GROUP: usize = 4;

/// The bytes that make the codes of one user: 160 bits where we made them, 128 to 512 where another product did.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct TotpSecret(Vec<u8>);

/// Why a text is not accepted as a key. The error never contains the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotASecret {
    /// Other characters, or bits after the last byte.
    #[error("the secret is not Base32")]
    NotBase32,
    /// Too easily guessed.
    #[error("the secret has fewer than 128 bits")]
    TooShort,
    /// Not a key as it stands.
    #[error("the secret has more than 512 bits")]
    TooLong,
}

impl TotpSecret {
    /// A key of the given random bytes.
    pub fn new(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(bytes.to_vec())
    }

    /// A key of these bytes; none where they are fewer than 16 or more than 64.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        (SHORTEST_SECRET..=LONGEST_SECRET)
            .contains(&bytes.len())
            .then(|| Self(bytes.to_vec()))
    }

    /// Parses Base32 (RFC 4648 §6) of either case, with or without padding, blanks anywhere.
    ///
    /// # Errors
    /// Refuses other characters, and fewer than 128 or more than 512 bits.
    pub fn from_base32(text: &str) -> Result<Self, NotASecret> {
        let letters = text.chars().filter(|c| !c.is_ascii_whitespace());
        let letters: Zeroizing<String> = Zeroizing::new(letters.collect());
        let mut letters = Zeroizing::new(letters.trim_end_matches('=').to_owned());
        letters.make_ascii_uppercase();
        let bytes = BASE32_NOPAD.decode(letters.as_bytes()).map(Zeroizing::new);
        let bytes = bytes.map_err(|_| NotASecret::NotBase32)?;
        if bytes.len() > LONGEST_SECRET {
            return Err(NotASecret::TooLong);
        }
        Self::from_bytes(&bytes).ok_or(NotASecret::TooShort)
    }

    /// The bytes, for sealing.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The key as a person types it into an app: Base32, upper case, groups of four, no padding.
    pub fn key_in_groups(&self) -> SecretText {
        let base32 = self.base32();
        let mut text = String::with_capacity(base32.len() + base32.len() / GROUP);
        for (index, letter) in base32.chars().enumerate() {
            if index > 0 && index % GROUP == 0 {
                text.push(' ');
            }
            text.push(letter);
        }
        SecretText::new(text)
    }

    pub(super) fn base32(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(&self.0))
    }

    pub(super) fn totp(&self) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_skew(SKEW_STEPS.unsigned_abs().try_into().expect("one step fits"))
            .with_step_duration(STEP_SECONDS.unsigned_abs())
            .with_secret(self.0.clone())
            .build()
            .expect("at least 128 bits, six digits and 30 seconds are what the RFCs ask for")
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}
