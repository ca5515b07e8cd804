//! Invitations as the account sees them: made, sent again, revoked. What the one who was invited does stands in
//! `answer`.

pub mod answer;

use app::error::{ApiError, Field, FieldError, Problem};
use app::types::account::AccountRef;
use app::types::email::EmailAddress;
use app::types::ids::{AccountId, InvitationId};
use app::types::name::Name;
use app::types::team::{Invitation, Invitations, NewInvitation};
use app::types::timestamp::Timestamp;

use super::accounts::{Member, admit};
use super::audit::{About, Event, record};
use super::notifications::team::{Offer, invitation};
use super::sessions::SignedIn;
use super::team::{actor, admit_locked};
use super::users::{name_problem, parse_email};
use super::{Failure, Outcome, Services};
use crate::crypto::token::Token;
use crate::domain::roles::{Action, Roles, denial};
use crate::storage::audit::find_event_before;
use crate::storage::invitations::{
    self as storage, NewInvitationRow, delete_invitation, find_invitation, invitations_of,
    renew_invitation, replace_invitation,
};
use crate::storage::memberships::is_member;
use crate::storage::users::find_user_by_email;
use crate::storage::{ConnectionTrait, WriteTransaction};

/// Keeps hashes of these tokens apart from those of other tokens.
const PURPOSE: &str = "invitation";
/// Seconds that the mailed link is good for.
pub(super) const LINK_LIFE: i64 = 7 * 24 * 60 * 60;
/// Letters that an account may send in a day, those sent again among them: it must not be a way to flood mailboxes.
const MOST_A_DAY: u32 = 200;
const DAY: i64 = 24 * 60 * 60;
/// Invitations that are listed at most.
const MOST_LISTED: u64 = 1_000;

/// An invitation whose every field was accepted.
struct Accepted {
    name: Name,
    email: EmailAddress,
    roles: Roles,
}

/// The invitations that nobody has accepted yet.
///
/// # Errors
/// Only owners and administrators see them.
pub async fn list(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
) -> Outcome<Invitations> {
    let db = services.database.read();
    let member = admit(services, db, caller, account).await?;
    member.may(Action::ReadUsers)?;
    let now = services.now();
    let invitations = invitations_of(db, member.account.id, MOST_LISTED)
        .await?
        .into_iter()
        .map(|row| Invitation {
            id: row.id,
            name: row.name,
            email: row.email,
            roles: row.roles.list(),
            expires_at: row.expires_at,
            is_over: row.expires_at <= now,
            manage: denial(member.roles, Action::Invite { to_be: row.roles }),
        })
        .collect();
    Ok(Invitations { invitations })
}

/// Invites somebody by mail; an earlier invitation for the address is over. Whether the address has a user elsewhere
/// makes no difference and is not told.
///
/// # Errors
/// Nobody offers more than they have; who belongs to the account already is not invited; a day has its limit.
pub async fn invite(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    new: &NewInvitation,
) -> Outcome<()> {
    let transaction = services.database.begin_write().await?;
    let member = admit_locked(services, &transaction, caller, account).await?;
    // What is wrong with the fields is said to those who may invite at all.
    member.may(Action::ReadUsers)?;
    let accepted = accept(new)?;
    let to_be = accepted.roles;
    member.may(Action::Invite { to_be })?;
    let id = member.account.id;
    refuse_users(&transaction, id, &accepted.email).await?;
    refuse_floods(services, &transaction, id).await?;
    let (token, until) = keep(services, &transaction, caller, id, &accepted).await?;
    let event = Event::Invited {
        email: accepted.email.as_str().to_owned(),
    };
    record(services, &transaction, actor(caller), &event, about(id)).await?;
    let offer = Offer {
        name: accepted.name.as_str(),
        email: accepted.email.as_str(),
        account: &member.account.name,
        by: &caller.user.name,
        roles: to_be,
        until,
        token: &token,
    };
    invitation(services, &transaction, &offer).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(())
}

/// Keeps a new invitation: gives what opens it, and until when.
async fn keep(
    services: &Services,
    transaction: &WriteTransaction,
    caller: &SignedIn,
    account: AccountId,
    accepted: &Accepted,
) -> Outcome<(Token, Timestamp)> {
    let token = Token::new(services.random.as_ref());
    let expires_at = services.now() + LINK_LIFE;
    let row = NewInvitationRow {
        id: InvitationId::new(services.new_uuid()),
        account,
        token_hash: &token.hash(PURPOSE),
        email: &accepted.email,
        name: &accepted.name,
        roles: accepted.roles,
        invited_by: &caller.user.name,
        expires_at,
    };
    replace_invitation(transaction, row).await?;
    Ok((token, expires_at))
}

