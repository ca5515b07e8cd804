//! Accounts: entering one, creating one, its overview, its authentication settings and its activity.

use super::functions;
use crate::types::account::{
    AccountOverview, AccountRef, Accounts, AuthenticationSettings, EnteredAccount, SettingsChange,
};
use crate::types::activity::{ActivityPage, ActivityQuery};
use crate::types::ids::AccountId;
use crate::types::two_factor::StepUp;

functions! {
    /// Accounts: entering one, creating one, its overview, its authentication settings and its activity.
    trait AccountBackend;

    /// The accounts of the user.
    #[at("accounts/list" as AccountsArguments, Session, Reads)]
    fn accounts() -> Accounts;

    /// Creates an account that the user owns, in the time zone of the browser; in UTC where that is none that is known.
    #[at("accounts/create", Session, Acts)]
    fn create_account(name: String, zone: Option<String>) -> AccountId;

    /// Gives an account another name.
    #[at("account/rename", Session, Acts)]
    fn rename_account(account: AccountRef, name: String) -> ();

    /// Gives an account another time zone. No day that is set moves.
    #[at("account/set-zone", Session, Acts)]
    fn set_account_zone(account: AccountRef, zone: String) -> ();

    /// Deletes an account, whose name is typed to confirm it: nobody can open it from then on, and it is erased a week later.
    #[at("account/delete", Session, Acts)]
    fn delete_account(account: AccountRef, name: String, step_up: StepUp) -> ();

    /// Restores a deleted account that is not erased yet, with users, roles and settings as they were.
    #[at("accounts/restore", Session, Acts)]
    fn restore_account(account: AccountId, step_up: StepUp) -> ();

    /// Enters an account: from then on it is the one used last.
    #[at("account/enter", WatchedSession, Notes)]
    fn enter_account(account: AccountRef) -> EnteredAccount;

    /// The overview of an account.
    #[at("account/overview" as AccountOverviewArguments, Session, Reads)]
    fn account_overview(account: AccountRef) -> AccountOverview;

    /// The authentication settings of an account, and what saving them would do to whom.
    #[at("account/settings" as AuthenticationSettingsArguments, Session, Reads)]
    fn authentication_settings(account: AccountRef) -> AuthenticationSettings;

    /// Saves the authentication settings. Turning the requirement off takes a step-up.
    #[at("account/save-settings", Session, Acts)]
    fn save_authentication_settings(
        account: AccountRef,
        change: SettingsChange,
        step_up: Option<StepUp>,
    ) -> AuthenticationSettings;

    /// The log of an account.
    #[at("account/activity" as AccountActivityArguments, Session, Reads)]
    fn account_activity(account: AccountRef, query: ActivityQuery) -> ActivityPage;
}
