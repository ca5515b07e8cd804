//! What the pages of an account have in common: entering it, again and again while one is open; its navigation; and
//! the doors that it may keep shut.

use std::time::Duration;

use leptos::{ev, prelude::*};

use super::current_account::{CurrentAccount, Shown};
use super::from_day::from_day;
use super::linked::linked;
use super::loaded::retry_button;
use super::page::PageTitle;
use super::requirement_prompt::requirement_prompt;
use super::session::SessionContext;
use super::signed_in::SignedIn;
use super::task::Task;
use crate::api::account::enter_account;
use crate::browser;
use crate::error::ApiError;
use crate::messages::{self, denial};
use crate::text::named::{AccountByDate, AccountDate};
use crate::text::t;
use crate::types::account::{AccountRef, DeletedAccountEntry, EnteredAccount};
use crate::types::day::FromDay;
use crate::types::page::{AccountPage, Page};
use crate::types::role::Denial;
use crate::types::timestamp::Timestamp;
use crate::ui::{
    Button, Kind, PLACE, Tone, alert, date_time, link_button, live, sentence, skeleton_card,
};

/// While a page is on the screen, the account is entered again after so many seconds.
const EVERY: u64 = 30;

fn label(page: AccountPage) -> &'static str {
    match page {
        AccountPage::Overview => t().account_overview(),
        AccountPage::Users => t().account_users(),
        AccountPage::General => t().general_title(),
        AccountPage::Security => t().common_security(),
        AccountPage::Activity => t().account_activity(),
    }
}

/// A page of an account, `tab` where it is one of the navigation. `content` is drawn once the server lets the user in, and taken away when it no longer does.
pub(crate) fn account_frame(
    account: AccountRef,
    tab: Option<AccountPage>,
    content: fn(&EnteredAccount) -> AnyView,
) -> AnyView {
    let current = CurrentAccount::here();
    current.open(account);
    // Asked at the same time as who is signed in: the page waits for both.
    let enter = enter(current, account);
    view! { <SignedIn>{framed(enter, account, tab, content)}</SignedIn> }.into_any()
}

fn framed(
    enter: Task,
    page: AccountRef,
    tab: Option<AccountPage>,
    content: fn(&EnteredAccount) -> AnyView,
) -> AnyView {
    let account = CurrentAccount::here();
    let shown = Memo::new(move |_| account.shown(page));
    (move || match (shown.get(), account.entered.get_untracked()) {
        (Shown::Shut(_), _) => requirement_prompt(account, enter),
        (Shown::Inside(..), Some(entered)) => inside(account, &entered, tab, content),
        (Shown::Inside(..) | Shown::Nothing, _) => outside(enter, page),
    })
    .into_any()
}

/// Enters the account: now, at every return to the tab, every half minute, and when the requirement begins.
fn enter(account: CurrentAccount, page: AccountRef) -> Task {
    // After the first answer, `any` is the account that it was: another tab may have gone to another one since.
    let asked = StoredValue::new(page);
    let session = SessionContext::here();
    let again = StoredValue::new(None::<Callback<()>>);
    let enter = Task::new(move || async move {
        let answer = enter_account(asked.get_value()).await;
        let is_over = asked.try_get_value().is_none();
        if is_over || account.setting_up.get_untracked() {
            return Ok(());
        }
        match answer {
            Ok(entered) => {
                let is_new = asked.get_value() == AccountRef::Any;
                asked.set_value(AccountRef::Id(entered.id));
                let due_from = entered.due_from.as_ref().map(|it| it.at);
                account.enter(entered);
                if is_new {
                    account.refresh_list().await;
                }
                if let (Some(due_from), Some(Some(again))) = (due_from, again.try_get_value()) {
                    ask_at(due_from, again);
                }
                Ok(())
            }
            Err(error) => {
                if error == ApiError::NotFound {
                    account.entered.set(None);
                    // Which accounts there are, and how the last one was left, is said instead.
                    account.refresh_list().await;
                }
                Err(error)
            }
        }
    });
    let ask = move || {
        let is_open = asked.try_get_value().is_some();
        if is_open
            && !session.is_over_untracked()
            && browser::is_visible()
            && !account.setting_up.get_untracked()
            && !enter.pending().get_untracked()
        {
            enter.start();
        }
    };
    again.set_value(Some(Callback::new(move |()| ask())));
    let every = set_interval_with_handle(ask, Duration::from_secs(EVERY));
    let focus = window_event_listener(ev::focus, move |_| ask());
    let seen = window_event_listener_untyped("visibilitychange", move |_| ask());
    on_cleanup(move || {
        if let Ok(every) = every {
            every.clear();
        }
        focus.remove();
        seen.remove();
    });
    enter.start();
    enter
}

/// Asks at a moment that comes before the next round; a moment that has passed here has not come for the server yet.
fn ask_at(moment: Timestamp, again: Callback<()>) {
    let wait = (moment - browser::now().seconds()).seconds();
    if let Ok(wait) = u64::try_from(wait.max(1))
        && wait <= EVERY
    {
        set_timeout(
            move || {
                // Gone with the page.
                let _ = again.try_run(());
            },
            Duration::from_secs(wait),
        );
    }
}

