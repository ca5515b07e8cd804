//! The dialog in which somebody whose factor was reset says that they want none.

use leptos::prelude::*;

use super::confirm::{Confirm, Said, confirm_form};
use super::mailbox::{MAILBOX_FIELDS, MailboxStep, typed};
use super::step_up::{FIELDS, asks_code, proof};
use super::task::Task;
use crate::api::two_factor::decline_factor;
use crate::error::ApiError;
use crate::text::t;
use crate::types::two_factor::MailboxAct;
use crate::ui::{Dialog, Kind};

const ACT: MailboxAct = MailboxAct::DeclineFactor;

/// The dialog. `on_done` hears that no link is due any more.
#[component]
pub(crate) fn DeclineFactorDialog(
    open: RwSignal<bool>,
    email: Signal<String>,
    on_done: Callback<()>,
) -> AnyView {
    let mailbox = MailboxStep::new(ACT);
    let waits_for_code = RwSignal::new(false);
    let done = move || {
        open.set(false);
        on_done.run(());
    };
    let confirm = Task::of_form(FIELDS, move |values| async move {
        let step_up = proof(&values);
        match decline_factor(step_up.clone(), None).await {
            Ok(()) => done(),
            Err(ApiError::MailboxCodeNeeded) => {
                mailbox.begin(ACT, step_up).await?;
                waits_for_code.set(true);
            }
            Err(error) => return Err(error),
        }
        Ok(())
    });
    let enter = Task::of_form(MAILBOX_FIELDS, move |values| async move {
        decline_factor(mailbox.step_up()?, typed(&values)).await?;
        done();
        Ok(())
    });
    let said = Callback::new(move |()| Said {
        body: view! { <p>{t().mailbox_decline_text()}</p> }.into_any(),
        label: t().mailbox_decline_button().to_owned(),
        kind: Kind::Danger,
        proof: Signal::stored(true),
    });
    let code_due = Signal::stored(false);
    let dialog = Confirm::new(open, t().mailbox_decline_title(), confirm, said);
    let dialog = dialog.with_proof(email, code_due);
    let asks_code = asks_code(open, code_due, confirm);
    let on_closed = Callback::new(move |()| {
        confirm.clear();
        enter.clear();
        mailbox.reset();
        waits_for_code.set(false);
    });
    let title = Signal::stored(t().mailbox_decline_title());
    view! {
        <Dialog open title on_closed secret=true>
            {move || {
                if waits_for_code.get() {
                    mailbox.form(enter, open, t().mailbox_decline_button())
                } else {
                    confirm_form(dialog, asks_code)
                }
            }}
        </Dialog>
    }
    .into_any()
}
