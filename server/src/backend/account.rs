//! Accounts: entering one, creating one, its overview, its authentication settings and its activity.

use app::api::account::AccountBackend;
use app::error::ApiError;
use app::types::account::{
    AccountOverview, AccountRef, Accounts, AuthenticationSettings, EnteredAccount, SettingsChange,
};
use app::types::activity::{ActivityPage, ActivityQuery};
use app::types::ids::AccountId;
use app::types::two_factor::StepUp;
use async_trait::async_trait;

use super::{RequestBackend, internal};
use service::accounts::{activity, entering, settings};

#[async_trait]
impl AccountBackend for RequestBackend {
    async fn accounts(&self) -> Result<Accounts, ApiError> {
        entering::list(&self.services, self.signed_in()?)
            .await
            .map_err(internal)
    }

    async fn create_account(&self, name: String) -> Result<AccountId, ApiError> {
        entering::create(&self.services, self.signed_in()?, &name)
            .await
            .map_err(internal)
    }

    async fn enter_account(&self, account: AccountRef) -> Result<EnteredAccount, ApiError> {
        entering::enter(&self.services, self.signed_in()?, account)
            .await
            .map_err(internal)
    }

    async fn account_overview(&self, account: AccountRef) -> Result<AccountOverview, ApiError> {
        entering::overview(&self.services, self.signed_in()?, account)
            .await
            .map_err(internal)
    }

    async fn authentication_settings(
        &self,
        account: AccountRef,
    ) -> Result<AuthenticationSettings, ApiError> {
        settings::settings(&self.services, self.signed_in()?, account)
            .await
            .map_err(internal)
    }

    async fn save_authentication_settings(
        &self,
        account: AccountRef,
        change: SettingsChange,
        step_up: Option<StepUp>,
    ) -> Result<AuthenticationSettings, ApiError> {
        let (services, caller) = (&self.services, self.signed_in()?);
        settings::save(services, caller, account, &change, step_up.as_ref())
            .await
            .map_err(internal)
    }

    async fn account_activity(
        &self,
        account: AccountRef,
        query: ActivityQuery,
    ) -> Result<ActivityPage, ApiError> {
        activity::page(&self.services, self.signed_in()?, account, &query)
            .await
            .map_err(internal)
    }
}
