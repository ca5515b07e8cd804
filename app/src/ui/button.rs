//! Buttons: a verb that says the effect, and a state while it is under way.

use std::borrow::Cow;

use leptos::prelude::*;

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

/// A button. Without `on_click` it submits its form.
///
/// While pending it stays focusable and only says that it is busy: a disabled button would drop the keyboard's
/// place. The form ignores a second submit.
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
    view! {
        <button
            type=if on_click.is_some() { "button" } else { "submit" }
            class=kind.class()
            aria-disabled=move || is_pending().then_some("true")
            disabled=move || disabled.is_some_and(|disabled| disabled.get())
            aria-describedby=described_by
            on:click=move |_| {
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
pub(crate) fn link_button(
    label: &'static str,
    href: impl Into<Cow<'static, str>>,
    kind: Kind,
) -> AnyView {
    let href = href.into();
    view! {
        <a class=kind.class() href=href>
            {label}
        </a>
    }
    .into_any()
}
