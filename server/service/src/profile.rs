//! The user's own name, and the deletion of the profile. The address is in `profile::email`.

pub mod email;

use app::types::name::Name;
use app::types::two_factor::StepUp;

use super::accounts::deletion::{Shut, shut};
use super::audit::{About, Event};
use super::change::Change;
use super::first_factor::address_of;
use super::invitations::sender::{LostRight, revoke_sent};
use super::letters::Letter;
use super::principal::Principal;
use super::sessions::{self, SignedIn};
use super::step_up::prove;
use super::{Outcome, Services};
use crate::refusal::Wrong;
use domain::ends::Occasion;
use domain::first_factor::Address;
use domain::roles::{Denial, Roles};
use storage::accounts::{OwnedAccount, lock_account, owned_accounts};
use storage::deleted_accounts::all_accounts_of;
use storage::email_changes::find_new_email;
use storage::users::{delete_user, set_name};

/// What a user may want to change of themselves, besides what stands in their row.
pub struct OwnStanding {
    /// Whether another address would be a correction: nobody has proven the one in use, and no factor is on.
    pub corrects: bool,
    /// An address that counts once its link is opened.
    pub new_email: Option<String>,
    /// The accounts that they own and others use: these have to be transferred before the user can be deleted.
    pub owns: Vec<OwnedAccount>,
}

/// Reads it.
///
/// # Errors
/// Faults of the database.
pub async fn standing(services: &Services, caller: &SignedIn) -> Outcome<OwnStanding> {
    let db = services.database.read();
    let user = &caller.user;
    let mut owns = owned_accounts(db, user.id).await?;
    owns.retain(|account| account.has_others);
    Ok(OwnStanding {
        corrects: !caller.factors.is_on() && address_of(user) != Address::Proven,
        new_email: find_new_email(db, user.id, services.now()).await?,
        owns,
    })
}

/// Changes the name.
pub async fn rename(services: &Services, caller: &Principal, name: &str) -> Outcome<()> {
    let name = Name::parse(name).map_err(Wrong::Name)?;
    let change = Change::by_session(services, caller).await?;
    let user = sessions::still(&change, caller).await?;
    if user.name == name.as_str() {
        return Ok(());
    }
    set_name(change.db(), user.id, &name).await?;
    let actor = change.actor_as(user.id, name.as_str());
    let event = Event::Renamed { name: user.name };
    change.record_by(actor, &event, About::NOTHING).await?;
    change.commit().await?;
    Ok(())
}

/// Deletes the user and the accounts that nobody else uses; the log keeps what they did. Such an account can be brought back by
/// the operator for a week, as each that is deleted: whoever has a session of the owner and their password can remove the
/// others first.
///
/// # Errors
/// `OwnerStays` while they own an account that others use.
pub async fn delete(services: &Services, caller: &SignedIn, given: &StepUp) -> Outcome<()> {
    let proven = prove(services, caller, given).await?;
    let change = Change::proven(services, caller, proven).await?;
    // Locks the accounts, which comes before the user, as for everybody who locks both. They are read again once the user is
    // locked: another session may have created one meanwhile.
    owned_accounts(change.db(), caller.user.id).await?;
    let user = sessions::still(&change, caller).await?;
    let owned = owned_accounts(change.db(), user.id).await?;
    if owned.iter().any(|account| account.has_others) {
        return Err(Denial::OwnerStays.into());
    }
    // Of those that are deleted for now, too: who is there when one comes back is to be explained by its log.
    for account in all_accounts_of(change.db(), user.id).await? {
        let (id, actor) = (account.id, change.actor()?);
        change
            .record_for(id, actor, &Event::UserLeft, About::NOTHING)
            .await?;
    }
    let sender = (user.id, user.name.as_str());
    let lost = LostRight {
        occasion: Occasion::UserDeleted,
        account: None,
        left: Roles::NONE,
    };
    revoke_sent(&change, sender, lost).await?;
    change.record_own(&user, &Event::UserDeleted).await?;
    let letter = Letter::UserDeleted {
        from: &caller.visitor,
    };
    change.queue(&user, &letter).await?;
    for account in owned {
        if let Some(account) = lock_account(change.db(), account.id).await? {
            shut(&change, &account, Shut::WithItsOwner).await?;
        }
    }
    change.end(Occasion::UserDeleted, user.id).await?;
    delete_user(change.db(), user.id).await?;
    change.commit().await?;
    Ok(())
}
