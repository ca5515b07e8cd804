//! What the pages ask of the browser besides drawing: focus, title, address, clipboard, files, print.
//!
//! It knows no page and no server function.

mod address;
mod ahead;
mod day;
mod files;
mod focus;
mod put_away;
mod tab_storage;
mod tabs;
mod typed;

pub(crate) use address::{
    BeforeLeaving, PageAddress, current_path, encoded, path, query, query_of, reload, replace,
    set_address, take_fragment,
};
pub(crate) use ahead::fetch_ahead;
pub(crate) use day::{now, zone, zones};
pub(crate) use files::{copy, download, print};
pub(crate) use focus::{
    focus, focus_content, focus_first, focus_first_invalid, focus_first_new_row, note_rows,
    show_focused,
};
pub(crate) use put_away::{put_away, put_back};
pub(crate) use tab_storage::TabItem;
pub(crate) use tabs::{ToldByTab, on_told, tell_tabs};
pub(crate) use typed::{forget_typed, form_to_save, has_typed, has_typed_anywhere};

use std::cell::OnceCell;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::text::{named, t};

thread_local! {
    static PRODUCT: OnceCell<String> = const { OnceCell::new() };
}

/// What the operator calls the product: the title of the document, before a page has put its own in front of it.
pub(crate) fn product() -> String {
    PRODUCT.with(|known| known.get_or_init(|| document().title()).clone())
}

/// Names the page in the tab and for screen readers.
pub(crate) fn set_title(page: &str) {
    let product = product();
    document().set_title(&t().common_title(named::PageProduct {
        page: &page,
        product: &product,
    }));
}

/// The locale for dates: the reader's own where it is of the language that we speak.
pub(crate) fn locale() -> String {
    let ours = t().language();
    let theirs = window().navigator().language().unwrap_or_default();
    if theirs.split('-').next() == Some(ours) {
        theirs
    } else {
        ours.to_owned()
    }
}

/// The address of the server, without a path.
pub(crate) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Whether the browser knows that it has no connection.
pub(crate) fn is_offline() -> bool {
    !window().navigator().on_line()
}

/// Waits for so many milliseconds.
pub(crate) async fn wait(milliseconds: i32) {
    let over = js_sys::Promise::new(&mut |resolve, _| {
        // Refused in no browser: the function is there, and the time is a number.
        let _ =
            window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(over).await;
}

/// Whether the reader points with a finger (Media Queries 4, `pointer`): a phone, which cannot scan its own screen.
pub(crate) fn is_touch() -> bool {
    let window = window();
    let query = js_sys::Reflect::get(&window, &JsValue::from_str("matchMedia"));
    let found = query.and_then(|it| {
        let ask = js_sys::Function::from(it);
        ask.call1(&window, &JsValue::from_str("(pointer: coarse)"))
    });
    let matches = found.and_then(|it| js_sys::Reflect::get(&it, &JsValue::from_str("matches")));
    matches.is_ok_and(|it| it.is_truthy())
}

/// Whether the page is on the screen.
pub(crate) fn is_visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// Whether a `pageshow` event brings back a page from the browser's memory.
pub(crate) fn is_from_memory(event: &web_sys::Event) -> bool {
    js_sys::Reflect::get(event, &JsValue::from_str("persisted"))
        .is_ok_and(|persisted| persisted.is_truthy())
}
