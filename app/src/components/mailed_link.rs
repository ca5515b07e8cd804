//! What a page shows whose address was mailed and leads nowhere any more.

use leptos::prelude::*;

use super::page::notice;
use crate::text::t;

/// A link that is used or too old, and what to do.
pub(crate) fn link_over(what_to_do: &'static str, link: AnyView) -> AnyView {
    let title = t().sign_up_link_over_title();
    notice(title, what_to_do.to_owned(), None, link)
}
