//! What somebody has typed that is not saved: text, not passwords and codes, which are typed again.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlFormElement, HtmlInputElement};

/// Fields of forms for words.
const FIELDS: &str = "form input.field__input:is([type='text'],[type='email'],[type='tel']):not(.field__input--password,.field__input--code,[readonly])";

/// Whether it stands in a part of the page.
pub(crate) fn has_typed(part: &Element) -> bool {
    fields(part).iter().any(is_typed)
}

/// Whether it stands anywhere in the page.
pub(crate) fn has_typed_anywhere() -> bool {
    document().body().is_some_and(|body| has_typed(&body))
}

/// The form that holds all of it, where that is one which saves in its place.
pub(crate) fn form_to_save() -> Option<HtmlFormElement> {
    let body = document().body()?;
    let typed = fields(&body).into_iter().filter(is_typed);
    let mut forms = typed.map(|field| field.form());
    let form = forms.next()??;
    let is_only = forms.all(|other| other.as_ref() == Some(&form));
    (is_only && form.has_attribute("data-saves")).then_some(form)
}

/// What a form holds is saved: it counts as typed no longer.
pub(crate) fn forget_typed(form: &Element) {
    for field in fields(form) {
        field.set_default_value(&field.value());
    }
}

fn is_typed(field: &HtmlInputElement) -> bool {
    field.value() != field.default_value()
}

fn fields(part: &Element) -> Vec<HtmlInputElement> {
    let Ok(found) = part.query_selector_all(FIELDS) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|at| found.item(at)?.dyn_into().ok())
        .collect()
}
