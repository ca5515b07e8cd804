//! Moments in words, for mails and the command line: UTC, which is said, since we do not know the reader's zone. Here it belongs
//! once it is known.

use app::types::timestamp::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::days::moment;

/// The moment in the Gregorian calendar, UTC.
fn civil(at: Timestamp) -> DateTime {
    TimeZone::UTC.to_datetime(moment(at))
}

/// A moment as `25 November 2026, 03:59 UTC`.
pub fn in_words(at: Timestamp) -> String {
    civil(at).strftime("%-d %B %Y, %H:%M UTC").to_string()
}

/// A moment as `2026-11-25T03:59:00Z` (RFC 3339), for machines.
pub fn rfc_3339(at: Timestamp) -> String {
    civil(at).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
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
    fn moments_for_machines() {
        assert_eq!(rfc_3339(Timestamp(1_795_579_199)), "2026-11-25T03:59:59Z");
        assert_eq!(rfc_3339(Timestamp(0)), "1970-01-01T00:00:00Z");
    }
}
