//! The menu of accounts in the top bar, and the dialog that creates one.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::current_account::CurrentAccount;
use super::form::Form;
use super::form_values::input_name;
use super::task::Task;
use crate::api::account::create_account;
use crate::browser::{self, PageAddress};
use crate::error::Field;
use crate::text::t;
use crate::types::account::AccountEntry;
use crate::types::page::{AccountPage, Page};
use crate::ui::{Button, Dialog, Menu, TextField, cancel_button, live};

/// The menu. Its button says which account is open.
pub(crate) fn account_switcher() -> AnyView {
    let account = CurrentAccount::here();
    let path = PageAddress::here().path();
    let is_in_account = Memo::new(move |_| Page::is_of_accounts(&path.read()));
    // Which are shut may have changed on the way between one's own pages and an account's.
    Effect::new(move |_| {
        is_in_account.track();
        spawn_local(account.refresh_list());
    });
    let creating = account.creating;
    let current = Memo::new(move |_| {
        if !is_in_account.get() {
            return None;
        }
        let entered = account.entered.read();
        let shut = account.shut.read();
        match (&*entered, &*shut) {
            (Some(entered), _) => Some((entered.id, entered.name.clone())),
            (None, Some(shut)) => Some((shut.id, shut.name.clone())),
            (None, None) => None,
        }
    });
    let sought = RwSignal::new(String::new());
    let shown = move || {
        current
            .get()
            .map_or_else(|| t().account_switch().to_owned(), |(_, name)| name)
    };
    let name = Signal::derive(move || {
        current.get().map_or_else(
            || t().account_switch().to_owned(),
            |(_, name)| t().account_switch_from(&name),
        )
    });
    let entries = move || {
        let here = current.get().map(|(id, _)| id);
        let entry = |it: AccountEntry| entry(&it, here == Some(it.id));
        let sought = sought.read();
        let is_meant = |it: &AccountEntry| is_found(&it.name, &sought);
        account
            .list
            .get()
            .into_iter()
            .filter(is_meant)
            .map(entry)
            .collect_view()
    };
    let is_long = Memo::new(move |_| account.list.read().len() >= FILTER_FROM);
    let filter = move || is_long.get().then(|| filter(sought));
    // After the menu has closed and given focus back to its button, which gets it again from the dialog.
    let create = move |_| request_animation_frame(move || creating.set(true));
    let items = view! {
        {entries}
        <button class="menu__item" role="menuitem" type="button" on:click=create>
            {t().account_create()}
        </button>
    };
    view! {
        <div class="top-bar__account">
            <Menu
                name
                button=view! { <span class="menu__account">{shown}</span> }.into_any()
                head=view! {
                    <p class="menu__who">{t().account_switch()}</p>
                    {live(filter)}
                }
                    .into_any()
                items=items.into_any()
            />
        </div>
        {create_dialog(account, creating)}
    }
    .into_any()
}

/// From so many accounts on, the menu has a filter.
const FILTER_FROM: usize = 8;

fn is_found(name: &str, sought: &str) -> bool {
    name.to_lowercase().contains(&sought.trim().to_lowercase())
}

fn filter(sought: RwSignal<String>) -> AnyView {
    view! {
        <input
            class="field__input menu__filter"
            type="search"
            autocomplete="off"
            aria-label=t().account_filter()
            placeholder=t().account_filter()
            on:input=move |event| sought.set(event_target_value(&event))
        />
    }
    .into_any()
}

fn entry(account: &AccountEntry, is_here: bool) -> AnyView {
    let shut = account
        .is_shut
        .then(|| view! { <small class="menu__note">{t().account_shut()}</small> });
    view! {
        <a
            class="menu__item"
            role="menuitem"
            href=AccountPage::Overview.of_account(account.id).path()
            aria-current=is_here.then_some("true")
        >
            <span class="menu__words">{account.name.clone()} {shut}</span>
        </a>
    }
    .into_any()
}

fn create_dialog(account: CurrentAccount, open: RwSignal<bool>) -> AnyView {
    let address = PageAddress::here();
    let task = Task::of_form(&[Field::AccountName], move |values| async move {
        let id = create_account(values.text(Field::AccountName), browser::zone()).await?;
        open.set(false);
        account.refresh_list().await;
        address.go(&AccountPage::Overview.of_account(id).path());
        Ok(())
    });
    let on_closed = Callback::new(move |()| task.clear());
    view! {
        <Dialog open title=Signal::stored(t().account_create()) on_closed>
            <Form task>
                <p>{t().account_create_intro()}</p>
                <TextField
                    label=t().common_account_name()
                    name=input_name(Field::AccountName)
                    autocomplete="organization"
                    error=task.error_beside(Field::AccountName)
                />
                <div class="dialog__actions">
                    {cancel_button(open)}
                    <Button
                        label=t().account_create()
                        pending=task.pending()
                        pending_label=t().account_created_pending()
                    />
                </div>
            </Form>
        </Dialog>
    }
    .into_any()
}
