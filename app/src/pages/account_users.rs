//! `/accounts/{id}/users`: the users of an account, their roles, and their two-factor authentication.

mod handing;
mod invitations;
mod manage;

use leptos::prelude::*;

use crate::api::team::team_users;
use crate::browser;
use crate::components::account_frame::no_right;
use crate::components::factors::in_list;
use crate::components::linked::linked;
use crate::components::loaded::{loaded, more_button};
use crate::components::page::PageTitle;
use crate::components::paged::Paged;
use crate::components::roles::role_names;
use crate::components::task::Task;
use crate::components::two_factor_state::state_mark;
use crate::error::ApiError;
use crate::text::t;
use crate::types::account::{AccountRef, EnteredAccount};
use crate::types::factors::FactorKind;
use crate::types::role::Role;
use crate::types::team::{NotSetUp, TeamUser, UsersPage, UsersQuery};
use crate::ui::{
    Button, CheckBox, Kind, PLACE, Tone, alert, date_time, live, sentence, table, unique_id,
};
use invitations::invitations_card;
use manage::{Manage, manage_dialog};

/// What the list shows, and what it was asked for.
#[derive(Clone, Copy)]
struct UserList {
    account: AccountRef,
    search: RwSignal<String>,
    without: RwSignal<bool>,
    users: Paged<UsersPage>,
}

impl UserList {
    /// The roles that the reader may give to others.
    fn may_give(self) -> Vec<Role> {
        let shown = self.shown().read();
        shown
            .as_ref()
            .map(|it| it.may_give.clone())
            .unwrap_or_default()
    }

    /// The address of the reader, for password managers.
    fn email(self) -> String {
        let shown = self.shown().read();
        shown
            .as_ref()
            .map(|it| it.email.clone())
            .unwrap_or_default()
    }

    /// Whether a step-up of the reader needs a code besides the password.
    fn is_code_due(self) -> bool {
        let shown = self.shown().read();
        shown.as_ref().is_some_and(|it| it.step_up_needs_code)
    }

    fn shown(self) -> ReadSignal<Option<UsersPage>> {
        self.users.shown()
    }

    /// Reads the users from the first on.
    async fn read(self) -> Result<(), ApiError> {
        self.users.read(|| self.ask(None)).await?;
        Ok(())
    }

    /// Reads those after the ones that are shown.
    async fn read_more(self) -> Result<(), ApiError> {
        let further = |page: &UsersPage| self.ask(page.next.clone());
        self.users.read_more(further).await?;
        Ok(())
    }

    fn ask(self, after: Option<String>) -> impl Future<Output = Result<UsersPage, ApiError>> {
        let query = UsersQuery {
            search: self.search.get_untracked(),
            without_two_factor: self.without.get_untracked(),
            after,
        };
        team_users(self.account, query)
    }
}

const HEADINGS: &[fn() -> &'static str] = &[
    || t().team_user(),
    || t().role_title(),
    || t().team_two_factor(),
    || t().team_last_active(),
    || t().team_manage(),
];

/// The users of an account and its invitations.
pub(crate) fn account_users_page(account: &EnteredAccount) -> AnyView {
    let title = view! { <PageTitle title=t().team_title(&account.name) /> };
    if let Some(why) = account.read_users {
        return view! {
            {title}
            {no_right(why)}
        }
        .into_any();
    }
    let starts_without = browser::query("without").is_some();
    let list = UserList {
        account: AccountRef::Id(account.id),
        search: RwSignal::new(String::new()),
        without: RwSignal::new(starts_without),
        users: Paged::new(),
    };
    let load = Task::new(move || list.read());
    let more = Task::new(move || list.read_more());
    load.start();
    let shown = list.shown();
    Effect::watch(
        move || list.without.get(),
        move |_, _, _| load.start(),
        false,
    );
    let manage = Manage::new(account);
    let said = manage.said;
    let dialog = manage_dialog(manage, list, load);
    view! {
        {title}
        <section class="card" aria-label=t().account_users()>
            {search(list, load)}
            <div role="status">{live(move || said.get().map(|words| alert(Tone::Good, linked(&words))))}</div>
            <p class="card__fact" role="status">
                {live(move || shown.read().as_ref().map(|page| found(page, list)))}
            </p>
            {live(move || loaded(load, shown.read().as_ref().map(|page| users(page, manage, more))))}
        </section>
        {invitations_card(list)}
        {dialog}
    }
    .into_any()
}

