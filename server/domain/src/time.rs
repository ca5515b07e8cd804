//! Moments in words, for mails and the command line: UTC, since we do not know the reader's zone.

use app::types::timestamp::Timestamp;

const SECONDS_A_DAY: i64 = 86_400;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A moment as `25 November 2026, 03:59 UTC`.
pub fn in_words(at: Timestamp) -> String {
    let (year, month, day) = civil(at.seconds().div_euclid(SECONDS_A_DAY));
    let second = at.seconds().rem_euclid(SECONDS_A_DAY);
    let name = MONTHS[month - 1];
    format!(
        "{day} {name} {year}, {:02}:{:02} UTC",
        second / 3600,
        second / 60 % 60
    )
}

/// A moment as `2026-11-25T03:59:00Z` (RFC 3339), for machines.
pub fn rfc_3339(at: Timestamp) -> String {
    let (year, month, day) = civil(at.seconds().div_euclid(SECONDS_A_DAY));
    let second = at.seconds().rem_euclid(SECONDS_A_DAY);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// The first second of a day given as `2026-11-25`, UTC; none when that is no day of the calendar.
pub fn parse_day(text: &str) -> Option<Timestamp> {
    let is_shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !is_shaped {
        return None;
    }
    let number = |text: &str| text.parse::<i64>().ok();
    let (year, month, day) = (
        number(&text[..4])?,
        number(&text[5..7])?,
        number(&text[8..])?,
    );
    let days = days(year, month, day);
    let is_in_calendar = civil(days) == (year, usize::try_from(month).ok()?, day);
    is_in_calendar.then_some(Timestamp(days * SECONDS_A_DAY))
}

/// The count of days since 1970-01-01 of a day of the calendar: the other way round of [`civil`].
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month (1 to 12) and day of a count of days since 1970-01-01, in the Gregorian calendar.
/// Counts in years that begin in March, so that the leap day is the last.
fn civil(days: i64) -> (i64, usize, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, usize::try_from(month).unwrap_or(1), day)
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
        ] {
            assert_eq!(in_words(Timestamp(at)), words);
        }
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
            ("9999-12-31", Some(253_402_214_400)),
            ("2100-02-29", None),
            ("2026-13-01", None),
            ("2026-00-10", None),
            ("2026-02-30", None),
            ("2026-2-3", None),
            ("+026-02-03", None),
            ("2026-02-03 ", None),
            ("tomorrow", None),
        ] {
            assert_eq!(parse_day(text), at.map(Timestamp), "{text}");
        }
    }
}
