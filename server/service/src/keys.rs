//! The sealing keys of this server. A file or a setting lists the keys; the database says which of them is current, so that
//! all servers of one database agree. docs/decisions/0015-keys-and-backup.md

pub mod file;
pub mod lost;
mod missing;
mod problem;
pub mod rotation;
mod start;
pub mod survey;
mod under;

use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use zeroize::Zeroizing;

pub use self::missing::under_missing_keys;
pub use self::problem::KeysProblem;
pub use self::start::load_keys;
pub use self::under::keys_in_use;
use super::{Fault, Outcome, Services};
use crypto::seal::{KeyId, KeyRing, UnsealProblem, sealed_with};
use settings::Settings;
use storage::instance::{Instance, replace_key_check, share_key_check};
use storage::{ConnectionTrait, WriteTransaction};

/// The plaintext of the key check: a sealed value that shows later that the keys still fit. Its key is the current one.
const CHECK: &[u8] = b"these keys fit this database";
/// The same, once the factors of every user are bound to them by a tag. It is sealed, so that only who has the keys can say
/// so; servers of versions before open it without looking at what it says.
const CHECK_BOUND: &[u8] = b"these keys fit this database; the factors of every user are bound";
const PURPOSE: &str = "key check";
const ROW: &str = "instance";

/// Where the keys come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A file, which is read again when a key is missing.
    File(PathBuf),
    /// The setting `keys`, which changes with a restart alone.
    Setting,
}

/// The keys of this server.
pub struct Keys {
    source: KeySource,
    /// As last read.
    ring: RwLock<KeyRing>,
}

impl KeySource {
    /// Where these settings have the keys.
    pub fn of(settings: &Settings) -> Self {
        if settings.keys.is_some() {
            Self::Setting
        } else {
            Self::File(settings.keys_path())
        }
    }

    /// The file, where it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Setting => None,
        }
    }
}

impl Keys {
    /// Keys of this source.
    pub const fn new(source: KeySource, ring: KeyRing) -> Self {
        Self {
            source,
            ring: RwLock::new(ring),
        }
    }

    /// Where they come from.
    pub const fn source(&self) -> &KeySource {
        &self.source
    }

    /// The keys as last read. For what lives as long as a page; what the database keeps is sealed by [`Self::sealing`].
    pub fn ring(&self) -> KeyRing {
        self.ring
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The keys, of which that one seals that the database names. What is sealed with them goes into this transaction.
    ///
    /// # Errors
    /// When that key is not here: nothing is sealed with another instead.
    pub async fn sealing(&self, transaction: &impl ConnectionTrait) -> Outcome<KeyRing> {
        let check = share_key_check(transaction).await?;
        let current = check
            .as_deref()
            .and_then(sealed_with)
            .ok_or(super::Failure::Fault(Fault::Broken(
                "the database names no key",
            )))?;
        self.with_current(current)
            .ok_or(super::Failure::Fault(Fault::KeyMissing(current)))
    }

    /// Opens a sealed value.
    ///
    /// # Errors
    /// See [`UnsealProblem`].
    pub fn open(
        &self,
        purpose: &str,
        row: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, UnsealProblem> {
        match self.ring().open(purpose, row, sealed) {
            Err(UnsealProblem::NoSuchKey(id)) if self.read_again(id) => {
                self.ring().open(purpose, row, sealed)
            }
            result => result,
        }
    }

    /// Reads the file again where a key is missing.
    pub fn look_for(&self, id: KeyId) {
        if !self.ring().has(id) {
            self.read_again(id);
        }
    }

    /// Whether the database says, under the keys, that the factors of every user are bound by a tag.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn is_everyone_bound(&self, transaction: &impl ConnectionTrait) -> Outcome<bool> {
        let check = share_key_check(transaction).await?;
        Ok(check.is_some_and(|check| self.says_bound(&check)))
    }

    fn says_bound(&self, check: &[u8]) -> bool {
        if let Some(key) = sealed_with(check) {
            self.look_for(key);
        }
        says_bound(&self.ring(), check)
    }

    fn with_current(&self, id: KeyId) -> Option<KeyRing> {
        let ring = self.ring();
        if ring.current() == id {
            return Some(ring);
        }
        if !ring.has(id) {
            self.read_again(id);
        }
        let ring = self.ring().sealing_with(id)?;
        self.replace(ring.clone());
        Some(ring)
    }

    /// Reads the file again because a key is missing: true when it is there now.
    fn read_again(&self, missing: KeyId) -> bool {
        let Some(path) = self.source.file() else {
            return false;
        };
        match file::read(path) {
            Ok(Some(ring)) => {
                let is_there = ring.has(missing);
                let current = self.ring().current();
                self.replace(ring.sealing_with(current).unwrap_or(ring));
                if is_there {
                    tracing::info!(key.id = %missing, "a key was added to the file of keys");
                }
                is_there
            }
            Ok(None) => {
                tracing::error!(key.id = %missing, "a key is missing, and the file of keys is gone");
                false
            }
            Err(problem) => {
                tracing::error!(key.id = %missing, %problem, "a key is missing");
                false
            }
        }
    }

    fn replace(&self, ring: KeyRing) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
    }
}

/// The keys at hand, without the database; none where there is no file.
///
/// # Errors
/// When they cannot be read.
pub fn keys_at_hand(settings: &Settings) -> Result<Option<KeyRing>, KeysProblem> {
    match &settings.keys {
        Some(keys) => KeyRing::parse(&keys.0)
            .map(Some)
            .map_err(|problem| KeysProblem::Keys("setting `keys`".to_owned(), problem)),
        None => file::read(&settings.keys_path()),
    }
}

/// The key that the database names, proven to be the one that sealed.
///
/// # Errors
/// When it is not among the keys, or another.
pub fn prove(keys: &KeyRing, key_check: &[u8]) -> Result<KeyId, KeysProblem> {
    let current = sealed_with(key_check).ok_or(KeysProblem::NoCheck)?;
    match keys.open(PURPOSE, ROW, key_check) {
        Ok(_) => Ok(current),
        Err(UnsealProblem::NoSuchKey(id)) => Err(KeysProblem::NotAmongThem(id.to_string())),
        Err(UnsealProblem::Tampered) => Err(KeysProblem::Unfit(current.to_string())),
    }
}

fn says_bound(ring: &KeyRing, check: &[u8]) -> bool {
    let opened = ring.open(PURPOSE, ROW, check);
    opened.is_ok_and(|text| text.as_slice() == CHECK_BOUND)
}

/// Says in the database that the factors of every user are bound. The caller has found that they are, and has locked the
/// check since, by [`lock_key_check`].
///
/// # Errors
/// When the key that seals is not here.
pub async fn say_everyone_is_bound(
    services: &Services,
    transaction: &WriteTransaction,
) -> Outcome<()> {
    let keys = services.keys.sealing(transaction).await?;
    let check = keys.seal(services.random.as_ref(), PURPOSE, ROW, CHECK_BOUND);
    replace_key_check(transaction, check).await?;
    Ok(())
}

/// Whether the keys fit the database now, as they did at the start.
pub fn fit(keys: &Keys, instance: &Instance) -> bool {
    keys.open(PURPOSE, ROW, &instance.key_check).is_ok()
}
