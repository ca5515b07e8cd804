//! The clock and the time zone of the browser.

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::types::timestamp::Timestamp;

/// This moment, by the clock of the browser: for waiting only, the server decides by its own.
pub(crate) fn now() -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "seconds of any year that a person reads fit an i64"
    )]
    Timestamp((Date::now() / 1000.0) as i64)
}

/// The time zone that the browser is in, by its name; nothing where it does not say.
pub(crate) fn zone() -> Option<String> {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    member(&format.resolved_options(), "timeZone").as_string()
}

/// The names of the time zones that the browser knows; none where it is too old to say.
pub(crate) fn zones() -> Vec<String> {
    let intl = member(&js_sys::global(), "Intl");
    let Ok(supported) = member(&intl, "supportedValuesOf").dyn_into::<Function>() else {
        return Vec::new();
    };
    let zones = supported.call1(&intl, &JsValue::from_str("timeZone"));
    let zones = zones.and_then(JsCast::dyn_into::<Array>);
    zones.map_or_else(
        |_| Vec::new(),
        |zones| zones.iter().filter_map(|it| it.as_string()).collect(),
    )
}

/// Undefined where there is none.
fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}
