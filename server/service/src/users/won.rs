//! Whoever proves a mailbox with a mailed link, of a sign-up, an invitation or a change of address, wins its address from a
//! user who has never proven it: nobody keeps a mailbox from its own address. The word of the operator is as good as a proof.
//! docs/decisions/0039-lost-addresses.md
//!
//! The user who loses it keeps everything but what is mailed to it, and signs in by it for a while.

use app::types::email::EmailAddress;
use app::types::ids::UserId;

use crate::audit::{About, Actor, Event};
use crate::change::{Change, NOWHERE};
use crate::ends::Concerned;
use crate::letters::Letter;
use crate::{Failure, Fault, Outcome};
use domain::ends::Occasion;
use domain::user_address::{LostAddress, SIGNS_IN_FOR, may_be_won};
use storage::deleted_accounts::all_accounts_of;
use storage::ephemeral::OneRow;
use storage::lost_addresses::take_address;
use storage::refused_mailboxes::forget_refused_mailbox;
use storage::users::{User, find_user, find_user_by_email, lock_user, lock_users};

/// To whom the address belonged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Won {
    /// To nobody.
    FromNobody,
    /// To this user, who has lost it now.
    FromAUser(UserId),
    /// To a user who has proven it, and keeps it.
    HeldByAnother,
}

impl Won {
    /// Who has lost it now.
    pub const fn lost_by(self) -> Option<UserId> {
        match self {
            Self::FromAUser(user) => Some(user),
            Self::FromNobody | Self::HeldByAnother => None,
        }
    }
}

/// Locks a user who is to have an address and the one who has it, before either is locked alone: of two who win each
/// other's at once, one waits.
///
/// # Errors
/// Faults of the database.
pub async fn lock_with_holder(
    change: &Change<'_>,
    user: UserId,
    email: &EmailAddress,
) -> Outcome<()> {
    if let Some(holder) = find_user_by_email(change.db(), email).await? {
        lock_users(change.db(), [user, holder.id]).await?;
    }
    Ok(())
}

/// Takes an address, whose mailbox was just proven, from the user who has it and never proved it. Their accounts and those
/// accounts' owners hear of it.
///
/// # Errors
/// Faults.
pub async fn win(change: &Change<'_>, email: &EmailAddress) -> Outcome<Won> {
    let Some(found) = find_user_by_email(change.db(), email).await? else {
        return Ok(Won::FromNobody);
    };
    // Locked: they may be proving it in this moment, or changing it.
    let Some(user) = lock_user(change.db(), found.id).await? else {
        return Ok(Won::FromNobody);
    };
    if !user.email.is(email) {
        return Ok(Won::FromNobody);
    }
    let now = change.services.now();
    let lost = LostAddress {
        user: user.id,
        email: email.as_str().to_owned(),
        lost_at: now,
        until: now + SIGNS_IN_FOR,
    };
    if !may_be_won(user.is_email_verified) || !take_address(change.db(), &lost).await? {
        return Ok(Won::HeldByAnother);
    }
    let of_address = Concerned {
        email_change: Some(OneRow::NewAddress(email.as_str())),
        ..Concerned::default()
    };
    change
        .end_named(Occasion::AddressWon, user.id, of_address)
        .await?;
    forget_refused_mailbox(change.db(), email.as_str()).await?;
    note(change, &user, &lost).await?;
    Ok(Won::FromAUser(user.id))
}

/// Writes it into the log of the user and of each of their accounts, whose owners are mailed. From where it was done is
/// the newcomer's, and theirs alone to know.
async fn note(change: &Change<'_>, user: &User, lost: &LostAddress) -> Outcome<()> {
    let actor = Actor::User {
        id: user.id,
        name: &user.name,
        visitor: &NOWHERE,
        credential: None,
    };
    let event = Event::AddressWon {
        email: lost.email.clone(),
    };
    change.record_by(actor, &event, About::NOTHING).await?;
    for account in all_accounts_of(change.db(), user.id).await? {
        let about = About::NOTHING;
        change.record_for(account.id, actor, &event, about).await?;
        if account.owner == user.id {
            continue;
        }
        if let Some(owner) = find_user(change.db(), account.owner).await? {
            let letter = Letter::AddressOfMemberWon {
                account: &account.name,
                name: &user.name,
                email: &lost.email,
                until: lost.until,
            };
            change.queue(&owner, &letter).await?;
        }
    }
    Ok(())
}

/// Tells the user to whom the address belongs now.
///
/// # Errors
/// Faults.
pub async fn tell(change: &Change<'_>, user: UserId) -> Outcome<()> {
    let user = find_user(change.db(), user)
        .await?
        .ok_or(Failure::Fault(Fault::Broken(
            "who has won an address is not there",
        )))?;
    change.queue(&user, &Letter::AddressWon).await?;
    Ok(())
}
