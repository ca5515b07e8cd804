//! Reactive parts of a view: they are drawn again when a signal that they read changes.

use leptos::prelude::*;

/// A part that is drawn again when a signal that it reads changes.
///
/// One kind of closure for all: each kind of its own would bring its own copy of the machinery into the download.
pub(crate) fn live<V: IntoView + 'static>(part: impl Fn() -> V + Send + 'static) -> AnyView {
    draw(Box::new(move || part().into_any()))
}

fn draw(part: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || part()).into_any()
}
