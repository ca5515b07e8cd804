//! The page for an unknown address.

use leptos::prelude::*;

use crate::components::page::PageTitle;
use crate::text::t;
use crate::types::page::Page;
use crate::ui::{Kind, link_button};

/// Says so, and leads on.
#[component]
pub(crate) fn NotFoundPage() -> AnyView {
    view! {
        <PageTitle title=t().common_not_found_title() />
        <p>{t().common_not_found()}</p>
        {link_button(t().common_home(), Page::Start.path(), Kind::Secondary)}
    }
    .into_any()
}
