//! The key that an authenticator app and the server share.

use std::fmt;

use app::types::secret_text::SecretText;
use data_encoding::BASE32_NOPAD;
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{SKEW_STEPS, STEP_SECONDS};

/// Bytes of a key: 160 bits, the length that RFC 4226 §4 recommends.
pub const SECRET_BYTES: usize = 20;
const DIGITS: u8 = 6;
const GROUP: usize = 4;

/// The 160 bits that make the codes of one user.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct TotpSecret([u8; SECRET_BYTES]);

impl TotpSecret {
    /// A key of the given random bytes.
    pub const fn new(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes, for sealing.
    pub const fn bytes(&self) -> &[u8; SECRET_BYTES] {
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
            .with_secret(self.0)
            .build()
            .expect("160 bits, six digits and 30 seconds are what the RFCs ask for")
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}
