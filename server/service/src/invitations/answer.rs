//! Invitations from the side of the invited person: opening one, accepting it, or accepting it as a new user.
//!
//! A link proves that its holder reads mail of one address. It gives access to nothing by itself: a user of that
//! address signs in first, second factor included, and a new one chooses a password and signs in after.

use app::events::EventKind;
use app::types::email::EmailAddress;
use app::types::ids::{AccountId, UserId};
use app::types::name::Name;
use app::types::secret_text::SecretText;
use app::types::team::{InvitationOffer, InvitationStep, InvitedUser};

use super::PURPOSE;
use super::sender::refuse_without_right;
use crate::audit::{About, Event};
use crate::browsers::{FromBrowser, note_mailbox_proof, note_own_mailbox_proof};
use crate::change::Change;
use crate::letters::Letter;
use crate::limits::{self, Limit};
use crate::new_passwords::{self, AcceptedPassword, PaidBy};
use crate::refusal::{Refusal, Wrong, keep};
use crate::sessions::{self, SignedIn};
use crate::users::won::{self, Won};
use crate::{Failure, Fault, Outcome, Services, Visitor, factor_set};
use crypto::token::Token;
use domain::ends::Occasion;
use domain::offers::OPENS_AFTER;
use domain::password_policy::PasswordProblem;
use domain::roles::{Roles, gives_rank};
use domain::user_address::may_be_won;
use storage::ConnectionTrait;
use storage::accounts::{find_account, lock_account};
use storage::audit::find_last_act;
use storage::invitations::{Invitation, find_invitation_by_token, spend_invitation};
use storage::lost_addresses::is_lost_by_somebody;
use storage::memberships::{insert_membership, is_member};
use storage::trusted_browsers::may_trust_browsers;
use storage::users::{NewUserRow, User, find_user, find_user_by_email, insert_user};

/// What the link leads to, and what is to be done by whoever opens it in this browser.
///
/// # Errors
/// A link that is wrong, used, revoked or too old is over; who sent it must still have the right to; who belongs to the
/// account already has nothing to accept.
pub async fn open(
    services: &Services,
    token: &SecretText,
    session: Option<&Token>,
    visitor: &Visitor,
) -> Outcome<InvitationOffer> {
    let hash = hash(token)?;
    limits::admit(services, &Limit::Invitations.of_client(visitor)).await?;
    let (invitation, account_name) = find(services, services.database.read(), &hash).await?;
    refuse_without_right(services, services.database.read(), &invitation).await?;
    let caller = match session {
        Some(session) => sessions::resolve(services, session, visitor).await?,
        None => None,
    };
    if !invitation.is_handed_over {
        refuse_member(services.database.read(), &invitation, &account_name).await?;
    }
    let next = match caller {
        Some(caller) if is_invited(&caller.user, &invitation) => {
            refuse_handed_over(&invitation)?;
            InvitationStep::Accept
        }
        // Whoever handed the link over has it too: it tells nobody whether the address has a user.
        Some(_) if invitation.is_handed_over => InvitationStep::SignOut,
        None if invitation.is_handed_over => InvitationStep::CreateUser,
        Some(caller) if has_address(&caller.user, &invitation) => InvitationStep::ConfirmAddress,
        Some(_) => InvitationStep::SwitchUser,
        None => {
            let email = address(&invitation)?;
            match find_user_by_email(services.database.read(), &email).await? {
                // The password may be that of somebody who has only said that the address is theirs.
                Some(user) if may_be_won(user.is_email_verified) => InvitationStep::ClaimAddress,
                Some(_) => InvitationStep::SignIn,
                None => InvitationStep::CreateUser,
            }
        }
    };
    Ok(InvitationOffer {
        account_name,
        invited_by: invitation.invited_by,
        name: invitation.name,
        email: invitation.email,
        roles: invitation.roles.list(),
        next,
    })
}

