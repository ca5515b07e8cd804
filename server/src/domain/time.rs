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
}
