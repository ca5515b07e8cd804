//! The cards of the Profile page.

use leptos::prelude::*;

use super::change_email::ChangeEmailDialog;
use super::confirm::{Confirm, Said, confirm_dialog};
use super::current_account::CurrentAccount;
use super::deleted_account::{RestoreDialog, deleted_line};
use super::form::saved_in_place;
use super::form_values::input_name;
use super::from_day::from_day;
use super::leave_account::LeaveDialog;
use super::linked::linked;
use super::loaded::loaded;
use super::outcome::CardMessage;
use super::password_card::with_proof;
use super::roles::role_names;
use super::security_card::opens;
use super::session::SessionContext;
use super::step_up::{FIELDS, proof};
use super::task::Task;
use crate::api::account::accounts;
use crate::api::profile::{cancel_email_change, change_email, delete_user, rename};
use crate::error::{ApiError, Field};
use crate::text::t;
use crate::types::account::{AccountEntry, Accounts};
use crate::types::page::AccountPage;
use crate::types::profile::{OwnAccount, Profile};
use crate::types::two_factor::Delivery;
use crate::ui::{Button, Card, Kind, PLACE, TextField, Tone, alert, live, sentence, unique_id};

/// The name, which can be changed in place.
#[component]
pub(crate) fn NameCard(now: RwSignal<Option<Profile>>, load: Task) -> AnyView {
    let session = SessionContext::here();
    let said = CardMessage::new();
    let save = Task::of_form(&[Field::Name], move |values| async move {
        rename(values.text(Field::Name)).await?;
        said.say(t().profile_renamed());
        load.start();
        // The menu shows the name.
        session.refresh().await;
        Ok(())
    });
    // Only another name draws the field anew, so that nothing typed is lost.
    let name = Memo::new(move |_| now.read().as_ref().map(|now| now.name.clone()));
    view! {
        <Card title=t().profile_name() heading=said.heading>
            {said.view_unless(Signal::derive(move || save.refusal().is_some()))}
            {move || loaded(load, name.get().map(|name| name_form(name, save)))}
        </Card>
    }
    .into_any()
}

fn name_form(name: String, save: Task) -> AnyView {
    let field = view! {
        <TextField
            label=t().common_name()
            name=input_name(Field::Name)
            autocomplete="name"
            value=name
            error=save.error_beside(Field::Name)
        />
    };
    saved_in_place(save, field.into_any(), t().profile_save())
}

/// The address, and the one that waits for its link.
#[component]
pub(crate) fn EmailCard(now: RwSignal<Option<Profile>>, load: Task) -> AnyView {
    let (said, open) = (CardMessage::new(), RwSignal::new(false));
    let again = RwSignal::new(false);
    let on_done = Callback::new(move |delivery| {
        match delivery {
            Delivery::Folder => said.say_in(Tone::Careful, t().profile_link_folder()),
            Delivery::Sent | Delivery::Refused => said.say(t().profile_link_sent()),
        }
        load.start();
    });
    let cancel = Task::new(move || async move {
        match cancel_email_change().await {
            Ok(()) => said.say(t().profile_cancelled()),
            // Confirmed or over meanwhile: the card then shows what holds now.
            Err(ApiError::NotFound) => {}
            Err(error) => return Err(error),
        }
        load.start();
        Ok(())
    });
    let proving = RwSignal::new(false);
    let prove = Task::of_form(FIELDS, move |values| async move {
        let email = now.with_untracked(|now| now.as_ref().map(|now| now.email.clone()));
        let delivery = change_email(email.unwrap_or_default(), proof(&values), None).await?;
        proving.set(false);
        match delivery {
            Delivery::Folder => said.say_in(Tone::Careful, t().profile_prove_folder()),
            Delivery::Sent | Delivery::Refused => said.say(t().profile_prove_sent()),
        }
        load.start();
        Ok(())
    });
    let proving_words = Callback::new(move |()| Said {
        body: prove_intro(now),
        label: t().password_send().to_owned(),
        kind: Kind::Primary,
        proof: Signal::stored(true),
    });
    let asks_proof = Confirm::new(proving, t().profile_prove(), prove, proving_words);
    view! {
        <Card title=t().common_email() heading=said.heading>
            {said.view()}
            {move || loaded(load, now.read().as_ref().map(|now| address(now, [open, again, proving], cancel)))}
        </Card>
        {confirm_dialog(with_proof(asks_proof, now))}
        <ChangeEmailDialog open again now on_done />
    }
    .into_any()
}

