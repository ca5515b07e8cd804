//! Moments in the reader's language and zone, and days, which are the same everywhere.

use js_sys::{Date, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::live::live;
use crate::browser;

/// A day; to the minute on hover, at a touch and for screen readers. Takes seconds since 1970 (UTC).
pub(crate) fn date_time(seconds: i64) -> AnyView {
    time(seconds, &[("dateStyle", "long")])
}

/// A day and the minute, as in a list of what happened; the rest as in `date_time`.
pub(crate) fn moment(seconds: i64) -> AnyView {
    time(seconds, &[("dateStyle", "medium"), ("timeStyle", "short")])
}

/// The hour and minute of what is over within the hour; the rest as in `date_time`.
pub(crate) fn time_of_day(seconds: i64) -> AnyView {
    time(seconds, &[("timeStyle", "short")])
}

fn time(seconds: i64, style: &[(&str, &str)]) -> AnyView {
    let date = date_of(seconds);
    let exact = exact_words(&date);
    let short = formatted(&date, style);
    let machine: String = date.to_iso_string().into();
    let title = exact.clone();
    // A finger does not hover.
    let is_exact = RwSignal::new(false);
    let spoken = exact.clone();
    let shown = move || {
        if is_exact.get() {
            exact.clone()
        } else {
            short.clone()
        }
    };
    view! {
        <time datetime=machine title=title on:click=move |_| is_exact.update(|it| *it = !*it)>
            <span aria-hidden="true">{live(shown)}</span>
            <span class="visually-hidden">{spoken}</span>
        </time>
    }
    .into_any()
}

fn exact_words(date: &Date) -> String {
    formatted(date, &[("dateStyle", "long"), ("timeStyle", "short")])
}

/// A day and the minute inside of a sentence.
pub(crate) fn moment_words(seconds: i64) -> String {
    exact_words(&date_of(seconds))
}

/// A day of the calendar, given as `2026-12-10`: the same for every reader. To one who is elsewhere it is said where it is.
pub(crate) fn day(day: &str, zone: &str) -> AnyView {
    let words = day_words(day, zone);
    view! { <time datetime=day.to_owned()>{words}</time> }.into_any()
}

/// The same inside of a sentence.
pub(crate) fn day_words(day: &str, zone: &str) -> String {
    // A day alone is read as its first moment in UTC.
    let date = Date::new(&JsValue::from_str(day));
    let words = formatted(&date, &[("dateStyle", "long"), ("timeZone", "UTC")]);
    if browser::zone().as_deref() == Some(zone) {
        words
    } else {
        words + " (" + zone + ")"
    }
}

/// Today, for paper and files.
pub(crate) fn today() -> String {
    formatted(&Date::new_0(), &[("dateStyle", "long")])
}

fn date_of(seconds: i64) -> Date {
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds of any year that a person reads are exact in an f64"
    )]
    let milliseconds = seconds as f64 * 1000.0;
    Date::new(&JsValue::from_f64(milliseconds))
}

fn formatted(date: &Date, style: &[(&str, &str)]) -> String {
    let options = Object::new();
    for (key, value) in style {
        // A plain object takes every property.
        let _ = Reflect::set(&options, &JsValue::from_str(key), &JsValue::from_str(value));
    }
    date.to_locale_string(&browser::locale(), &options).into()
}
