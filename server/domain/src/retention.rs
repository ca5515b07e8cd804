//! How long lines of the audit log are kept, and when the clock is trusted enough to delete some.

use app::types::timestamp::Timestamp;

/// Days for which a new installation keeps lines: a year, and what an audit after its end takes.
pub const USUAL_DAYS: u32 = 400;
/// The fewest days that can be set: the Security page shows its user 90, and a line is not gone in the middle of a day.
pub const FEWEST_DAYS: u32 = 91;
/// The most days that can be set: a century.
pub const MOST_DAYS: u32 = 36_500;
/// Seconds that the clock must have run without a jump before lines are deleted by it.
pub const PROBATION: i64 = DAY;

const DAY: i64 = 24 * 60 * 60;
/// Seconds that a clock may be set back by, as machines do that were a little fast.
const STEP_BACK: i64 = 60 * 60;

/// How long lines are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// All of them, which the operator has said.
    All,
    /// All of them, since an earlier version has begun the database and nothing is set.
    AllUntilSet,
    /// So many days.
    Days(u32),
}

/// How long, by the setting (0 keeps all) and by whether the database was begun under this rule.
pub const fn keep(set: Option<u32>, is_begun_bounded: bool) -> Keep {
    match (set, is_begun_bounded) {
        (Some(0), _) => Keep::All,
        (Some(days), _) => Keep::Days(days),
        (None, true) => Keep::Days(USUAL_DAYS),
        (None, false) => Keep::AllUntilSet,
    }
}

/// The first moment whose lines are kept.
pub fn first_kept(days: u32, now: Timestamp) -> Timestamp {
    now - i64::from(days) * DAY
}

/// For how long the clock has gone on without a leap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steady {
    /// Since when.
    pub since: Timestamp,
    /// When it was looked at last.
    pub seen_at: Timestamp,
}

/// Observes the clock: a jump by more than a day ahead or an hour back restarts the probation, and so does a machine that was
/// off. A clock that is wrong for less than the probation deletes nothing, however far ahead it is.
pub fn look(before: Option<Steady>, now: Timestamp) -> Steady {
    match before {
        Some(Steady { since, seen_at })
            if since <= seen_at && now >= seen_at - STEP_BACK && now <= seen_at + DAY =>
        {
            Steady {
                since,
                seen_at: seen_at.max(now),
            }
        }
        Some(_) | None => Steady {
            since: now,
            seen_at: now,
        },
    }
}

/// Whether lines may be removed by this clock.
pub fn is_believed(steady: Steady, now: Timestamp) -> bool {
    now.since(steady.since) >= PROBATION
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000);
    const YEARS: i64 = 3_650 * DAY;

    #[test]
    fn what_is_set_decides_and_else_whether_the_database_is_new() {
        for (set, is_new, expected) in [
            (None, true, Keep::Days(USUAL_DAYS)),
            (None, false, Keep::AllUntilSet),
            (Some(0), true, Keep::All),
            (Some(0), false, Keep::All),
            (Some(91), true, Keep::Days(91)),
            (Some(91), false, Keep::Days(91)),
        ] {
            assert_eq!(keep(set, is_new), expected, "{set:?} {is_new}");
        }
        assert_eq!(first_kept(2, NOW), NOW - 2 * 86_400);
    }

    /// Looks every minute, hour or day, with leaps in between: what is believed, and when.
    #[test]
    fn a_clock_that_leaps_is_not_believed_for_a_day() {
        let believed = |moments: &[i64]| {
            let mut steady = None;
            let mut last = false;
            for moment in moments {
                let now = NOW + *moment;
                let seen = look(steady, now);
                last = is_believed(seen, now);
                steady = Some(seen);
            }
            last
        };
        for (moments, expected) in [
            (&[0][..], false),
            (&[0, 60, DAY - 1], false),
            (&[0, 60, DAY], true),
            // Off for the weekend.
            (&[0, DAY, 3 * DAY], false),
            (&[0, DAY, 3 * DAY, 4 * DAY], true),
            // A little back.
            (&[0, DAY, DAY - 3_600, DAY], true),
            (&[0, DAY, DAY - 3_601, DAY], false),
            // Ten years ahead, for as long as it takes somebody to see it, and right again.
            (&[0, DAY, YEARS], false),
            (&[0, DAY, YEARS, YEARS + 60, YEARS + DAY - 60], false),
            (&[0, DAY, YEARS, YEARS + 60, DAY + 120], false),
            (&[0, DAY, YEARS, YEARS + 60, DAY + 120, 2 * DAY + 120], true),
        ] {
            assert_eq!(believed(moments), expected, "{moments:?}");
        }
    }
}