fn inside(
    account: CurrentAccount,
    entered: &EnteredAccount,
    tab: Option<AccountPage>,
    content: fn(&EnteredAccount) -> AnyView,
) -> AnyView {
    let id = entered.id;
    let due = Memo::new(move |_| {
        account
            .entered
            .read()
            .as_ref()
            .and_then(|it| it.due_from.clone())
    });
    let name = entered.name.clone();
    let open_again = name.clone();
    let link = move |it: AccountPage| {
        view! {
            <a class="account__link" href=it.of_account(id).path() aria-current=(Some(it) == tab).then_some("page")>{label(it)}</a>
        }
    };
    view! {
        <div class="account">
            <nav class="account__nav" aria-label=t().account_nav()>{AccountPage::ALL.map(link).collect_view()}</nav>
            <div class="account__content" tabindex="-1" data-content>
                <div role="status">
                    {live(move || account.has_set_up.get().then(|| alert(Tone::Good, t().required_done(&open_again).into_any())))}
                    {live(move || due.get().map(|from| banner(&name, &from)))}
                </div>
                {content(entered)}
            </div>
        </div>
    }
    .into_any()
}

/// The requirement begins later, and the user has no two-factor authentication yet.
fn banner(name: &str, from: &FromDay) -> AnyView {
    let words = sentence(
        &t().account_due(AccountDate {
            account: &name,
            date: &PLACE,
        }),
        from_day(from),
    );
    let content = view! {
        <p>{words}</p>
        {link_button(t().account_turn_on(), Page::Security.path(), Kind::Secondary)}
    };
    alert(Tone::Careful, content.into_any())
}

/// Not entered: not yet, or why not.
fn outside(enter: Task, page: AccountRef) -> AnyView {
    (move || match enter.refusal() {
        None | Some(ApiError::TwoFactorRequired { .. }) => skeleton_card(),
        Some(ApiError::NotFound) => no_account(page),
        Some(error) => view! {
            <PageTitle title=t().common_failed_title() />
            {alert(Tone::Danger, messages::sentence(&error))}
            {retry_button(enter)}
        }
        .into_any(),
    })
    .into_any()
}

/// No account of the reader's: not this one, or none at all, and then how that came to be.
fn no_account(page: AccountRef) -> AnyView {
    let account = CurrentAccount::here();
    let deleted = move || deleted_here(page, &account.deleted.read());
    if !account.list.read().is_empty() {
        return view! {
            <PageTitle title=t().account_none_title() />
            {deleted}
            <p>{t().account_none()}</p>
        }
        .into_any();
    }
    let left = account.left.get().map(|left| {
        let name = left.name.as_deref();
        let name = name.unwrap_or_else(|| t().account_one_that_is_gone());
        let words = match &left.removed_by {
            Some(by) => t().account_removed(AccountByDate {
                account: &name,
                by,
                date: &PLACE,
            }),
            None => t().account_left(AccountDate {
                account: &name,
                date: &PLACE,
            }),
        };
        view! { <p>{sentence(&words, date_time(left.at.seconds()))}</p> }
    });
    let create = Callback::new(move |()| account.creating.set(true));
    view! {
        <PageTitle title=t().account_in_none_title() />
        {left}
        {deleted}
        <p>{linked(&t().account_in_none())}</p>
        <div class="card__actions">
            <Button label=t().account_create() kind=Kind::Secondary on_click=create />
        </div>
    }
    .into_any()
}

/// Those of the reader's accounts that were deleted, where the page is of one of them or of any.
fn deleted_here(page: AccountRef, deleted: &[DeletedAccountEntry]) -> AnyView {
    let is_here =
        |it: &&DeletedAccountEntry| page == AccountRef::Any || page == AccountRef::Id(it.id);
    let words = |it: &DeletedAccountEntry| {
        let words = match &it.by {
            Some(by) => t().account_deleted(AccountByDate {
                account: &it.name,
                by,
                date: &PLACE,
            }),
            None => t().account_deleted_by_operator(AccountDate {
                account: &it.name,
                date: &PLACE,
            }),
        };
        let erased = t().account_deleted_erased(&PLACE);
        let restore = match &it.by {
            Some(_) => linked(&t().account_deleted_restore()),
            None => t().account_deleted_operator_restores().into_any(),
        };
        view! {
            <p>
                {sentence(&words, date_time(it.at.seconds()))} " "
                {sentence(&erased, date_time(it.erased_at.seconds()))} " "
                {restore}
            </p>
        }
    };
    deleted
        .iter()
        .filter(is_here)
        .map(words)
        .collect_view()
        .into_any()
}

/// Instead of content that is not for the reader: why, and whom it is for.
pub(crate) fn no_right(why: Denial) -> AnyView {
    alert(Tone::Note, denial(why))
}
