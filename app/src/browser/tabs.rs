//! What the tabs of one browser tell each other about the session that they share.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

const CHANNEL: &str = "twofold-session";

/// What has happened in another tab.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ToldByTab {
    /// The session was used.
    Used,
    /// It has ended, or another has begun.
    Changed,
}

impl ToldByTab {
    const fn word(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Changed => "changed",
        }
    }
}

thread_local! {
    // Opened once: a tab does not hear what it says itself. Old browsers have none, and find out when they ask the server.
    static OURS: Option<BroadcastChannel> = BroadcastChannel::new(CHANNEL).ok();
}

/// Tells the other tabs.
pub(crate) fn tell_tabs(what: ToldByTab) {
    OURS.with(|channel| {
        if let Some(channel) = channel {
            // Refused only by a channel that was closed; this one is not.
            let _ = channel.post_message(&JsValue::from_str(what.word()));
        }
    });
}

/// Calls `listener` with what other tabs tell, for as long as the page lives.
pub(crate) fn on_told(listener: impl Fn(ToldByTab) + 'static) {
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let word = event.data().as_string();
        let known = [ToldByTab::Used, ToldByTab::Changed];
        if let Some(what) = known
            .into_iter()
            .find(|it| word.as_deref() == Some(it.word()))
        {
            listener(what);
        }
    });
    OURS.with(|channel| {
        if let Some(channel) = channel {
            channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        }
    });
    heard.forget();
}