/// Joins the account as the user who is signed in.
///
/// # Errors
/// Only the user whose verified address is the invitation's; for anyone else it stays good.
pub async fn accept(
    services: &Services,
    caller: &SignedIn,
    token: &SecretText,
) -> Outcome<AccountId> {
    let hash = hash(token)?;
    limits::admit(services, &Limit::Invitations.of_client(&caller.visitor)).await?;
    let change = Change::by_session(services, caller).await?;
    let invitation = find_locked(&change, &hash).await?;
    let user = sessions::still(&change, caller).await?;
    if !is_invited(&user, &invitation) {
        return Err(Refusal::InvitedAnother.into());
    }
    refuse_handed_over(&invitation)?;
    if is_member(change.db(), invitation.account, user.id).await? {
        let (_, account) = find(services, change.db(), &hash).await?;
        return Err(Refusal::YouInAccount { account }.into());
    }
    refuse_without_right(services, change.db(), &invitation).await?;
    add(&change, &invitation, &hash, user.id).await?;
    if !may_trust_browsers(change.db(), user.id).await? {
        // This session too, where trust opened it: whoever goes on gives the second factor first.
        change.end(Occasion::TrustForbidden, user.id).await?;
    }
    let about = about(invitation.account);
    change.record(&Event::Joined, about).await?;
    tell_owner(&change, &invitation, &user.name).await?;
    note_own_mailbox_proof(&change, caller).await?;
    change.commit().await?;
    Ok(invitation.account)
}

/// Creates the user of an invitation, who joins the account. Signs nobody in, and gives nothing that would, but the token
/// by which the browser is known where a mailed link has proven the mailbox. Such a link wins the address from a user who
/// has never proven it, as that of a sign-up does. One that was handed over proves nothing.
///
/// # Errors
/// Only where the address has no user, or none who has proven it; refuses each field that cannot be taken.
pub async fn join(
    services: &Services,
    token: &SecretText,
    new: &InvitedUser,
    from: &FromBrowser<'_>,
) -> Outcome<Option<Token>> {
    let (hash, visitor) = (hash(token)?, from.visitor);
    // Who has no good link costs no hash.
    let (invitation, account_name) = find(services, services.database.read(), &hash).await?;
    refuse_without_right(services, services.database.read(), &invitation).await?;
    let tries = Limit::Invitations.of_client(visitor);
    let known = [
        new.name.as_str(),
        invitation.email.as_str(),
        account_name.as_str(),
    ];
    let accepted =
        new_passwords::accept(services, &new.password, &known, PaidBy::Try(&tries)).await?;
    let (name, password) = check(new, accepted)?;
    let password_hash = new_passwords::hash(services, &password).await?;
    let change = Change::by_visitor(services, visitor).await?;
    let invitation = find_locked(&change, &hash).await?;
    let email = address(&invitation)?;
    refuse_without_right(services, change.db(), &invitation).await?;
    let is_proven = !invitation.is_handed_over;
    let has_won = take_address(&change, &email, is_proven).await?;
    // Somebody signs in by it who has lost it, too: a second one could lose it after them, and there is one way in for one.
    if !is_proven && is_lost_by_somebody(change.db(), &email, services.now()).await? {
        return Err(Refusal::Taken.into());
    }
    let new = (&email, &name, is_proven);
    let id = insert(&change, new, password_hash).await?;
    add(&change, &invitation, &hash, id).await?;
    let actor = change.actor_as(id, name.as_str());
    let created = Event::UserCreated;
    change.record_by(actor, &created, About::NOTHING).await?;
    let about = about(invitation.account);
    let joined = if is_proven {
        Event::Joined
    } else {
        Event::JoinedByHandedOverLink {
            by: invitation.invited_by.clone(),
        }
    };
    change.record_by(actor, &joined, about).await?;
    tell_owner(&change, &invitation, name.as_str()).await?;
    if has_won {
        won::tell(&change, id).await?;
    }
    let known = if is_proven {
        // A new user is known in no browser.
        Some(note_mailbox_proof(&change, id, None).await?)
    } else {
        None
    };
    change.commit().await?;
    Ok(known)
}

/// Makes the address free for a new user: whether it was somebody's who had never proven it.
async fn take_address(change: &Change<'_>, email: &EmailAddress, is_proven: bool) -> Outcome<bool> {
    let won = if is_proven {
        won::win(change, email).await?
    } else if find_user_by_email(change.db(), email).await?.is_some() {
        Won::HeldByAnother
    } else {
        Won::FromNobody
    };
    match won {
        Won::FromNobody => Ok(false),
        Won::FromAUser(_) => Ok(true),
        Won::HeldByAnother => Err(Refusal::Taken.into()),
    }
}

/// Adds the user; a mailed link has proven the address.
async fn insert(
    change: &Change<'_>,
    (email, name, is_email_proven): (&EmailAddress, &Name, bool),
    password_hash: String,
) -> Outcome<UserId> {
    let id = UserId::new(change.services.new_uuid());
    let row = NewUserRow {
        id,
        email,
        name,
        password_hash,
        is_email_proven,
    };
    match insert_user(change.db(), row, change.services.now()).await {
        Ok(()) => {
            factor_set::bind(change.services, change.db(), id).await?;
            Ok(id)
        }
        Err(error) if error.is_duplicate() => Err(Refusal::Taken.into()),
        Err(error) => Err(error.into()),
    }
}

