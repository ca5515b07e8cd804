//! The dialog that shows the link of an invitation, to be handed over where no mail server is set.

use leptos::prelude::*;

use super::UserList;
use crate::api::team::copy_invitation_link;
use crate::components::form::Form;
use crate::components::step_up::{self, StepUpFields, asks_code, proof};
use crate::components::task::Task;
use crate::text::t;
use crate::types::team::{InvitationLink, InvitationShown};
use crate::ui::{Button, CopyButton, Dialog, PLACE, cancel_button, date_time, sentence, unique_id};

/// What the dialog is about.
#[derive(Clone, Copy)]
pub(super) struct Handing {
    pub(super) list: UserList,
    pub(super) open: RwSignal<bool>,
    /// The invitation that the button was pressed for.
    pub(super) chosen: RwSignal<Option<InvitationShown>>,
    /// Reloads the invitations.
    pub(super) load: Task,
}

/// A proof first, since what is shown is what a mailbox would have got; then the link, once.
pub(super) fn handing_dialog(handing: Handing) -> AnyView {
    let Handing {
        list,
        open,
        chosen,
        load,
    } = handing;
    let made = RwSignal::new(None::<InvitationLink>);
    let task = Task::of_form(step_up::FIELDS, move |values| async move {
        if let Some(invitation) = chosen.get_untracked() {
            let link = copy_invitation_link(list.account, invitation.id, proof(&values)).await?;
            made.set(Some(link));
            load.start();
        }
        Ok(())
    });
    let reader = Signal::derive(move || list.email());
    let code_due = Signal::derive(move || list.is_code_due());
    let asks_code = asks_code(open, code_due, task);
    let step = Memo::new(move |_| usize::from(made.read().is_some()));
    let on_closed = Callback::new(move |()| {
        task.clear();
        made.set(None);
    });
    let email = move || {
        let chosen = chosen.read();
        chosen
            .as_ref()
            .map(|it| it.email.clone())
            .unwrap_or_default()
    };
    view! {
        <Dialog open title=Signal::stored(t().team_copy_link_title()) step on_closed secret=true>
            {move || match made.get() {
                Some(link) => shown(link, open),
                None => view! {
                    <Form task>
                        <p>{t().team_copy_link_text(&email())}</p>
                        <StepUpFields task email=reader asks_code />
                        <div class="dialog__actions">
                            {cancel_button(open)}
                            <Button label=t().team_copy_link_button() pending=task.pending() />
                        </div>
                    </Form>
                }
                .into_any(),
            }}
        </Dialog>
    }
    .into_any()
}

/// The link and a button that copies it.
fn shown(made: InvitationLink, open: RwSignal<bool>) -> AnyView {
    let until = sentence(
        &t().team_good_until(&PLACE),
        date_time(made.expires_at.seconds()),
    );
    let id = unique_id("link");
    let link = StoredValue::new(made.link);
    let text = Callback::new(move |()| link.with_value(|link| link.expose().to_owned()));
    let on_click = Callback::new(move |()| open.set(false));
    view! {
        <p data-focus tabindex="-1">{t().team_copy_link_done(&made.email)}</p>
        <div class="field">
            <label class="field__label" for=id.clone()>{t().team_copy_link_label()}</label>
            <input class="field__input" id=id type="text" readonly prop:value=text.run(()) />
        </div>
        <p class="card__fact">{until}</p>
        <div class="dialog__actions">
            <CopyButton label=t().team_copy_link() text />
            <Button label=t().common_close() on_click />
        </div>
    }
    .into_any()
}
