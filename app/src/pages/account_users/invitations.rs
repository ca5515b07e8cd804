//! Invitations that nobody has accepted yet: sent, sent again, revoked.

use leptos::prelude::*;

use super::List;
use crate::api::team::{invite, resend_invitation, revoke_invitation, team_invitations};
use crate::components::confirm::{Confirm, Said, confirm_dialog};
use crate::components::form::Form;
use crate::components::loaded::loaded;
use crate::components::roles::{role_boxes, role_names};
use crate::components::task::Task;
use crate::components::values::input_name;
use crate::error::Field;
use crate::messages::denial;
use crate::text::t;
use crate::types::role::{Denial, Role};
use crate::types::team::{Invitation, NewInvitation};
use crate::ui::{
    Button, Card, Dialog, Kind, PLACE, TextField, Tone, alert, cancel_button, date_time, live,
    sentence, unique_id,
};

/// The card's parts.
#[derive(Clone, Copy)]
struct Pending {
    list: List,
    /// The one that a button was pressed for.
    chosen: RwSignal<Option<Invitation>>,
    said: RwSignal<Option<String>>,
    revoking: RwSignal<bool>,
    resend: Task,
}

/// The card **Invitations** and its dialogs.
pub(super) fn invitations_card(list: List) -> AnyView {
    let account = list.account;
    let invitations = RwSignal::new(None::<Vec<Invitation>>);
    let chosen = RwSignal::new(None::<Invitation>);
    let said = RwSignal::new(None::<String>);
    let load = Task::new(move || async move {
        invitations.set(Some(team_invitations(account).await?.invitations));
        Ok(())
    });
    load.start();
    let resend = Task::new(move || async move {
        if let Some(invitation) = chosen.get_untracked() {
            said.set(None);
            resend_invitation(account, invitation.id).await?;
            said.set(Some(t().team_resent(&invitation.email)));
            load.start();
        }
        Ok(())
    });
    let pending = Pending {
        list,
        chosen,
        said,
        revoking: RwSignal::new(false),
        resend,
    };
    let inviting = RwSignal::new(false);
    view! {
        <Card title=t().team_invitations()>
            <div role="status">{live(move || said.get().map(|words| alert(Tone::Good, words.into_any())))}</div>
            {live(move || resend.general_error().map(|text| alert(Tone::Danger, text.into_any())))}
            {live(move || loaded(load, invitations.read().as_ref().map(|it| lines(it, pending))))}
            {live(move || invite_button(list, inviting))}
        </Card>
        {invite_dialog(pending, inviting, load)}
        {revoke_dialog(pending, load)}
    }
    .into_any()
}

/// Off, with the reason, for those who may give nobody a role.
fn invite_button(list: List, inviting: RwSignal<bool>) -> AnyView {
    let is_denied = list.shown.read().is_some() && list.may_give().is_empty();
    let why = unique_id("why");
    let on_click = Callback::new(move |()| inviting.set(true));
    view! {
        <div class="card__actions">
            <Button
                label=t().team_invite()
                on_click
                disabled=Signal::stored(is_denied)
                described_by=why.clone()
            />
            <p class="card__beside" id=why>{is_denied.then(|| denial(Denial::AdminsOnly))}</p>
        </div>
    }
    .into_any()
}

fn lines(invitations: &[Invitation], pending: Pending) -> AnyView {
    if invitations.is_empty() {
        return view! { <p class="card__why">{t().team_no_invitations()}</p> }.into_any();
    }
    let lines = invitations
        .iter()
        .map(|it| line(it, pending))
        .collect_view();
    view! { <ul class="lines">{lines}</ul> }.into_any()
}

