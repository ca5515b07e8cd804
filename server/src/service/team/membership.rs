//! Changing somebody's roles, removing somebody, leaving.

use app::error::{ApiError, Field, Problem};
use app::types::account::AccountRef;
use app::types::ids::UserId;
use app::types::role::Role;

use super::{about, actor, admit_locked, find_other, reader, refuse};
use crate::domain::ends::Occasion;
use crate::domain::roles::{Action, Roles, denial};
use crate::domain::team;
use crate::service::accounts::admit_shut;
use crate::service::audit::{About, Event, record};
use crate::service::ends::{Concerned, end};
use crate::service::notifications::team::{self as letters, in_roles};
use crate::service::sessions::{self, SignedIn};
use crate::service::{Failure, Outcome, Services};
use crate::storage::accounts::lock_account;
use crate::storage::ephemeral::Of;
use crate::storage::memberships::{delete_membership, update_roles};

/// Changes somebody's roles. Roles that are theirs already change nothing and tell nobody.
///
/// # Errors
/// Nobody touches one of their own rank or above or gives more than they have; the owner stays the owner.
pub async fn change_roles(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    user: UserId,
    roles: &[Role],
) -> Outcome<()> {
    let transaction = services.database.begin_write().await?;
    let member = admit_locked(services, &transaction, caller, account).await?;
    // Who may not even see users is not told who is one.
    member.may(Action::ReadUsers)?;
    let (row, other) = find_other(&transaction, &member, caller, user).await?;
    refuse(team::change_any_role(member.roles, other))?;
    if roles.is_empty() {
        return Err(ApiError::field(Field::Roles, Problem::Missing).into());
    }
    let to_be: Roles = roles.iter().copied().collect();
    refuse(team::change_roles(member.roles, other, to_be))?;
    if to_be == row.roles {
        return Ok(());
    }
    if !update_roles(&transaction, member.account.id, user, to_be).await? {
        return Err(ApiError::NotFound.into());
    }
    let event = Event::RolesChanged {
        roles: in_roles(to_be),
    };
    let about = about(&member, &row);
    record(services, &transaction, actor(caller), &event, about).await?;
    let reader = reader(&member, &row);
    let by = &caller.user.name;
    letters::roles_changed(services, &transaction, &reader, to_be, by).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(())
}

/// Removes somebody from an account. Their sessions go on, and find nothing of the account from the next call on.
///
/// # Errors
/// Nobody removes one of their own rank or above, or themselves; the owner stays.
pub async fn remove(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    user: UserId,
) -> Outcome<()> {
    let transaction = services.database.begin_write().await?;
    let member = admit_locked(services, &transaction, caller, account).await?;
    member.may(Action::ReadUsers)?;
    let (row, other) = find_other(&transaction, &member, caller, user).await?;
    refuse(team::remove(member.roles, other))?;
    if !delete_membership(&transaction, member.account.id, user).await? {
        return Err(ApiError::NotFound.into());
    }
    let (occasion, nothing) = (Occasion::RemovedFromAccount, Concerned::default());
    end(&transaction, occasion, Of::User(user), nothing).await?;
    let about = about(&member, &row);
    record(
        services,
        &transaction,
        actor(caller),
        &Event::UserRemoved,
        about,
    )
    .await?;
    let reader = reader(&member, &row);
    letters::removed(services, &transaction, &reader, &caller.user.name).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(())
}

/// Leaves an account, also one that keeps its doors shut.
///
/// # Errors
/// The owner stays until the account is transferred.
pub async fn leave(services: &Services, caller: &SignedIn, account: AccountRef) -> Outcome<()> {
    let transaction = services.database.begin_write().await?;
    let id = admit_shut(services, &transaction, caller, account)
        .await?
        .account
        .id;
    lock_account(&transaction, id)
        .await?
        .ok_or(Failure::Refused(ApiError::NotFound))?;
    sessions::still(&transaction, caller).await?;
    let member = admit_shut(services, &transaction, caller, AccountRef::Id(id)).await?;
    refuse(denial(member.roles, Action::Leave))?;
    if !delete_membership(&transaction, id, caller.user.id).await? {
        return Err(ApiError::NotFound.into());
    }
    let (occasion, nothing) = (Occasion::RemovedFromAccount, Concerned::default());
    end(&transaction, occasion, Of::User(caller.user.id), nothing).await?;
    let about = About {
        account: Some(id),
        subject: None,
    };
    record(
        services,
        &transaction,
        actor(caller),
        &Event::UserLeft,
        about,
    )
    .await?;
    letters::left(services, &transaction, caller, &member.account.name).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(())
}
