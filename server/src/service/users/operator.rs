//! The operator disables a user, enables them again, and lifts what wrong codes and passwords have closed.

use super::lock_named;
use crate::domain::ends::Occasion;
use crate::domain::roles::Roles;
use crate::service::audit::{About, Actor, Event, record};
use crate::service::ends::{Concerned, end};
use crate::service::invitations::sender::{LostRight, revoke_sent};
use crate::service::letters::{Letter, queue};
use crate::service::limits::Limit;
use crate::service::{Outcome, Services};
use crate::storage::WriteTransaction;
use crate::storage::accounts::{OwnedAccount, owned_accounts};
use crate::storage::ephemeral::Of;
use crate::storage::users::{User, clear_factor_failures, set_disabled};

/// What disabling a user has come to.
#[derive(Debug)]
pub struct Disabled {
    /// False where the user was disabled before.
    pub is_changed: bool,
    /// How many invitations of theirs were revoked.
    pub revoked: u32,
    /// The accounts that nobody can manage as their owner now.
    pub owns: Vec<OwnedAccount>,
}

/// Disables a user: nothing of theirs lets anybody in from then on, the invitations that they sent to any account among
/// it, which are counted. One who is disabled stays so.
///
/// # Errors
/// Refuses an address without a user.
pub async fn disable(services: &Services, email: &str) -> Outcome<Disabled> {
    let transaction = services.database.begin_write().await?;
    let user = lock_named(&transaction, email).await?;
    let mut revoked = 0;
    let is_changed = set_disabled(&transaction, user.id, Some(services.now())).await?;
    if is_changed {
        let (occasion, nothing) = (Occasion::UserDisabled, Concerned::default());
        end(&transaction, occasion, Of::User(user.id), nothing).await?;
        let sender = (user.id, user.name.as_str());
        let lost = LostRight {
            occasion,
            account: None,
            left: Roles::NONE,
        };
        revoked = revoke_sent(services, &transaction, Actor::Operator, sender, lost).await?;
        tell(services, &transaction, &user, ByOperator::Disabled).await?;
    }
    transaction.commit().await?;
    services.mail_queued.notify_one();
    // Not before: it locks accounts, which come before users.
    let owns = owned_accounts(services.database.read(), user.id).await?;
    Ok(Disabled {
        is_changed,
        revoked,
        owns,
    })
}

/// Enables a user again: false where the user was not disabled.
///
/// # Errors
/// Refuses an address without a user.
pub async fn enable(services: &Services, email: &str) -> Outcome<bool> {
    let transaction = services.database.begin_write().await?;
    let user = lock_named(&transaction, email).await?;
    let is_changed = set_disabled(&transaction, user.id, None).await?;
    if is_changed {
        tell(services, &transaction, &user, ByOperator::Enabled).await?;
    }
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(is_changed)
}

/// Lifts the pauses of a user: those of the second factor and those that strangers' wrong passwords make.
///
/// # Errors
/// Refuses an address without a user.
pub async fn unlock(services: &Services, email: &str) -> Outcome<()> {
    let transaction = services.database.begin_write().await?;
    let user = lock_named(&transaction, email).await?;
    clear_factor_failures(&transaction, user.id).await?;
    let strangers = Limit::PasswordsOfStrangers.of_address_of(&user);
    strangers.forget(&transaction).await?;
    tell(services, &transaction, &user, ByOperator::Unlocked).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(())
}

/// What the operator does at the command line.
#[derive(Clone, Copy)]
enum ByOperator {
    Disabled,
    Enabled,
    Unlocked,
}

async fn tell(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    what: ByOperator,
) -> Outcome<()> {
    let (event, letter) = match what {
        ByOperator::Disabled => (Event::UserDisabled, Letter::UserDisabled),
        ByOperator::Enabled => (Event::UserEnabled, Letter::UserEnabled),
        ByOperator::Unlocked => (Event::UserUnlocked, Letter::UserUnlocked),
    };
    let about = About {
        account: None,
        subject: Some((user.id, &user.name)),
    };
    record(services, transaction, Actor::Operator, &event, about).await?;
    queue(services, transaction, user.into(), &letter).await?;
    Ok(())
}