/// The address in use, whose proof may be due, and the one that waits.
fn address(now: &Profile, [open, again, proving]: [RwSignal<bool>; 3], cancel: Task) -> AnyView {
    let is_lost = now.email.is_empty();
    let unverified = (!now.email_verified && !is_lost).then(|| {
        let content = view! {
            <p>{t().profile_unverified(&now.email)}</p>
            <Button label=t().profile_prove() kind=Kind::Secondary on_click=opens(proving) />
        };
        alert(Tone::Careful, content.into_any())
    });
    let label = if is_lost {
        t().profile_give_another()
    } else {
        t().profile_change_email()
    };
    let waits = |email| {
        let content = view! {
            <p>{t().profile_waits(email)}</p>
            {move || cancel.general_error().map(|error| alert(Tone::Danger, error))}
            <div class="card__actions">
                <Button
                    label=t().profile_send_again()
                    kind=Kind::Secondary
                    on_click=Callback::new(move |()| {
                        again.set(true);
                        open.set(true);
                    })
                />
                <Button
                    label=t().profile_cancel_change()
                    kind=Kind::Quiet
                    on_click=Callback::new(move |()| cancel.start())
                    pending=cancel.pending()
                />
            </div>
        };
        alert(Tone::Note, content.into_any())
    };
    view! {
        <p class="card__fact">
            {if is_lost { t().profile_no_address().to_owned() } else { now.email.clone() }}
        </p>
        {unverified}
        {now.new_email.as_ref().map(|email| waits(email))}
        <div class="card__actions">
            <Button label kind=Kind::Secondary on_click=opens(open) />
        </div>
    }
    .into_any()
}

fn prove_intro(now: RwSignal<Option<Profile>>) -> AnyView {
    let email = now.with_untracked(|now| now.as_ref().map(|now| now.email.clone()));
    view! { <p>{t().profile_prove_intro(&email.unwrap_or_default())}</p> }.into_any()
}

/// The accounts of the user, each with a way out.
#[component]
pub(crate) fn AccountsCard(now: RwSignal<Option<Profile>>, load_profile: Task) -> AnyView {
    let account = CurrentAccount::here();
    let accounts_now = RwSignal::new(None::<Accounts>);
    let said = RwSignal::new(None::<String>);
    let load = Task::new(move || async move {
        accounts_now.set(Some(accounts().await?));
        Ok(())
    });
    load.start();
    let leaving = LeaveDialog::new();
    let on_left = Callback::new(move |name: String| {
        said.set(Some(t().profile_left(&name)));
        load.start();
    });
    let restoring = RestoreDialog::new();
    let on_restored = Callback::new(move |name: String| {
        said.set(Some(t().profile_restored(&name)));
        load.start();
        // What the user owns has grown.
        load_profile.start();
    });
    let list = move || {
        let now = accounts_now.get();
        now.map(|now| account_lines(now, (leaving, restoring), account))
    };
    view! {
        <Card title=t().profile_accounts()>
            <div role="status">
                {live(move || said.get().map(|words| alert(Tone::Note, words.into_any())))}
            </div>
            {move || loaded(load, list())}
        </Card>
        {leaving.view(on_left)}
        {restoring.view(now, on_restored)}
    }
    .into_any()
}

fn account_lines(
    Accounts {
        accounts, deleted, ..
    }: Accounts,
    (leaving, restoring): (LeaveDialog, RestoreDialog),
    account: CurrentAccount,
) -> AnyView {
    let create = opens(account.creating);
    let none = accounts
        .is_empty()
        .then(|| view! { <p class="card__why">{linked(&t().account_in_none())}</p> });
    view! {
        {none}
        <ul class="lines">
            {accounts.into_iter().map(|it| account_line(it, leaving)).collect_view()}
            {deleted.into_iter().map(|it| deleted_line(it, restoring)).collect_view()}
        </ul>
        <div class="card__actions">
            <Button label=t().account_create() kind=Kind::Quiet on_click=create />
        </div>
    }
    .into_any()
}

