//! What every page begins with.

use std::cell::Cell;

use leptos::{html, prelude::*};

use crate::browser::{self, PageAddress};

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

/// A page that only says something and leads on.
pub(crate) fn notice(
    title: &'static str,
    text: String,
    hint: Option<&'static str>,
    link: AnyView,
) -> AnyView {
    view! {
        <PageTitle title />
        <p>{text}</p>
        {hint.map(|hint| view! { <p class="card__why">{hint}</p> })}
        {link}
    }
    .into_any()
}

/// Leads to another page in place of this one, as soon as there is a path.
pub(crate) fn leads_to(path: Signal<Option<String>>) {
    let address = PageAddress::here();
    Effect::new(move |_| {
        if let Some(path) = path.get() {
            address.go_instead(&path);
        }
    });
}
