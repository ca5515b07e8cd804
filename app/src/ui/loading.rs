//! Placeholders while something loads: the same shape, and a text after 300 ms.

use leptos::prelude::*;

use crate::browser;
use crate::text::t;

/// Lines of a card that is still loading.
pub(crate) fn skeleton_lines() -> AnyView {
    view! {
        <div class="skeleton"></div>
        <div class="skeleton skeleton--short"></div>
        <p class="skeleton__words" role="status">{t().common_loading()}</p>
    }
    .into_any()
}

/// A card that is still loading; `index.html` shows the same before WebAssembly has started.
pub(crate) fn skeleton_card() -> AnyView {
    view! {
        <div class="card" aria-busy="true">
            <h1 class="visually-hidden">{browser::product()}</h1>
            <div class="skeleton skeleton--title"></div>
            {skeleton_lines()}
        </div>
    }
    .into_any()
}
