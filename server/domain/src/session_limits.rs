//! How long a session lasts: until it is not used for too long, and no longer than its absolute limit.

use app::types::session::{SessionEnd, SessionLeft};
use app::types::timestamp::Timestamp;

/// Its user is warned so many seconds before the end (WCAG 2.2.1 asks for twenty at least).
const WARNING: i64 = 120;

/// The limits of sessions, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct LimitsOfSessions {
    /// Without a use.
    pub unused: i64,
    /// In any case.
    pub in_all: i64,
}

/// What the limits are counted from.
#[derive(Clone, Copy, Debug)]
pub struct SessionTimes {
    /// When it began.
    pub began: Timestamp,
    /// When it was used last.
    pub used: Timestamp,
}

/// By which limit a session is over; none while it lasts, its last second included.
pub const fn ended_by(
    limits: LimitsOfSessions,
    times: SessionTimes,
    now: Timestamp,
) -> Option<SessionEnd> {
    if now.since(times.began) > limits.in_all {
        Some(SessionEnd::TooOld)
    } else if now.since(times.used) > limits.unused {
        Some(SessionEnd::Unused)
    } else {
        None
    }
}

/// What is left of a session that lasts. Under short limits the warning takes no more than half of them.
pub fn left(limits: LimitsOfSessions, times: SessionTimes, now: Timestamp) -> SessionLeft {
    let shortest = limits.unused.min(limits.in_all);
    SessionLeft {
        unused: seconds(limits.unused - now.since(times.used)),
        in_all: seconds(limits.in_all - now.since(times.began)),
        warning: seconds(WARNING.min(shortest / 2)),
    }
}

fn seconds(of: i64) -> u32 {
    u32::try_from(of.max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_AND_DAY: LimitsOfSessions = LimitsOfSessions {
        unused: 3_600,
        in_all: 86_400,
    };

    fn times(began: i64, used: i64) -> SessionTimes {
        SessionTimes {
            began: Timestamp(began),
            used: Timestamp(used),
        }
    }

    #[test]
    fn a_session_is_over_after_its_last_second_and_the_absolute_limit_is_said_first() {
        for (began, used, now, end) in [
            (0, 0, 0, None),
            (0, 0, 3_600, None),
            (0, 0, 3_601, Some(SessionEnd::Unused)),
            (0, 86_000, 86_400, None),
            (0, 86_000, 86_401, Some(SessionEnd::TooOld)),
            (0, 0, 90_000, Some(SessionEnd::TooOld)),
            // A clock that was set back.
            (1_000, 1_000, 0, None),
        ] {
            let ended = ended_by(HOUR_AND_DAY, times(began, used), Timestamp(now));
            assert_eq!(ended, end, "{began} {used} {now}");
        }
    }

    #[test]
    fn what_is_left_counts_from_the_last_use_and_from_the_beginning() {
        for (began, used, now, unused, in_all) in [
            (0, 0, 0, 3_600, 86_400),
            (0, 0, 3_500, 100, 82_900),
            (0, 3_500, 3_500, 3_600, 82_900),
            (0, 86_300, 86_390, 3_510, 10),
            (0, 0, 90_000, 0, 0),
        ] {
            let left = left(HOUR_AND_DAY, times(began, used), Timestamp(now));
            assert_eq!(
                (left.unused, left.in_all, left.warning),
                (unused, in_all, 120),
                "{began} {used} {now}"
            );
        }
    }

    #[test]
    fn a_warning_takes_no_more_than_half_of_a_short_limit() {
        for (unused, in_all, warning) in [(3_600, 86_400, 120), (60, 86_400, 30), (180, 3_600, 90)]
        {
            let limits = LimitsOfSessions { unused, in_all };
            let left = left(limits, times(0, 0), Timestamp(0));
            assert_eq!(left.warning, warning);
        }
    }
}
