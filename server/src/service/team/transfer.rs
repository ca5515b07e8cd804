//! Transfer: another user of the account becomes its owner, the old one stays as an administrator.

use app::error::ApiError;
use app::types::account::AccountRef;
use app::types::ids::UserId;
use app::types::two_factor::StepUp;

use super::{about, actor, admit_locked, find_other, reader, refuse};
use crate::domain::roles::{Action, Role};
use crate::domain::team;
use crate::service::accounts::{Member, admit};
use crate::service::audit::{Event, record};
use crate::service::notifications::team as letters;
use crate::service::sessions::SignedIn;
use crate::service::step_up::{prove_password, prove_second_factor, unless_refused};
use crate::service::{Failure, Outcome, Services};
use crate::storage::ConnectionTrait;
use crate::storage::accounts::change_owner;
use crate::storage::memberships::update_roles;
use crate::storage::team::TeamMember;
use crate::storage::users::lock_user;

/// Makes somebody else the owner.
///
/// # Errors
/// Only the owner can; only to a user of the account, who has two-factor authentication where it is required.
pub async fn transfer(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    user: UserId,
    given: &StepUp,
) -> Outcome<()> {
    let db = services.database.read();
    let member = admit(services, db, caller, account).await?;
    check(db, &member, caller, user).await?;
    let password = prove_password(services, caller, given).await?;
    let transaction = services.database.begin_write().await?;
    let account = AccountRef::Id(member.account.id);
    let member = admit_locked(services, &transaction, caller, account).await?;
    let (transaction, _) =
        prove_second_factor(services, transaction, caller, given, &password).await?;
    let checked = check(&transaction, &member, caller, user).await;
    let (transaction, next) = unless_refused(transaction, checked).await?;
    // An account whose owner cannot sign in is nobody's.
    lock_user(&transaction, user)
        .await?
        .filter(|user| !user.is_disabled)
        .ok_or(Failure::Refused(ApiError::Forbidden))?;
    let (id, old) = (member.account.id, caller.user.id);
    let stays_as = member.roles.without(Role::Owner).with(Role::Admin);
    if !change_owner(&transaction, id, old, user).await?
        || !update_roles(&transaction, id, old, stays_as).await?
    {
        return Err(ApiError::Forbidden.into());
    }
    let about = about(&member, &next);
    let event = Event::AccountTransferred;
    record(services, &transaction, actor(caller), &event, about).await?;
    let reader = reader(&member, &next);
    letters::transferred(services, &transaction, caller, &reader).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    tracing::info!(account.id = %id, user.id = %user, "the account has another owner");
    Ok(())
}

async fn check(
    db: &impl ConnectionTrait,
    member: &Member,
    caller: &SignedIn,
    user: UserId,
) -> Outcome<TeamMember> {
    member.may(Action::Transfer)?;
    let (row, other) = find_other(db, member, caller, user).await?;
    let is_required = member.account.required_from.is_some();
    refuse(team::transfer(member.roles, other, is_required))?;
    Ok(row)
}
