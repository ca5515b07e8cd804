//! Deleting an account, bringing it back, and erasing it for good. docs/decisions/0055-deleting-an-account.md

use app::types::account::AccountRef;
use app::types::ids::AccountId;
use app::types::name::confirms;
use app::types::timestamp::Timestamp;
use app::types::two_factor::StepUp;

use super::admit;
use super::notices::tell_everybody;
use super::settings_store::put_on_their_way;
use crate::audit::{About, Actor, Event};
use crate::change::{Change, NOWHERE};
use crate::ends::Concerned;
use crate::limits::Limit;
use crate::principal::Principal;
use crate::refusal::{Refusal, Wrong};
use crate::sessions::{SignedIn, still};
use crate::step_up::prove;
use crate::team::admit_locked;
use crate::{Outcome, Services};
use domain::account_deletion::{NextOwner, erased_at, may_come_back, restoring_denial};
use domain::announcements::reminders;
use domain::ends::Occasion;
use domain::roles::{Action, Denial};
use storage::account_notices::{NoticeKind, delete_notice};
use storage::accounts::Account;
use storage::deleted_accounts::{
    DeletedAccount, DeletedAccountOfUser, Deletion, bring_back, delete_for_now,
    deleted_accounts_of, erase, find_deleted, find_deleted_of, find_due, lock_deleted,
    take_over_deletion,
};
use storage::ephemeral::Of;
use storage::{ConnectionTrait, Stored};

/// Accounts that are looked for at once to be erased.
const AT_ONCE: u64 = 50;

/// A deleted account, as somebody who belonged to it sees it.
pub struct DeletedEntry {
    /// Which account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// When it was deleted.
    pub at: Timestamp,
    /// By whom, by name; none where it was the operator.
    pub by: Option<String>,
    /// When it is erased.
    pub erased_at: Timestamp,
    /// Why the reader cannot bring it back; nothing where they can.
    pub restore: Option<Denial>,
}

/// Deletes an account: shut at once, erased a week later.
///
/// # Errors
/// Only the owner can, who types its name; three times a day. A code that was given is spent all the same.
pub async fn delete(
    services: &Services,
    caller: &SignedIn,
    (account, name): (AccountRef, &str),
    given: &StepUp,
) -> Outcome<()> {
    let member = admit(services, caller, account).await?;
    member.may(Action::Delete)?;
    confirmed(name, &member.account)?;
    let proven = prove(services, caller, given).await?;
    let change = Change::proven(services, caller, proven).await?;
    let id = AccountRef::Id(member.account.id);
    let member = admit_locked(&change, caller, id).await?;
    member.may(Action::Delete)?;
    // Somebody else may have given it another name meanwhile.
    confirmed(name, &member.account)?;
    let bucket = Limit::AccountDeletions.of_account(member.account.id);
    change.take_or_refuse(&bucket).await?;
    shut(&change, &member.account, Shut::ByItself).await?;
    change.commit().await?;
    Ok(())
}

fn confirmed(typed: &str, account: &Account) -> Result<(), Wrong> {
    if confirms(typed, &account.name) {
        Ok(())
    } else {
        Err(Wrong::OtherAccountName)
    }
}

/// By what an account is shut.
#[derive(Clone, Copy)]
pub(crate) enum Shut {
    /// By an act in it, or by the operator.
    ByItself,
    /// Its owner has deleted their profile.
    WithItsOwner,
}

/// Shuts an account whose row is locked, with what was under way in it.
pub(crate) async fn shut(change: &Change<'_>, account: &Account, how: Shut) -> Outcome<()> {
    let (id, now) = (account.id, change.services.now());
    let by = match change.actor()? {
        Actor::User { id, name, .. } => Some((id, name)),
        Actor::Operator => None,
    };
    let name = account.name.clone();
    let event = Event::AccountDeleted { name };
    match how {
        Shut::ByItself => change.record(&event, About::account(id)).await?,
        Shut::WithItsOwner => {
            let actor = change.actor()?;
            change.record_for(id, actor, &event, About::NOTHING).await?;
        }
    }
    let here = Concerned::in_account(id);
    change
        .end_named(Occasion::AccountDeleted, Of::Everybody, here)
        .await?;
    let deletion = Deletion {
        at: now,
        by,
        erased_at: erased_at(now),
    };
    delete_for_now(change.db(), id, &deletion).await?;
    let by = by.map(|(_, name)| name);
    tell_everybody(change, id, NoticeKind::Deleted, by).await?;
    tracing::info!(account.id = %id, "an account was deleted");
    Ok(())
}

/// Makes the deletion of an account, whose row is locked, the operator's: its owner, who has deleted it, restores it no longer.
/// It is erased when it would have been. False where it was the operator's already.
pub(super) async fn take_over(change: &Change<'_>, account: &DeletedAccount) -> Outcome<bool> {
    let id = account.id;
    if !take_over_deletion(change.db(), id, change.services.now()).await? {
        return Ok(false);
    }
    let name = account.name.clone();
    let event = Event::AccountDeleted { name };
    change.record(&event, About::account(id)).await?;
    tell_everybody(change, id, NoticeKind::Deleted, None).await?;
    tracing::info!(account.id = %id, "the deletion of an account is the operator's now");
    Ok(true)
}

