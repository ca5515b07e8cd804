//! Protection against guessing: pauses after failures, and rate limits. The numbers of the limits are settings (`limits`);
//! docs/decisions/0012-guessing.md gives the reasons for the defaults.
//!
//! Only the arithmetic. Failures are counted over all second factors of a user together, in the
//! database, by transactions of their own.

use app::types::timestamp::Timestamp;

/// Wrong codes that end one pending sign-in.
pub const WRONG_CODES_PER_SIGN_IN: u32 = 5;
/// Wrong codes that one enrolment takes before it is over: the person who sets up an app may mistype.
pub const WRONG_CODES_PER_ENROLMENT: u32 = 10;
/// Wrong codes in a row from which on a user's second factor pauses.
pub const WRONG_CODES_BEFORE_PAUSE: u32 = 10;
/// Wrong codes in a row that close it (NIST SP 800-63B-4 §3.2.2 allows a hundred at most).
pub const WRONG_CODES_BEFORE_CLOSING: u32 = 100;
/// Seconds of the pause after the tenth wrong code, the eleventh, and so on; the last one stays.
pub const PAUSES: [i64; 5] = [60, 2 * 60, 4 * 60, 8 * 60, 15 * 60];

/// A user's failures at the second factor since the last success.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub in_a_row: u32,
    /// When the last one was.
    pub last_at: Option<Timestamp>,
}

/// Whether a code is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Throttle {
    /// It is.
    Open,
    /// Not before a moment, after wrong codes.
    Paused {
        /// The first second at which a code is checked again.
        until: Timestamp,
    },
    /// Not until a recovery code or a reset.
    Closed,
}

/// Seconds that a stored moment may lie in the future. A later one was written by a clock that was wrong.
const FURTHEST_AHEAD: i64 = 24 * 60 * 60;

/// Whether a user with these failures is throttled.
///
/// A pause starts at the last failure. If the clock has been set back since, the pause lasts longer by that step. A failure
/// more than a day in the future was counted by a clock that was wrong, and does not pause.
pub fn standing(failures: Failures, now: Timestamp) -> Throttle {
    if failures.in_a_row >= WRONG_CODES_BEFORE_CLOSING {
        return Throttle::Closed;
    }
    let (Some(pause), Some(last_at)) = (pause_after(failures.in_a_row), failures.last_at) else {
        return Throttle::Open;
    };
    match pause_of(last_at, pause, now) {
        Some(until) => Throttle::Paused { until },
        None => Throttle::Open,
    }
}

/// Until when a pause of so many seconds lasts that began at a moment, while it lasts.
pub fn pause_of(began: Timestamp, seconds: i64, now: Timestamp) -> Option<Timestamp> {
    let is_believed = began.since(now) <= FURTHEST_AHEAD;
    let until = began + seconds;
    (is_believed && now < until).then_some(until)
}

/// Whether the last failure closed the factor.
pub const fn closes(before: Failures, after: Failures) -> bool {
    before.in_a_row < WRONG_CODES_BEFORE_CLOSING && after.in_a_row >= WRONG_CODES_BEFORE_CLOSING
}

fn pause_after(in_a_row: u32) -> Option<i64> {
    let beyond = usize::try_from(in_a_row.checked_sub(WRONG_CODES_BEFORE_PAUSE)?).ok()?;
    PAUSES.get(beyond).or(PAUSES.last()).copied()
}

/// A rate limit: how many tries a window of so many seconds allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Tries in one window.
    pub limit: u32,
    /// Seconds of a window.
    pub window: i64,
    /// Whether the window is fixed or restarts with each try.
    pub begins: Begins,
}

/// When a window starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// A fixed window: it starts with its first try. Two adjacent windows can allow twice the limit within the length of
    /// one.
    WithTheFirst,
    /// A restarting window: every try restarts it, so no span of a window's length allows more than the limit.
    WithEach,
}

/// Whether a try was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BudgetVerdict {
    /// One was left; this is the new state to store.
    Within {
        /// Tries in the window, this one included.
        count: u32,
        /// When the window began.
        window_start: Timestamp,
    },
    /// None was left; the stored state does not change.
    Spent {
        /// The first second of the next window.
        until: Timestamp,
    },
}

/// Takes one try of a budget of which `count` are used since `window_start`.
///
/// A window that started in the future, because the clock was set back since, stays in force: setting the clock back must
/// not give anybody a new budget. The window then lasts longer by that step, but by a day at most, since upkeep removes
/// windows that start later than that.
pub fn spend(count: u32, window_start: Timestamp, budget: Budget, now: Timestamp) -> BudgetVerdict {
    let is_over = now >= window_start + budget.window;
    let (count, window_start) = if is_over {
        (0, now)
    } else {
        (count, window_start)
    };
    if count < budget.limit {
        BudgetVerdict::Within {
            count: count + 1,
            window_start: match budget.begins {
                Begins::WithTheFirst => window_start,
                Begins::WithEach => now,
            },
        }
    } else {
        BudgetVerdict::Spent {
            until: window_start + budget.window,
        }
    }
}

#[cfg(test)]
mod tests;
