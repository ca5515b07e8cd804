//! The sender of an invitation: whether they may still send it, and what is revoked when they may not.
//!
//! An invitation is worth what its sender may give at the moment of joining. What takes that right away revokes what they
//! have on the way in its own transaction; the check at joining is for what that does not reach, such as a row that a
//! server of the version before wrote.

use std::collections::BTreeMap;

use app::events::EventKind;
use app::types::ids::{AccountId, UserId};

use super::{DAY, LINK_LIFE};
use crate::audit::{About, Event};
use crate::change::Change;
use crate::refusal::Refusal;
use crate::{Outcome, Services};
use domain::ends::{Ephemeral, Fate, Occasion, ends_on};
use domain::roles::Roles;
use domain::team::still_offers;
use storage::ConnectionTrait;
use storage::accounts::find_account_of;
use storage::audit::find_last_actor;
use storage::invitations::{Invitation, delete_invitations, find_open_invitations_of};
use storage::users::find_user;

/// Refuses an invitation whose sender could not send it now: removed, demoted, disabled or deleted, or nobody knows who.
pub(super) async fn refuse_without_right(
    services: &Services,
    db: &impl ConnectionTrait,
    invitation: &Invitation,
) -> Outcome<()> {
    let sender = match invitation.sender {
        Some(sender) => Some(sender),
        None => find_sender_in_log(services, db, invitation).await?,
    };
    let roles = match sender {
        Some(sender) => roles_now(db, sender, invitation.account).await?,
        None => Roles::NONE,
    };
    if still_offers(roles, invitation.roles) {
        Ok(())
    } else {
        Err(Refusal::InviterWithoutRight.into())
    }
}

/// A server of the version before notes the sender's name only; the log has who it was.
async fn find_sender_in_log(
    services: &Services,
    db: &impl ConnectionTrait,
    invitation: &Invitation,
) -> Outcome<Option<UserId>> {
    let kinds = [
        EventKind::Invited.word(),
        EventKind::InvitationResent.word(),
    ];
    let since = services.now() - LINK_LIFE - DAY;
    let account = invitation.account;
    Ok(find_last_actor(db, account, &kinds, &invitation.email, since).await?)
}

/// What somebody is in an account at this moment; nothing where they are disabled or do not belong to it.
async fn roles_now(db: &impl ConnectionTrait, user: UserId, account: AccountId) -> Outcome<Roles> {
    let user = find_user(db, user).await?.filter(|user| !user.is_disabled);
    let Some(user) = user else {
        return Ok(Roles::NONE);
    };
    let found = find_account_of(db, user.id, account).await?;
    Ok(found.map_or(Roles::NONE, |found| found.roles))
}

/// What takes the right to invite from somebody.
#[derive(Clone, Copy)]
pub struct LostRight {
    /// What happens to them; whether it ends what they have sent stands in [`ends_on`].
    pub occasion: Occasion,
    /// In which account; none for all of them.
    pub account: Option<AccountId>,
    /// What they are there from now on.
    pub left: Roles,
}

impl LostRight {
    /// Who belongs to an account no longer.
    pub const fn of_removed(account: AccountId) -> Self {
        Self {
            occasion: Occasion::RemovedFromAccount,
            account: Some(account),
            left: Roles::NONE,
        }
    }
}

/// Revokes the invitations of a sender that they can no longer offer, and says in the log of each account how many. In the
/// transaction of what takes the right away.
pub async fn revoke_sent(
    change: &Change<'_>,
    sender: (UserId, &str),
    lost: LostRight,
) -> Outcome<u32> {
    if !ends_on(lost.occasion).contains(&(Ephemeral::Invitations, Fate::Sent)) {
        return Ok(0);
    }
    let (account, now) = (lost.account, change.services.now());
    let sent = find_open_invitations_of(change.db(), sender.0, account, now).await?;
    let mut by_account = BTreeMap::<AccountId, Vec<_>>::new();
    for one in sent {
        if !still_offers(lost.left, one.roles) {
            by_account.entry(one.account).or_default().push(one.id);
        }
    }
    let mut revoked = 0;
    for (account, ids) in by_account {
        let count = delete_invitations(change.db(), &ids).await?;
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        if count == 0 {
            continue;
        }
        let about = About {
            account: Some(account),
            subject: Some(sender),
        };
        let event = Event::InvitationsRevoked { count };
        change.record(&event, about).await?;
        revoked += count;
    }
    Ok(revoked)
}
