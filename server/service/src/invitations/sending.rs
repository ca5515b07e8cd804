//! Sends invitations, and sends them again. Inviting as an administrator counts as giving rank: it takes a step-up, and the
//! owner is mailed.

use app::types::account::AccountRef;
use app::types::email::EmailAddress;
use app::types::ids::{AccountId, InvitationId};
use app::types::team::{InvitationSent, NewInvitation};
use app::types::timestamp::Timestamp;
use app::types::two_factor::StepUp;

use super::{
    Accepted, LINK_LIFE, PURPOSE, about, accept, find_managed, refuse_floods, refuse_users,
    take_of_user,
};
use crate::accounts::{Member, admit};
use crate::audit::Event;
use crate::change::Change;
use crate::letters::{Addressed, Letter};
use crate::principal::Principal;
use crate::refusal::Refusal;
use crate::sessions::SignedIn;
use crate::step_up::prove_where_due;
use crate::team::admit_locked;
use crate::{Failure, Outcome, Services};
use crypto::token::Token;
use domain::roles::{Action, Roles, gives_rank};
use domain::user_address::MailReader;
use storage::ConnectionTrait;
use storage::invitations::{
    Invitation, NewInvitationRow, Sender, renew_invitation, replace_invitation,
};
use storage::users::find_user;

/// Invites somebody by mail; an earlier invitation for the address is over. Whether the address has a user elsewhere
/// makes no difference and is not told. Inviting as an administrator gives rank: it takes a step-up, and the owner is
/// mailed whoever does it, since the session may be a stolen one of the owner's own.
///
/// # Errors
/// Nobody offers more than they have; who belongs to the account already is not invited; a day has its limit; a step-up
/// that is missing or fails where the roles give rank.
pub async fn invite(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    new: &NewInvitation,
    step_up: Option<&StepUp>,
) -> Outcome<InvitationSent> {
    let db = services.database.read();
    let member = admit(services, caller, account).await?;
    let accepted = check_new(services, db, &member, new).await?;
    let is_due = gives_rank(Roles::NONE, accepted.roles);
    let proven = prove_where_due(services, caller, is_due, step_up).await?;
    let change = Change::where_due(services, caller, proven).await?;
    let account = AccountRef::Id(member.account.id);
    let member = admit_locked(&change, caller, account).await?;
    let accepted = check_new(services, change.db(), &member, new).await?;
    change.require_step_up(gives_rank(Roles::NONE, accepted.roles))?;
    take_of_user(&change, caller).await?;
    let part = change.savepoint().await?;
    let sent = send(&part, caller, &member, &accepted).await;
    part.end(sent.is_ok()).await?;
    commit_or_refuse(change, sent).await
}

/// Stores what was sent. Where its mailbox has no room for a week nothing is, but what its sender may send in a day is counted.
async fn commit_or_refuse<T>(change: Change<'_>, sent: Outcome<T>) -> Outcome<T> {
    match sent {
        Ok(sent) => {
            change.commit().await?;
            Ok(sent)
        }
        Err(Failure::Refused(refusal)) => Err(change.refuse(refusal).await),
        Err(fault) => Err(fault),
    }
}

async fn send(
    change: &Change<'_>,
    caller: &Principal,
    member: &Member,
    accepted: &Accepted,
) -> Outcome<InvitationSent> {
    let id = member.account.id;
    let (token, until) = keep(change, caller, id, accepted).await?;
    let event = Event::Invited {
        email: accepted.email.as_str().to_owned(),
    };
    change.record(&event, about(id)).await?;
    let offer = Offer {
        email: accepted.email.as_str(),
        roles: accepted.roles,
        until,
        token: &token,
    };
    tell(change, caller, member, &offer).await
}

/// What an invitation offers to whom.
struct Offer<'a> {
    email: &'a str,
    roles: Roles,
    until: Timestamp,
    token: &'a Token,
}

/// Mails an invitation, and to the owner that one gives rank: whoever did it, since a stolen session acts as its user. Gives
/// how it goes out, and until when it waits for room in its mailbox.
async fn tell(
    change: &Change<'_>,
    caller: &Principal,
    member: &Member,
    offer: &Offer<'_>,
) -> Outcome<InvitationSent> {
    let (account, by) = (member.account.name.as_str(), caller.user.name.as_str());
    let letter = Letter::Invitation {
        account,
        by,
        roles: offer.roles,
        until: offer.until,
        token: offer.token,
    };
    // By no name: who invites has typed it.
    let to = Addressed {
        name: None,
        email: Some(offer.email),
        user: None,
        reader: MailReader::Anybody,
    };
    let waits_until = change.queue_by(to, &letter, Some(caller.user.id)).await?;
    let offered = (offer.email, offer.roles);
    tell_of_rank(change, caller, member, offered).await?;
    Ok(InvitationSent {
        waits_until,
        delivery: change.services.delivery(),
    })
}

