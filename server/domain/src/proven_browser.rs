//! The own count of wrong codes of a proven browser: one in which the second factor or the mailbox was proven since the
//! factor last changed.
//!
//! Somebody who has stolen the password can give wrong codes from any browser. They pause the factor for browsers that
//! have proven nothing, and not for these. docs/decisions/0034-own-count.md gives the reasons.

use app::types::timestamp::Timestamp;

use super::attempts::{Failures, Throttle, WRONG_CODES_BEFORE_CLOSING, pause_of, standing};

/// Wrong codes in a row after which a proven browser is treated like any other, until a right one.
pub const WRONG_CODES_PER_PROVEN_BROWSER: u32 = 20;
/// Wrong codes in a row, of all browsers together, from which on proven browsers stand as any other too: a hundred that
/// close the factor, and five proven browsers' own.
pub const WRONG_CODES_IN_ALL: u32 = WRONG_CODES_BEFORE_CLOSING + 5 * WRONG_CODES_PER_PROVEN_BROWSER;
/// Seconds between two codes of a proven browser while the factor is closed for others.
pub const PAUSE_WHILE_CLOSED: i64 = 60;

/// What a proven browser has tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnCount {
    /// Wrong codes since the last right one.
    pub wrong_in_a_row: u32,
    /// When a code of it was last looked at, right or wrong.
    pub tried_at: Option<Timestamp>,
}

impl OwnCount {
    /// After one more wrong code.
    #[must_use]
    pub const fn and_one_more(self, now: Timestamp) -> Self {
        Self {
            wrong_in_a_row: self.wrong_in_a_row.saturating_add(1),
            tried_at: Some(now),
        }
    }

    /// Whether its own wrong codes pause it.
    pub fn pauses(self, now: Timestamp) -> bool {
        standing(self.failures(), now) != Throttle::Open
    }

    const fn failures(self) -> Failures {
        Failures {
            in_a_row: self.wrong_in_a_row,
            last_at: self.tried_at,
        }
    }
}

/// The count by which a browser is judged, of one that has proven itself: none where it stands as any other, since too
/// many codes were wrong.
pub fn counted_apart(all: Failures, own: Option<OwnCount>) -> Option<OwnCount> {
    own.filter(|own| own.wrong_in_a_row < WRONG_CODES_PER_PROVEN_BROWSER)
        .filter(|_| all.in_a_row < WRONG_CODES_IN_ALL)
}

/// Where a browser stands with a user of whose codes `all` were wrong in a row; `own` is the count by which it is judged,
/// if it has one.
///
/// Its own wrong codes pause it as those of all pause the others. While these have closed the factor, it may try once a
/// minute.
pub fn standing_of_browser(all: Failures, own: Option<OwnCount>, now: Timestamp) -> Throttle {
    let Some(own) = counted_apart(all, own) else {
        return standing(all, now);
    };
    let by_own = standing(own.failures(), now);
    if all.in_a_row < WRONG_CODES_BEFORE_CLOSING {
        return by_own;
    }
    let spaced = own
        .tried_at
        .and_then(|at| pause_of(at, PAUSE_WHILE_CLOSED, now));
    match (by_own, spaced) {
        (Throttle::Paused { until }, Some(spaced)) => Throttle::Paused {
            until: until.max(spaced),
        },
        (Throttle::Open, Some(until)) => Throttle::Paused { until },
        (by_own, None) | (by_own @ Throttle::Closed, Some(_)) => by_own,
    }
}

/// The failures of all after a wrong code of a browser. While they have closed the factor to it, only its recovery codes are
/// looked at, which nobody guesses: they make it wait, and are not counted. Whoever keeps giving wrong ones would otherwise
/// close the factor to proven browsers too.
pub fn after_wrong(all: Failures, own: Option<OwnCount>, now: Timestamp) -> Failures {
    let is_closed = counted_apart(all, own).is_none() && all.in_a_row >= WRONG_CODES_BEFORE_CLOSING;
    Failures {
        in_a_row: all.in_a_row.saturating_add(u32::from(!is_closed)),
        last_at: Some(now),
    }
}

