//! Which mails users without two-factor authentication get about a requirement, and when.

use app::types::timestamp::Timestamp;

use super::enforcement::Requirement;

const DAY: i64 = 86_400;
const WEEK: i64 = 7 * DAY;

/// What a mail to the users of an account says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnnouncementKind {
    /// The requirement was turned on, or got another day.
    Set,
    /// It holds in a week.
    WeekBefore,
    /// It holds in a day.
    DayBefore,
}

/// What is to be mailed of a requirement that was saved now: at once, a week and a day before its day, as far as those
/// lie ahead.
pub fn schedule(from: Timestamp, now: Timestamp) -> Vec<(AnnouncementKind, Timestamp)> {
    std::iter::once((AnnouncementKind::Set, now))
        .chain(reminders(from, now))
        .collect()
}

/// What is still to be mailed of a requirement whose account was deleted and is back: the reminders that lie ahead. The
/// letter that the account is back says from when on it holds.
pub fn reminders(
    from: Timestamp,
    now: Timestamp,
) -> impl Iterator<Item = (AnnouncementKind, Timestamp)> {
    let all = [
        (AnnouncementKind::WeekBefore, from - WEEK),
        (AnnouncementKind::DayBefore, from - DAY),
    ];
    all.into_iter().filter(move |(_, due_at)| *due_at > now)
}

/// Whether a mail that is due is out of date: the requirement was lifted, or a server that was down
/// would remind of a day that has come, or twice of one.
pub fn is_stale(kind: AnnouncementKind, requirement: Requirement, now: Timestamp) -> bool {
    match (requirement, kind) {
        (Requirement::Off, _) => true,
        (Requirement::From(_), AnnouncementKind::Set) => false,
        (Requirement::From(from), AnnouncementKind::WeekBefore) => now >= from.at - DAY,
        (Requirement::From(from), AnnouncementKind::DayBefore) => now >= from.at,
    }
}

/// Mails of an account's requirement that a user gets in a day at most: one, and more only where the requirement holds
/// earlier than the last one said.
const MOST_A_DAY: u32 = 3;

/// What a user was last mailed of an account's requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announced {
    /// The moment from which it was said to hold.
    pub required_from: Timestamp,
    /// When the first mail of the count was written; the count ends 24 hours later.
    pub began_at: Timestamp,
    /// Mails since then.
    pub mails: u32,
}

impl Announced {
    /// When the count ends.
    pub fn until(self) -> Timestamp {
        self.began_at + DAY
    }

    /// Whether no further mail is written before the count ends, whatever it says.
    pub const fn is_full(self) -> bool {
        self.mails >= MOST_A_DAY
    }

    /// Whether the count has ended. One that begins in the future was written by a clock that has been set back.
    fn is_over(self, now: Timestamp) -> bool {
        now < self.began_at || now >= self.until()
    }
}

/// Whether a user is mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mailing {
    /// Now, and this is noted.
    Now(Announced),
    /// Not before this moment, with what is true then.
    NotBefore(Timestamp),
    /// Not at all: the last mail said the same.
    Never,
}

