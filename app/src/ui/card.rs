//! Cards: a title, one line of state, one action.

use leptos::{html, prelude::*};

use super::id::unique_id;

/// A card. Its heading can take focus, for when the control that had it is gone.
#[component]
pub(crate) fn Card(
    title: &'static str,
    #[prop(optional)] heading: NodeRef<html::H2>,
    children: Children,
) -> AnyView {
    let id = unique_id("card");
    view! {
        <section class="card" aria-labelledby=id>
            <h2 class="card__title" id=id.clone() tabindex="-1" node_ref=heading>
                {title}
            </h2>
            {children()}
        </section>
    }
    .into_any()
}