/// Mails the owner that an invitation gives rank, where it does.
pub(super) async fn tell_of_rank(
    change: &Change<'_>,
    caller: &Principal,
    member: &Member,
    (whom, roles): (&str, Roles),
) -> Outcome<()> {
    if gives_rank(Roles::NONE, roles)
        && let Some(owner) = find_user(change.db(), member.account.owner).await?
    {
        let letter = Letter::RankOffered {
            account: &member.account.name,
            by: &caller.user.name,
            whom,
            roles,
            from: &caller.visitor,
        };
        change.queue(&owner, &letter).await?;
    }
    Ok(())
}

/// What is wrong with the fields is said to those who may invite at all.
async fn check_new(
    services: &Services,
    db: &impl ConnectionTrait,
    member: &Member,
    new: &NewInvitation,
) -> Outcome<Accepted> {
    member.may(Action::ReadUsers)?;
    let accepted = accept(new)?;
    let to_be = accepted.roles;
    member.may(Action::Invite { to_be })?;
    refuse_users(db, member.account.id, &accepted.email).await?;
    refuse_floods(services, db, member.account.id).await?;
    Ok(accepted)
}

/// Keeps a new invitation: gives what opens it, and until when.
async fn keep(
    change: &Change<'_>,
    caller: &Principal,
    account: AccountId,
    accepted: &Accepted,
) -> Outcome<(Token, Timestamp)> {
    let token = Token::new(change.services.random.as_ref());
    let expires_at = change.services.now() + LINK_LIFE;
    let row = NewInvitationRow {
        id: InvitationId::new(change.services.new_uuid()),
        account,
        token_hash: &token.hash(PURPOSE),
        email: &accepted.email,
        name: &accepted.name,
        roles: accepted.roles,
        sender: sender(caller),
        expires_at,
    };
    replace_invitation(change.db(), row).await?;
    Ok((token, expires_at))
}

/// Who sends an invitation, or sends it again: theirs is the right that it rests on.
pub(super) fn sender(caller: &Principal) -> Sender<'_> {
    Sender {
        id: caller.user.id,
        name: &caller.user.name,
    }
}

/// Sends an invitation again, with a new link and seven new days; the old link is dead. From then on it is an invitation
/// of whoever sent it again.
///
/// # Errors
/// As for inviting; one that is not the account's is not found.
pub async fn resend(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    id: InvitationId,
    step_up: Option<&StepUp>,
) -> Outcome<InvitationSent> {
    let db = services.database.read();
    let member = admit(services, caller, account).await?;
    let row = check_resent(services, db, &member, id).await?;
    let is_due = gives_rank(Roles::NONE, row.roles);
    let proven = prove_where_due(services, caller, is_due, step_up).await?;
    let change = Change::where_due(services, caller, proven).await?;
    let account = AccountRef::Id(member.account.id);
    let member = admit_locked(&change, caller, account).await?;
    let row = check_resent(services, change.db(), &member, id).await?;
    change.require_step_up(gives_rank(Roles::NONE, row.roles))?;
    take_of_user(&change, caller).await?;
    let part = change.savepoint().await?;
    let sent = send_again(&part, caller, &member, &row).await;
    part.end(sent.is_ok()).await?;
    commit_or_refuse(change, sent).await
}

async fn send_again(
    change: &Change<'_>,
    caller: &Principal,
    member: &Member,
    row: &Invitation,
) -> Outcome<InvitationSent> {
    let token = Token::new(change.services.random.as_ref());
    let expires_at = change.services.now() + LINK_LIFE;
    let (hash, by) = (token.hash(PURPOSE), sender(caller));
    if !renew_invitation(change.db(), row.id, &hash, by, expires_at).await? {
        return Err(Refusal::NotFound.into());
    }
    let event = Event::InvitationResent {
        email: row.email.clone(),
    };
    let about = about(member.account.id);
    change.record(&event, about).await?;
    let offer = Offer {
        email: &row.email,
        roles: row.roles,
        until: expires_at,
        token: &token,
    };
    tell(change, caller, member, &offer).await
}

async fn check_resent(
    services: &Services,
    db: &impl ConnectionTrait,
    member: &Member,
    id: InvitationId,
) -> Outcome<Invitation> {
    let row = find_managed(db, member, id).await?;
    if let Ok(email) = EmailAddress::parse(&row.email) {
        refuse_users(db, member.account.id, &email).await?;
    }
    refuse_floods(services, db, member.account.id).await?;
    Ok(row)
}