/// Sends an invitation again, with a new link and seven new days; the old link is dead.
///
/// # Errors
/// As for inviting; one that is not the account's is not found.
pub async fn resend(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    id: InvitationId,
) -> Outcome<()> {
    let transaction = services.database.begin_write().await?;
    let member = admit_locked(services, &transaction, caller, account).await?;
    let row = find_managed(&transaction, &member, id).await?;
    if let Ok(email) = EmailAddress::parse(&row.email) {
        refuse_users(&transaction, member.account.id, &email).await?;
    }
    refuse_floods(services, &transaction, member.account.id).await?;
    let token = Token::new(services.random.as_ref());
    let expires_at = services.now() + LINK_LIFE;
    if !renew_invitation(&transaction, id, &token.hash(PURPOSE), expires_at).await? {
        return Err(ApiError::NotFound.into());
    }
    let event = Event::InvitationResent {
        email: row.email.clone(),
    };
    let about = about(member.account.id);
    record(services, &transaction, actor(caller), &event, about).await?;
    let offer = Offer {
        name: &row.name,
        email: &row.email,
        account: &member.account.name,
        by: &row.invited_by,
        roles: row.roles,
        until: expires_at,
        token: &token,
    };
    invitation(services, &transaction, &offer).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(())
}

/// Revokes an invitation: its link is dead.
///
/// # Errors
/// Nobody revokes what they could not offer; one that is not the account's is not found.
pub async fn revoke(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    id: InvitationId,
) -> Outcome<()> {
    let transaction = services.database.begin_write().await?;
    let member = admit_locked(services, &transaction, caller, account).await?;
    let row = find_managed(&transaction, &member, id).await?;
    if !delete_invitation(&transaction, id).await? {
        return Err(ApiError::NotFound.into());
    }
    let event = Event::InvitationRevoked { email: row.email };
    let about = about(member.account.id);
    record(services, &transaction, actor(caller), &event, about).await?;
    transaction.commit().await?;
    Ok(())
}

async fn find_managed(
    db: &impl ConnectionTrait,
    member: &Member,
    id: InvitationId,
) -> Outcome<storage::Invitation> {
    member.may(Action::ReadUsers)?;
    let row = find_invitation(db, member.account.id, id)
        .await?
        .ok_or(Failure::Refused(ApiError::NotFound))?;
    member.may(Action::Invite { to_be: row.roles })?;
    Ok(row)
}

/// Checks every field, so that all that is wrong is said at once.
fn accept(new: &NewInvitation) -> Result<Accepted, ApiError> {
    let mut fields = Vec::new();
    let mut wrong = |field, problem| fields.push(FieldError { field, problem });
    let name = Name::parse(&new.name)
        .map_err(|error| wrong(Field::Name, name_problem(error)))
        .ok();
    let email = parse_email(&new.email)
        .map_err(|problem| wrong(Field::Email, problem))
        .ok();
    let roles: Roles = new.roles.iter().copied().collect();
    if roles == Roles::NONE {
        wrong(Field::Roles, Problem::Missing);
    }
    match (name, email) {
        (Some(name), Some(email)) if fields.is_empty() => Ok(Accepted { name, email, roles }),
        _ => Err(ApiError::InvalidFields { fields }),
    }
}

async fn refuse_users(
    db: &impl ConnectionTrait,
    account: AccountId,
    email: &EmailAddress,
) -> Outcome<()> {
    if let Some(user) = find_user_by_email(db, email).await?
        && is_member(db, account, user.id).await?
    {
        return Err(ApiError::AlreadyInAccount.into());
    }
    Ok(())
}

/// Counted in the audit log, so that revoking and inviting in turn is counted too.
async fn refuse_floods(
    services: &Services,
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Outcome<()> {
    let now = services.now();
    let nothing = String::new;
    let (first, again) = (
        Event::Invited { email: nothing() },
        Event::InvitationResent { email: nothing() },
    );
    let kinds = [first.kind(), again.kind()];
    let skipped = u64::from(MOST_A_DAY - 1);
    let oldest = find_event_before(db, account, &kinds, skipped, now - DAY).await?;
    match oldest.map(|at| (at + DAY).since(now)) {
        Some(wait) if wait > 0 => Err(ApiError::TooManyInvitations {
            retry_after: u32::try_from(wait).unwrap_or(u32::MAX),
        }
        .into()),
        Some(_) | None => Ok(()),
    }
}

fn about(account: AccountId) -> About<'static> {
    About {
        account: Some(account),
        subject: None,
    }
}
