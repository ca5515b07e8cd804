//! Random bytes, as an argument: the one place that asks the operating system, and a source for tests.

use std::sync::{Mutex, PoisonError};

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use uuid::{Builder, Uuid};

use super::clock::Clock;

/// Where random bytes come from.
pub trait Random: Send + Sync {
    /// Fills the whole of `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// So many random bytes.
pub fn bytes<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}

/// A new identifier: version 7, so that keys grow with time and rows that belong together stay
/// close in the index (RFC 9562 §5.7). It tells when it was made and is no secret.
pub fn new_uuid(random: &dyn Random, clock: &dyn Clock) -> Uuid {
    let millis = u64::try_from(clock.now_millis()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &bytes(random)).into_uuid()
}

/// The operating system's source.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    /// # Panics
    /// When the system has no randomness to give: no secret can be made then, and none must be.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where everyone else takes random bytes from"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes)
            .expect("the operating system gives random bytes once it has started");
    }
}

/// The same bytes for the same seed: for tests, never for secrets.
#[derive(Debug)]
pub struct SeededRandom(Mutex<ChaCha20Rng>);

impl SeededRandom {
    /// A source that is wholly told by `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use app::types::timestamp::Timestamp;

    use super::*;
    use crate::clock::FixedClock;

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
        let (one, same, other) = (
            SeededRandom::new(1),
            SeededRandom::new(1),
            SeededRandom::new(2),
        );
        let first = bytes::<32>(&one);
        assert_eq!(first, bytes::<32>(&same));
        assert_ne!(first, bytes::<32>(&other));
        assert_ne!(first, bytes::<32>(&one));
    }

    #[test]
    fn the_system_does_not_repeat_itself() {
        assert_ne!(bytes::<32>(&SystemRandom), bytes::<32>(&SystemRandom));
    }

    #[test]
    fn an_identifier_is_of_version_7_and_grows_with_time() {
        let (random, clock) = (
            SeededRandom::new(1),
            FixedClock::new(Timestamp(1_800_000_000)),
        );
        let first = new_uuid(&random, &clock);
        clock.advance_millis(1);
        let second = new_uuid(&random, &clock);
        assert_eq!((first.get_version_num(), second.get_version_num()), (7, 7));
        assert_eq!(first.get_variant(), uuid::Variant::RFC4122);
        assert!(first < second);
        assert_eq!(first.as_u128() >> 80, 1_800_000_000_000);
    }

    #[test]
    fn a_clock_before_1970_still_gives_an_identifier() {
        let clock = FixedClock::new(Timestamp(-5));
        assert_eq!(new_uuid(&SeededRandom::new(1), &clock).as_u128() >> 80, 0);
    }
}
