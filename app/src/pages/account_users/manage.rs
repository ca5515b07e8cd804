//! Dialog for one user: available actions, why others are disabled, confirmations.

use leptos::prelude::*;

use super::{UserList, shown_address};
use crate::api::team::{
    allow_first_factor, change_roles, leave_account, let_in, offer_reset, offer_transfer,
    remove_user,
};
use crate::browser::PageAddress;
use crate::components::confirm::{Confirm, Said, confirm_form};
use crate::components::roles::{looks_after_users, role_boxes};
use crate::components::session::SessionContext;
use crate::components::step_up::{asks_code, proof};
use crate::components::task::Task;
use crate::error::{ApiError, Field, Problem};
use crate::messages::denial;
use crate::text::named::AccountName;
use crate::text::{Linked, t};
use crate::types::account::EnteredAccount;
use crate::types::page::Page;
use crate::types::role::{Denial, Role};
use crate::types::team::TeamUser;
use crate::types::two_factor::StepUp;
use crate::ui::{Dialog, Kind, live, unique_id};

/// What can be done to a user.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Roles,
    LetIn,
    Allow,
    Reset,
    Transfer,
    Remove,
    Leave,
}

const ACTS: [Act; 7] = [
    Act::LetIn,
    Act::Allow,
    Act::Roles,
    Act::Reset,
    Act::Transfer,
    Act::Remove,
    Act::Leave,
];

impl Act {
    fn label(self) -> &'static str {
        match self {
            Self::Roles => t().team_roles_title(),
            Self::LetIn => t().team_let_in(),
            Self::Allow => t().team_allow(),
            Self::Reset => t().team_reset(),
            Self::Transfer => t().team_transfer(),
            Self::Remove => t().team_remove(),
            Self::Leave => t().required_leave(),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Roles => t().team_roles_title(),
            Self::LetIn => t().team_let_in_title(),
            Self::Allow => t().team_allow_title(),
            Self::Reset => t().team_reset(),
            Self::Transfer => t().team_transfer_title(),
            Self::Remove => t().team_remove_title(),
            Self::Leave => t().required_leave_title(),
        }
    }

    fn denied(self, user: &TeamUser, manage: Manage) -> Option<Denial> {
        match self {
            Self::Roles => user.change_roles,
            Self::LetIn => user.let_in,
            Self::Allow => user.allow_first_factor,
            Self::Reset => user.reset_two_factor,
            Self::Transfer => user.transfer,
            Self::Remove => user.remove,
            Self::Leave => manage.leave,
        }
    }

    /// Most users are never kept out, and an act that is never possible is not shown as one that is off. Of what is done to
    /// others, nothing is possible with oneself.
    fn is_shown(self, user: &TeamUser, manage: Manage) -> bool {
        let is_reader = manage.is_reader(user);
        match self {
            Self::Leave => is_reader,
            _ if is_reader => false,
            Self::LetIn => user.opens_at.is_some(),
            // Whom a mailed code reaches needs nobody for it.
            Self::Allow => {
                user.two_factor_since.is_none()
                    && user.allow_first_factor != Some(Denial::MailReaches)
            }
            Self::Roles | Self::Reset | Self::Transfer | Self::Remove => true,
        }
    }
}

/// Whom the dialog is about, and how far it is.
#[derive(Clone, Copy)]
pub(super) struct Manage {
    account_name: StoredValue<String>,
    /// Why the reader cannot leave the account.
    leave: Option<Denial>,
    session: SessionContext,
    address: PageAddress,
    open: RwSignal<bool>,
    user: RwSignal<Option<TeamUser>>,
    act: RwSignal<Option<Act>>,
    roles: RwSignal<Vec<Role>>,
    /// What was done last.
    pub(super) said: RwSignal<Option<Linked>>,
}

impl Manage {
    pub(super) fn new(account: &EnteredAccount) -> Self {
        Self {
            account_name: StoredValue::new(account.name.clone()),
            leave: account.leave,
            session: SessionContext::here(),
            address: PageAddress::here(),
            open: RwSignal::new(false),
            user: RwSignal::new(None),
            act: RwSignal::new(None),
            roles: RwSignal::new(Vec::new()),
            said: RwSignal::new(None),
        }
    }

