//! Days of the reader's calendar, as date fields hold them: `2026-03-09`.

use js_sys::Date;
use wasm_bindgen::JsValue;

use crate::types::timestamp::Timestamp;

/// This moment, by the clock of the browser: for waiting only, the server decides by its own.
pub(crate) fn now() -> Timestamp {
    seconds_of(Date::now())
}

/// The day so many days after today.
pub(crate) fn days_ahead(days: u32) -> String {
    let date = Date::new_0();
    date.set_date(date.get_date() + days);
    text_of(&date)
}

/// The day of a moment.
pub(crate) fn day_of(moment: Timestamp) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds of any year that a person reads are exact in an f64"
    )]
    let milliseconds = moment.seconds() as f64 * 1000.0;
    text_of(&Date::new(&JsValue::from_f64(milliseconds)))
}

/// The beginning of a day where the reader is; nothing where the text is no day.
pub(crate) fn midnight(day: &str) -> Option<Timestamp> {
    let mut parts = day.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month: i32 = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    let midnight = Date::new_with_year_month_day(year, month - 1, day).get_time();
    midnight.is_finite().then(|| seconds_of(midnight))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "seconds of any year that a person writes fit an i64"
)]
fn seconds_of(milliseconds: f64) -> Timestamp {
    Timestamp((milliseconds / 1000.0) as i64)
}

fn text_of(date: &Date) -> String {
    date.get_full_year().to_string()
        + "-"
        + &two_digits(date.get_month() + 1)
        + "-"
        + &two_digits(date.get_date())
}

fn two_digits(number: u32) -> String {
    let zero = if number < 10 { "0" } else { "" };
    zero.to_owned() + &number.to_string()
}
