//! Reset of somebody's two-factor authentication, who lost app and recovery codes alike.
//!
//! It turns the factor off for all accounts of that user, so what is left is not the password alone: the next sign-in
//! takes a mailed link besides.

use app::error::ApiError;
use app::types::account::AccountRef;
use app::types::ids::UserId;
use app::types::two_factor::StepUp;

use super::{actor, admit_locked, find_other, refuse};
use crate::domain::ends::Occasion;
use crate::domain::roles::Action;
use crate::domain::team;
use crate::service::accounts::{Member, admit};
use crate::service::audit::{About, Event, record};
use crate::service::ends::{Concerned, end};
use crate::service::notifications::team::two_factor_reset_by_team;
use crate::service::sessions::SignedIn;
use crate::service::step_up::{prove_password, prove_second_factor, unless_refused};
use crate::service::two_factor::remove_factor;
use crate::service::{Failure, Outcome, Services};
use crate::storage::ConnectionTrait;
use crate::storage::ephemeral::Of;
use crate::storage::users::{lock_user, set_sign_in_link_due};

/// Turns off somebody's two-factor authentication, and ends what was built on it.
///
/// # Errors
/// The owner can for anyone else, an administrator for developers and billing; where it is off there is nothing to do.
pub async fn reset_two_factor(
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
    let (transaction, ()) = unless_refused(transaction, checked).await?;
    let other = lock_user(&transaction, user)
        .await?
        .ok_or(Failure::Refused(ApiError::NotFound))?;
    if !remove_factor(services, &transaction, &other).await? {
        return Err(ApiError::TwoFactorOff.into());
    }
    let (occasion, nothing) = (Occasion::FactorReset, Concerned::default());
    end(&transaction, occasion, Of::User(user), nothing).await?;
    set_sign_in_link_due(&transaction, user, true).await?;
    let about = About {
        account: Some(member.account.id),
        subject: Some((user, &other.name)),
    };
    let event = Event::TwoFactorReset;
    record(services, &transaction, actor(caller), &event, about).await?;
    let (name, by) = (&member.account.name, &caller.user.name);
    two_factor_reset_by_team(services, &transaction, &other, name, by).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    tracing::info!(user.id = %user, event = event.kind(), "the second factor changed");
    Ok(())
}

async fn check(
    db: &impl ConnectionTrait,
    member: &Member,
    caller: &SignedIn,
    user: UserId,
) -> Outcome<()> {
    member.may(Action::ReadUsers)?;
    let (_, other) = find_other(db, member, caller, user).await?;
    refuse(team::reset_two_factor(member.roles, other))?;
    Ok(())
}
