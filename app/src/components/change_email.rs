//! The dialog in which a user gives another address: for who has no second factor, with a code from the mailbox in use.

use leptos::prelude::*;

use super::confirm::{Confirm, Said, confirm_form};
use super::form_values::input_name;
use super::mailbox::{MAILBOX_FIELDS, MailboxStep, typed};
use super::password_card::with_proof;
use super::step_up::{asks_code, proof};
use super::task::Task;
use crate::api::profile::change_email;
use crate::error::{ApiError, Field};
use crate::text::t;
use crate::types::profile::Profile;
use crate::types::two_factor::{Delivery, MailboxAct};
use crate::ui::{Dialog, Kind, TextField, Tone, alert};

const ACT: MailboxAct = MailboxAct::ChangeAddress;
const FIELDS: &[Field] = &[Field::Email, Field::Password, Field::Code];

/// The dialog, which begins with the address that waits where its link is sent `again`. `on_done` hears what becomes of the link.
#[component]
pub(crate) fn ChangeEmailDialog(
    open: RwSignal<bool>,
    again: RwSignal<bool>,
    now: RwSignal<Option<Profile>>,
    on_done: Callback<Delivery>,
) -> AnyView {
    let mailbox = MailboxStep::new(ACT);
    // The new address, while the mailbox in use is to be proven.
    let waiting = RwSignal::new(None::<String>);
    let done = move |delivery| {
        open.set(false);
        on_done.run(delivery);
    };
    let change = Task::of_form(FIELDS, move |values| async move {
        let (email, step_up) = (values.text(Field::Email), proof(&values));
        match change_email(email.clone(), step_up.clone(), None).await {
            Ok(delivery) => done(delivery),
            Err(ApiError::MailboxCodeNeeded) => {
                mailbox.begin(ACT, step_up).await?;
                waiting.set(Some(email));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    });
    let enter = Task::of_form(MAILBOX_FIELDS, move |values| async move {
        let email = waiting.get_untracked().unwrap_or_default();
        done(change_email(email, mailbox.step_up()?, typed(&values)).await?);
        Ok(())
    });
    let said = Callback::new(move |()| Said {
        body: new_email(now, again.get_untracked(), change),
        label: t().password_send().to_owned(),
        kind: Kind::Primary,
        proof: Signal::stored(true),
    });
    let dialog = Confirm::new(open, t().profile_change_email(), change, said);
    let dialog = with_proof(dialog, now);
    let code_due =
        Signal::derive(move || now.read().as_ref().is_some_and(|it| it.step_up_needs_code));
    let asks_code = asks_code(open, code_due, change);
    let on_closed = Callback::new(move |()| {
        change.clear();
        enter.clear();
        mailbox.reset();
        waiting.set(None);
        again.set(false);
    });
    let title = Signal::stored(t().profile_change_email());
    view! {
        <Dialog open title on_closed>
            {move || {
                if waiting.read().is_some() {
                    mailbox.form(enter, open, t().password_send())
                } else {
                    confirm_form(dialog, asks_code)
                }
            }}
        </Dialog>
    }
    .into_any()
}

fn new_email(now: RwSignal<Option<Profile>>, is_again: bool, task: Task) -> AnyView {
    let is_correction = now.with_untracked(|now| now.as_ref().is_some_and(|now| now.corrects));
    let waits = now.with_untracked(|now| now.as_ref().and_then(|now| now.new_email.clone()));
    let value = waits.filter(|_| is_again).unwrap_or_default();
    view! {
        <p>{t().profile_change_email_intro()}</p>
        {is_correction.then(|| alert(Tone::Careful, t().profile_corrects().into_any()))}
        <TextField
            label=t().profile_new_email()
            name=input_name(Field::Email)
            kind="email"
            autocomplete="email"
            value
            error=task.error_beside(Field::Email)
        />
    }
    .into_any()
}
