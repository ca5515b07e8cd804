//! What users without two-factor authentication are told of a requirement, and when.

use app::types::timestamp::Timestamp;

use super::enforcement::Requirement;

const DAY: i64 = 86_400;
const WEEK: i64 = 7 * DAY;

/// What a mail to the users of an account says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The requirement was turned on, or got another day.
    Set,
    /// It holds in a week.
    WeekBefore,
    /// It holds in a day.
    DayBefore,
}

/// What is to be mailed of a requirement that was saved now: at once, a week and a day before its day, as far as those
/// lie ahead.
pub fn schedule(from: Timestamp, now: Timestamp) -> Vec<(Kind, Timestamp)> {
    let reminders = [
        (Kind::WeekBefore, from - WEEK),
        (Kind::DayBefore, from - DAY),
    ];
    let ahead = reminders.into_iter().filter(|(_, due_at)| *due_at > now);
    std::iter::once((Kind::Set, now)).chain(ahead).collect()
}

/// Whether a mail that is due would say what is true no more: the requirement was lifted, or a server that was down
/// would remind of a day that has come, or twice of one.
pub fn is_stale(kind: Kind, requirement: Requirement, now: Timestamp) -> bool {
    match (requirement, kind) {
        (Requirement::Off, _) => true,
        (Requirement::From(_), Kind::Set) => false,
        (Requirement::From(from), Kind::WeekBefore) => now >= from - DAY,
        (Requirement::From(from), Kind::DayBefore) => now >= from,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000);

    #[test]
    fn reminders_come_a_week_and_a_day_before_as_far_as_that_is_ahead() {
        let set = (Kind::Set, NOW);
        let week = |from| (Kind::WeekBefore, from - WEEK);
        let day = |from| (Kind::DayBefore, from - DAY);
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
        }
    }

    #[test]
    fn a_reminder_that_comes_too_late_is_not_sent() {
        let from = Requirement::From(NOW);
        for (kind, requirement, at, stale) in [
            (Kind::Set, from, NOW + WEEK, false),
            (Kind::Set, Requirement::Off, NOW, true),
            (Kind::WeekBefore, from, NOW - WEEK, false),
            (Kind::WeekBefore, from, NOW - DAY - 1, false),
            (Kind::WeekBefore, from, NOW - DAY, true),
            (Kind::DayBefore, from, NOW - 1, false),
            (Kind::DayBefore, from, NOW, true),
            (Kind::DayBefore, Requirement::Off, NOW - DAY, true),
        ] {
            assert_eq!(is_stale(kind, requirement, at), stale, "{kind:?} {at:?}");
        }
    }
}
