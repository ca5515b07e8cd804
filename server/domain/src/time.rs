//! Moments in words, for mails and the command line: UTC, since we do not know the reader's zone.

use app::types::timestamp::Timestamp;
use jiff::civil::{Date, DateTime};

pub use jiff::tz::TimeZone;

/// What lies before the year -9999 or after 9999 is its first or last moment.
fn moment(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_second(at.seconds()).unwrap_or(if at.seconds() < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    })
}

/// The moment in the Gregorian calendar, UTC.
fn civil(at: Timestamp) -> DateTime {
    TimeZone::UTC.to_datetime(moment(at))
}

/// A moment as `25 November 2026, 03:59 UTC`.
pub fn in_words(at: Timestamp) -> String {
    in_words_at(at, &TimeZone::UTC)
}

/// The same in a time zone, which is said by its abbreviation: `25 November 2026, 04:59 CET`.
pub fn in_words_at(at: Timestamp, zone: &TimeZone) -> String {
    let zoned = moment(at).to_zoned(zone.clone());
    zoned.strftime("%-d %B %Y, %H:%M %Z").to_string()
}

/// A moment as `2026-11-25T03:59:00Z` (RFC 3339), for machines.
pub fn rfc_3339(at: Timestamp) -> String {
    civil(at).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The first second of a day given as `2026-11-25`, UTC; none when that is no day of the calendar, which ends with 9999-12-30.
pub fn parse_day(text: &str) -> Option<Timestamp> {
    let day: Date = text.parse().ok()?;
    // The library takes more than one way of writing it, and a time after it.
    if day.to_string() != text {
        return None;
    }
    let first = day.to_zoned(TimeZone::UTC).ok()?;
    Some(Timestamp(first.timestamp().as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_utc_across_leap_years_and_centuries() {
        for (at, words) in [
            (0, "1 January 1970, 00:00 UTC"),
            (951_782_400, "29 February 2000, 00:00 UTC"),
            (1_795_579_199, "25 November 2026, 03:59 UTC"),
            (4_107_542_400, "1 March 2100, 00:00 UTC"),
            (-1, "31 December 1969, 23:59 UTC"),
            (i64::MAX, "30 December 9999, 22:00 UTC"),
        ] {
            assert_eq!(in_words(Timestamp(at)), words);
        }
    }

    #[test]
    fn a_moment_in_a_zone_says_which() {
        let berlin = TimeZone::fixed(jiff::tz::offset(1));
        assert_eq!(
            in_words_at(Timestamp(1_795_579_199), &berlin),
            "25 November 2026, 04:59 +01"
        );
    }

    #[test]
    fn moments_for_machines_and_days_of_the_calendar() {
        assert_eq!(rfc_3339(Timestamp(1_795_579_199)), "2026-11-25T03:59:59Z");
        assert_eq!(rfc_3339(Timestamp(0)), "1970-01-01T00:00:00Z");
        for (text, at) in [
            ("1970-01-01", Some(0)),
            ("2000-02-29", Some(951_782_400)),
            ("2100-03-01", Some(4_107_542_400)),
            ("2026-12-31", Some(1_798_675_200)),
            ("9999-12-30", Some(253_402_128_000)),
            // The library's last moment is before the end of this day, so that it exists in every zone.
            ("9999-12-31", None),
            ("2100-02-29", None),
            ("2026-13-01", None),
            ("2026-00-10", None),
            ("2026-02-30", None),
            ("2026-2-3", None),
            ("20260203", None),
            ("2026-02-03T10:00", None),
            ("+026-02-03", None),
            ("2026-02-03 ", None),
            ("tomorrow", None),
        ] {
            assert_eq!(parse_day(text), at.map(Timestamp), "{text}");
        }
    }
}
