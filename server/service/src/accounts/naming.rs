//! Giving an account another name.

use app::types::account::AccountRef;
use app::types::name::Name;

use crate::audit::{About, Event};
use crate::change::Change;
use crate::principal::Principal;
use crate::refusal::Wrong;
use crate::team::admit_locked;
use crate::{Outcome, Services};
use domain::roles::Action;
use storage::accounts::{Account, set_account_name};

/// Gives an account another name. The log has the one before, so that people still know what an older line or letter meant.
///
/// # Errors
/// Refuses what is no name; only the owner can.
pub async fn rename(
    services: &Services,
    caller: &Principal,
    account: AccountRef,
    name: &str,
) -> Outcome<()> {
    let name = Name::parse(name).map_err(Wrong::AccountName)?;
    let change = Change::by_session(services, caller).await?;
    let member = admit_locked(&change, caller, account).await?;
    member.may(Action::Rename)?;
    if store_name(&change, member.account, &name).await? {
        change.commit().await?;
    }
    Ok(())
}

/// Stores the name of an account that is locked: true where it is another one.
pub(super) async fn store_name(
    change: &Change<'_>,
    account: Account,
    name: &Name,
) -> Outcome<bool> {
    if account.name == name.as_str() {
        return Ok(false);
    }
    set_account_name(change.db(), account.id, name).await?;
    let event = Event::AccountRenamed { name: account.name };
    change.record(&event, About::account(account.id)).await?;
    Ok(true)
}