/// What is left of the failures of all after a right code of a browser: those of others, where it has a count of its own,
/// else none. A right code of a browser that was never paused by them says nothing about who gave them.
pub fn left_after_right(all: Failures, own: Option<OwnCount>) -> Failures {
    let Some(own) = counted_apart(all, own) else {
        return Failures::default();
    };
    let in_a_row = all.in_a_row.saturating_sub(own.wrong_in_a_row);
    Failures {
        in_a_row,
        last_at: all.last_at.filter(|_| in_a_row > 0),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000);

    fn all(in_a_row: u32) -> Failures {
        Failures {
            in_a_row,
            last_at: Some(NOW),
        }
    }

    fn own(wrong_in_a_row: u32, seconds_ago: i64) -> OwnCount {
        OwnCount {
            wrong_in_a_row,
            tried_at: Some(NOW - seconds_ago),
        }
    }

    #[test]
    fn wrong_recovery_codes_at_a_closed_factor_are_not_counted() {
        let none = Some(OwnCount::default());
        // (failures of all, the browser's own, failures of all afterwards)
        let table = [
            (0, None, 1),
            (99, None, 100),
            (100, None, 100),
            (150, None, 150),
            (150, Some(own(20, 0)), 150),
            (100, none, 101),
            (199, Some(own(19, 0)), 200),
        ];
        for (before, own, after) in table {
            let found = after_wrong(all(before), own, NOW);
            assert_eq!(
                (found.in_a_row, found.last_at),
                (after, Some(NOW)),
                "{before} {own:?}"
            );
        }
    }

    #[test]
    fn a_proven_browser_is_paused_by_its_own_wrong_codes_alone() {
        let none = Some(OwnCount::default());
        let paused = |seconds| Throttle::Paused {
            until: NOW + seconds,
        };
        // (failures of all, the browser's own, where it stands)
        let table = [
            (all(9), None, Throttle::Open),
            (all(10), None, paused(60)),
            (all(10), none, Throttle::Open),
            (all(99), none, Throttle::Open),
            (all(99), Some(own(9, 0)), Throttle::Open),
            (all(99), Some(own(10, 0)), paused(60)),
            (all(99), Some(own(19, 0)), paused(900)),
            (all(99), Some(own(19, 900)), Throttle::Open),
            (all(20), Some(own(20, 0)), paused(900)),
            (all(100), None, Throttle::Closed),
            (all(100), none, Throttle::Open),
            (all(100), Some(own(0, 59)), paused(1)),
            (all(100), Some(own(0, 60)), Throttle::Open),
            (all(100), Some(own(0, -60)), paused(120)),
            (all(100), Some(own(0, -86_401)), Throttle::Open),
            (all(100), Some(own(1, 0)), paused(60)),
            (all(100), Some(own(10, 0)), paused(60)),
            (all(100), Some(own(11, 0)), paused(120)),
            (all(199), Some(own(19, 900)), Throttle::Open),
            (all(199), Some(own(20, 900)), Throttle::Closed),
            (all(200), none, Throttle::Closed),
        ];
        for (all, own, expected) in table {
            assert_eq!(
                standing_of_browser(all, own, NOW),
                expected,
                "{all:?} {own:?}"
            );
        }
    }

    #[test]
    fn a_right_code_takes_back_what_its_own_browser_has_got_wrong() {
        // (failures of all, the browser's own, what is left)
        let table = [
            (all(0), None, Failures::default()),
            (all(12), None, Failures::default()),
            (all(12), Some(own(0, 0)), all(12)),
            (all(12), Some(own(5, 0)), all(7)),
            (all(5), Some(own(5, 0)), Failures::default()),
            (all(3), Some(own(5, 0)), Failures::default()),
            (all(100), Some(own(5, 60)), all(95)),
            (all(40), Some(own(20, 900)), Failures::default()),
        ];
        for (all, own, left) in table {
            assert_eq!(left_after_right(all, own), left, "{all:?} {own:?}");
        }
    }

    proptest! {
        #[test]
        fn who_has_proven_itself_never_waits_longer_for_others(
            others in 0_u32..180,
            wrong in 0_u32..20,
            ago in 0_i64..2_000,
        ) {
            let until = |standing| match standing {
                Throttle::Open => NOW,
                Throttle::Paused { until } => until,
                Throttle::Closed => Timestamp(i64::MAX),
            };
            let proven = until(standing_of_browser(all(others + wrong), Some(own(wrong, ago)), NOW));
            prop_assert!(proven <= until(standing(all(others + wrong), NOW)));
            prop_assert!(proven <= NOW + 900);
        }

        /// However many browsers have proven themselves, each as patient as it must be.
        #[test]
        fn no_more_than_two_hundred_wrong_codes_in_a_row_are_looked_at(tries in prop::collection::vec(0_u32..40, 0..40)) {
            let (mut looked_at, long_ago) = (0, 86_400);
            for tries in tries {
                let mut wrong = 0;
                for _ in 0..tries {
                    let before = Failures { last_at: Some(NOW - long_ago), ..all(looked_at) };
                    if standing_of_browser(before, Some(own(wrong, long_ago)), NOW) == Throttle::Open {
                        (looked_at, wrong) = (looked_at + 1, wrong + 1);
                    }
                }
            }
            prop_assert!(looked_at <= WRONG_CODES_IN_ALL);
        }

        #[test]
        fn no_moment_panics(in_a_row: u32, last: i64, wrong: u32, tried: i64, now: i64) {
            let all = Failures { in_a_row, last_at: Some(Timestamp(last)) };
            let own = OwnCount { wrong_in_a_row: wrong, tried_at: Some(Timestamp(tried)) };
            let _ = standing_of_browser(all, Some(own), Timestamp(now));
            prop_assert!(left_after_right(all, Some(own)).in_a_row <= in_a_row);
        }
    }
}
