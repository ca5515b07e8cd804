//! The buttons that have a code sent by SMS, and what became of it.

use leptos::prelude::*;

use super::task::Task;
use crate::text::t;
use crate::ui::{Button, Kind, Tone, alert};

/// Where a code went that is on its way.
#[derive(Clone)]
pub(crate) struct Sent {
    masked: String,
    is_another: bool,
}

impl Sent {
    /// The first code.
    pub(crate) const fn first(masked: String) -> Self {
        Self {
            masked,
            is_another: false,
        }
    }
}

/// Notes that a code was sent. After another it says so: the same words again would look as if nothing had happened.
pub(crate) fn note_sent(sent: RwSignal<Option<Sent>>, masked: String) {
    sent.update(|sent| {
        *sent = Some(Sent {
            masked,
            is_another: sent.is_some(),
        });
    });
}

/// What was sent last, or why nothing was.
pub(crate) fn sent_status(task: Task, sent: RwSignal<Option<Sent>>) -> AnyView {
    let words = |sent: Sent| {
        if sent.is_another {
            t().sms_sent_again(&sent.masked)
        } else {
            t().sms_sent(&sent.masked)
        }
    };
    view! {
        <div role="status">
            {move || sent.get().map(|sent| view! { <p class="card__fact">{words(sent)}</p> })}
        </div>
        {move || task.general_error().map(|text| alert(Tone::Danger, text))}
    }
    .into_any()
}

/// The button that sends the first code.
pub(crate) fn send_button(task: Task) -> AnyView {
    button(task, t().sms_send(), Kind::Secondary)
}

/// The button that sends another, below the field for it: few need it.
pub(crate) fn send_again_button(task: Task) -> AnyView {
    button(task, t().sms_send_again(), Kind::Quiet)
}

fn button(task: Task, label: &'static str, kind: Kind) -> AnyView {
    let on_click = Callback::new(move |()| task.start());
    view! {
        <div class="send-code">
            <Button label kind on_click pending=task.pending() pending_label=t().sms_sending() />
        </div>
    }
    .into_any()
}