/// One account: what the user is in it, what it requires, and the way out or what is in its way.
fn account_line(account: AccountEntry, leaving: LeaveDialog) -> AnyView {
    let (id, name) = (account.id, account.name);
    let requirement = account.required_from.as_ref().map(|from| {
        let words = if account.in_force {
            t().profile_required_since(&PLACE)
        } else {
            t().profile_required_from(&PLACE)
        };
        view! { <p class="lines__fact">{sentence(&words, from_day(from))}</p> }
    });
    let shut = account
        .is_shut
        .then(|| view! { <p class="lines__fact">{t().profile_shut()}</p> });
    let out = if account.leave.is_some() {
        let users = AccountPage::Users.of_account(id).path();
        let general = AccountPage::General.of_account(id).path();
        view! {
            <p class="lines__fact">
                {t().profile_owner_stays()} " " <a href=users>{t().profile_offer()}</a> " "
                <a href=general>{t().profile_delete_account()}</a>
            </p>
        }
        .into_any()
    } else {
        ().into_any()
    };
    let leave = account.leave.is_none().then(|| {
        let asked = name.clone();
        let ask = Callback::new(move |()| leaving.ask(id, asked.clone()));
        view! { <Button label=t().required_leave_button(&name) kind=Kind::Quiet on_click=ask /> }
    });
    let page = AccountPage::Overview.of_account(id).path();
    view! {
        <li class="lines__line">
            <div class="lines__words">
                <p><a href=page>{name}</a></p>
                <p class="lines__fact">{role_names(&account.roles)}</p>
                {requirement}
                {shut}
                {out}
            </div>
            {leave}
        </li>
    }
    .into_any()
}

/// Deleting the user, once nobody else needs their accounts.
#[component]
pub(crate) fn DeleteCard(now: RwSignal<Option<Profile>>, load: Task) -> AnyView {
    let session = SessionContext::here();
    let open = RwSignal::new(false);
    let delete = Task::of_form(FIELDS, move |values| async move {
        delete_user(proof(&values)).await?;
        session.say_at_sign_in(t().profile_deleted());
        session.ended();
        session.refresh().await;
        Ok(())
    });
    let words = Callback::new(|()| Said {
        body: alert(Tone::Careful, t().profile_delete_intro().into_any()),
        label: t().profile_delete().to_owned(),
        kind: Kind::Danger,
        proof: Signal::stored(true),
    });
    view! {
        <Card title=t().profile_delete()>
            <p class="card__why">{t().profile_delete_why()}</p>
            {move || loaded(load, now.read().as_ref().map(|now| way_out(&now.owns, open)))}
        </Card>
        {confirm_dialog(with_proof(Confirm::new(open, t().profile_delete(), delete, words), now))}
    }
    .into_any()
}

fn way_out(owns: &[OwnAccount], open: RwSignal<bool>) -> AnyView {
    let why = unique_id("why");
    let is_owner = !owns.is_empty();
    let names = owns
        .iter()
        .map(|account| {
            let name = &account.name;
            let users = AccountPage::Users.of_account(account.id).path();
            let general = AccountPage::General.of_account(account.id).path();
            view! {
                <li>
                    {name.clone()} ": " <a href=users>{t().profile_way_offer(name)}</a> ", "
                    <a href=general>{t().profile_way_delete(name)}</a>
                </li>
            }
        })
        .collect_view();
    let accounts = is_owner.then(|| {
        let content = view! {
            <p>{t().profile_owns()}</p>
            <ul>{names}</ul>
        };
        alert(Tone::Note, content.into_any())
    });
    view! {
        {accounts}
        <div class="card__actions">
            <Button
                label=t().profile_delete()
                kind=Kind::Secondary
                on_click=opens(open)
                disabled=Signal::stored(is_owner)
                described_by=why.clone()
            />
            <p class="card__beside" id=why>{is_owner.then(|| t().profile_transfer_first())}</p>
        </div>
    }
    .into_any()
}
