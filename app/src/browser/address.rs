//! The address bar.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::{JsCast, JsValue};

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
    if let Ok(history) = window().history() {
        // Refused only after hundreds of calls in a row; the page works all the same.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&current_path()));
    }
    fragment
        .strip_prefix('#')
        .filter(|token| !token.is_empty())
        .map(SecretText::new)
}

/// Where a click on a link of ours leads to in this tab; nothing for any other click.
pub(crate) fn link_of(event: &web_sys::MouseEvent) -> Option<String> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    let link = target.closest("a[href]:not([download])").ok()??;
    let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key();
    (!elsewhere).then(|| link.get_attribute("href")).flatten()
}

/// The address of the page, for going to another one.
#[derive(Clone, Copy)]
pub(crate) struct Address(Callback<(String, bool)>);

impl Address {
    /// The one of the page that is being drawn.
    pub(crate) fn here() -> Self {
        let navigate = use_navigate();
        Self(Callback::new(move |(path, replace): (String, bool)| {
            let options = NavigateOptions {
                replace,
                ..NavigateOptions::default()
            };
            navigate(&path, options);
        }))
    }

    /// Goes to a path of ours; back leads here again.
    pub(crate) fn go(self, path: &str) {
        // Gone with the page that would have led on.
        let _ = self.0.try_run((path.to_owned(), false));
    }

    /// Goes to a path of ours; back does not lead here again.
    pub(crate) fn go_instead(self, path: &str) {
        let _ = self.0.try_run((path.to_owned(), true));
    }
}

/// A value of the page's query.
pub(crate) fn query(name: &str) -> Option<String> {
    let query = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&query)
        .ok()?
        .get(name)
}