fn line(invitation: &Invitation, pending: Pending) -> AnyView {
    let until = if invitation.is_over {
        t().team_over(&PLACE)
    } else {
        t().team_good_until(&PLACE)
    };
    let until = sentence(&until, date_time(invitation.expires_at.seconds()));
    let roles = role_names(&invitation.roles);
    let why = unique_id("why");
    let button = |label: &'static str, resends: bool| {
        let invitation = invitation.clone();
        let name = label.to_owned() + ": " + &invitation.email;
        view! {
            <button
                type="button"
                class="button button--quiet"
                aria-label=name
                aria-describedby=why.clone()
                disabled=invitation.manage.is_some()
                on:click=move |_| {
                    pending.chosen.set(Some(invitation.clone()));
                    if !resends {
                        pending.revoking.set(true);
                    } else if !pending.resend.pending().get_untracked() {
                        pending.resend.start();
                    }
                }
            >
                {label}
            </button>
        }
    };
    view! {
        <li class="lines__line">
            <div class="lines__words">
                <p><strong>{invitation.name.clone()}</strong> " " {invitation.email.clone()}</p>
                <p class="lines__fact">{roles} " · " {until}</p>
                <p class="lines__fact" id=why.clone()>{invitation.manage.map(denial)}</p>
            </div>
            {button(t().team_resend(), true)}
            {button(t().team_revoke(), false)}
        </li>
    }
    .into_any()
}

const FIELDS: &[Field] = &[Field::Name, Field::Email, Field::Roles];

fn invite_dialog(pending: Pending, open: RwSignal<bool>, load: Task) -> AnyView {
    let roles = RwSignal::new(Vec::<Role>::new());
    let account = pending.list.account;
    // Known once the users are there, which may be after this opens; a list that is read again changes nothing here.
    let may_give = Memo::new(move |_| pending.list.may_give());
    let task = Task::of_whole_form(FIELDS, move |values| async move {
        let roles = roles.get_untracked();
        let email = values.text(Field::Email);
        let invitation = NewInvitation {
            name: values.text(Field::Name),
            email: email.clone(),
            roles,
        };
        invite(account, invitation).await?;
        pending.said.set(Some(t().team_invited(&email)));
        open.set(false);
        load.start();
        Ok(())
    });
    let on_closed = Callback::new(move |()| {
        task.clear();
        roles.set(Vec::new());
    });
    view! {
        <Dialog open title=Signal::stored(t().team_invite()) on_closed>
            <Form task>
                <p>{t().team_invite_intro()}</p>
                <TextField
                    label=t().team_first_name()
                    name=input_name(Field::Name)
                    autocomplete="off"
                    error=task.error_beside(Field::Name)
                />
                <TextField
                    label=t().common_email()
                    name=input_name(Field::Email)
                    kind="email"
                    autocomplete="off"
                    error=task.error_beside(Field::Email)
                />
                {live(move || role_boxes(may_give.get(), roles, task.error_beside(Field::Roles)))}
                <div class="dialog__actions">
                    {cancel_button(open)}
                    <Button
                        label=t().team_invite_button()
                        pending=task.pending()
                        pending_label=t().team_invite_pending()
                    />
                </div>
            </Form>
        </Dialog>
    }
    .into_any()
}

fn revoke_dialog(pending: Pending, load: Task) -> AnyView {
    let open = pending.revoking;
    let email = move || {
        pending
            .chosen
            .with_untracked(|it| it.as_ref().map(|it| it.email.clone()))
            .unwrap_or_default()
    };
    let account = pending.list.account;
    let task = Task::new(move || async move {
        if let Some(invitation) = pending.chosen.get_untracked() {
            revoke_invitation(account, invitation.id).await?;
            pending.said.set(Some(t().team_revoked(&invitation.email)));
            open.set(false);
            load.start();
        }
        Ok(())
    });
    let said = Callback::new(move |()| Said {
        body: view! { <p data-focus tabindex="-1">{t().team_revoke_text(&email())}</p> }.into_any(),
        label: t().team_revoke_button(&email()),
        kind: Kind::Danger,
        proof: false,
    });
    confirm_dialog(Confirm::new(open, t().team_revoke_title(), task, said))
}
