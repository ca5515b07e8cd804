//! Password hashing: argon2id (RFC 9106) in a few slots with a short queue before them.
//!
//! One attempt costs one hash, whether or not the user exists, so that the time tells nothing.
//! Who may try, how often, and what a good password is, is decided elsewhere.

mod recipe;
mod workers;

use std::sync::Arc;

use argon2::password_hash::phc::Output;
use constant_time_eq::constant_time_eq;
use prometheus_client::metrics::histogram::Histogram;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

pub use self::recipe::{MOST_MEMORY_KIB, MOST_PASSES};
use self::recipe::{Recipe, StoredHash};
use self::workers::Workers;
use super::random::{self, Random};

/// What one hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashParams {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub passes: u32,
    /// Lanes; they run one after the other, so that a hash takes one core.
    pub lanes: u32,
}

/// The parameters are outside of what argon2 or this server can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("memory must be at least 8 KiB per lane and at most 1 GiB, passes 1 to 64, lanes 1 to 64")]
pub struct BadHashParams;

impl Default for HashParams {
    /// 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet).
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            passes: 2,
            lanes: 1,
        }
    }
}

impl HashParams {
    /// Whether this server can hash with these parameters.
    ///
    /// # Errors
    /// Refuses what argon2 does not define and what would eat the machine.
    pub fn check(self) -> Result<Self, BadHashParams> {
        recipe::params(self).map(|_| self).ok_or(BadHashParams)
    }
}

/// All slots are taken and the queue is full, or there is no memory: try again in a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("password hashing is busy")]
pub struct HasherBusy;

/// The answer to a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the password.
    Right {
        /// Whether what is stored is weaker than today's parameters: hash it again while the
        /// password is at hand.
        rehash: bool,
    },
    /// It is not, or there is nothing to compare with.
    Wrong,
}

/// How busy the slots are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Jobs before the slots.
    pub waiting: usize,
    /// Jobs in them.
    pub running: usize,
}

/// Hashes and checks passwords on threads of its own.
pub struct PasswordHasher {
    params: HashParams,
    random: Arc<dyn Random>,
    workers: Workers,
    /// A hash of no password, read where there is none to compare with.
    nobodys: String,
}

impl PasswordHasher {
    /// Starts `slots` threads, before which at most `queue` jobs wait.
    ///
    /// A thread keeps its memory while work keeps coming and gives it back after two quiet seconds.
    ///
    /// # Panics
    /// When `params` do not pass [`HashParams::check`].
    pub fn new(params: HashParams, slots: usize, queue: usize, random: Arc<dyn Random>) -> Self {
        params
            .check()
            .expect("parameters are checked when the settings are read");
        let output = Output::new(&[0; 32]).expect("32 bytes are within the format's limits");
        Self {
            params,
            nobodys: Recipe::new(params, &[0; 16]).phc(output),
            random,
            workers: Workers::start(slots.max(1), queue),
        }
    }

    /// Hashes a password for storage, as a PHC string.
    ///
    /// # Errors
    /// [`HasherBusy`] when there is neither a slot nor a place in the queue.
    pub async fn hash(&self, password: &str) -> Result<String, HasherBusy> {
        let recipe = Recipe::new(self.params, &random::bytes(&*self.random));
        let output = self.workers.run(recipe.clone(), prepared(password)).await?;
        Ok(recipe.phc(output))
    }

    /// Compares a password with what is stored.
    ///
    /// Without a stored hash, or with one that cannot be read, the answer costs one hash of
    /// today's parameters, with all that is around it, and is [`Verdict::Wrong`]. A wrong password against a hash of weaker
    /// parameters costs what is missing besides; one of stronger parameters, from before they were lowered, costs more.
    ///
    /// # Errors
    /// [`HasherBusy`] when there is neither a slot nor a place in the queue.
    pub async fn verify(
        &self,
        password: &str,
        stored: Option<&str>,
    ) -> Result<Verdict, HasherBusy> {
        let somebodys = stored.and_then(StoredHash::parse);
        let is_somebodys = somebodys.is_some();
        let compared = somebodys
            .or_else(|| StoredHash::parse(&self.nobodys))
            .expect("what was written here can be read");
        let recipe = compared.recipe.clone();
        let output = self.workers.run(recipe, prepared(password)).await?;
        if is_same(&output, &compared.output) && is_somebodys {
            let rehash = compared.is_weaker_than(self.params);
            return Ok(Verdict::Right { rehash });
        }
        if let Some(missing) = compared.missing_to(self.params) {
            let filler = Recipe::new(missing, &[0; 16]);
            // Too busy for it is no other answer: the password was wrong.
            let _ = self.workers.run(filler, Zeroizing::default()).await;
        }
        Ok(Verdict::Wrong)
    }

    /// Runs another function of a password, which may take as long as a hash, in a slot and behind the same queue: it must
    /// not hold up the threads that answer.
    ///
    /// # Errors
    /// [`HasherBusy`] when there is neither a slot nor a place in the queue.
    pub async fn estimate<T: Send + 'static>(
        &self,
        function: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HasherBusy> {
        self.workers.estimate(function).await
    }

    /// How long hashes and estimates waited for a slot, in seconds.
    pub fn waits(&self) -> &Histogram {
        self.workers.waits()
    }

    /// How busy the slots are now.
    pub fn load(&self) -> Load {
        self.workers.load()
    }

    /// How many hashes have been computed since the start.
    pub fn hashes(&self) -> u64 {
        self.workers.hashes()
    }

    /// How many estimates have been begun since the start.
    pub fn estimates(&self) -> u64 {
        self.workers.estimates()
    }
}

/// Whether two spellings are of one password, as it is hashed.
pub fn is_same_password(one: &str, other: &str) -> bool {
    constant_time_eq(prepared(one).as_bytes(), prepared(other).as_bytes())
}

fn is_same(one: &Output, other: &Output) -> bool {
    constant_time_eq(one.as_bytes(), other.as_bytes())
}

/// A password in the one form that is hashed: every other space becomes a space, then NFC (RFC 8265
/// §4.2.2, NIST SP 800-63B-4 §3.1.1.2), so that it does not matter which keyboard it came from.
fn prepared(password: &str) -> Zeroizing<String> {
    // NFC grows UTF-8 threefold at most (Unicode's FAQ on normalisation): no growing, no copies left behind.
    let mut prepared = Zeroizing::new(String::with_capacity(password.len() * 3));
    prepared.extend(
        password
            .chars()
            .map(|c| if is_other_space(c) { ' ' } else { c })
            .nfc(),
    );
    prepared
}

const fn is_other_space(c: char) -> bool {
    matches!(
        c,
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

#[cfg(test)]
mod tests;
