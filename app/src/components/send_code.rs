//! The button that has a code sent by SMS, and what became of it.

use leptos::prelude::*;

use super::task::Task;
use crate::text::t;
use crate::ui::{Button, Kind, Tone, alert};

/// A button with these words; `sent_to` is what may be shown of the number, once a code is on its way.
pub(crate) fn send_code_button(
    task: Task,
    label: &'static str,
    sent_to: RwSignal<Option<String>>,
) -> AnyView {
    let on_click = Callback::new(move |()| task.start());
    view! {
        <div role="status">
            {move || sent_to.get().map(|number| view! { <p class="card__fact">{t().sms_sent(&number)}</p> })}
        </div>
        {move || task.general_error().map(|text| alert(Tone::Danger, text.into_any()))}
        <div>
            <Button
                label
                kind=Kind::Secondary
                on_click
                pending=task.pending()
                pending_label=t().sms_sending()
            />
        </div>
    }
    .into_any()
}
