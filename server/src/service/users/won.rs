//! Whoever proves a mailbox with a mailed link, of a sign-up or an invitation, wins its address from a user who has never
//! proven it: nobody keeps a mailbox from its own address.
//! docs/decisions/0039-lost-addresses.md
//!
//! The user who loses it keeps everything but what is mailed to it, and signs in by it for a while.

use app::types::email::EmailAddress;
use app::types::ids::UserId;

use crate::domain::ends::Occasion;
use crate::domain::user_address::{LostAddress, SIGNS_IN_FOR, may_be_won};
use crate::service::audit::{About, Actor, Event, record};
use crate::service::ends::{Concerned, end};
use crate::service::letters::{Letter, queue};
use crate::service::{Failure, Fault, Outcome, Services, Visitor};
use crate::storage::WriteTransaction;
use crate::storage::accounts::{AccountOfUser, accounts_of};
use crate::storage::ephemeral::Of;
use crate::storage::lost_addresses::take_address;
use crate::storage::refused_mailboxes::forget_refused_mailbox;
use crate::storage::users::{User, find_user, find_user_by_email, lock_user};

/// To whom the address belonged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Won {
    /// To nobody.
    FromNobody,
    /// To a user who has lost it now.
    FromAUser,
    /// To a user who has proven it, and keeps it.
    HeldByAnother,
}

/// Takes an address, whose mailbox was just proven, from the user who has it and never proved it. Their accounts and those
/// accounts' owners hear of it.
///
/// # Errors
/// Faults.
pub async fn win(
    services: &Services,
    transaction: &WriteTransaction,
    email: &EmailAddress,
) -> Outcome<Won> {
    let Some(found) = find_user_by_email(transaction, email).await? else {
        return Ok(Won::FromNobody);
    };
    // Locked: they may be proving it in this moment, or changing it.
    let Some(user) = lock_user(transaction, found.id).await? else {
        return Ok(Won::FromNobody);
    };
    if !user.email.is(email) {
        return Ok(Won::FromNobody);
    }
    let now = services.now();
    let lost = LostAddress {
        user: user.id,
        email: email.as_str().to_owned(),
        lost_at: now,
        until: now + SIGNS_IN_FOR,
    };
    if !may_be_won(user.is_email_verified) || !take_address(transaction, &lost).await? {
        return Ok(Won::HeldByAnother);
    }
    let (occasion, nothing) = (Occasion::AddressWon, Concerned::default());
    end(transaction, occasion, Of::User(user.id), nothing).await?;
    forget_refused_mailbox(transaction, email.as_str()).await?;
    note(services, transaction, &user, &lost).await?;
    Ok(Won::FromAUser)
}

/// Writes it into the log of the user and of each of their accounts, whose owners are mailed. From where it was done is
/// the newcomer's, and theirs alone to know.
async fn note(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    lost: &LostAddress,
) -> Outcome<()> {
    let nowhere = Visitor {
        address: String::new(),
        browser: String::new(),
    };
    let actor = Actor::User {
        id: user.id,
        name: &user.name,
        visitor: &nowhere,
    };
    let event = Event::AddressWon {
        email: lost.email.clone(),
    };
    record(services, transaction, actor, &event, About::default()).await?;
    for AccountOfUser { account, .. } in accounts_of(transaction, user.id).await? {
        let about = About {
            account: Some(account.id),
            subject: None,
        };
        record(services, transaction, actor, &event, about).await?;
        if account.owner == user.id {
            continue;
        }
        if let Some(owner) = find_user(transaction, account.owner).await? {
            let letter = Letter::AddressOfMemberWon {
                account: &account.name,
                name: &user.name,
                email: &lost.email,
                until: lost.until,
            };
            queue(services, transaction, (&owner).into(), &letter).await?;
        }
    }
    Ok(())
}

/// Tells the new user whom the address belongs to now.
///
/// # Errors
/// Faults.
pub async fn tell(
    services: &Services,
    transaction: &WriteTransaction,
    user: UserId,
) -> Outcome<()> {
    let user = find_user(transaction, user)
        .await?
        .ok_or(Failure::Fault(Fault::Broken("a new user is not there")))?;
    queue(services, transaction, (&user).into(), &Letter::AddressWon).await?;
    Ok(())
}
