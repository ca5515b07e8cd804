//! One token that has to outlive a sign-in in the same tab: an invitation's. Gone with the tab, or once it is used.

use leptos::prelude::*;

use crate::types::secret_text::SecretText;

const KEY: &str = "invitation";

/// Keeps a token until it is forgotten or the tab is closed.
pub(crate) fn keep(token: &SecretText) {
    if let Some(storage) = storage() {
        // Refused where storage is full or off; then the link has to be opened again.
        let _ = storage.set_item(KEY, token.expose());
    }
}

/// The token that was kept.
pub(crate) fn kept() -> Option<SecretText> {
    storage()?.get_item(KEY).ok().flatten().map(SecretText::new)
}

/// Forgets it.
pub(crate) fn forget() {
    if let Some(storage) = storage() {
        // Only an unreachable storage refuses, and that holds nothing.
        let _ = storage.remove_item(KEY);
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}
