//! Where the keyboard is.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// What asks for focus, or else the first field; fields for password managers only are passed over.
const FIRST: &str = "[data-focus],input:not([tabindex='-1']),select";

/// The entries of a list or table.
const ROWS: &str = ".lines__line, tbody > .table__row";

thread_local! {
    static NOTED: RefCell<Option<(Element, u32)>> = const { RefCell::new(None) };
}

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

/// Moves focus past the top bar, and past the navigation of an account.
pub(crate) fn focus_content() {
    let content = document().query_selector("[data-content]").ok().flatten();
    if let Some(content) = content.or_else(|| document().get_element_by_id("main")) {
        focus(&content);
    }
}

/// Brings what has the focus into sight, where it is not.
pub(crate) fn show_focused() {
    if let Some(focused) = document().active_element() {
        let height = window().inner_height().ok().and_then(|it| it.as_f64());
        if height.is_some_and(|height| focused.get_bounding_client_rect().bottom() > height) {
            focused.scroll_into_view_with_bool(false);
        }
    }
}

/// Notes how many rows the card of the focused control shows, before more of them are asked for.
pub(crate) fn note_rows() {
    let card = document()
        .active_element()
        .and_then(|it| it.closest(".card").ok().flatten());
    NOTED.set(card.map(|card| {
        let rows = rows(&card);
        (card, rows.map_or(0, |it| it.length()))
    }));
}

/// Moves focus to the first row after the noted ones, where the control that had it was taken away.
pub(crate) fn focus_first_new_row() {
    let is_lost = document()
        .active_element()
        .is_none_or(|it| it.tag_name() == "BODY");
    if let Some((card, count)) = NOTED.take()
        && is_lost
        && let Some(row) = rows(&card).and_then(|it| it.item(count))
    {
        let row: Element = row.unchecked_into();
        // Refused for a name that is none; this is one.
        let _ = row.set_attribute("tabindex", "-1");
        focus(&row);
    }
}

fn rows(card: &Element) -> Option<web_sys::NodeList> {
    card.query_selector_all(ROWS).ok()
}

fn focus_by(part: &Element, selector: &str) -> bool {
    let found = part.query_selector(selector).ok().flatten();
    if let Some(element) = &found {
        focus(element);
    }
    found.is_some()
}
