//! The day from which something holds.

use leptos::prelude::*;

use crate::types::day::FromDay;
use crate::ui::day;

/// The day, which is the same for every reader.
pub(crate) fn from_day(from: &FromDay) -> AnyView {
    day(&from.day.to_string(), &from.zone)
}
