//! Accounts: entering one, creating one, its overview, its authentication settings and its activity.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::backend;
use crate::client::ApiClient;
use crate::error::ApiError;
use crate::types::account::{
    AccountOverview, AccountRef, Accounts, AuthenticationSettings, EnteredAccount, SettingsChange,
};
use crate::types::activity::{ActivityPage, ActivityQuery};
use crate::types::ids::AccountId;
use crate::types::two_factor::StepUp;
use crate::wire::Call;

/// The accounts of the user.
#[server(name = AccountsArguments, endpoint = "accounts/list", protocol = Call, client = ApiClient)]
pub async fn accounts() -> Result<Accounts, ApiError> {
    backend()?.accounts().await
}

/// Creates an account that the user owns.
#[server(endpoint = "accounts/create", protocol = Call, client = ApiClient)]
pub async fn create_account(name: String) -> Result<AccountId, ApiError> {
    backend()?.create_account(name).await
}

/// Enters an account: from then on it is the one used last.
#[server(endpoint = "account/enter", protocol = Call, client = ApiClient)]
pub async fn enter_account(account: AccountRef) -> Result<EnteredAccount, ApiError> {
    backend()?.enter_account(account).await
}

/// The overview of an account.
#[server(name = AccountOverviewArguments, endpoint = "account/overview", protocol = Call, client = ApiClient)]
pub async fn account_overview(account: AccountRef) -> Result<AccountOverview, ApiError> {
    backend()?.account_overview(account).await
}

/// The authentication settings of an account, and what saving them would do to whom.
#[server(name = AuthenticationSettingsArguments, endpoint = "account/settings", protocol = Call, client = ApiClient)]
pub async fn authentication_settings(
    account: AccountRef,
) -> Result<AuthenticationSettings, ApiError> {
    backend()?.authentication_settings(account).await
}

/// Saves the authentication settings. Turning the requirement off takes a step-up.
#[server(endpoint = "account/save-settings", protocol = Call, client = ApiClient)]
pub async fn save_authentication_settings(
    account: AccountRef,
    change: SettingsChange,
    step_up: Option<StepUp>,
) -> Result<AuthenticationSettings, ApiError> {
    backend()?
        .save_authentication_settings(account, change, step_up)
        .await
}

/// The log of an account.
#[server(name = AccountActivityArguments, endpoint = "account/activity", protocol = Call, client = ApiClient)]
pub async fn account_activity(
    account: AccountRef,
    query: ActivityQuery,
) -> Result<ActivityPage, ApiError> {
    backend()?.account_activity(account, query).await
}
