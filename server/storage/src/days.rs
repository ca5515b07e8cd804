//! Time zones and deadlines in rows.
//!
//! What is said of a deadline stands beside the moment that decides, together with that moment. Where the two differ, a
//! server of an earlier version has written the moment alone, and the day is the one that it is in the account's zone.

use app::types::timestamp::Timestamp;
use domain::days::{Deadline, Zone};

/// The zone of an account. One that was never set, or that another version knows and this one does not, is UTC.
pub(super) fn zone(column: Option<&str>) -> Zone {
    column.and_then(Zone::parse).unwrap_or(Zone::UTC)
}

/// The columns of a deadline.
pub(super) struct DeadlineColumns<'a> {
    /// The moment that decides.
    pub(super) at: Option<i64>,
    /// The day that was chosen, and the zone that it is a day in.
    pub(super) day: (Option<&'a str>, Option<&'a str>),
    /// The moment that the day was written with.
    pub(super) day_at: Option<i64>,
}

impl DeadlineColumns<'_> {
    /// The deadline, if there is one.
    pub(super) fn read(&self, account_zone: Zone) -> Option<Deadline> {
        let at = Timestamp(self.at?);
        let said = self.said().filter(|_| self.day_at == self.at);
        Some(said.unwrap_or_else(|| Deadline::at(at, account_zone)))
    }

    fn said(&self) -> Option<Deadline> {
        Some(Deadline {
            day: self.day.0?.parse().ok()?,
            zone: Zone::parse(self.day.1?)?,
            at: Timestamp(self.at?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_believed_only_with_the_moment_that_it_was_written_with() {
        // 9 December 2026, 23:00 UTC.
        let at = Some(1_796_857_200);
        let (day, berlin) = (Some("2026-12-10"), Some("Europe/Berlin"));
        let (auckland, mars) = (Some("Pacific/Auckland"), Some("Mars/Olympus_Mons"));
        let (chosen, of_utc) = ("10 December 2026 (Europe/Berlin)", "9 December 2026 (UTC)");
        for ((zone, day_at, account), said) in [
            ((berlin, at, auckland), chosen),
            ((berlin, at, None), chosen),
            // Of an earlier version.
            ((None, None, None), of_utc),
            ((None, None, berlin), chosen),
            ((berlin, Some(1_796_857_201), None), of_utc),
            // Of a later version.
            ((mars, at, mars), of_utc),
        ] {
            let columns = DeadlineColumns {
                at,
                day: (day, zone),
                day_at,
            };
            let read = columns.read(super::zone(account)).unwrap();
            assert_eq!(read.in_words(), said, "{zone:?} {day_at:?} {account:?}");
            assert_eq!(Some(read.at.seconds()), at);
        }
        let edited = DeadlineColumns {
            at,
            day: (Some("someday"), berlin),
            day_at: at,
        };
        assert_eq!(edited.read(Zone::UTC).unwrap().in_words(), of_utc);
        let none = DeadlineColumns {
            at: None,
            day: (day, berlin),
            day_at: at,
        };
        assert_eq!(none.read(Zone::UTC), None);
    }
}
