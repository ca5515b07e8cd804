//! Seals values in the database (authenticated encryption): XChaCha20-Poly1305 under a key that is kept outside of it.
//!
//! A sealed value belongs to one purpose and one row: moved to another it does not open. Its first
//! bytes name the key, so that a missing key is told apart from a damaged value.

mod key_file;
mod key_id;

use std::sync::Arc;

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{Key, KeyInit as _, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

pub use self::key_file::{KeyFileProblem, KeyLineProblem, with_new_key, without_key};
pub use self::key_id::KeyId;
use super::random::{self, Random};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
/// The only format so far; another cipher would be another number.
const FORMAT: u8 = 1;

/// The keys of this server: one seals, all open.
#[derive(Clone)]
pub struct KeyRing {
    /// In the order of the file; never empty.
    keys: Arc<[SealingKey]>,
    /// One of them.
    current: KeyId,
}

struct SealingKey {
    id: KeyId,
    key: Zeroizing<[u8; KEY_BYTES]>,
}

/// Why a sealed value does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsealProblem {
    /// It was sealed with a key that is not here.
    #[error("it was sealed with key {0}, which is not among the keys of this server")]
    NoSuchKey(KeyId),
    /// It is damaged, cut, or was sealed for another purpose or row.
    #[error("it is damaged or belongs to another row")]
    Tampered,
}

impl KeyRing {
    /// A ring of one new key, and the text of its file.
    pub fn generate(random: &dyn Random) -> (Self, String) {
        let ring =
            Self::of(vec![SealingKey::generate(random)]).expect("a list of one key is a ring");
        let text = ring.file_text();
        (ring, text)
    }

    /// A ring in which the last key seals; none without a key.
    fn of(keys: Vec<SealingKey>) -> Option<Self> {
        let current = keys.last()?.id;
        Some(Self {
            keys: keys.into(),
            current,
        })
    }

    /// The same keys, of which another seals; none where it is not among them.
    pub fn sealing_with(&self, id: KeyId) -> Option<Self> {
        self.has(id).then(|| Self {
            keys: self.keys.clone(),
            current: id,
        })
    }

    /// The key that seals.
    pub const fn current(&self) -> KeyId {
        self.current
    }

    /// Whether a key is among them.
    pub fn has(&self, id: KeyId) -> bool {
        self.keys.iter().any(|key| key.id == id)
    }

    /// All keys, in the order of the file.
    pub fn ids(&self) -> Vec<KeyId> {
        self.keys.iter().map(|key| key.id).collect()
    }

    /// The last key of the file.
    pub fn newest(&self) -> KeyId {
        self.keys.last().map_or(self.current, |key| key.id)
    }

    /// Seals `plain` for one purpose and one row: format, key id, nonce of 24 bytes, ciphertext, tag.
    pub fn seal(&self, random: &dyn Random, purpose: &str, row: &str, plain: &[u8]) -> Vec<u8> {
        let sealing = self.sealing();
        let nonce = random::bytes::<NONCE_BYTES>(random);
        let aad = additional_data(sealing.id, purpose, row);
        let ciphertext = sealing
            .cipher()
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: plain,
                    aad: &aad,
                },
            )
            .expect("what we seal is far below the cipher's limit of 256 GiB");
        [&[FORMAT][..], sealing.id.bytes(), &nonce, &ciphertext].concat()
    }

    /// Opens what was sealed for the same purpose and row.
    ///
    /// # Errors
    /// See [`UnsealProblem`].
    pub fn open(
        &self,
        purpose: &str,
        row: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, UnsealProblem> {
        let (id, rest) = split_key_id(sealed).ok_or(UnsealProblem::Tampered)?;
        let (nonce, ciphertext) = rest
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(UnsealProblem::Tampered)?;
        let key = self
            .keys
            .iter()
            .find(|key| key.id == id)
            .ok_or(UnsealProblem::NoSuchKey(id))?;
        let aad = additional_data(id, purpose, row);
        key.cipher()
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: ciphertext,
                    aad: &aad,
                },
            )
            .map(Zeroizing::new)
            .map_err(|_| UnsealProblem::Tampered)
    }

    /// What the database keeps of something that can be guessed, as a code or a phone number can: who reads the
    /// database alone cannot try guesses against it (HMAC-SHA256 under the current key).
    pub fn tag(&self, purpose: &str, of: &[&[u8]]) -> [u8; 32] {
        self.sealing().tag(purpose, of)
    }

    /// The tags under every key, for what was kept before another key took over.
    pub fn tags(&self, purpose: &str, of: &[&[u8]]) -> Vec<[u8; 32]> {
        self.keys.iter().map(|key| key.tag(purpose, of)).collect()
    }

    /// The tag under one key; none where that key is not here.
    pub fn tag_under(&self, id: KeyId, purpose: &str, of: &[&[u8]]) -> Option<[u8; 32]> {
        let key = self.keys.iter().find(|key| key.id == id)?;
        Some(key.tag(purpose, of))
    }

    fn sealing(&self) -> &SealingKey {
        self.keys
            .iter()
            .find(|key| key.id == self.current)
            .expect("the current key is one of the keys")
    }
}

/// The key that a value was sealed with, if it is a sealed value at all.
pub fn sealed_with(sealed: &[u8]) -> Option<KeyId> {
    split_key_id(sealed).map(|(id, _)| id)
}

impl SealingKey {
    fn new(key: Zeroizing<[u8; KEY_BYTES]>) -> Self {
        Self {
            id: KeyId::of(&key),
            key,
        }
    }

    fn generate(random: &dyn Random) -> Self {
        Self::new(Zeroizing::new(random::bytes(random)))
    }

    fn tag(&self, purpose: &str, of: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.as_slice())
            .expect("HMAC takes a key of any length");
        for part in [&b"twofold tag 1"[..], purpose.as_bytes()]
            .into_iter()
            .chain(of.iter().copied())
        {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(<&Key>::from(&*self.key))
    }
}

fn split_key_id(sealed: &[u8]) -> Option<(KeyId, &[u8])> {
    let rest = sealed.strip_prefix(&[FORMAT])?;
    let (id, rest) = rest.split_first_chunk()?;
    Some((KeyId::new(*id), rest))
}

/// Each part with its length before it, so that no two triples give the same bytes.
fn additional_data(id: KeyId, purpose: &str, row: &str) -> Vec<u8> {
    let mut data = vec![FORMAT];
    data.extend_from_slice(id.bytes());
    for part in [purpose, row] {
        data.extend_from_slice(&(part.len() as u64).to_be_bytes());
        data.extend_from_slice(part.as_bytes());
    }
    data
}

#[cfg(test)]
mod tests;
