//! Buttons: a verb that says the effect, and a state while it is under way.

use std::borrow::Cow;
use std::time::Duration;

use leptos::{ev, prelude::*};

use super::live::live;
use crate::text::t;

/// How much a button asks for attention.
#[derive(Clone, Copy, Default)]
pub(crate) enum Kind {
    /// The one thing that this part of the page is for.
    #[default]
    Primary,
    /// An action beside it.
    Secondary,
    /// A quieter action, as text.
    Quiet,
    /// What cannot be undone.
    Danger,
}

impl Kind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button--primary",
            Self::Secondary => "button button--secondary",
            Self::Quiet => "button button--quiet",
            Self::Danger => "button button--danger",
        }
    }
}

/// For so long after a dangerous button appears, or its window comes to the front, it does nothing: the second click of a
/// double click that was lured into another window must not hit it.
const DOUBLE_CLICK: Duration = Duration::from_millis(500);

/// Whether the form around a button waits: sending it again would be refused.
#[derive(Clone, Copy)]
pub(crate) struct FormWaits(pub(crate) Signal<bool>);

/// A button. Without `on_click` it submits its form, and is off while that waits.
///
/// While pending or off it stays focusable (`aria-disabled`): a disabled button would drop the keyboard's place, and the
/// reason that describes it could not be reached by Tab and heard. The form ignores a second submit.
#[component]
pub(crate) fn Button(
    #[prop(into)] label: Cow<'static, str>,
    #[prop(optional)] kind: Kind,
    #[prop(optional)] on_click: Option<Callback<()>>,
    #[prop(optional, into)] pending: Option<Signal<bool>>,
    #[prop(optional)] pending_label: Option<&'static str>,
    #[prop(optional, into)] disabled: Option<Signal<bool>>,
    #[prop(optional)] described_by: Option<String>,
) -> AnyView {
    let is_pending = move || pending.is_some_and(|pending| pending.get());
    let waits = use_context::<FormWaits>().filter(|_| on_click.is_none());
    let is_off = move || {
        disabled.is_some_and(|disabled| disabled.get()) || waits.is_some_and(|it| it.0.get())
    };
    let is_early = match kind {
        Kind::Danger => early(),
        Kind::Primary | Kind::Secondary | Kind::Quiet => Signal::stored(false),
    };
    view! {
        <button
            type=if on_click.is_some() { "button" } else { "submit" }
            class=kind.class()
            aria-disabled=move || (is_pending() || is_early.get() || is_off()).then_some("true")
            data-off=move || is_off().then_some("")
            aria-describedby=described_by
            on:click=move |event| {
                if untrack(|| is_early.get() || is_off()) {
                    // Nor does it submit its form, by Enter in a field either: that clicks it.
                    event.prevent_default();
                    return;
                }
                if let (Some(on_click), false) = (on_click, is_pending()) {
                    on_click.run(());
                }
            }
        >
            <span class="button__label">{label}</span>
            {live(move || is_pending().then(|| busy(pending_label)))}
        </button>
    }
    .into_any()
}

/// Whether a dangerous button is too new to be meant.
fn early() -> Signal<bool> {
    let waits = RwSignal::new(0_u32);
    let wait = move || {
        waits.update(|waits| *waits += 1);
        let end = move || {
            // Where the button is gone by then, so are its waits.
            let _ = waits.try_update(|waits| *waits -= 1);
        };
        set_timeout(end, DOUBLE_CLICK);
    };
    wait();
    let to_front = window_event_listener(ev::focus, move |_| wait());
    on_cleanup(move || to_front.remove());
    Signal::derive(move || waits.get() > 0)
}

/// Words that take the label's place after 300 ms; the style sheet waits.
fn busy(label: Option<&'static str>) -> AnyView {
    view! {
        <span class="button__busy" role="status">
            <span class="spinner"></span>
            {label.unwrap_or_else(|| t().common_working())}
        </span>
    }
    .into_any()
}

/// A link that looks like a button, for places to go to.
pub(crate) fn link_button(label: &'static str, href: String, kind: Kind) -> AnyView {
    view! {
        <a class=kind.class() href=href>
            {label}
        </a>
    }
    .into_any()
}
