//! The second step: one code of the app, or one recovery code.

use app::error::ApiError;
use app::types::session::SignInStep;

use super::pending::{PURPOSE, is_alive};
use super::{NewCookie, Stepped};
use crate::crypto::token::Token;
use crate::domain::attempts::WRONG_CODES_PER_SIGN_IN;
use crate::service::audit::{About, Actor, Event, record};
use crate::service::second_factor::{self, Checked, Given};
use crate::service::{Failure, Fault, Outcome, Services, Visitor, notifications, sessions};
use crate::storage::WriteTransaction;
use crate::storage::sign_ins::{PendingRow, count_pending_failure, delete_pending, find_pending};
use crate::storage::users::lock_user;

/// Checks the second factor of a pending sign-in; one that is right makes exactly one session.
pub async fn with_second_factor(
    services: &Services,
    token: &Token,
    given: &Given,
    visitor: &Visitor,
) -> Outcome<Stepped> {
    let hash = token.hash(PURPOSE);
    let transaction = services.database.begin_write().await?;
    let pending = find_pending(&transaction, &hash)
        .await?
        .filter(|row| is_alive(row, services.now()))
        .ok_or(Failure::Refused(ApiError::SignInOver))?;
    let user = lock_user(&transaction, pending.user)
        .await?
        .filter(|user| !user.is_disabled)
        .ok_or(Failure::Refused(ApiError::SignInOver))?;
    let checked = second_factor::check(services, &transaction, &user, given).await?;
    let actor = Actor::User {
        id: user.id,
        name: &user.name,
        visitor,
    };
    let (event, left) = match &checked {
        Checked::Code => (Event::SignedInWithCode, None),
        Checked::Recovery { left } => {
            (Event::SignedInWithRecoveryCode { left: *left }, Some(*left))
        }
        Checked::Wrong { .. } => {
            let attempts_left = count_wrong(services, &transaction, &pending, actor).await?;
            transaction.commit().await?;
            return Err(ApiError::WrongCode {
                attempts_left: Some(attempts_left),
            }
            .into());
        }
        Checked::Paused { .. } | Checked::Closed => {
            let refusal = second_factor::refusal(&checked, None, services.now());
            return Err(refusal.map_or(Failure::Fault(Fault::Broken("no refusal")), Failure::from));
        }
    };
    if !delete_pending(&transaction, &hash).await? {
        return Err(ApiError::SignInOver.into());
    }
    let now = services.now();
    let session = sessions::begin(services, &transaction, user.id, Some(now), visitor).await?;
    record(services, &transaction, actor, &event, About::default()).await?;
    if let Some(left) = left {
        notifications::recovery_code_used(services, &transaction, &user, left, visitor).await?;
    }
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(Stepped {
        step: SignInStep::SignedIn {
            recovery_codes_left: left,
        },
        cookie: NewCookie::Session(session),
    })
}

/// Counts a wrong code at the pending sign-in, which ends at the fifth; gives what is left.
async fn count_wrong(
    services: &Services,
    transaction: &WriteTransaction,
    pending: &PendingRow,
    actor: Actor<'_>,
) -> Outcome<u32> {
    let left = WRONG_CODES_PER_SIGN_IN.saturating_sub(pending.failures + 1);
    if left == 0 {
        delete_pending(transaction, &pending.token_hash).await?;
    } else {
        count_pending_failure(transaction, &pending.token_hash).await?;
    }
    record(
        services,
        transaction,
        actor,
        &Event::WrongSecondFactor,
        About::default(),
    )
    .await?;
    Ok(left)
}
