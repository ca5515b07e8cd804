//! The operator disables a user, enables them again, and lifts what wrong codes and passwords have closed.

use std::net::IpAddr;

use super::lock_named;
use crate::audit::{About, Event};
use crate::change::Change;
use crate::invitations::sender::{LostRight, revoke_sent};
use crate::letters::Letter;
use crate::limits::{Limit, waits};
use crate::{Outcome, Services, Visitor};
use domain::ends::Occasion;
use domain::roles::Roles;
use storage::accounts::{OwnedAccount, owned_accounts};
use storage::known_browsers::browsers_of;
use storage::users::{User, clear_factor_failures, set_disabled};

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
    let change = Change::by_operator(services).await?;
    let user = lock_named(change.db(), email).await?;
    let mut revoked = 0;
    let is_changed = set_disabled(change.db(), user.id, Some(services.now())).await?;
    if is_changed {
        change.end(Occasion::UserDisabled, user.id).await?;
        let sender = (user.id, user.name.as_str());
        let lost = LostRight {
            occasion: Occasion::UserDisabled,
            account: None,
            left: Roles::NONE,
        };
        revoked = revoke_sent(&change, sender, lost).await?;
        tell(&change, &user, ByOperator::Disabled).await?;
    }
    change.commit().await?;
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
    let change = Change::by_operator(services).await?;
    let user = lock_named(change.db(), email).await?;
    let is_changed = set_disabled(change.db(), user.id, None).await?;
    if is_changed {
        tell(&change, &user, ByOperator::Enabled).await?;
    }
    change.commit().await?;
    Ok(is_changed)
}

/// What lifting the pauses of a user has come to.
#[derive(Debug)]
pub struct Unlocked {
    /// Whether they are disabled, and cannot sign in all the same.
    pub is_disabled: bool,
    /// For how many seconds the client address that was named would have waited; nothing where it did not wait.
    pub client_waited: Option<u32>,
    /// Wrong passwords after which a client address waits, and the seconds that it waits at most.
    pub of_clients: (u32, i64),
}

/// Lifts the pauses of a user: those of the second factor, and those that wrong passwords make, of strangers and in browsers
/// that the user is known in. That of a client address is nobody's in particular, and is lifted where it is named.
///
/// # Errors
/// Refuses an address without a user.
pub async fn unlock(services: &Services, email: &str, client: Option<IpAddr>) -> Outcome<Unlocked> {
    let change = Change::by_operator(services).await?;
    let user = lock_named(change.db(), email).await?;
    clear_factor_failures(change.db(), user.id).await?;
    let strangers = Limit::PasswordsOfStrangers.of_address_of(&user);
    strangers.forget(change.db()).await?;
    for browser in browsers_of(change.db(), user.id).await? {
        let own = Limit::PasswordsOfBrowser.of_browser(browser);
        own.forget(change.db()).await?;
    }
    let mut client_waited = None;
    if let Some(client) = client {
        let visitor = Visitor {
            address: client.to_canonical().to_string(),
            browser: String::new(),
        };
        let bucket = Limit::PasswordsOfClient.of_client(&visitor);
        client_waited = waits(&change, &bucket).await?;
        bucket.forget(change.db()).await?;
    }
    tell(&change, &user, ByOperator::Unlocked).await?;
    change.commit().await?;
    let budget = Limit::PasswordsOfClient.budget(&services.settings.limits);
    Ok(Unlocked {
        is_disabled: user.is_disabled,
        client_waited,
        of_clients: (budget.limit, budget.window),
    })
}

/// What the operator does at the command line.
#[derive(Clone, Copy)]
enum ByOperator {
    Disabled,
    Enabled,
    Unlocked,
}

async fn tell(change: &Change<'_>, user: &User, what: ByOperator) -> Outcome<()> {
    let (event, letter) = match what {
        ByOperator::Disabled => (Event::UserDisabled, Letter::UserDisabled),
        ByOperator::Enabled => (Event::UserEnabled, Letter::UserEnabled),
        ByOperator::Unlocked => (Event::UserUnlocked, Letter::UserUnlocked),
    };
    let about = About::user(user);
    change.record(&event, about).await?;
    change.queue(user, &letter).await?;
    Ok(())
}
