//! The account whose pages are open, by the last answer of the server. One for the whole page.

use leptos::prelude::*;

use crate::api::account::accounts;
use crate::types::account::{
    AccountEntry, AccountRef, DeletedAccountEntry, EnteredAccount, LeftAccount, RequiringAccount,
};
use crate::types::ids::AccountId;
use crate::types::role::Role;

/// What an account's page may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Nothing of it yet.
    Nothing,
    /// That the account keeps its doors shut until the user has two-factor authentication.
    Shut(AccountId),
    /// The page. Redrawn when the roles are others.
    Inside(AccountId, Vec<Role>),
}

/// The context of the account.
#[derive(Clone, Copy)]
pub(crate) struct CurrentAccount {
    /// The account that was entered last.
    pub(crate) entered: RwSignal<Option<EnteredAccount>>,
    /// The one that kept its doors shut last.
    pub(crate) shut: RwSignal<Option<RequiringAccount>>,
    /// Whether two-factor authentication is being set up because of that: nothing may take the dialog away.
    pub(crate) setting_up: RwSignal<bool>,
    /// Whether it was set up because of that: said once inside.
    pub(crate) has_set_up: RwSignal<bool>,
    /// The accounts of the user, once known.
    pub(crate) list: RwSignal<Vec<AccountEntry>>,
    /// How the user came to be in none of them, as far as that is so.
    pub(crate) left: RwSignal<Option<LeftAccount>>,
    /// Those of the user that were deleted and are not erased yet.
    pub(crate) deleted: RwSignal<Vec<DeletedAccountEntry>>,
    /// Whether the dialog is open that creates one.
    pub(crate) creating: RwSignal<bool>,
}

impl CurrentAccount {
    /// Puts it in the context of everything below.
    pub(crate) fn provide() -> Self {
        let account = Self {
            entered: RwSignal::new(None),
            shut: RwSignal::new(None),
            setting_up: RwSignal::new(false),
            has_set_up: RwSignal::new(false),
            list: RwSignal::new(Vec::new()),
            left: RwSignal::new(None),
            deleted: RwSignal::new(Vec::new()),
            creating: RwSignal::new(false),
        };
        provide_context(account);
        account
    }

    /// The one that `provide` put into the context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// Begins with a page of an account: what was known of another one, or was not sure, is forgotten.
    pub(crate) fn open(self, page: AccountRef) {
        let is_known = self.entered.with_untracked(|entered| {
            entered
                .as_ref()
                .is_some_and(|it| page == AccountRef::Id(it.id))
        });
        if !is_known {
            self.entered.set(None);
        }
        self.shut.set(None);
        self.setting_up.set(false);
        self.has_set_up.set(false);
    }

    /// The server let the user in.
    pub(crate) fn enter(self, entered: EnteredAccount) {
        self.entered.set(Some(entered));
        self.shut.set(None);
    }

    /// The server kept the doors shut, whichever function it answered.
    pub(crate) fn shut_by(self, account: &RequiringAccount) {
        let is_entered = self
            .entered
            .with_untracked(|it| it.as_ref().is_some_and(|it| it.id == account.id));
        if is_entered {
            self.entered.set(None);
        }
        self.shut.set(Some(account.clone()));
    }

    /// What a page of an account may show. A refusal of another account's doors, come late, is not for it.
    pub(crate) fn shown(self, page: AccountRef) -> Shown {
        let is_here = |id| page == AccountRef::Any || page == AccountRef::Id(id);
        let entered = self.entered.read();
        let shut = self.shut.read();
        match (&*entered, &*shut) {
            (None, Some(account)) if is_here(account.id) => Shown::Shut(account.id),
            (Some(entered), _) if is_here(entered.id) => {
                Shown::Inside(entered.id, entered.roles.clone())
            }
            _ => Shown::Nothing,
        }
    }

    /// The account that is open has another name.
    pub(crate) async fn renamed(self, name: &str) {
        self.entered.update(|entered| {
            if let Some(entered) = entered {
                name.clone_into(&mut entered.name);
            }
        });
        self.refresh_list().await;
    }

    /// The account has another time zone.
    pub(crate) fn moved_to(self, zone: &str) {
        self.entered.update(|entered| {
            if let Some(entered) = entered {
                zone.clone_into(&mut entered.zone);
            }
        });
    }

    /// Asks for the accounts of the user again; what was known stays where that fails.
    pub(crate) async fn refresh_list(self) {
        if let Ok(accounts) = accounts().await {
            self.left.set(accounts.left);
            self.deleted.set(accounts.deleted);
            self.list.set(accounts.accounts);
        }
    }
}
