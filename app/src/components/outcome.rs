//! The message that a card shows once after an action in it.

use leptos::{html, prelude::*};

use crate::browser;
use crate::ui::{Tone, alert};

/// The text of the message, and the heading of the card.
#[derive(Clone, Copy)]
pub(crate) struct CardMessage {
    words: RwSignal<Option<(Tone, &'static str)>>,
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

    /// Says that something is as wanted. Focus goes to the heading: the control that had it may be gone once the card
    /// shows the new state.
    pub(crate) fn say(self, words: &'static str) {
        self.say_in(Tone::Good, words);
    }

    /// Says something that is no success, or no more safety than before, as such.
    pub(crate) fn say_in(self, tone: Tone, words: &'static str) {
        self.words.set(Some((tone, words)));
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
        self.view_unless(Signal::stored(false))
    }

    /// Where it is said, unless the form below it says what is wrong with what was typed since.
    pub(crate) fn view_unless(self, refused: Signal<bool>) -> AnyView {
        let words = self.words;
        let content = move || {
            let said = words.get().filter(|_| !refused.get());
            said.map(|(tone, words)| alert(tone, words.into_any()))
        };
        view! { <div role="status">{content}</div> }.into_any()
    }
}
