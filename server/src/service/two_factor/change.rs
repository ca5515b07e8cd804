//! What every change of a second factor comes with: the new one alone is asked for, and what was opened without it ends.

use app::error::ApiError;
use app::types::ids::{SessionId, UserId};
use app::types::timestamp::Timestamp;

use crate::crypto::token::Token;
use crate::service::audit::{About, Actor, Event, record};
use crate::service::sessions::{self, SignedIn};
use crate::service::{Failure, Outcome, Services, notifications};
use crate::storage::WriteTransaction;
use crate::storage::enrolments::delete_enrolments_of;
use crate::storage::second_factors::{SecondFactor, insert_second_factor};
use crate::storage::sessions::delete_sessions_of;
use crate::storage::sign_ins::delete_pending_of;
use crate::storage::trusted_browsers::delete_trusted_browsers_of;

/// Makes a factor the one that is asked for, of a user who has none and whose row the caller has locked. What could
/// still become another one is gone.
pub(super) async fn put_in_use(
    transaction: &WriteTransaction,
    user: UserId,
    factor: SecondFactor,
    key_id: String,
) -> Outcome<()> {
    insert_second_factor(transaction, user, factor, key_id).await?;
    delete_enrolments_of(transaction, user).await?;
    Ok(())
}

/// Ends what was opened without the factor of now: sessions but one, pending sign-ins, trusted browsers.
pub(super) async fn end_what_was_open(
    transaction: &WriteTransaction,
    user: UserId,
    but: Option<SessionId>,
) -> Outcome<()> {
    delete_sessions_of(transaction, user, but).await?;
    delete_pending_of(transaction, user).await?;
    delete_trusted_browsers_of(transaction, user).await?;
    Ok(())
}

/// After a change of factor: other sessions and pending sign-ins end, this session gets a new
/// token, the log a line and the user a mail.
pub(super) async fn end_elsewhere(
    services: &Services,
    transaction: &WriteTransaction,
    caller: &SignedIn,
    event: &Event,
    second_factor_at: Option<Timestamp>,
) -> Outcome<Token> {
    let user = &caller.user;
    end_what_was_open(transaction, user.id, Some(caller.session.id)).await?;
    let token = sessions::rotate(services, transaction, caller.session.id, second_factor_at)
        .await?
        .ok_or(Failure::Refused(ApiError::SignedOut))?;
    let actor = Actor::User {
        id: user.id,
        name: &user.name,
        visitor: &caller.visitor,
    };
    record(services, transaction, actor, event, About::default()).await?;
    notifications::factor_changed(services, transaction, user, event, &caller.visitor).await?;
    Ok(token)
}