fn search(list: UserList, load: Task) -> AnyView {
    let id = unique_id("search");
    view! {
        <form
            class="search"
            role="search"
            on:submit=move |event| {
                event.prevent_default();
                load.start();
            }
        >
            <div class="field search__field">
                <label class="field__label" for=id.clone()>{t().team_search()}</label>
                <input
                    class="field__input"
                    id=id
                    type="search"
                    name="search"
                    autocomplete="off"
                    on:input=move |event| list.search.set(event_target_value(&event))
                />
            </div>
            <Button label=t().team_search_button() kind=Kind::Secondary pending=load.pending() />
            <CheckBox label=t().team_without() checked=list.without />
        </form>
    }
    .into_any()
}

/// How many the query finds, or that there is nobody.
fn found(page: &UsersPage, list: UserList) -> String {
    let without = list.without.get_untracked();
    let is_search = !list.search.read_untracked().is_empty();
    match (page.users.is_empty(), without) {
        (true, true) if !is_search => t().team_none_without().to_owned(),
        (true, _) => t().team_none_found().to_owned(),
        (false, true) => t().team_found_without(page.found),
        (false, false) => t().team_found(page.found),
    }
}

fn users(page: &UsersPage, manage: Manage, more: Task) -> AnyView {
    if page.users.is_empty() {
        return ().into_any();
    }
    let rows = page.users.iter().map(|user| row(user, manage)).collect();
    let shown = page.users.len();
    let rest = page.next.is_some().then(|| {
        view! {
            <p class="card__why">{t().team_shown(&shown)}</p>
            {more_button(more)}
        }
    });
    view! {
        {table(t().account_users(), HEADINGS, rows)}
        {rest}
    }
    .into_any()
}

/// What there is still to do, and whether somebody has let them do it without a mailed code.
fn not_set_up(user: &TeamUser) -> Option<AnyView> {
    let what = user.not_set_up.map(|what| match what {
        NotSetUp::NotYet => t().team_not_yet(),
        NotSetUp::NoMail => t().team_not_yet_no_mail(),
        NotSetUp::AddressNotProven => t().team_not_yet_unproven(),
        NotSetUp::AddressCorrected => t().team_not_yet_corrected(),
    });
    let allowed = user
        .allowed_until
        .map(|at| sentence(&t().team_allowed_until(&PLACE), date_time(at.seconds())));
    (what.is_some() || allowed.is_some()).then(|| {
        let line = |words: AnyView| view! { <span class="table__quiet">{words}</span> };
        view! {
            {what.map(|words| line(words.into_any()))}
            {allowed.map(line)}
        }
        .into_any()
    })
}

fn row(user: &TeamUser, manage: Manage) -> Vec<AnyView> {
    let two_factor = match user.two_factor_since {
        _ if user.is_factor_refused => state_mark(true, t().team_factor_refused().into_any()),
        None => state_mark(true, t().team_off().into_any()),
        Some(since) => {
            let line = |kind| {
                let words = sentence(&in_list(kind), date_time(since.seconds()));
                state_mark(kind == FactorKind::Sms, words)
            };
            let lines = user.factors.iter().map(|kind| line(*kind));
            lines.collect_view().into_any()
        }
    };
    let last_active = match user.last_active_at {
        None => t().team_never().into_any(),
        Some(at) => date_time(at.seconds()),
    };
    let two_factor = match user.opens_at {
        None => two_factor,
        Some(at) => {
            let shut = sentence(&t().team_opens_at(&PLACE), date_time(at.seconds()));
            view! { {two_factor} <span class="table__quiet">{shut}</span> }.into_any()
        }
    };
    let two_factor = match not_set_up(user) {
        None => two_factor,
        Some(words) => view! { {two_factor} {words} }.into_any(),
    };
    // Where a long address has to break, it does so before its host.
    let email = shown_address(user);
    let (local, host) = email.split_at(email.find('@').unwrap_or(0));
    let name = view! {
        <strong>{user.name.clone()}</strong>
        <span class="table__quiet">{local.to_owned()}<wbr />{host.to_owned()}</span>
    };
    let label = t().team_manage().to_owned() + " " + &user.name;
    let user_of_row = user.clone();
    let button = view! {
        <button
            type="button"
            class="button button--quiet"
            aria-label=label
            on:click=move |_| manage.open_for(user_of_row.clone())
        >
            {t().team_manage()}
        </button>
    };
    vec![
        name.into_any(),
        role_names(&user.roles).into_any(),
        two_factor,
        last_active,
        button.into_any(),
    ]
}

/// The address of a user, or that they have none: its mailbox has won it.
pub(crate) fn shown_address(user: &TeamUser) -> String {
    if user.email.is_empty() {
        t().team_no_address().to_owned()
    } else {
        user.email.clone()
    }
}