/// Whether a user is mailed of a requirement: once a day with the newest moment, and at once where it holds earlier than
/// the last mail said, three times a day at most.
pub fn mailing(
    last: Option<Announced>,
    kind: AnnouncementKind,
    required_from: Timestamp,
    now: Timestamp,
) -> Mailing {
    let first = Announced {
        required_from,
        began_at: now,
        mails: 1,
    };
    let Some(last) = last else {
        return Mailing::Now(first);
    };
    let says_the_same = last.required_from == required_from;
    match (last.is_over(now), kind) {
        (true, AnnouncementKind::Set) | (false, _) if says_the_same => Mailing::Never,
        (
            true,
            AnnouncementKind::Set | AnnouncementKind::WeekBefore | AnnouncementKind::DayBefore,
        ) => Mailing::Now(first),
        (false, _) if required_from < last.required_from && !last.is_full() => {
            Mailing::Now(Announced {
                required_from,
                mails: last.mails + 1,
                ..last
            })
        }
        (false, _) => Mailing::NotBefore(last.until()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::days::{Deadline, Zone};

    const NOW: Timestamp = Timestamp(1_700_000_000);

    #[test]
    fn reminders_come_a_week_and_a_day_before_as_far_as_that_is_ahead() {
        let set = (AnnouncementKind::Set, NOW);
        let week = |from| (AnnouncementKind::WeekBefore, from - WEEK);
        let day = |from| (AnnouncementKind::DayBefore, from - DAY);
        for (from, expected) in [
            (NOW, vec![set]),
            (NOW + DAY, vec![set]),
            (NOW + DAY + 1, vec![set, day(NOW + DAY + 1)]),
            (NOW + WEEK, vec![set, day(NOW + WEEK)]),
            (
                NOW + WEEK + 1,
                vec![set, week(NOW + WEEK + 1), day(NOW + WEEK + 1)],
            ),
        ] {
            assert_eq!(schedule(from, NOW), expected, "{from:?}");
            let again: Vec<_> = reminders(from, NOW).collect();
            assert_eq!(again, expected[1..], "{from:?}");
        }
    }

    #[test]
    fn a_user_is_mailed_once_a_day_and_earlier_moments_at_once_up_to_three_times() {
        let announced = |from, began_at, mails| Announced {
            required_from: NOW + from,
            began_at: NOW + began_at,
            mails,
        };
        let now = |from| Mailing::Now(announced(from, 0, 1));
        let table = [
            (None, AnnouncementKind::Set, 9, now(9)),
            (None, AnnouncementKind::DayBefore, 9, now(9)),
            // The same again.
            (
                Some(announced(9, -1, 1)),
                AnnouncementKind::Set,
                9,
                Mailing::Never,
            ),
            (
                Some(announced(9, -1, 1)),
                AnnouncementKind::DayBefore,
                9,
                Mailing::Never,
            ),
            (
                Some(announced(9, -DAY, 1)),
                AnnouncementKind::Set,
                9,
                Mailing::Never,
            ),
            (
                Some(announced(9, -DAY, 1)),
                AnnouncementKind::WeekBefore,
                9,
                now(9),
            ),
            // Later: tomorrow.
            (
                Some(announced(9, -1, 1)),
                AnnouncementKind::Set,
                10,
                Mailing::NotBefore(NOW - 1 + DAY),
            ),
            (
                Some(announced(9, -1, 1)),
                AnnouncementKind::WeekBefore,
                10,
                Mailing::NotBefore(NOW - 1 + DAY),
            ),
            (
                Some(announced(9, 1 - DAY, 1)),
                AnnouncementKind::Set,
                10,
                Mailing::NotBefore(NOW + 1),
            ),
            (
                Some(announced(9, -DAY, 1)),
                AnnouncementKind::Set,
                10,
                now(10),
            ),
            (
                Some(announced(9, -DAY, 3)),
                AnnouncementKind::Set,
                8,
                now(8),
            ),
            // Earlier: at once, as long as there is one left.
            (
                Some(announced(9, -1, 1)),
                AnnouncementKind::Set,
                8,
                Mailing::Now(announced(8, -1, 2)),
            ),
            (
                Some(announced(9, -1, 2)),
                AnnouncementKind::Set,
                8,
                Mailing::Now(announced(8, -1, 3)),
            ),
            (
                Some(announced(9, -1, 3)),
                AnnouncementKind::Set,
                8,
                Mailing::NotBefore(NOW - 1 + DAY),
            ),
            // A clock that was ahead holds nothing up.
            (Some(announced(9, 1, 3)), AnnouncementKind::Set, 10, now(10)),
        ];
        for (last, kind, from, expected) in table {
            assert_eq!(
                mailing(last, kind, NOW + from, NOW),
                expected,
                "{last:?} {kind:?} {from}"
            );
        }
    }

    proptest! {
        /// However often, and to whatever days, it is saved: no 24 hours have more than three mails of one count, and a
        /// mail that is put off is written when its time has come.
        #[test]
        fn no_order_of_saves_mails_more(saves in prop::collection::vec((0..7_200_i64, 0..100_i64), 1..80)) {
            let (mut last, mut at, mut counts) = (None, NOW, Vec::<(Timestamp, u32)>::new());
            for (wait, day) in saves {
                at = at + wait;
                let day = NOW + 200 * DAY + day * DAY;
                match mailing(last, AnnouncementKind::Set, day, at) {
                    Mailing::Now(next) => {
                        prop_assert!(next.mails <= MOST_A_DAY);
                        match counts.last_mut() {
                            Some((began, mails)) if *began == next.began_at => *mails += 1,
                            Some(_) | None => counts.push((next.began_at, 1)),
                        }
                        last = Some(next);
                    }
                    Mailing::NotBefore(then) => {
                        prop_assert!(then > at && then <= at + DAY);
                        let mailed_then = matches!(mailing(last, AnnouncementKind::Set, day, then), Mailing::Now(_));
                        prop_assert!(mailed_then);
                    }
                    Mailing::Never => {
                        prop_assert_eq!(last.map(|last: Announced| last.required_from), Some(day));
                    }
                }
            }
            prop_assert!(counts.iter().all(|(_, mails)| *mails <= MOST_A_DAY));
            let apart = counts.windows(2).all(|pair| pair[1].0.since(pair[0].0) >= DAY);
            prop_assert!(apart);
        }
    }

    #[test]
    fn a_reminder_that_comes_too_late_is_not_sent() {
        let from = Requirement::From(Deadline::at(NOW, Zone::UTC));
        for (kind, requirement, at, stale) in [
            (AnnouncementKind::Set, from, NOW + WEEK, false),
            (AnnouncementKind::Set, Requirement::Off, NOW, true),
            (AnnouncementKind::WeekBefore, from, NOW - WEEK, false),
            (AnnouncementKind::WeekBefore, from, NOW - DAY - 1, false),
            (AnnouncementKind::WeekBefore, from, NOW - DAY, true),
            (AnnouncementKind::DayBefore, from, NOW - 1, false),
            (AnnouncementKind::DayBefore, from, NOW, true),
            (
                AnnouncementKind::DayBefore,
                Requirement::Off,
                NOW - DAY,
                true,
            ),
        ] {
            assert_eq!(is_stale(kind, requirement, at), stale, "{kind:?} {at:?}");
        }
    }
}
