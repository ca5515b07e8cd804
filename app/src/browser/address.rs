//! The address bar.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::types::secret_text::SecretText;

/// Where the page is, with its query; never the fragment, which may hold a token.
pub(crate) fn current_path() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// Text as part of a query.
pub(crate) fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// Loads another page of ours in place of this one, so that nothing of this one stays in memory.
pub(crate) fn replace(path: &str) {
    // Refused only for an address that is none; ours is a path.
    let _ = window().location().replace(path);
}

/// Loads this page again.
pub(crate) fn reload() {
    // Never refused for the page's own location.
    let _ = window().location().reload();
}

/// Takes a token out of the fragment, so that neither the address bar nor the history keeps it.
pub(crate) fn take_fragment() -> Option<SecretText> {
    let location = window().location();
    let fragment = location.hash().unwrap_or_default();
    if fragment.is_empty() {
        return None;
    }
    if let Ok(history) = window().history() {
        // Refused only after hundreds of calls in a row; the page works all the same.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&current_path()));
    }
    fragment
        .strip_prefix('#')
        .filter(|token| !token.is_empty())
        .map(SecretText::new)
}
