//! What every change of a second factor comes with: what was opened without the factor of now ends.

use app::error::ApiError;
use app::types::timestamp::Timestamp;

use crate::crypto::token::Token;
use crate::domain::ends::Occasion;
use crate::service::audit::{About, Actor, Event, record};
use crate::service::ends::{Concerned, end_by};
use crate::service::sessions::{self, SignedIn};
use crate::service::{Failure, Outcome, Services};
use crate::storage::WriteTransaction;
use crate::storage::ephemeral::Of;
use crate::storage::own_counts::note_factor_proven;
use crate::storage::users::clear_factor_failures;

/// A change of factor: what it ends, and how it is told.
pub(super) struct Change {
    occasion: Occasion,
    /// As the log and the mail have it.
    pub event: Event,
}

impl Change {
    pub(super) const fn new(occasion: Occasion, event: Event) -> Self {
        Self { occasion, event }
    }
}

/// After a change of factor: what its occasion ends, ends; this session gets a new token, and the log a line.
pub(super) async fn end_elsewhere(
    services: &Services,
    transaction: &WriteTransaction,
    caller: &SignedIn,
    change: &Change,
    second_factor_at: Option<Timestamp>,
) -> Outcome<Token> {
    let (user, event) = (&caller.user, &change.event);
    let (by, nothing) = ((change.occasion, caller), Concerned::default());
    let ended = end_by(services, transaction, by, Of::User(user.id), nothing).await?;
    let token = sessions::rotate(services, transaction, caller.session.id, second_factor_at)
        .await?
        .ok_or(Failure::Refused(ApiError::SignedOut))?;
    // The new factor was proven in this browser just now; how often the one before was guessed at is over.
    if let Some(at) = second_factor_at {
        clear_factor_failures(transaction, user.id).await?;
        if let Some(browser) = &ended.known {
            note_factor_proven(transaction, user.id, browser, at).await?;
        }
    }
    let actor = Actor::User {
        id: user.id,
        name: &user.name,
        visitor: &caller.visitor,
    };
    record(services, transaction, actor, event, About::default()).await?;
    Ok(token)
}
