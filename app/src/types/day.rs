//! Days of the calendar, and deadlines that begin with one. A day has no zone and is the same for every reader: nothing is
//! computed of it where it is read.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::timestamp::Timestamp;
use crate::wire::{Answer, Value};

/// A day of the Gregorian calendar in the years 1 to 9999, on the wire and on disk as `2026-12-10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day {
    year: i16,
    month: i8,
    of_month: i8,
}

/// The text is no day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a day of the calendar; one is written as 2027-01-31")]
pub struct NotADay;

impl Day {
    /// A day of the calendar.
    ///
    /// # Errors
    /// Refuses one that there is not.
    pub fn new(year: i16, month: i8, of_month: i8) -> Result<Self, NotADay> {
        let last = days_of(year, month);
        let is_one =
            (1..=9999).contains(&year) && last.is_some_and(|it| (1..=it).contains(&of_month));
        let day = Self {
            year,
            month,
            of_month,
        };
        is_one.then_some(day).ok_or(NotADay)
    }

    /// The year.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The month, from 1 on.
    pub const fn month(self) -> i8 {
        self.month
    }

    /// The day of the month, from 1 on.
    pub const fn of_month(self) -> i8 {
        self.of_month
    }
}

/// How many days a month has.
const fn days_of(year: i16, month: i8) -> Option<i8> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if is_leap => Some(29),
        2 => Some(28),
        _ => None,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            year,
            month,
            of_month,
        } = self;
        write!(f, "{year:04}-{month:02}-{of_month:02}")
    }
}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let number = |range| {
            let digits: &str = text.get(range).ok_or(NotADay)?;
            // The library takes a sign too.
            let is_number = digits.bytes().all(|it| it.is_ascii_digit());
            let number: i16 = digits.parse().map_err(|_| NotADay)?;
            is_number.then_some(number).ok_or(NotADay)
        };
        let is_in_form =
            text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
        let small = |number: i16| i8::try_from(number).map_err(|_| NotADay);
        let day = Self::new(number(0..4)?, small(number(5..7)?)?, small(number(8..10)?)?)?;
        is_in_form.then_some(day).ok_or(NotADay)
    }
}

impl TryFrom<String> for Day {
    type Error = NotADay;

    fn try_from(text: String) -> Result<Self, NotADay> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl Answer for Day {
    fn read(value: &Value) -> Option<Self> {
        String::read(value)?.parse().ok()
    }
}

/// From when something holds: a day in a time zone, and the moment with which that day began there when it was saved.
/// The moment decides, and the day is what is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct FromDay {
    /// The day.
    pub day: Day,
    /// The zone that it is a day in, by its name: `Europe/Berlin`.
    pub zone: String,
    /// The moment.
    pub at: Timestamp,
}

#[cfg(test)]
impl crate::wire::Sample for Day {
    fn samples() -> Vec<Self> {
        vec![
            Self {
                year: 2026,
                month: 12,
                of_month: 10,
            },
            Self {
                year: 1,
                month: 1,
                of_month: 1,
            },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar_and_what_is_none() {
        for day in [
            "1970-01-01",
            "2000-02-29",
            "2026-12-31",
            "9999-12-31",
            "0001-01-01",
        ] {
            let parsed: Day = day.parse().unwrap();
            assert_eq!(parsed.to_string(), day);
        }
        for text in [
            "2100-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-02-30",
            "2026-04-31",
            "2026-02-00",
            "0000-01-01",
            "2026-2-3",
            "20260203",
            "2026-02-03T10:00",
            "+026-02-03",
            "2026-+2-03",
            "2026-02-03 ",
            "2026/02/03",
            "12026-02-03",
            "tomorrow",
            "",
            "２０２６-02-03",
        ] {
            assert_eq!(text.parse::<Day>(), Err(NotADay), "{text}");
        }
    }

    #[test]
    fn days_are_in_the_order_of_the_calendar() {
        let mut days = ["2027-01-01", "2026-12-31", "2026-12-10", "2026-02-11"]
            .map(|it| it.parse::<Day>().unwrap());
        days.sort_unstable();
        assert_eq!(
            days.map(|it| it.to_string()),
            ["2026-02-11", "2026-12-10", "2026-12-31", "2027-01-01"]
        );
    }
}