    pub(super) fn open_for(self, user: TeamUser) {
        self.roles.set(user.roles.clone());
        self.user.set(Some(user));
        self.act.set(None);
        self.said.set(None);
        self.open.set(true);
    }

    fn is_reader(self, user: &TeamUser) -> bool {
        untrack(|| self.session.user()).is_some_and(|it| it.user_id == user.id)
    }

    /// Whether the user is an administrator, and whether the roles that are ticked make one.
    fn rank(self) -> (bool, bool) {
        let user = self.user.read();
        let was = user
            .as_ref()
            .is_some_and(|user| looks_after_users(&user.roles));
        (was, looks_after_users(&self.roles.read()))
    }

    /// Whether the roles that are ticked make an administrator of somebody who is none.
    fn gives_rank(self) -> bool {
        self.rank() == (false, true)
    }

    /// Whether the roles that are ticked leave an administrator without that role.
    fn takes_rank(self) -> bool {
        self.rank() == (true, false)
    }

    /// Does what was chosen.
    async fn run(self, list: UserList, step_up: Option<StepUp>) -> Result<(), ApiError> {
        let (Some(user), Some(act)) = (self.user.get_untracked(), self.act.get_untracked()) else {
            return Ok(());
        };
        let (account, name) = (list.account, &user.name);
        let proven = || step_up.clone().ok_or(ApiError::StepUpNeeded);
        let mut revoked = 0;
        let done: Linked = match act {
            Act::Roles => {
                let roles = self.roles.get_untracked();
                if roles.is_empty() {
                    return Err(ApiError::field(Field::Roles, Problem::Missing));
                }
                revoked = change_roles(account, user.id, roles, step_up).await?.count;
                t().team_done_roles(name).into()
            }
            Act::LetIn => {
                let_in(account, user.id, proven()?).await?;
                t().team_done_let_in(name).into()
            }
            Act::Allow => {
                allow_first_factor(account, user.id, proven()?).await?;
                t().team_done_allow(name).into()
            }
            Act::Reset => {
                offer_reset(account, user.id, proven()?).await?;
                t().team_done_reset(name).into()
            }
            Act::Transfer => {
                offer_transfer(account, user.id, proven()?).await?;
                t().team_done_transfer(name)
            }
            Act::Remove => {
                revoked = remove_user(account, user.id).await?.count;
                t().team_done_remove(name).into()
            }
            Act::Leave => {
                leave_account(account).await?;
                self.open.set(false);
                self.address.go(&Page::Start.path());
                return Ok(());
            }
        };
        self.said.set(Some(match revoked {
            0 => done,
            count => done.then(" ").then(&t().team_done_revoked(count)),
        }));
        self.open.set(false);
        Ok(())
    }
}

const FIELDS: &[Field] = &[Field::Password, Field::Code, Field::Roles];

/// The dialog; `load` shows the list anew after an act.
pub(super) fn manage_dialog(manage: Manage, list: UserList, load: Task) -> AnyView {
    let Manage {
        open, user, act, ..
    } = manage;
    let task = Task::of_form(FIELDS, move |values| async move {
        let proof = values.get(Field::Password).map(|_| proof(&values));
        manage.run(list, proof).await?;
        load.start();
        Ok(())
    });
    let title = Signal::derive(move || {
        act.get()
            .map_or_else(|| t().team_manage_title(), Act::title)
    });
    let email = Signal::derive(move || list.email());
    let code_due = Signal::derive(move || list.is_code_due());
    let asks_code = asks_code(open, code_due, task);
    let said = Callback::new(move |()| said(manage, list, task));
    let confirm = Confirm::new(open, "", task, said).with_proof(email, code_due);
    let step = Memo::new(move |_| usize::from(act.get().is_some()));
    let on_closed = Callback::new(move |()| task.clear());
    view! {
        <Dialog open title step on_closed>
            {live(move || match act.get() {
                None => user.read().as_ref().map(|user| acts(user, manage)),
                Some(_) => Some(confirm_form(confirm, asks_code)),
            })}
        </Dialog>
    }
    .into_any()
}

