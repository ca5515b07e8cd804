//! `/accounts/{id}/users`: the users of an account, their roles, and their two-factor authentication.

mod handing;
mod invitations;
mod list;
mod manage;

use leptos::prelude::*;

use crate::components::account_frame::no_right;
use crate::components::factors::in_list;
use crate::components::linked::linked;
use crate::components::loaded::{loaded, more_button};
use crate::components::page::PageTitle;
use crate::components::roles::role_names;
use crate::components::task::Task;
use crate::components::two_factor_state::state_mark;
use crate::text::t;
use crate::types::account::{AccountRef, EnteredAccount};
use crate::types::factors::FactorKind;
use crate::types::team::{NotSetUp, TeamUser, UsersPage};
use crate::types::users_query::TwoFactorFilter;
use crate::ui::{PLACE, Tone, alert, date_time, live, sentence, table};
use invitations::{Inviting, invitations_card, invite_button};
use list::{UserList, list_search};
use manage::{Manage, manage_dialog};

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
    let list = UserList::of_address(AccountRef::Id(account.id));
    let load = Task::new(move || list.read());
    let more = Task::new(move || list.read_more());
    load.start();
    let shown = list.shown();
    let inviting = Inviting::new();
    // Who reads it may give roles that only the answer names.
    let is_known = Memo::new(move |_| shown.read().is_some());
    let manage = Manage::new(account);
    let said = manage.said;
    let dialog = manage_dialog(manage, list, load);
    view! {
        <div class="page__head" data-wide>
            {title}
            {live(move || is_known.get().then(|| invite_button(list, inviting)))}
        </div>
        <div role="status">{inviting.said()}</div>
        <section class="card" aria-label=t().account_users()>
            {list_search(list, load)}
            <div role="status">{live(move || said.get().map(|words| alert(Tone::Good, linked(&words))))}</div>
            <p class="card__fact" role="status">
                {live(move || shown.read().as_ref().map(|page| found(page, list)))}
            </p>
            {live(move || loaded(load, shown.read().as_ref().map(|page| users(page, manage, more))))}
        </section>
        {invitations_card(list, inviting)}
        {dialog}
    }
    .into_any()
}

/// How many the query finds, or that there is nobody.
fn found(page: &UsersPage, list: UserList) -> String {
    let asked = list.asked.read_untracked();
    let without = asked.two_factor == Some(TwoFactorFilter::Uncovered);
    let is_other = !asked.search.is_empty() || asked.role.is_some();
    match (page.users.is_empty(), without) {
        (true, true) if !is_other => t().team_none_without().to_owned(),
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