/// The deleted accounts that the caller belonged to.
///
/// # Errors
/// Faults of the database.
pub async fn list(
    db: &impl ConnectionTrait,
    caller: &Principal,
    now: Timestamp,
) -> Stored<Vec<DeletedEntry>> {
    let found = deleted_accounts_of(db, caller.user.id, now).await?;
    let entry = |DeletedAccountOfUser { account, roles, .. }| DeletedEntry {
        id: account.id,
        name: account.name,
        at: account.deleted_at,
        erased_at: account.erased_at,
        restore: restoring_denial(roles, account.deleted_by.is_none()),
        by: account.deleted_by.map(|(_, name)| name),
    };
    Ok(found.into_iter().map(entry).collect())
}

/// Brings a deleted account back, with users, roles and settings as they were.
///
/// # Errors
/// Only its owner can, until it is erased, unless the operator has deleted it. A code that was given is spent all the same.
pub async fn restore(
    services: &Services,
    caller: &SignedIn,
    account: AccountId,
    given: &StepUp,
) -> Outcome<()> {
    find_own(services, services.database.read(), caller, account).await?;
    let proven = prove(services, caller, given).await?;
    let change = Change::proven(services, caller, proven).await?;
    // Before the user, as an account is.
    lock_deleted(change.db(), account)
        .await?
        .ok_or(Refusal::NotFound)?;
    still(&change, caller).await?;
    let account = find_own(services, change.db(), caller, account).await?;
    open_again(&change, &account, NextOwner::AsBefore).await?;
    change.commit().await?;
    Ok(())
}

/// A deleted account that the caller may bring back.
async fn find_own(
    services: &Services,
    db: &impl ConnectionTrait,
    caller: &Principal,
    account: AccountId,
) -> Outcome<DeletedAccount> {
    let found = find_deleted_of(db, account, caller.user.id).await?;
    let DeletedAccountOfUser { account, roles, .. } = found.ok_or(Refusal::NotFound)?;
    if !may_come_back(account.erased_at, services.now()) {
        return Err(Refusal::NotFound.into());
    }
    match restoring_denial(roles, account.deleted_by.is_none()) {
        None => Ok(account),
        Some(why) => Err(why.into()),
    }
}

/// Opens a deleted account, whose row is locked, to everybody who belonged to it.
pub(super) async fn open_again(
    change: &Change<'_>,
    account: &DeletedAccount,
    owner: NextOwner,
) -> Outcome<()> {
    let (id, now) = (account.id, change.services.now());
    let (owner, told) = match owner {
        NextOwner::AsBefore => (account.owner, NoticeKind::Restored),
        NextOwner::Now(user) => (user, NoticeKind::RestoredToAnother),
    };
    if !bring_back(change.db(), id, owner, now).await? {
        return Err(Refusal::NotFound.into());
    }
    // As for who joins: a browser may have been trusted while nothing forbade it.
    if !account.rules.trusted_browsers_allowed {
        change
            .end(Occasion::TrustForbidden, Of::UsersOf(id))
            .await?;
    }
    // What was under way was ended with the account; that it will hold is still to be said.
    if let Some(from) = account.required_from {
        put_on_their_way(change, id, reminders(from.at, now)).await?;
    }
    let name = account.name.clone();
    let event = Event::AccountRestored { name };
    change.record(&event, About::account(id)).await?;
    let by = match change.actor()? {
        Actor::User { name, .. } => Some(name),
        Actor::Operator => None,
    };
    tell_everybody(change, id, told, by).await?;
    tracing::info!(account.id = %id, "an account was brought back");
    Ok(())
}

/// Erases the accounts whose week is over: how many. Two servers that do so at once, and whoever brings one back in the same
/// moment, are told apart by the one row that is removed. One whose row cannot be read stays, and keeps no other.
///
/// # Errors
/// Faults of the database; the next turn goes on.
pub async fn erase_due(services: &Services) -> Outcome<u64> {
    let (mut erased, mut unreadable) = (0, Vec::new());
    loop {
        let (db, now) = (services.database.read(), services.now());
        let due = find_due(db, now, &unreadable, AT_ONCE).await?;
        if due.is_empty() {
            return Ok(erased);
        }
        for id in due {
            match find_deleted(db, id).await {
                Ok(Some(account)) if erase_one(services, &account).await? => erased += 1,
                // Brought back meanwhile, or erased by another server, or given more time.
                Ok(_) => return Ok(erased),
                Err(error) if error.is_unreadable() => {
                    let error = error.detail();
                    tracing::error!(account.id = %id, error, "a deleted account cannot be erased");
                    unreadable.push(id);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Erases an account, unless its time is not over any more: whether it did.
async fn erase_one(services: &Services, account: &DeletedAccount) -> Outcome<bool> {
    let change = Change::by_server(services).await?;
    // Again by the clock of this moment: it may have been set back.
    if !erase(change.db(), account.id, services.now()).await? {
        return Ok(false);
    }
    delete_notice(change.db(), account.id).await?;
    let actor = match &account.deleted_by {
        Some((id, name)) => Actor::User {
            id: *id,
            name,
            visitor: &NOWHERE,
            credential: None,
        },
        None => Actor::Operator,
    };
    let name = account.name.clone();
    let event = Event::AccountErased { name };
    let about = About::account(account.id);
    change.record_by(actor, &event, about).await?;
    change.commit().await?;
    tracing::info!(account.id = %account.id, "an account was erased");
    Ok(true)
}