/// Consumes the link before it adds the user: of two concurrent requests only one can.
async fn add(
    change: &Change<'_>,
    invitation: &Invitation,
    hash: &[u8],
    user: UserId,
) -> Outcome<()> {
    let now = change.services.now();
    if !spend_invitation(change.db(), hash, now).await? {
        return Err(Refusal::LinkOver.into());
    }
    let (account, roles) = (invitation.account, invitation.roles);
    // Whoever is kept out after a reset is not let in by leaving and coming again.
    let kinds = [EventKind::KeptOut.word()];
    let kept_out = find_last_act(change.db(), (account, user), &kinds, now - OPENS_AFTER).await?;
    let opens_at = kept_out.map(|at| at + OPENS_AFTER);
    insert_membership(change.db(), account, user, roles, (now, opens_at)).await?;
    Ok(())
}

/// The owner hears of everybody who joins with rank.
async fn tell_owner(change: &Change<'_>, invitation: &Invitation, name: &str) -> Outcome<()> {
    if !gives_rank(Roles::NONE, invitation.roles) {
        return Ok(());
    }
    let account = find_account(change.db(), invitation.account)
        .await?
        .ok_or(Refusal::LinkOver)?;
    let Some(owner) = find_user(change.db(), account.owner).await? else {
        return Ok(());
    };
    let letter = Letter::RankJoined {
        account: &account.name,
        by: &invitation.invited_by,
        name,
        email: &invitation.email,
        roles: invitation.roles,
    };
    change.queue(&owner, &letter).await?;
    Ok(())
}

/// An address that waits for its proof is nobody's.
fn is_invited(user: &User, invitation: &Invitation) -> bool {
    user.is_email_verified && has_address(user, invitation)
}

fn has_address(user: &User, invitation: &Invitation) -> bool {
    user.email.in_use() == Some(invitation.email.as_str())
}

/// Somebody who has come to the account meanwhile, or to this address, has nothing to accept. Whoever has the mailed link
/// reads the mailbox.
async fn refuse_member(
    db: &impl ConnectionTrait,
    invitation: &Invitation,
    account: &str,
) -> Outcome<()> {
    let email = address(invitation)?;
    let user = find_user_by_email(db, &email).await?;
    if let Some(user) = user.filter(|user| user.is_email_verified)
        && is_member(db, invitation.account, user.id).await?
    {
        let account = account.to_owned();
        return Err(Refusal::YouInAccount { account }.into());
    }
    Ok(())
}

/// A link that was handed over makes a new user and brings nobody else in.
fn refuse_handed_over(invitation: &Invitation) -> Result<(), Refusal> {
    if invitation.is_handed_over {
        Err(Refusal::LinkForNewUser)
    } else {
        Ok(())
    }
}

fn hash(token: &SecretText) -> Result<[u8; 32], Refusal> {
    let token = Token::parse(token.expose()).ok_or(Refusal::LinkOver)?;
    Ok(token.hash(PURPOSE))
}

async fn find(
    services: &Services,
    db: &impl ConnectionTrait,
    hash: &[u8],
) -> Outcome<(Invitation, String)> {
    find_invitation_by_token(db, hash, services.now())
        .await?
        .ok_or(Failure::Refused(Refusal::LinkOver))
}

async fn find_locked(change: &Change<'_>, hash: &[u8]) -> Outcome<Invitation> {
    let (invitation, _) = find(change.services, change.db(), hash).await?;
    lock_account(change.db(), invitation.account)
        .await?
        .ok_or(Refusal::LinkOver)?;
    Ok(invitation)
}

fn address(invitation: &Invitation) -> Outcome<EmailAddress> {
    EmailAddress::parse(&invitation.email)
        .map_err(|_| Failure::Fault(Fault::Broken("a stored invitation does not parse")))
}

fn check<'a>(
    new: &InvitedUser,
    password: Result<AcceptedPassword<'a>, PasswordProblem>,
) -> Result<(Name, AcceptedPassword<'a>), Refusal> {
    let mut wrong = Vec::new();
    let name = keep(&mut wrong, Name::parse(&new.name).map_err(Wrong::Name));
    let password = keep(&mut wrong, password.map_err(Wrong::Password));
    name.zip(password).ok_or(Refusal::Wrong(wrong))
}

fn about(account: AccountId) -> About<'static> {
    About::account(account)
}
