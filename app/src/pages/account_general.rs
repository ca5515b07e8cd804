//! `/accounts/{id}/general`: name and time zone of an account, leaving it, and deleting it.

use leptos::prelude::*;

use crate::api::account::{delete_account, rename_account, set_account_zone};
use crate::api::profile::profile;
use crate::browser::{self, PageAddress};
use crate::components::confirm::{Confirm, Said, confirm_dialog};
use crate::components::current_account::CurrentAccount;
use crate::components::form::saved_in_place;
use crate::components::form_values::input_name;
use crate::components::leave_account::LeaveDialog;
use crate::components::linked::linked;
use crate::components::outcome::CardMessage;
use crate::components::page::PageTitle;
use crate::components::password_card::with_proof;
use crate::components::security_card::opens;
use crate::components::step_up::proof;
use crate::components::task::Task;
use crate::error::Field;
use crate::messages::denial;
use crate::text::t;
use crate::types::account::{AccountRef, EnteredAccount};
use crate::types::page::Page;
use crate::types::profile::Profile;
use crate::types::role::Denial;
use crate::ui::{Button, Card, Kind, TextField, Tone, alert, unique_id};

/// Name and time zone of an account, leaving it, and deleting it.
pub(crate) fn account_general_page(account: &EnteredAccount) -> AnyView {
    view! {
        <PageTitle title=t().general_title() />
        {name_card(account)}
        {zone_card(account)}
        {leave_card(account)}
        {account.delete.is_none().then(|| delete_card(account))}
    }
    .into_any()
}

fn name_card(account: &EnteredAccount) -> AnyView {
    let (current, said) = (CurrentAccount::here(), CardMessage::new());
    let id = AccountRef::Id(account.id);
    let save = Task::of_form(&[Field::AccountName], move |values| async move {
        let name = values.text(Field::AccountName);
        rename_account(id, name.clone()).await?;
        said.say(t().general_renamed());
        current.renamed(name.trim()).await;
        Ok(())
    });
    let name = account.name.clone();
    let content = if let Some(why) = account.rename {
        view! {
            <p class="card__fact">{name}</p>
            <p class="card__why">{denial(why)}</p>
        }
        .into_any()
    } else {
        let field = view! {
            <TextField
                label=t().common_account_name()
                name=input_name(Field::AccountName)
                autocomplete="organization"
                value=name
                error=save.error_beside(Field::AccountName)
            />
        };
        saved_in_place(save, field.into_any(), t().profile_save())
    };
    view! {
        <Card title=t().general_name() heading=said.heading>
            {said.view_unless(Signal::derive(move || save.refusal().is_some()))}
            {content}
        </Card>
    }
    .into_any()
}

fn zone_card(account: &EnteredAccount) -> AnyView {
    let (current, said) = (CurrentAccount::here(), CardMessage::new());
    let id = AccountRef::Id(account.id);
    let save = Task::of_form(&[Field::Zone], move |values| async move {
        let zone = values.text(Field::Zone);
        set_account_zone(id, zone.clone()).await?;
        said.say(t().general_zone_changed());
        current.moved_to(zone.trim());
        Ok(())
    });
    let zone = account.zone.clone();
    let content = if let Some(why) = account.rename {
        view! {
            <p class="card__fact">{zone}</p>
            <p class="card__why">{denial(why)}</p>
        }
        .into_any()
    } else {
        let field = view! {
            <TextField
                label=t().general_zone()
                name=input_name(Field::Zone)
                autocomplete="off"
                hint=t().general_zone_why()
                value=zone
                choices=browser::zones()
                error=save.error_beside(Field::Zone)
            />
        };
        saved_in_place(save, field.into_any(), t().general_zone_save())
    };
    view! {
        <Card title=t().general_zone_card() heading=said.heading>
            {said.view_unless(Signal::derive(move || save.refusal().is_some()))}
            {content}
        </Card>
    }
    .into_any()
}

fn leave_card(account: &EnteredAccount) -> AnyView {
    let (leaving, address) = (LeaveDialog::new(), PageAddress::here());
    let on_left = Callback::new(move |_| address.go(&Page::Start.path()));
    let (id, denied, current) = (account.id, account.leave, CurrentAccount::here());
    let ask = Callback::new(move |()| {
        let entered = current.entered.read_untracked();
        let name = entered.as_ref().map(|it| it.name.clone());
        leaving.ask(id, name.unwrap_or_default());
    });
    let why = unique_id("why");
    view! {
        <Card title=t().required_leave_title()>
            <p class="card__why">{t().general_leave_why()}</p>
            <div class="card__actions">
                <Button
                    label=t().required_leave()
                    kind=Kind::Secondary
                    on_click=ask
                    disabled=Signal::stored(denied.is_some())
                    described_by=why.clone()
                />
                <p class="card__beside" id=why>{denied.map(why_nobody_leaves)}</p>
            </div>
        </Card>
        {leaving.view(on_left)}
    }
    .into_any()
}

/// Why the reader cannot leave, where the account can be deleted on the same page.
fn why_nobody_leaves(why: Denial) -> AnyView {
    match why {
        Denial::OwnerStays => linked(&t().general_owner_stays()),
        other => denial(other),
    }
}

/// Deleting the account: its name is typed, and a step-up given.
fn delete_card(account: &EnteredAccount) -> AnyView {
    let (open, now) = (RwSignal::new(false), RwSignal::new(None::<Profile>));
    let load = Task::new(move || async move {
        now.set(Some(profile().await?));
        Ok(())
    });
    load.start();
    let (address, current) = (PageAddress::here(), CurrentAccount::here());
    let id = account.id;
    let delete = Task::of_form(DELETE_FIELDS, move |values| async move {
        let name = values.text(Field::AccountName);
        delete_account(AccountRef::Id(id), name, proof(&values)).await?;
        open.set(false);
        current.entered.set(None);
        current.refresh_list().await;
        address.go(&Page::Profile.path());
        Ok(())
    });
    let words = Callback::new(move |()| {
        let entered = current.entered.read_untracked();
        let name = entered.as_ref().map(|it| it.name.clone());
        let name = name.unwrap_or_default();
        Said {
            body: delete_words(&name, delete),
            label: t().general_delete_button(&name),
            kind: Kind::Danger,
            proof: Signal::stored(true),
        }
    });
    view! {
        <Card title=t().general_delete()>
            <p class="card__why">{linked(&t().general_delete_why())}</p>
            <div class="card__actions">
                <Button label=t().general_delete() kind=Kind::Secondary on_click=opens(open) />
            </div>
        </Card>
        {confirm_dialog(with_proof(Confirm::new(open, t().general_delete(), delete, words), now))}
    }
    .into_any()
}

/// What the dialog asks for: the name comes before the step-up, which may spend a code.
const DELETE_FIELDS: &[Field] = &[Field::AccountName, Field::Password, Field::Code];

fn delete_words(name: &str, delete: Task) -> AnyView {
    view! {
        {alert(Tone::Careful, t().general_delete_intro(&name).into_any())}
        <p>{t().general_delete_type(&name)}</p>
        <TextField
            label=t().common_account_name()
            name=input_name(Field::AccountName)
            autocomplete="off"
            error=delete.error_beside(Field::AccountName)
        />
    }
    .into_any()
}
