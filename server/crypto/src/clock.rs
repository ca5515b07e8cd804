//! The time, as an argument: the one place that reads the system's clock, and a clock for tests.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use app::types::timestamp::Timestamp;

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01 UTC.
    fn now_millis(&self) -> i64;

    /// The same in whole seconds, rounded down.
    fn now(&self) -> Timestamp {
        Timestamp(self.now_millis().div_euclid(1000))
    }
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where everyone else takes the time from"
    )]
    fn now_millis(&self) -> i64 {
        let (millis, sign) = match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => (after.as_millis(), 1),
            Err(before) => (before.duration().as_millis(), -1),
        };
        i64::try_from(millis).map_or(i64::MAX, |millis| millis * sign)
    }
}

/// Measures how long something took, for graphs and for when an answer leaves: no rule goes by it.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    #[expect(
        clippy::disallowed_methods,
        reason = "durations need a clock that never goes back, and no rule rests on them"
    )]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    #[expect(
        clippy::disallowed_methods,
        reason = "durations need a clock that never goes back, and no rule rests on them"
    )]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// The same in seconds.
    pub fn seconds(&self) -> f64 {
        self.elapsed().as_secs_f64()
    }
}

/// A clock that stands still until a test moves it.
#[derive(Debug, Default)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that shows `at`.
    pub const fn new(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.0.saturating_mul(1000)))
    }

    /// Sets the time, forwards or backwards.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.0.saturating_mul(1000), Ordering::SeqCst);
    }

    /// Moves the time by so many seconds; backwards when negative.
    pub fn advance(&self, seconds: i64) {
        self.advance_millis(seconds.saturating_mul(1000));
    }

    /// Moves the time by so many milliseconds; backwards when negative.
    pub fn advance_millis(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now_millis(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let clock = FixedClock::new(Timestamp(1_000));
        assert_eq!(
            (clock.now(), clock.now_millis()),
            (Timestamp(1_000), 1_000_000)
        );
        clock.advance_millis(1_999);
        assert_eq!(clock.now(), Timestamp(1_001));
        clock.advance(-2);
        assert_eq!(clock.now_millis(), 999_999);
        assert_eq!(clock.now(), Timestamp(999));
        clock.set(Timestamp(-1));
        assert_eq!(clock.now(), Timestamp(-1));
    }

    #[test]
    fn the_system_clock_is_past_the_day_this_was_written() {
        assert!(SystemClock.now() > Timestamp(1_750_000_000));
    }
}
