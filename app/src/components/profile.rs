//! The cards of the Profile page.

use leptos::prelude::*;

use super::change_email::ChangeEmailDialog;
use super::confirm::{Confirm, Said, confirm_dialog};
use super::form::Form;
use super::form_values::input_name;
use super::loaded::loaded;
use super::outcome::CardMessage;
use super::password_card::with_proof;
use super::security_card::opens;
use super::session::SessionContext;
use super::step_up::{FIELDS, proof};
use super::task::Task;
use crate::api::profile::{change_email, delete_user, rename};
use crate::error::Field;
use crate::text::t;
use crate::types::page::AccountPage;
use crate::types::profile::{OwnAccount, Profile};
use crate::types::two_factor::Delivery;
use crate::ui::{Button, Card, Kind, TextField, Tone, alert, unique_id};

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
    view! {
        <Form task=save saves=true>
            <TextField
                label=t().common_name()
                name=input_name(Field::Name)
                autocomplete="name"
                value=name
                error=save.error_beside(Field::Name)
            />
            <div class="card__actions">
                <Button label=t().profile_save() kind=Kind::Secondary pending=save.pending() />
            </div>
        </Form>
    }
    .into_any()
}

/// The address, and the one that waits for its link.
#[component]
pub(crate) fn EmailCard(now: RwSignal<Option<Profile>>, load: Task) -> AnyView {
    let (said, open) = (CardMessage::new(), RwSignal::new(false));
    let on_done = Callback::new(move |delivery| {
        match delivery {
            Delivery::Folder => said.say_in(Tone::Careful, t().profile_link_folder()),
            Delivery::Sent | Delivery::Refused => said.say(t().profile_link_sent()),
        }
        load.start();
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
            {move || loaded(load, now.read().as_ref().map(|now| address(now, open, proving)))}
        </Card>
        {confirm_dialog(with_proof(asks_proof, now))}
        <ChangeEmailDialog open now on_done />
    }
    .into_any()
}

/// The address in use, whose proof may be due, and the one that waits.
fn address(now: &Profile, open: RwSignal<bool>, proving: RwSignal<bool>) -> AnyView {
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
    let waits = |email| alert(Tone::Note, t().profile_waits(email).into_any());
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
            let users = AccountPage::Users.of_account(account.id);
            view! { <li><a href=users.path()>{account.name.clone()}</a></li> }
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
