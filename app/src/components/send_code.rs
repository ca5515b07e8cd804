//! The buttons that have a code sent by SMS, and what became of it.

use leptos::prelude::*;

use super::task::Task;
use crate::text::named::MaskedUntil;
use crate::text::t;
use crate::types::timestamp::Timestamp;
use crate::types::two_factor::SmsEnrolment;
use crate::ui::{Button, Kind, PLACE, Tone, alert, sentence, time_of_day};

/// Where a code went that is on its way.
#[derive(Clone)]
pub(crate) struct Sent {
    masked: String,
    which: WhichCode,
}

/// Which code is on its way.
#[derive(Clone, Copy)]
enum WhichCode {
    First,
    Another,
    /// One that was sent before the page was loaded, good until a moment.
    Earlier(Timestamp),
}

impl Sent {
    /// The first code.
    pub(crate) const fn first(masked: String) -> Self {
        Self {
            masked,
            which: WhichCode::First,
        }
    }

    /// The code of an enrolment.
    pub(crate) fn of(enrolment: &SmsEnrolment) -> Self {
        let which = if enrolment.is_earlier {
            WhichCode::Earlier(enrolment.expires_at)
        } else {
            WhichCode::First
        };
        Self {
            masked: enrolment.masked.clone(),
            which,
        }
    }
}

/// Notes that a code was sent. After another it says so: the same words again would look as if nothing had happened.
pub(crate) fn note_sent(sent: RwSignal<Option<Sent>>, masked: String) {
    sent.update(|sent| {
        *sent = Some(Sent {
            masked,
            which: if sent.is_some() {
                WhichCode::Another
            } else {
                WhichCode::First
            },
        });
    });
}

/// What was sent last, or why nothing was.
pub(crate) fn sent_status(task: Task, sent: RwSignal<Option<Sent>>) -> AnyView {
    let words = |Sent { masked, which }: Sent| match which {
        WhichCode::First => t().sms_sent(&masked).into_any(),
        WhichCode::Another => t().sms_sent_again(&masked).into_any(),
        WhichCode::Earlier(until) => {
            let words = t().sms_earlier(MaskedUntil {
                masked: &masked,
                until: &PLACE,
            });
            sentence(&words, time_of_day(until.seconds()))
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
