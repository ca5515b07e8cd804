//! Invitations that nobody has accepted yet: sent, sent again, revoked.

use leptos::prelude::*;

use super::UserList;
use super::handing::{Handing, handing_dialog};
use crate::api::team::{invite, resend_invitation, revoke_invitation, team_invitations};
use crate::components::confirm::{Confirm, Said, confirm_dialog};
use crate::components::form::Form;
use crate::components::form_values::input_name;
use crate::components::loaded::loaded;
use crate::components::roles::{looks_after_users, role_boxes, role_names};
use crate::components::step_up::{self, StepUpFields, asks_code, proof};
use crate::components::task::Task;
use crate::error::Field;
use crate::messages::denial;
use crate::text::t;
use crate::types::role::{Denial, Role};
use crate::types::team::{InvitationShown, Invitations, NewInvitation};
use crate::types::two_factor::Delivery;
use crate::ui::{
    Button, Card, Dialog, Kind, PLACE, TextField, Tone, alert, cancel_button, date_time, live,
    sentence, unique_id,
};

/// The card's parts.
#[derive(Clone, Copy)]
struct Pending {
    list: UserList,
    /// The one that a button was pressed for.
    chosen: RwSignal<Option<InvitationShown>>,
    said: RwSignal<Option<(Tone, String)>>,
    revoking: RwSignal<bool>,
    /// One that gives rank is to be sent again, which takes a proof.
    proving: RwSignal<bool>,
    /// The link of one is to be handed over.
    handing: RwSignal<bool>,
    resend: Task,
}

/// Inviting somebody: the button for it is at the head of the page, and what came of it is said there.
#[derive(Clone, Copy)]
pub(super) struct Inviting {
    open: RwSignal<bool>,
    said: RwSignal<Option<(Tone, String)>>,
}

impl Inviting {
    pub(super) fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            said: RwSignal::new(None),
        }
    }

    /// What came of it.
    pub(super) fn said(self) -> AnyView {
        live(move || {
            self.said
                .get()
                .map(|(tone, words)| alert(tone, words.into_any()))
        })
    }
}

/// The card **Invitations** and its dialogs.
pub(super) fn invitations_card(list: UserList, inviting: Inviting) -> AnyView {
    let account = list.account;
    let invitations = RwSignal::new(None::<Invitations>);
    let chosen = RwSignal::new(None::<InvitationShown>);
    let said = RwSignal::new(None::<(Tone, String)>);
    let load = Task::new(move || async move {
        invitations.set(Some(team_invitations(account).await?));
        Ok(())
    });
    load.start();
    let proving = RwSignal::new(false);
    let resend = Task::of_form(step_up::FIELDS, move |values| async move {
        if let Some(invitation) = chosen.get_untracked() {
            said.set(None);
            let proof = values.get(Field::Password).map(|_| proof(&values));
            let sent = resend_invitation(account, invitation.id, proof).await?;
            let email = &invitation.email;
            said.set(Some(match (sent.delivery, sent.waits_until) {
                (Delivery::Folder, _) => (Tone::Careful, t().team_resent_folder(email)),
                (Delivery::Sent | Delivery::Refused, Some(_)) => {
                    (Tone::Careful, t().team_invited_later(email))
                }
                (Delivery::Sent | Delivery::Refused, None) => (Tone::Good, t().team_resent(email)),
            }));
            proving.set(false);
            load.start();
        }
        Ok(())
    });
    let pending = Pending {
        list,
        chosen,
        said,
        revoking: RwSignal::new(false),
        proving,
        handing: RwSignal::new(false),
        resend,
    };
    let no_mail_server = Memo::new(move |_| {
        let invitations = invitations.read();
        invitations.as_ref().is_some_and(|it| it.no_mail_server)
    });
    view! {
        <Card title=t().team_invitations()>
            <div role="status">{live(move || said.get().map(|(tone, words)| alert(tone, words.into_any())))}</div>
            {live(move || no_mail_server.get().then(|| alert(Tone::Note, t().team_no_mail_server().into_any())))}
            {live(move || {
                let refusal = resend.general_error().filter(|_| !proving.get());
                refusal.map(|text| alert(Tone::Danger, text))
            })}
            {live(move || loaded(load, invitations.read().as_ref().map(|it| lines(it, pending))))}
        </Card>
        {invite_dialog(pending, inviting, load, no_mail_server)}
        {revoke_dialog(pending, load)}
        {resend_dialog(pending)}
        {handing_dialog(Handing {
            list: pending.list,
            open: pending.handing,
            chosen: pending.chosen,
            load,
        })}
    }
    .into_any()
}

/// Off, with the reason, for those who may give nobody a role.
pub(super) fn invite_button(list: UserList, inviting: Inviting) -> AnyView {
    let is_denied = untrack(|| list.may_give().is_empty());
    let why = unique_id("why");
    let on_click = Callback::new(move |()| {
        inviting.said.set(None);
        inviting.open.set(true);
    });
    view! {
        <Button
            label=t().team_invite()
            on_click
            disabled=Signal::stored(is_denied)
            described_by=why.clone()
        />
        <p class="card__beside" id=why>{is_denied.then(|| denial(Denial::AdminsOnly))}</p>
    }
    .into_any()
}

fn lines(all: &Invitations, pending: Pending) -> AnyView {
    let (invitations, no_mail_server) = (&all.invitations, all.no_mail_server);
    if invitations.is_empty() {
        return view! { <p class="card__why">{t().team_no_invitations()}</p> }.into_any();
    }
    let lines = invitations
        .iter()
        .map(|it| line(it, pending, no_mail_server))
        .collect_view();
    view! { <ul class="lines">{lines}</ul> }.into_any()
}

