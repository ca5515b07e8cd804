//! The sender of an invitation: whether they may still send it, and what is revoked when they may not.
//!
//! An invitation is worth what its sender may give at the moment of joining. What takes that right away revokes what they
//! have on the way in its own transaction; the check at joining is for what that does not reach, such as a row that a
//! server of the version before wrote.
//!
//! Whoever has a user's password or session invites in their name. What the user does against that ends what was sent: the
//! links are dead, and the invitations stay in the list, where one click sends those again that were theirs.

use std::collections::BTreeMap;

use app::events::EventKind;
use app::types::email::EmailAddress;
use app::types::ids::{AccountId, UserId};

use super::{DAY, LINK_LIFE, PURPOSE};
use crate::accounts::acting::could_still;
use crate::audit::{About, Event};
use crate::change::Change;
use crate::letters::Letter;
use crate::refusal::Refusal;
use crate::{Outcome, Services};
use crypto::token::Token;
use domain::ends::{Ephemeral, Fate, Occasion, ends_on};
use domain::roles::{Action, Roles, gives_rank};
use domain::team::still_offers;
use storage::ConnectionTrait;
use storage::audit::find_last_actor;
use storage::ephemeral::Of;
use storage::invitations::{
    Invitation, delete_invitation, delete_invitations, end_invitation, find_invitations_of_member,
    find_open_invitations_of,
};
use storage::users::{User, find_user};

/// Refuses an invitation whose sender could not send it now: removed, demoted, disabled, deleted or shut out, or nobody
/// knows who.
pub(super) async fn refuse_without_right(
    services: &Services,
    db: &impl ConnectionTrait,
    invitation: &Invitation,
) -> Outcome<()> {
    let sender = match invitation.sender {
        Some(sender) => Some(sender),
        None => find_sender_in_log(services, db, invitation).await?,
    };
    let to_be = invitation.roles;
    let may = match sender {
        Some(sender) => {
            let who = (sender, invitation.account);
            could_still(services, db, who, Action::Invite { to_be }).await?
        }
        None => false,
    };
    if may {
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
            account: None,
            subject: Some(sender),
        };
        let event = Event::InvitationsRevoked { count };
        if let Some(here) = lost.account {
            change.record(&event, about.within(here)).await?;
        } else {
            let actor = change.actor()?;
            change.record_for(account, actor, &event, about).await?;
        }
        revoked += count;
    }
    Ok(revoked)
}

/// Ends the invitations of a user that an occasion ends, says in the log of each account how many, and mails the user. In the
/// transaction of the occasion.
pub(crate) async fn end_sent(change: &Change<'_>, occasion: Occasion, of: Of) -> Outcome<()> {
    let fate = ends_on(occasion)
        .iter()
        .find(|(what, _)| *what == Ephemeral::Invitations)
        .map(|(_, fate)| *fate);
    let rank_alone = match fate {
        Some(Fate::SentOver) => false,
        Some(Fate::SentRankOver) => true,
        _ => return Ok(()),
    };
    let Of::User(sender) = of else { return Ok(()) };
    let now = change.services.now();
    let mut by_account = BTreeMap::<AccountId, u32>::new();
    let mut invited = Vec::new();
    for one in find_open_invitations_of(change.db(), sender, None, now).await? {
        if rank_alone && !gives_rank(Roles::NONE, one.roles) {
            continue;
        }
        // Nobody knows the new token: a letter with the old one that still waits is not sent either.
        let nobodys = Token::new(change.services.random.as_ref()).hash(PURPOSE);
        if end_invitation(change.db(), one.id, &nobodys, now).await? {
            *by_account.entry(one.account).or_default() += 1;
            invited.push(one.email);
        }
    }
    if by_account.is_empty() {
        return Ok(());
    }
    let user = find_user(change.db(), sender).await?;
    let user = user.ok_or(Refusal::NotFound)?;
    let actor = change.actor_or(&user);
    for (account, count) in &by_account {
        let event = Event::InvitationsEnded { count: *count };
        let about = About::user(&user);
        change.record_for(*account, actor, &event, about).await?;
    }
    let letter = Letter::InvitationsEnded {
        count: by_account.values().sum(),
        invited: &invited,
    };
    change.queue(&user, &letter).await?;
    Ok(())
}

/// Revokes the invitations to an address whose user belongs to their accounts already: it has become that of a member.
pub(crate) async fn revoke_of_member(
    change: &Change<'_>,
    user: &User,
    email: &EmailAddress,
) -> Outcome<()> {
    let actor = change.actor_or(user);
    for one in find_invitations_of_member(change.db(), email, user.id).await? {
        if delete_invitation(change.db(), one.id).await? {
            let event = Event::InvitationRevoked { email: one.email };
            let about = About::NOTHING;
            change.record_for(one.account, actor, &event, about).await?;
        }
    }
    Ok(())
}
