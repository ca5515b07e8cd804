//! The message that a card shows once after an action in it.

use leptos::{html, prelude::*};

use crate::browser;
use crate::ui::{Tone, alert};

/// The text of the message, and the heading of the card.
#[derive(Clone, Copy)]
pub(crate) struct CardMessage {
    words: RwSignal<Option<&'static str>>,
    pub(crate) heading: NodeRef<html::H2>,
}

impl CardMessage {
    /// Nothing was said yet.
    pub(crate) fn new() -> Self {
        Self {
            words: RwSignal::new(None),
            heading: NodeRef::new(),
        }
    }

    /// Says it. Focus goes to the heading: the control that had it may be gone once the card shows the new state.
    pub(crate) fn say(self, words: &'static str) {
        self.words.set(Some(words));
        let heading = self.heading;
        request_animation_frame(move || {
            if let Some(heading) = heading.try_get_untracked().flatten() {
                browser::focus(&heading);
            }
        });
    }

    /// Whether something was said.
    pub(crate) fn has_said(self) -> bool {
        self.words.read().is_some()
    }

    /// Where it is said.
    pub(crate) fn view(self) -> AnyView {
        let words = self.words;
        let content = move || words.get().map(|words| alert(Tone::Good, words.into_any()));
        view! { <div role="status">{content}</div> }.into_any()
    }
}
