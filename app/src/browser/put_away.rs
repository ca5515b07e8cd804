//! Takes what a page shows out of the document, and puts it back as it was: with what was typed, and the dialogs that were
//! open. Secrets do not come back.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlInputElement, Node};

use super::focus::focus;

/// Fields that are emptied: passwords, shown or not, and codes.
const SECRETS: &str = ".field__input--password,.field__input--code";
/// Dialogs that are closed: they show keys, codes or links, or hold what was given as proof.
const SECRET_DIALOGS: &str = "dialog[data-secret]";

/// What is emptied.
const PARTS: &str = "#main,.top-bar__kept";

thread_local! {
    static AWAY: RefCell<Option<Away>> = const { RefCell::new(None) };
}

/// What was taken out.
struct Away {
    /// Each part of the page that stays, with the place where its content waits.
    parts: Vec<(Element, Element)>,
    dialogs: Vec<HtmlDialogElement>,
    focused: Option<Element>,
    title: String,
}

/// Takes out everything that the server had sent: the content of the page, and what the top bar has besides the product.
pub(crate) fn put_away() {
    if AWAY.with_borrow(Option::is_some) {
        return;
    }
    let focused = document()
        .active_element()
        .filter(|it| it.closest(PARTS).is_ok_and(|part| part.is_some()));
    let mut dialogs = Vec::new();
    for dialog in all("#main dialog[open], .top-bar__kept dialog[open]") {
        let dialog: HtmlDialogElement = dialog.unchecked_into();
        if dialog.matches(SECRET_DIALOGS).unwrap_or(true) {
            dialog.close();
        } else {
            dialogs.push(dialog);
        }
    }
    for field in all(SECRETS) {
        field.unchecked_ref::<HtmlInputElement>().set_value("");
    }
    let parts = all(PARTS)
        .into_iter()
        .filter_map(|part| {
            let place = document().create_element("div").ok()?;
            move_content(&part, &place);
            Some((part, place))
        })
        .collect();
    let title = document().title();
    AWAY.set(Some(Away {
        parts,
        dialogs,
        focused,
        title,
    }));
}

/// Puts it back.
pub(crate) fn put_back() {
    let Some(away) = AWAY.take() else {
        return;
    };
    for (part, place) in &away.parts {
        move_content(place, part);
    }
    for dialog in &away.dialogs {
        // It is open, but no longer over the page; it counts as open again before anybody is told that it closed.
        dialog.close();
        let _ = dialog.show_modal();
    }
    document().set_title(&away.title);
    if let Some(focused) = away.focused {
        focus(&focused);
    }
}

fn move_content(from: &Node, to: &Node) {
    while let Some(child) = from.first_child() {
        // Refused only where a node would be put into itself.
        if to.append_child(&child).is_err() {
            return;
        }
    }
}

fn all(selector: &str) -> Vec<Element> {
    let Ok(found) = document().query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|at| found.item(at)?.dyn_into().ok())
        .collect()
}
