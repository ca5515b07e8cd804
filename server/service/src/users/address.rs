//! The operator gives a user another address.

use app::types::ids::UserId;

use super::won::{self, Won};
use super::{find_named, lock_named, parse_email, taken};
use crate::audit::{About, Event};
use crate::change::Change;
use crate::invitations::sender::revoke_of_member;
use crate::letters::{Addressed, Letter};
use crate::refusal::Wrong;
use crate::{Outcome, Services};
use domain::ends::Occasion;
use storage::refused_mailboxes::forget_refused_mailbox;
use storage::users::set_email;

/// What giving an address has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressSet {
    /// Whether the user had it already, so that it only counts as confirmed now.
    pub is_same: bool,
    /// Who had used it, never proven it, and has lost it.
    pub lost_by: Option<UserId>,
}

/// Gives a user another address, or says that the one in use is theirs. The word of whoever runs the server is good for it.
/// Their sessions end, and what was mailed to the address before; both addresses are told. Another user who had used the
/// new one and never proven it loses it, as to its mailbox.
///
/// # Errors
/// Refuses what is no address, one that another user has proven, and a user who is not there.
pub async fn set(services: &Services, who: &str, to: &str) -> Outcome<AddressSet> {
    let email = parse_email(to)?;
    let change = Change::by_operator(services).await?;
    let named = find_named(change.db(), who).await?;
    won::lock_with_holder(&change, named.id, &email).await?;
    let user = lock_named(change.db(), who).await?;
    if user.email.is(&email) && user.is_email_verified && !user.is_email_corrected {
        return Err(Wrong::EmailUnchanged.into());
    }
    let is_same = user.email.is(&email);
    let won = if is_same {
        Won::FromNobody
    } else {
        won::win(&change, &email).await?
    };
    set_email(change.db(), user.id, &email, false, services.now())
        .await
        .map_err(|error| taken(error.into()))?;
    change.end(Occasion::AddressChanged, user.id).await?;
    revoke_of_member(&change, &user, &email).await?;
    let letter = if is_same {
        Letter::AddressConfirmedByOperator
    } else {
        Letter::AddressSetByOperator { to: &email }
    };
    if let Some(before) = user.email.in_use() {
        forget_refused_mailbox(change.db(), before).await?;
    }
    if !is_same {
        change.queue(&user, &letter).await?;
    }
    let at_new = Addressed::from(&user).moved_to(&email);
    change.queue(at_new, &letter).await?;
    let about = About::user(&user);
    let address = email.as_str().to_owned();
    let event = if is_same {
        Event::EmailConfirmed { email: address }
    } else {
        Event::EmailChanged { email: address }
    };
    change.record(&event, about).await?;
    let lost_by = won.lost_by();
    if lost_by.is_some() {
        won::tell(&change, user.id).await?;
    }
    change.commit().await?;
    Ok(AddressSet { is_same, lost_by })
}
