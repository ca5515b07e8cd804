//! Texts of the catalogue with links in them.

use leptos::prelude::*;

use crate::text::{Linked, Part};
use crate::types::page::Page;

/// A text, with its links to follow. Those to the page on which it stands are words.
pub(crate) fn linked(text: &Linked) -> AnyView {
    let path = window().location().pathname().unwrap_or_default();
    let here = Page::of(&path);
    let part = |part: Part<'_>| match part {
        Part::Link(page, words) if Some(page.seen_from(here)) != here => {
            let href = page.seen_from(here).path();
            view! { <a href=href>{words.to_owned()}</a> }.into_any()
        }
        Part::Words(words) | Part::Link(_, words) => words.to_owned().into_any(),
    };
    text.parts().into_iter().map(part).collect_view().into_any()
}