/// What a button of a line begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum InvitationAction {
    Resending,
    Handing,
    Revoking,
}

impl Pending {
    fn begin(self, begins: InvitationAction, invitation: InvitationShown) {
        let gives_rank = looks_after_users(&invitation.roles);
        self.chosen.set(Some(invitation));
        match begins {
            InvitationAction::Revoking => self.revoking.set(true),
            InvitationAction::Handing => self.handing.set(true),
            InvitationAction::Resending if gives_rank => self.proving.set(true),
            InvitationAction::Resending => {
                if !self.resend.pending().get_untracked() {
                    self.resend.start();
                }
            }
        }
    }
}

fn line(invitation: &InvitationShown, pending: Pending, no_mail_server: bool) -> AnyView {
    let until = if invitation.is_over {
        t().team_over(&PLACE)
    } else {
        t().team_good_until(&PLACE)
    };
    let until = sentence(&until, date_time(invitation.expires_at.seconds()));
    let roles = role_names(&invitation.roles);
    let why = unique_id("why");
    let is_off = invitation.manage.is_some();
    let button = |label: &'static str, begins: InvitationAction| {
        let invitation = invitation.clone();
        let name = label.to_owned() + ": " + &invitation.email;
        view! {
            <button
                type="button"
                class="button button--quiet"
                aria-label=name
                aria-describedby=why.clone()
                aria-disabled=is_off.then_some("true")
                data-off=is_off.then_some("")
                on:click=move |_| {
                    if !is_off {
                        pending.begin(begins, invitation.clone());
                    }
                }
            >
                {label}
            </button>
        }
    };
    let by = if invitation.is_handed_over {
        t().team_handed_by(&invitation.invited_by)
    } else {
        t().team_sent_by(&invitation.invited_by)
    };
    view! {
        <li class="lines__line">
            <div class="lines__words">
                <p><strong>{invitation.name.clone()}</strong> " " {invitation.email.clone()}</p>
                <p class="lines__fact">{roles} ", " {until}</p>
                <p class="lines__fact">{by}</p>
                <p class="lines__fact" id=why.clone()>{invitation.manage.map(denial)}</p>
            </div>
            {no_mail_server.then(|| button(t().team_copy_link(), InvitationAction::Handing))}
            {button(t().team_resend(), InvitationAction::Resending)}
            {button(t().team_revoke(), InvitationAction::Revoking)}
        </li>
    }
    .into_any()
}

const FIELDS: &[Field] = &[
    Field::Name,
    Field::Email,
    Field::Roles,
    Field::Password,
    Field::Code,
];

fn invite_dialog(
    pending: Pending,
    Inviting { open, said }: Inviting,
    load: Task,
    no_mail_server: Memo<bool>,
) -> AnyView {
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
        let proof = values.get(Field::Password).map(|_| proof(&values));
        let sent = invite(account, invitation, proof).await?;
        said.set(Some(match (sent.delivery, sent.waits_until) {
            (Delivery::Folder, _) => (Tone::Careful, t().team_invited_folder(&email)),
            (Delivery::Sent | Delivery::Refused, Some(_)) => {
                (Tone::Careful, t().team_invited_later(&email))
            }
            (Delivery::Sent | Delivery::Refused, None) => (Tone::Good, t().team_invited(&email)),
        }));
        open.set(false);
        load.start();
        Ok(())
    });
    let on_closed = Callback::new(move |()| {
        task.clear();
        roles.set(Vec::new());
    });
    let email = Signal::derive(move || pending.list.email());
    let code_due = Signal::derive(move || pending.list.is_code_due());
    let asks_code = asks_code(open, code_due, task);
    let gives_rank = Memo::new(move |_| looks_after_users(&roles.read()));
    view! {
        <Dialog open title=Signal::stored(t().team_invite()) on_closed>
            <Form task>
                <p>{move || if no_mail_server.get() { t().team_invite_intro_folder() } else { t().team_invite_intro() }}</p>
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
                <div role="status">
                    {live(move || gives_rank.get().then(|| view! { <p>{t().team_gives_rank()}</p> }.into_any()))}
                </div>
                {live(move || gives_rank.get().then(|| view! { <StepUpFields task email asks_code /> }.into_any()))}
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
            pending
                .said
                .set(Some((Tone::Good, t().team_revoked(&invitation.email))));
            open.set(false);
            load.start();
        }
        Ok(())
    });
    let said = Callback::new(move |()| Said {
        body: view! { <p data-focus tabindex="-1">{t().team_revoke_text(&email())}</p> }.into_any(),
        label: t().team_revoke_button(&email()),
        kind: Kind::Danger,
        proof: Signal::stored(false),
    });
    confirm_dialog(Confirm::new(open, t().team_revoke_title(), task, said))
}

/// Sending an invitation again that gives rank is giving it: with the proof that inviting takes.
fn resend_dialog(pending: Pending) -> AnyView {
    let email = move || {
        let chosen = pending.chosen.read_untracked();
        chosen
            .as_ref()
            .map(|it| it.email.clone())
            .unwrap_or_default()
    };
    let said = Callback::new(move |()| Said {
        body: view! { <p>{t().team_resend_text(&email())}</p> }.into_any(),
        label: t().team_resend_button(&email()),
        kind: Kind::Primary,
        proof: Signal::stored(true),
    });
    let reader = Signal::derive(move || pending.list.email());
    let code_due = Signal::derive(move || pending.list.is_code_due());
    let confirm = Confirm::new(
        pending.proving,
        t().team_resend_title(),
        pending.resend,
        said,
    );
    confirm_dialog(confirm.with_proof(reader, code_due))
}
