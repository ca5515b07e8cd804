//! Alerts: what happened and what to do next.

use leptos::prelude::*;

use super::icon::{Icon, icon};

/// How serious it is; said by icon and words too, never by colour alone.
#[derive(Clone, Copy)]
pub(crate) enum Tone {
    Note,
    Good,
    Careful,
    Danger,
}

/// A sentence that stands out. Danger is announced at once; around the rest, what changes is a `status`.
pub(crate) fn alert(tone: Tone, content: AnyView) -> AnyView {
    let (class, drawing, role) = match tone {
        Tone::Note => ("alert alert--note", Icon::Information, None),
        Tone::Good => ("alert alert--good", Icon::Good, None),
        Tone::Careful => ("alert alert--careful", Icon::Warning, None),
        Tone::Danger => ("alert alert--danger", Icon::Warning, Some("alert")),
    };
    view! {
        <div class=class role=role>
            {icon(drawing)}
            <div class="alert__text">{content}</div>
        </div>
    }
    .into_any()
}
