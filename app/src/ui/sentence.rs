//! Sentences of the catalogue with something other than text at one place.

use leptos::prelude::*;

/// Stands in a sentence where `sentence` puts a view (U+FFFC, the object replacement character).
pub(crate) const PLACE: &str = "\u{fffc}";

/// A sentence with a view at its `PLACE`.
pub(crate) fn sentence(text: &str, part: AnyView) -> AnyView {
    // The last one, because a name before it may hold the same character.
    let (before, after) = text.rsplit_once(PLACE).unwrap_or((text, ""));
    (before.to_owned(), part, after.to_owned()).into_any()
}
