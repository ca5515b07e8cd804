//! Shown when a mailed link has expired or was used.

use leptos::prelude::*;

use super::linked::linked;
use super::page::PageTitle;
use crate::text::{Linked, t};

/// Says that a link was used or has expired, and what to do next.
pub(crate) fn link_over(what_to_do: impl Into<Linked>, link: AnyView) -> AnyView {
    let title = t().sign_up_link_over_title();
    let what_to_do = what_to_do.into();
    view! {
        <PageTitle title />
        <p>{linked(&what_to_do)}</p>
        {link}
    }
    .into_any()
}
