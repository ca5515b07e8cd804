//! Letting somebody set up a first factor without a mailbox proof, in the next session that they begin: who gets no mail
//! could otherwise never have one.

use app::error::{ApiError, Field, Problem};
use app::types::email::EmailAddress;
use app::types::ids::{AccountId, SessionId};

use super::has_factor;
use crate::domain::first_factor::{HasFactor, allowance_ends};
use crate::service::accounts::operator::{NotDone, find as find_account_of_operator};
use crate::service::audit::{About, Actor, Event, record, record_own};
use crate::service::letters::{Letter, queue};
use crate::service::{Failure, Outcome, Services, Visitor};
use crate::storage::coverage::next_uncovered;
use crate::storage::first_factors::{replace_allowance, take_allowance};
use crate::storage::users::{User, find_user_by_email, lock_user};
use crate::storage::{StorageError, WriteTransaction};

/// Users of an account that are read at a time.
const AT_A_TIME: u64 = 500;

/// Lets a user in, who has no factor and whose row the caller has locked; the operator does.
async fn allow(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    account: Option<AccountId>,
) -> Outcome<()> {
    let until = allowance_ends(services.now());
    replace_allowance(transaction, user.id, until).await?;
    let about = About {
        account,
        subject: Some((user.id, &user.name)),
    };
    let event = Event::FirstFactorAllowed;
    record(services, transaction, Actor::Operator, &event, about).await?;
    queue(
        services,
        transaction,
        user.into(),
        &Letter::FirstFactorAllowed,
    )
    .await?;
    Ok(())
}

/// The operator lets a user in.
///
/// # Errors
/// Refuses an address without a user, and a user who has a factor.
pub async fn allow_by_operator(services: &Services, email: &str) -> Outcome<()> {
    let email = EmailAddress::parse(email)
        .map_err(|_| ApiError::field(Field::Email, Problem::NotAnEmail))?;
    let transaction = services.database.begin_write().await?;
    let found = find_user_by_email(&transaction, &email).await?;
    let user = found.ok_or(Failure::Refused(ApiError::NotFound))?;
    let user = lock_user(&transaction, user.id)
        .await?
        .ok_or(Failure::Refused(ApiError::NotFound))?;
    if has_factor(services, &transaction, &user).await? == HasFactor::Yes {
        return Err(ApiError::TwoFactorAlreadyOn.into());
    }
    allow(services, &transaction, &user, None).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(())
}

/// The operator lets in whoever of an account has no factor and is not disabled. Gives their addresses.
///
/// # Errors
/// Says in one line what is in the way.
pub async fn allow_all_of(services: &Services, account: &str) -> Result<Vec<String>, NotDone> {
    let transaction = services.database.begin_write().await.map_err(fault)?;
    let account = find_account_of_operator(&transaction, account).await?.id;
    let mut allowed = Vec::new();
    let mut after = None;
    loop {
        // Of any kind: who has SMS enrols by it.
        let some = next_uncovered(&transaction, account, true, after, AT_A_TIME).await?;
        let Some(last) = some.last() else { break };
        after = Some(last.id);
        for member in some {
            let user = lock_user(&transaction, member.id).await?;
            if let Some(user) = user.filter(|user| !user.is_disabled) {
                allow(services, &transaction, &user, Some(account)).await?;
                allowed.push(user.email);
            }
        }
    }
    transaction.commit().await.map_err(fault)?;
    services.mail_queued.notify_one();
    Ok(allowed)
}

fn fault(error: impl Into<StorageError>) -> NotDone {
    NotDone::from(error.into())
}

/// Gives the allowance of a user to the session that has just begun, where there is one.
pub async fn take(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    session: SessionId,
    visitor: &Visitor,
) -> Outcome<()> {
    if take_allowance(transaction, user.id, session, services.now()).await? {
        let event = Event::FirstFactorAllowanceUsed;
        record_own(services, transaction, user, &event, visitor).await?;
    }
    Ok(())
}
