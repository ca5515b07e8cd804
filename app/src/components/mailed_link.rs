//! Shown when a mailed link has expired or was used.

use leptos::prelude::*;

use super::page::notice;
use crate::text::t;

/// Says that a link was used or has expired, and what to do next.
pub(crate) fn link_over(what_to_do: &'static str, link: AnyView) -> AnyView {
    let title = t().sign_up_link_over_title();
    notice(title, what_to_do.to_owned(), None, link)
}
