//! Invitations from the side of the account: listing and revoking. `sending` creates them and sends them again, `answer` is
//! the side of the invited person.

pub mod answer;
pub mod handing;
pub mod sender;
pub mod sending;

use app::events::EventKind;
use app::types::account::AccountRef;
use app::types::email::EmailAddress;
use app::types::ids::{AccountId, InvitationId};
use app::types::name::Name;
use app::types::team::{InvitationShown, Invitations, NewInvitation};

use super::accounts::{Member, admit};
use super::audit::{About, Event};
use super::change::Change;
use super::limits::Limit;
use super::principal::Principal;
use super::refusal::{Refusal, Wrong, keep};
use super::team::admit_locked;
use super::users::parse_email;
use super::{Outcome, Services};
use domain::roles::{Action, Roles, denial};
use storage::ConnectionTrait;
use storage::audit::find_event_before;
use storage::invitations::{Invitation, delete_invitation, find_invitation, invitations_of};
use storage::memberships::is_member;
use storage::users::find_user_by_email;

/// Keeps hashes of these tokens apart from those of other tokens.
pub(crate) const PURPOSE: &str = "invitation";
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
    caller: &Principal,
    account: AccountRef,
) -> Outcome<Invitations> {
    let db = services.database.read();
    let member = admit(services, caller, account).await?;
    member.may(Action::ReadUsers)?;
    let now = services.now();
    let invitations = invitations_of(db, member.account.id, MOST_LISTED)
        .await?
        .into_iter()
        .map(|row| InvitationShown {
            id: row.id,
            name: row.name,
            email: row.email,
            roles: row.roles.list(),
            expires_at: row.expires_at,
            is_over: row.expires_at <= now,
            invited_by: row.invited_by,
            is_handed_over: row.is_handed_over,
            manage: denial(member.roles, Action::Invite { to_be: row.roles }),
        })
        .collect();
    Ok(Invitations {
        invitations,
        no_mail_server: services.settings.mail.smtp_url.is_none(),
    })
}

/// Revokes an invitation: its link is dead.
///
/// # Errors
/// Nobody revokes what they could not offer; one that is not the account's is not found.
pub async fn revoke(
    services: &Services,
    caller: &Principal,
    account: AccountRef,
    id: InvitationId,
) -> Outcome<()> {
    let change = Change::by_session(services, caller).await?;
    let member = admit_locked(&change, caller, account).await?;
    let row = find_managed(change.db(), &member, id).await?;
    if !delete_invitation(change.db(), id).await? {
        return Err(Refusal::NotFound.into());
    }
    let event = Event::InvitationRevoked { email: row.email };
    let about = about(member.account.id);
    change.record(&event, about).await?;
    change.commit().await?;
    Ok(())
}

async fn find_managed(
    db: &impl ConnectionTrait,
    member: &Member,
    id: InvitationId,
) -> Outcome<Invitation> {
    member.may(Action::ReadUsers)?;
    let row = find_invitation(db, member.account.id, id)
        .await?
        .ok_or(Refusal::NotFound)?;
    member.may(Action::Invite { to_be: row.roles })?;
    Ok(row)
}

/// Checks every field, so that all that is wrong is said at once.
fn accept(new: &NewInvitation) -> Result<Accepted, Refusal> {
    let mut wrong = Vec::new();
    let name = keep(&mut wrong, Name::parse(&new.name).map_err(Wrong::Name));
    let email = keep(&mut wrong, parse_email(&new.email));
    let roles: Roles = new.roles.iter().copied().collect();
    if roles == Roles::NONE {
        wrong.push(Wrong::NoRoles);
    }
    match (name, email) {
        (Some(name), Some(email)) if wrong.is_empty() => Ok(Accepted { name, email, roles }),
        _ => Err(Refusal::Wrong(wrong)),
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
        return Err(Refusal::AlreadyInAccount.into());
    }
    Ok(())
}

/// Takes an invitation off what a user may send from all their accounts, which cost nothing, in a day.
async fn take_of_user(change: &Change<'_>, caller: &Principal) -> Outcome<()> {
    let of_user = Limit::InvitationsOfUser.of_user(caller.user.id);
    change.take_or_refuse(&of_user).await
}

/// By account in the audit log, so that revoking and inviting in turn is counted too.
async fn refuse_floods(
    services: &Services,
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Outcome<()> {
    let now = services.now();
    let kinds = [
        EventKind::Invited.word(),
        EventKind::InvitationResent.word(),
    ];
    let skipped = u64::from(MOST_A_DAY - 1);
    let oldest = find_event_before(db, account, &kinds, skipped, now - DAY).await?;
    match oldest.map(|at| (at + DAY).since(now)) {
        Some(wait) if wait > 0 => Err(Refusal::TooManyInvitations {
            retry_after: u32::try_from(wait).unwrap_or(u32::MAX),
        }
        .into()),
        Some(_) | None => Ok(()),
    }
}

fn about(account: AccountId) -> About<'static> {
    About::account(account)
}
