//! Where the keyboard is.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// What asks for focus, or else the first field; fields for password managers only are passed over.
const FIRST: &str = "[data-focus],input:not([tabindex='-1']),select";

/// Moves focus to an element.
pub(crate) fn focus(element: &Element) {
    // An element that is gone keeps no focus: nothing to do about that.
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}

/// Moves focus to what a part of the page is for; false when it has nothing to focus.
pub(crate) fn focus_first(part: &Element) -> bool {
    focus_by(part, FIRST)
}

/// Moves focus to the first field with an error.
pub(crate) fn focus_first_invalid(form: &Element) -> bool {
    focus_by(form, "[aria-invalid='true']")
}

/// Moves focus past the top bar.
pub(crate) fn focus_main() {
    if let Some(main) = document().get_element_by_id("main") {
        focus(&main);
    }
}

fn focus_by(part: &Element, selector: &str) -> bool {
    let found = part.query_selector(selector).ok().flatten();
    if let Some(element) = &found {
        focus(element);
    }
    found.is_some()
}
