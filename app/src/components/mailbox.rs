//! The step of a dialog in which a code from the mailbox is typed, for acts that take more than the password.

use leptos::prelude::*;

use super::form::Form;
use super::form_values::{Values, input_name};
use super::task::Task;
use crate::api::two_factor::mail_code;
use crate::error::{ApiError, Field};
use crate::text::named::MaskedUntil;
use crate::text::t;
use crate::types::secret_text::SecretText;
use crate::types::two_factor::{Delivery, Helper, MailboxAct, MailedCode, StepUp};
use crate::ui::{
    Button, CodeField, CodeKind, Kind, PLACE, Tone, alert, cancel_button, sentence, time_of_day,
};

/// The fields of the step.
pub(crate) const MAILBOX_FIELDS: &[Field] = &[Field::MailboxCode];

/// What the step has to remember.
#[derive(Clone, Copy)]
pub(crate) struct MailboxStep {
    step_up: StoredValue<Option<StepUp>, LocalStorage>,
    sent: RwSignal<Option<Mailed>>,
    again: Task,
}

/// The code that was mailed last.
#[derive(Clone)]
struct Mailed {
    code: MailedCode,
    is_another: bool,
}

impl MailboxStep {
    /// For an act.
    pub(crate) fn new(act: MailboxAct) -> Self {
        let step_up = StoredValue::new_local(None::<StepUp>);
        let sent = RwSignal::new(None::<Mailed>);
        let again = Task::new(move || async move {
            let given = step_up.get_value().ok_or(ApiError::MailboxCodeNeeded)?;
            let code = mail_code(act, given).await?;
            sent.update(|sent| {
                *sent = Some(Mailed {
                    code,
                    is_another: sent.is_some(),
                });
            });
            Ok(())
        });
        Self {
            step_up,
            sent,
            again,
        }
    }

    /// Has the first code mailed; the password is kept for the step.
    pub(crate) async fn begin(self, act: MailboxAct, step_up: StepUp) -> Result<(), ApiError> {
        let code = mail_code(act, step_up.clone()).await?;
        self.step_up.set_value(Some(step_up));
        self.sent.set(Some(Mailed {
            code,
            is_another: false,
        }));
        Ok(())
    }

    /// The password that was given before the step.
    pub(crate) fn step_up(self) -> Result<StepUp, ApiError> {
        self.step_up.get_value().ok_or(ApiError::MailboxCodeNeeded)
    }

    /// Forgets everything, for a dialog that is shown again.
    pub(crate) fn reset(self) {
        self.step_up.set_value(None);
        self.sent.set(None);
        self.again.clear();
    }

    /// The form of the step; `task` takes the code.
    pub(crate) fn form(self, task: Task, open: RwSignal<bool>, label: &'static str) -> AnyView {
        let again = self.again;
        // What was said of the code before is not true of the next one.
        let on_click = Callback::new(move |()| {
            task.clear();
            again.start();
        });
        // Once it is said that the code is over, nothing says that it is good.
        let is_over = move || matches!(task.refusal(), Some(ApiError::MailboxCodeOver));
        let good = move || self.sent.get().filter(|_| !is_over());
        view! {
            <Form task>
                <div role="status">{move || good().map(|sent| status(&sent))}</div>
                {move || again.general_error().map(|text| alert(Tone::Danger, text))}
                {move || self.sent.get().and_then(|sent| not_delivered(&sent.code))}
                <CodeField
                    label=t().mailbox_code()
                    name=input_name(Field::MailboxCode)
                    kind=CodeKind::Mailed
                    hint=t().mailbox_hint()
                    error=task.error_beside(Field::MailboxCode)
                />
                <div class="send-code">
                    <Button
                        label=t().mailbox_send_again()
                        kind=Kind::Quiet
                        on_click
                        pending=again.pending()
                        pending_label=t().mailbox_sending()
                    />
                </div>
                <div class="dialog__actions">
                    {cancel_button(open)}
                    <Button label pending=task.pending() pending_label=t().enrolment_checking() />
                </div>
            </Form>
        }
        .into_any()
    }
}

/// What a form gives to its act.
pub(crate) fn typed(values: &Values) -> Option<SecretText> {
    values.get(Field::MailboxCode)
}

fn status(sent: &Mailed) -> AnyView {
    let masked = &sent.code.masked;
    if sent.code.is_earlier {
        let words = t().mailbox_earlier(MaskedUntil {
            masked,
            until: &PLACE,
        });
        let said = sentence(&words, time_of_day(sent.code.expires_at.seconds()));
        return view! { <p class="card__fact">{said}</p> }.into_any();
    }
    let words = match (sent.code.delivery, sent.is_another) {
        (Delivery::Folder | Delivery::Refused, false) => t().mailbox_made(masked),
        (Delivery::Folder | Delivery::Refused, true) => t().mailbox_made_again(masked),
        (Delivery::Sent, false) => t().mailbox_sent(masked),
        (Delivery::Sent, true) => t().mailbox_sent_again(masked),
    };
    view! {
        <p class="card__fact">{words}</p>
        <p>{t().mailbox_why()}</p>
    }
    .into_any()
}

/// Who can let the reader in whom no mail reaches.
pub(crate) fn ask_helper(helper: Helper) -> &'static str {
    match helper {
        Helper::Operator => t().mailbox_ask_operator(),
        Helper::Owner => t().mailbox_ask_owner(),
    }
}

/// That a message may not arrive, and who can help.
fn not_delivered(code: &MailedCode) -> Option<AnyView> {
    let words = match code.delivery {
        Delivery::Sent => return None,
        Delivery::Folder => t().mailbox_folder(),
        Delivery::Refused => t().mailbox_refused(),
    };
    let content = view! {
        <p>{words}</p>
        <p>{ask_helper(code.helper)}</p>
    };
    Some(alert(Tone::Careful, content.into_any()))
}
