//! Accounts: entering one, creating one, its overview, its authentication settings and its activity.

use app::api::account::AccountBackend;
use app::error::ApiError;
use app::types::account::{
    AccountOverview, AccountRef, Accounts, AuthenticationSettings, DeletedAccountEntry,
    EnteredAccount, LeftAccount, PendingTransfer, SettingsChange,
};
use app::types::activity::{ActivityPage, ActivityQuery};
use app::types::day::FromDay;
use app::types::ids::AccountId;
use app::types::two_factor::StepUp;
use async_trait::async_trait;

use super::Console;
use super::refusals::present;
use domain::enforcement::{day_to_offer, days_to_begin};
use service::accounts::settings::SettingsStanding;
use service::accounts::{activity, deletion, entering, naming, settings};
use service::sessions::SignedIn;

#[async_trait]
impl AccountBackend for Console {
    async fn accounts(&self) -> Result<Accounts, ApiError> {
        let listed = present(entering::list(&self.services, self.signed_in()?).await)?;
        let left = listed.left.map(|left| LeftAccount {
            name: left.name,
            at: left.at,
            removed_by: left.removed_by,
        });
        Ok(Accounts {
            accounts: listed.accounts,
            left,
            deleted: listed.deleted.into_iter().map(shown_deleted).collect(),
        })
    }

    async fn create_account(
        &self,
        name: String,
        zone: Option<String>,
    ) -> Result<AccountId, ApiError> {
        let (services, caller) = (&self.services, self.signed_in()?);
        present(entering::create(services, caller, &name, zone.as_deref()).await)
    }

    async fn set_account_zone(&self, account: AccountRef, zone: String) -> Result<(), ApiError> {
        present(naming::set_zone(&self.services, self.signed_in()?, account, &zone).await)
    }

    async fn rename_account(&self, account: AccountRef, name: String) -> Result<(), ApiError> {
        present(naming::rename(&self.services, self.signed_in()?, account, &name).await)
    }

    async fn delete_account(
        &self,
        account: AccountRef,
        name: String,
        step_up: StepUp,
    ) -> Result<(), ApiError> {
        let (services, caller) = (&self.services, self.signed_in()?);
        present(deletion::delete(services, caller, (account, &name), &step_up).await)
    }

    async fn restore_account(&self, account: AccountId, step_up: StepUp) -> Result<(), ApiError> {
        present(deletion::restore(&self.services, self.signed_in()?, account, &step_up).await)
    }

    async fn enter_account(&self, account: AccountRef) -> Result<EnteredAccount, ApiError> {
        present(entering::enter(&self.services, self.signed_in()?, account).await)
    }

    async fn account_overview(&self, account: AccountRef) -> Result<AccountOverview, ApiError> {
        let caller = self.signed_in()?;
        let standing = present(entering::overview(&self.services, caller, account).await)?;
        let transfer = match standing.transfer {
            Some(offered) => Some(PendingTransfer {
                from: offered.from,
                to: offered.to,
                is_to_reader: offered.is_to_reader,
                until: offered.until,
                accept: offered.accept,
                step_up_needs_code: self.step_up_needs_code(caller).await?,
                email: caller.user.email.shown().to_owned(),
            }),
            None => None,
        };
        Ok(AccountOverview {
            required_from: standing.required_from.map(FromDay::from),
            in_force: standing.in_force,
            coverage: standing.coverage,
            transfer,
        })
    }

    async fn authentication_settings(
        &self,
        account: AccountRef,
    ) -> Result<AuthenticationSettings, ApiError> {
        let caller = self.signed_in()?;
        let read = present(settings::settings(&self.services, caller, account).await)?;
        self.show_settings(caller, read).await
    }

    async fn save_authentication_settings(
        &self,
        account: AccountRef,
        change: SettingsChange,
        step_up: Option<StepUp>,
    ) -> Result<AuthenticationSettings, ApiError> {
        let (services, caller) = (&self.services, self.signed_in()?);
        let saved =
            present(settings::save(services, caller, account, &change, step_up.as_ref()).await)?;
        self.show_settings(caller, saved).await
    }

    async fn account_activity(
        &self,
        account: AccountRef,
        query: ActivityQuery,
    ) -> Result<ActivityPage, ApiError> {
        present(activity::page(&self.services, self.signed_in()?, account, &query).await)
    }
}

fn shown_deleted(it: deletion::DeletedEntry) -> DeletedAccountEntry {
    DeletedAccountEntry {
        id: it.id,
        name: it.name,
        at: it.at,
        by: it.by,
        erased_at: it.erased_at,
        restore: it.restore,
    }
}

impl Console {
    async fn show_settings(
        &self,
        caller: &SignedIn,
        read: SettingsStanding,
    ) -> Result<AuthenticationSettings, ApiError> {
        let (account, now) = (read.account, self.services.now());
        let (first_day, last_day) = days_to_begin(account.zone, now);
        Ok(AuthenticationSettings {
            version: account.settings_version,
            zone: account.zone.name().to_owned(),
            first_day,
            last_day,
            offered_day: day_to_offer(account.zone, now),
            required_from: account.required_from.map(FromDay::from),
            in_force: account.required_from.is_some_and(|from| from.at <= now),
            rules: account.rules,
            coverage: read.coverage,
            uncovered: read.uncovered,
            unreachable: read.unreachable,
            announced: read.announced,
            changed_by: read.changed_by,
            changed_at: account.settings_changed_at,
            changes: read.changes,
            change: read.change,
            step_up_needs_code: self.step_up_needs_code(caller).await?,
            email: caller.user.email.shown().to_owned(),
        })
    }
}
