//! Accounts: entering one, creating one, its overview, its authentication settings and its activity.

use app::backend::AccountBackend;
use app::error::ApiError;
use app::types::account::{
    AccountOverview, AccountRef, Accounts, AuthenticationSettings, EnteredAccount, SettingsChange,
};
use app::types::activity::{ActivityPage, ActivityQuery};
use app::types::ids::AccountId;
use app::types::two_factor::StepUp;
use async_trait::async_trait;

use super::RequestBackend;

#[async_trait]
impl AccountBackend for RequestBackend {
    async fn accounts(&self) -> Result<Accounts, ApiError> {
        Err(ApiError::NotFound)
    }

    async fn create_account(&self, _name: String) -> Result<AccountId, ApiError> {
        Err(ApiError::NotFound)
    }

    async fn enter_account(&self, _account: AccountRef) -> Result<EnteredAccount, ApiError> {
        Err(ApiError::NotFound)
    }

    async fn account_overview(&self, _account: AccountRef) -> Result<AccountOverview, ApiError> {
        Err(ApiError::NotFound)
    }

    async fn authentication_settings(
        &self,
        _account: AccountRef,
    ) -> Result<AuthenticationSettings, ApiError> {
        Err(ApiError::NotFound)
    }

    async fn save_authentication_settings(
        &self,
        _account: AccountRef,
        _change: SettingsChange,
        _step_up: Option<StepUp>,
    ) -> Result<AuthenticationSettings, ApiError> {
        Err(ApiError::NotFound)
    }

    async fn account_activity(
        &self,
        _account: AccountRef,
        _query: ActivityQuery,
    ) -> Result<ActivityPage, ApiError> {
        Err(ApiError::NotFound)
    }
}
