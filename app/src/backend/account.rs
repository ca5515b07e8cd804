//! Accounts: entering one, creating one, its overview, its authentication settings and its activity.

use async_trait::async_trait;

use crate::error::ApiError;
use crate::types::account::{
    AccountOverview, AccountRef, Accounts, AuthenticationSettings, EnteredAccount, SettingsChange,
};
use crate::types::activity::{ActivityPage, ActivityQuery};
use crate::types::ids::AccountId;
use crate::types::two_factor::StepUp;

/// Accounts: entering one, creating one, its overview, its authentication settings and its activity.
#[async_trait]
pub trait AccountBackend {
    /// See [`crate::api::account::accounts`].
    async fn accounts(&self) -> Result<Accounts, ApiError>;

    /// See [`crate::api::account::create_account`].
    async fn create_account(&self, name: String) -> Result<AccountId, ApiError>;

    /// See [`crate::api::account::enter_account`].
    async fn enter_account(&self, account: AccountRef) -> Result<EnteredAccount, ApiError>;

    /// See [`crate::api::account::account_overview`].
    async fn account_overview(&self, account: AccountRef) -> Result<AccountOverview, ApiError>;

    /// See [`crate::api::account::authentication_settings`].
    async fn authentication_settings(
        &self,
        account: AccountRef,
    ) -> Result<AuthenticationSettings, ApiError>;

    /// See [`crate::api::account::save_authentication_settings`].
    async fn save_authentication_settings(
        &self,
        account: AccountRef,
        change: SettingsChange,
        step_up: Option<StepUp>,
    ) -> Result<AuthenticationSettings, ApiError>;

    /// See [`crate::api::account::account_activity`].
    async fn account_activity(
        &self,
        account: AccountRef,
        query: ActivityQuery,
    ) -> Result<ActivityPage, ApiError>;
}
