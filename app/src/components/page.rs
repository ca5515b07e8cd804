//! What every page begins with.

use std::cell::Cell;

use leptos::{html, prelude::*};

use crate::browser;

thread_local! {
    static IS_FIRST: Cell<bool> = const { Cell::new(true) };
}

/// The page's heading. It names the tab, and takes focus when the page was reached from another one, so that a
/// screen reader says where it is; `quiet` where the page's first field takes it instead.
#[component]
pub(crate) fn PageTitle(#[prop(into)] title: String, #[prop(optional)] quiet: bool) -> AnyView {
    let node = NodeRef::<html::H1>::new();
    let name = title.clone();
    Effect::new(move |_| {
        if let Some(heading) = node.get() {
            browser::set_title(&name);
            if !IS_FIRST.replace(false) && !quiet {
                browser::focus(&heading);
            }
        }
    });
    view! {
        <h1 class="page__title" tabindex="-1" node_ref=node>
            {title}
        </h1>
    }
    .into_any()
}
