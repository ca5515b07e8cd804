//! Proof that the person is still there: the password, and a code where one is due.

use leptos::prelude::*;

use super::factors::step_up_code;
use super::form_values::{Values, input_name};
use super::send_code::{note_sent, send_button, sent_status};
use super::session::SessionContext;
use super::task::Task;
use crate::api::two_factor::send_code;
use crate::error::{ApiError, Field};
use crate::text::t;
use crate::types::factors::CodeFactorKind;
use crate::types::two_factor::{SecondProof, StepUp};
use crate::ui::{CodeField, CodeKind, PasswordField, hidden_username};

/// The fields of a step-up.
pub(crate) const FIELDS: &[Field] = &[Field::Password, Field::Code];

/// What was typed into them.
pub(crate) fn proof(values: &Values) -> StepUp {
    StepUp::Password {
        password: values.secret(Field::Password),
        second: values.get(Field::Code).map(SecondProof::Code),
    }
}

/// Whether the code is asked for: as the overview says, or since the server asked, until the dialog closes.
pub(crate) fn asks_code(open: RwSignal<bool>, due: Signal<bool>, task: Task) -> Memo<bool> {
    Memo::new(move |asked_before: Option<&bool>| {
        let is_open = open.get();
        let asked_now = task.refusal() == Some(ApiError::CodeNeeded);
        is_open && (asked_before == Some(&true) || due.get() || asked_now)
    })
}

/// The password and, where `asks_code`, one code. `email` tells password managers whose password it is.
#[component]
pub(crate) fn StepUpFields(task: Task, email: Signal<String>, asks_code: Memo<bool>) -> AnyView {
    let label = if task.asks_for(Field::NewPassword) {
        t().password_current()
    } else {
        t().common_password()
    };
    let session = SessionContext::here();
    // Of several, the one that is offered first.
    let kind = Memo::new(move |_| {
        session
            .user()
            .and_then(|user| user.factors.iter().find_map(|kind| kind.code()))
    });
    let last_sent = RwSignal::new(None);
    let send = Task::new(move || async move {
        note_sent(last_sent, send_code().await?.masked);
        Ok(())
    });
    view! {
        {hidden_username(email)}
        <PasswordField
            label=label
            name=input_name(Field::Password)
            autocomplete="current-password"
            error=task.error_beside(Field::Password)
        />
        {move || asks_code.get().then(|| {
            // The server asks whom this page still takes for somebody without a factor, too.
            let words = step_up_code(kind.get().unwrap_or(CodeFactorKind::App));
            view! {
                {words.is_sent.then(|| (sent_status(send, last_sent), send_button(send)))}
                {code_field(words.label, task.error_beside(words.field))}
            }
            .into_any()
        })}
    }
    .into_any()
}

fn code_field(label: &'static str, error: Signal<Option<String>>) -> AnyView {
    let hint = t().step_up_why();
    view! { <CodeField label name=input_name(Field::Code) kind=CodeKind::Either hint error /> }
        .into_any()
}
