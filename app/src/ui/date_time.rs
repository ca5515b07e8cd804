//! Moments in the reader's language and zone.

use js_sys::{Date, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::browser;

/// A day, with the exact time on hover and for screen readers. Takes seconds since 1970 (UTC).
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
    let exact = formatted(&date, &[("dateStyle", "full"), ("timeStyle", "long")]);
    let shown = formatted(&date, style);
    let machine: String = date.to_iso_string().into();
    view! {
        <time datetime=machine title=exact>
            <span aria-hidden="true">{shown}</span>
            <span class="visually-hidden">{exact.clone()}</span>
        </time>
    }
    .into_any()
}

/// A day and the minute inside of a sentence.
pub(crate) fn moment_words(seconds: i64) -> String {
    let style = [("dateStyle", "long"), ("timeStyle", "short")];
    formatted(&date_of(seconds), &style)
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
