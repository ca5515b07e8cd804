//! One moment, as whole seconds since 1970-01-01 UTC; zones and daylight saving exist only where a person reads.

use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// Seconds since the Unix epoch, UTC.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Seconds since the Unix epoch.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// Seconds from `earlier` to `self`; zero when `earlier` lies in the future.
    pub const fn since(self, earlier: Self) -> i64 {
        let seconds = self.0.saturating_sub(earlier.0);
        if seconds < 0 { 0 } else { seconds }
    }
}

impl Add<i64> for Timestamp {
    type Output = Self;

    fn add(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}

impl Sub<i64> for Timestamp {
    type Output = Self;

    fn sub(self, seconds: i64) -> Self {
        Self(self.0.saturating_sub(seconds))
    }
}
