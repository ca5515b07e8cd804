//! The name of a key: derived from the key, so that a wrong key shows as a wrong name.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use super::KEY_BYTES;

const ID_BYTES: usize = 4;

/// Eight hexadecimal characters that name a key and tell nothing about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; ID_BYTES]);

/// The text is not a key id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a key id: eight characters of 0 to 9 and a to f")]
pub struct NotAKeyId;

impl KeyId {
    pub(super) const fn new(bytes: [u8; ID_BYTES]) -> Self {
        Self(bytes)
    }

    /// The id of a key: 32 bits of a hash of 256 random bits.
    pub(super) fn of(key: &[u8; KEY_BYTES]) -> Self {
        let digest: [u8; 32] = Sha256::new()
            .chain_update(b"twofold key id 1\0")
            .chain_update(key)
            .finalize()
            .into();
        let [a, b, c, d, ..] = digest;
        Self([a, b, c, d])
    }

    pub(super) const fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

impl FromStr for KeyId {
    type Err = NotAKeyId;

    fn from_str(text: &str) -> Result<Self, NotAKeyId> {
        let is_hex = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
        if text.len() != ID_BYTES * 2 || !text.bytes().all(is_hex) {
            return Err(NotAKeyId);
        }
        u32::from_str_radix(text, 16)
            .map(|id| Self(id.to_be_bytes()))
            .map_err(|_| NotAKeyId)
    }
}
