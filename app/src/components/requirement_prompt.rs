//! Shown in place of a page when its account requires two-factor authentication and the user has none. The address of the
//! page stays, and no data of the account is kept.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::current_account::CurrentAccount;
use super::enrolment::EnrolmentDialog;
use super::from_day::from_day;
use super::leave_account::LeaveDialog;
use super::page::PageTitle;
use super::session::SessionContext;
use super::task::Task;
use crate::browser::PageAddress;
use crate::text::t;
use crate::types::account::RequiringAccount;
use crate::types::page::{AccountPage, Page};
use crate::types::two_factor::EnrolmentPurpose;
use crate::ui::{Button, Kind, PLACE, Tone, alert, date_time, live, sentence};

/// The four ways on: set it up, switch account, sign out, leave the account.
pub(crate) fn requirement_prompt(account: CurrentAccount, enter: Task) -> AnyView {
    let session = SessionContext::here();
    let email = Signal::derive(move || session.user().map(|user| user.email).unwrap_or_default());
    let Some(shut) = account.shut.get_untracked() else {
        return ().into_any();
    };
    // Which of the others are open may have changed as well.
    spawn_local(account.refresh_list());
    let sign_out = Task::new(move || session.sign_out());
    let (leaving, address) = (LeaveDialog::new(), PageAddress::here());
    let on_left = Callback::new(move |_| {
        account.shut.set(None);
        address.go(&Page::Start.path());
    });
    let (id, name) = (shut.id, shut.name.clone());
    let leave = Callback::new(move |()| leaving.ask(id, name.clone()));
    let on_done = Callback::new(move |()| {
        account.setting_up.set(false);
        account.has_set_up.set(true);
        enter.start();
    });
    // Setting it up may not open the account yet: then the prompt says until when it stays shut.
    let now = Memo::new(move |_| account.shut.get());
    let is_off = move || now.read().as_ref().is_none_or(|it| !it.has_two_factor);
    view! {
        <div class="narrow">
            {live(move || now.read().as_ref().map(why_shut))}
            <div class="card">
                {live(move || is_off().then(|| set_up(account.setting_up)))}
                {switch(account, &shut)}
                <Button
                    label=t().common_sign_out()
                    kind=Kind::Secondary
                    on_click=Callback::new(move |()| sign_out.start())
                    pending=sign_out.pending()
                />
                {live(move || sign_out.general_error().map(|text| alert(Tone::Danger, text)))}
                <Button label=t().required_leave() kind=Kind::Quiet on_click=leave />
            </div>
        </div>
        <EnrolmentDialog
            open=account.setting_up
            purpose=EnrolmentPurpose::Enable
            email
            code_due=Signal::stored(false)
            on_done
        />
        {leaving.view(on_left)}
    }
    .into_any()
}

/// The requirement, or the day after a reset that another account had offered.
fn why_shut(shut: &RequiringAccount) -> AnyView {
    let (title, intro) = match shut.opens_at {
        None => (
            t().required_title(&shut.name),
            sentence(&t().required_since(&PLACE), from_day(&shut.from)),
        ),
        Some(opens_at) => (
            t().required_after_reset_title(&shut.name),
            sentence(
                &t().required_after_reset(&PLACE),
                date_time(opens_at.seconds()),
            ),
        ),
    };
    let what = shut
        .opens_at
        .is_none()
        .then(|| view! { <p class="page__intro">{t().required_what()}</p> });
    view! {
        <PageTitle title />
        <p class="page__intro">{intro}</p>
        {what}
    }
    .into_any()
}

fn set_up(open: RwSignal<bool>) -> AnyView {
    let on_click = Callback::new(move |()| open.set(true));
    view! { <Button label=t().required_set_up() on_click /> }.into_any()
}

/// The other accounts, behind a button; those whose doors are shut too say so. Who has no other is not asked.
fn switch(account: CurrentAccount, shut: &RequiringAccount) -> AnyView {
    let open = RwSignal::new(false);
    let here = shut.id;
    let others = move || {
        let links = account
            .list
            .get()
            .into_iter()
            .filter(|it| it.id != here)
            .map(|it| {
                let shut = it.is_shut.then(|| ", ".to_owned() + t().account_shut());
                let path = AccountPage::Overview.of_account(it.id).path();
                view! { <li><a class="required__account" href=path>{it.name}{shut}</a></li> }
            })
            .collect_view();
        view! { <ul class="required__accounts">{links}</ul> }.into_any()
    };
    let has_others = Memo::new(move |_| account.list.read().iter().any(|it| it.id != here));
    let button = move || {
        view! {
            <button
                type="button"
                class="button button--secondary"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {t().required_switch()}
            </button>
        }
    };
    view! {
        {live(move || has_others.get().then(button))}
        {live(move || open.get().then(others))}
    }
    .into_any()
}