/// What can be done; what cannot is off, with the reason beside it.
fn acts(user: &TeamUser, manage: Manage) -> AnyView {
    let line = |act: Act| {
        let denied = act.denied(user, manage);
        let is_off = denied.is_some();
        let why = unique_id("why");
        view! {
            <li class="acts__act">
                <button
                    type="button"
                    class="button button--secondary"
                    aria-disabled=is_off.then_some("true")
                    data-off=is_off.then_some("")
                    aria-describedby=why.clone()
                    on:click=move |_| {
                        if !is_off {
                            manage.act.set(Some(act));
                        }
                    }
                >
                    {act.label()}
                </button>
                <p class="card__beside" id=why>{denied.map(denial)}</p>
            </li>
        }
    };
    let shown = ACTS.into_iter().filter(|act| act.is_shown(user, manage));
    view! {
        <p data-focus tabindex="-1"><strong>{user.name.clone()}</strong> " " {shown_address(user)}</p>
        <ul class="acts">{shown.map(line).collect_view()}</ul>
    }
    .into_any()
}

fn said(manage: Manage, list: UserList, task: Task) -> Said {
    let name = manage
        .user
        .with_untracked(|user| user.as_ref().map(|it| it.name.clone()))
        .unwrap_or_default();
    let account = manage.account_name.get_value();
    let with = AccountName {
        account: &account,
        name: &name,
    };
    let act = manage.act.get_untracked().unwrap_or(Act::Roles);
    let plain = |text: String| view! { <p>{text}</p> }.into_any();
    let (body, label) = match act {
        Act::Roles => (
            roles(manage, list, task, t().team_roles_text(with)),
            t().team_roles_button().to_owned(),
        ),
        Act::LetIn => (
            plain(t().team_let_in_text(with)),
            t().team_let_in_button(&name),
        ),
        Act::Allow => (
            plain(t().team_allow_text(with)),
            t().team_allow_button(&name),
        ),
        Act::Reset => (
            plain(t().team_reset_text(&name)),
            t().team_reset_button(&name),
        ),
        Act::Transfer => (
            plain(t().team_transfer_text(with)),
            t().team_transfer_button(with),
        ),
        Act::Remove => {
            let text = t().team_remove_text(with);
            let body = view! {
                <p data-focus tabindex="-1">{text}</p>
                {revoked_with_it(manage)}
            };
            (body.into_any(), t().team_remove_button(with))
        }
        Act::Leave => {
            let text = t().required_leave_text(&account);
            let body = view! { <p data-focus tabindex="-1">{text}</p> };
            (body.into_any(), t().required_leave_button(&account))
        }
    };
    Said {
        body,
        label,
        kind: match act {
            Act::Roles | Act::LetIn | Act::Allow | Act::Reset | Act::Transfer => Kind::Primary,
            Act::Remove | Act::Leave => Kind::Danger,
        },
        proof: Signal::derive(move || match act {
            Act::LetIn | Act::Allow | Act::Reset | Act::Transfer => true,
            Act::Remove | Act::Leave => false,
            Act::Roles => manage.gives_rank(),
        }),
    }
}

/// The roles that the reader may give, and those that the user has.
fn roles(manage: Manage, list: UserList, task: Task, text: String) -> AnyView {
    let mut offered = list.may_give();
    for role in manage.roles.get_untracked() {
        if !offered.contains(&role) {
            offered.push(role);
        }
    }
    view! {
        <p>{text}</p>
        {role_boxes(offered, manage.roles, task.error_beside(Field::Roles))}
        <div role="status">
            {live(move || manage.takes_rank().then(|| revoked_with_it(manage)))}
            {live(move || manage.gives_rank().then(|| view! { <p>{t().team_gives_rank()}</p> }.into_any()))}
        </div>
    }
    .into_any()
}

/// How many invitations end with the rank of the user, before it is taken.
fn revoked_with_it(manage: Manage) -> AnyView {
    let user = manage.user.read_untracked();
    let count = user.as_ref().map_or(0, |user| user.invitations);
    (count > 0)
        .then(|| view! { <p>{t().team_revokes(count)}</p> })
        .into_any()
}
