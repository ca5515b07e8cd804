//! Sign-up, when it is open. A link is mailed before the user is created, so that the form does not reveal who is registered
//! and nobody registers another person's address. The password is asked again behind the link, so that a stranger's password
//! does not become that of the person who opens it. The mailbox wins the address from a
//! user who has never proven it (`won`).

use app::types::email::EmailAddress;
use app::types::name::Name;
use app::types::secret_text::SecretText;
use app::types::setup::NewUser;

use super::audit::{About, Event};
use super::browsers::{FromBrowser, note_mailbox_proof};
use super::change::Change;
use super::letters::{Addressed, Letter};
use super::limits::{self, Asked, Bucket, Limit, take_asked};
use super::new_passwords::PaidBy;
use super::sign_in::check_length;
use super::users::AcceptedUser;
use super::users::won::{self, Won};
use super::{Failure, Fault, Outcome, Services, Visitor, new_passwords, users};
use crate::refusal::Refusal;
use crypto::password::Verdict;
use crypto::token::Token;
use domain::days::Zone;
use domain::user_address::may_be_won;
use storage::sign_ups::{
    PendingSignUp, find_sign_up, insert_sign_up, other_sign_ups, take_sign_ups,
};
use storage::users::find_user_by_email;

/// Keeps hashes of these tokens apart from those of other tokens.
pub(crate) const PURPOSE: &str = "sign-up";
/// Seconds that the mailed link is good for.
const LINK_LIFE: i64 = 24 * 60 * 60;
/// Other sign-ups of the address whose password is tried behind a link, the newest first. Each costs a hash.
const MOST_TRIED: u64 = 4;

/// A sign-up that has become a user.
pub struct FinishedSignUp {
    /// The address of the user.
    pub email: EmailAddress,
    /// By which the browser is known: it has proven the mailbox.
    pub known: Token,
}

/// Mails a link that finishes the sign-up, or tells the user of the address that they have one.
/// Both take one hash and one transaction, write the same, and give the same answer. What others have asked for with the
/// address stays: a stranger's sign-up must not take the place of that of the mailbox's owner.
///
/// # Errors
/// `Paused` where this client network, or all together, have asked too often for the address.
pub async fn request(services: &Services, user: &NewUser, visitor: &Visitor) -> Outcome<()> {
    if !services.settings.sign_up {
        return Err(Refusal::SignUpClosed.into());
    }
    let tries = Limit::SignUps.of_client(visitor);
    let (accepted, password) = users::accept(services, user, PaidBy::Try(&tries)).await?;
    let password_hash = new_passwords::hash(services, &password).await?;
    let token = Token::new(services.random.as_ref());
    let change = Change::by_visitor(services, visitor).await?;
    let asked = Asked::SignUp;
    let spent = take_asked(&change, asked, &accepted.email).await?;
    if let Some(refusal) = spent {
        return Err(change.refuse(refusal).await);
    }
    let existing = find_user_by_email(change.db(), &accepted.email).await?;
    let (held, existing) = match existing {
        Some(user) if may_be_won(user.is_email_verified) => (true, None),
        other => (false, other),
    };
    let sign_up = PendingSignUp {
        token_hash: token.hash(PURPOSE).to_vec(),
        email: accepted.email.as_str().to_owned(),
        name: accepted.name.as_str().to_owned(),
        account_name: accepted.account_name.as_str().to_owned(),
        password_hash,
        expires_at: services.now() + LINK_LIFE,
    };
    let part = change.savepoint().await?;
    insert_sign_up(part.db(), sign_up).await?;
    part.end(existing.is_none()).await?;
    if let Some(existing) = existing {
        let letter = Letter::SignUpForExisting { from: visitor };
        change.queue(&existing, &letter).await?;
    } else {
        let letter = if held {
            Letter::SignUpHeld { token: &token }
        } else {
            Letter::SignUpLink { token: &token }
        };
        let to = Addressed::stranger(&accepted.email);
        change.queue(to, &letter).await?;
    }
    change.commit().await?;
    Ok(())
}

/// Which address a mailed link is for.
///
/// # Errors
/// `SignUpClosed`, or `LinkOver` as [`finish`].
pub async fn opened(services: &Services, token: &SecretText) -> Outcome<String> {
    let (_, waiting) = good_link(services, token).await?;
    Ok(waiting.email)
}

async fn good_link(services: &Services, token: &SecretText) -> Outcome<([u8; 32], PendingSignUp)> {
    if !services.settings.sign_up {
        return Err(Refusal::SignUpClosed.into());
    }
    let token = Token::parse(token.expose()).ok_or(Refusal::LinkOver)?;
    let hash = token.hash(PURPOSE);
    let db = services.database.read();
    let waiting = find_sign_up(db, &hash, services.now()).await?;
    Ok((hash, waiting.ok_or(Refusal::LinkOver)?))
}

/// Creates the user of a mailed link, for whoever knows the password of the form too: anybody can fill in a form with the
/// address of another, whose user would have that password. Gives the address; signs nobody in, but the browser is
/// known from then on: the link has proven the mailbox.
///
/// # Errors
/// A wrong password leaves the link good, ten in an hour.
pub async fn finish(
    services: &Services,
    token: &SecretText,
    password: &SecretText,
    zone: Option<&str>,
    from: &FromBrowser<'_>,
) -> Outcome<FinishedSignUp> {
    let over = || Failure::Refused(Refusal::LinkOver);
    let (hash, waiting) = good_link(services, token).await?;
    let tries = Limit::SignUpPasswords.of_link(&hash);
    let sign_up = prove(services, waiting, password, &tries).await?;
    let change = Change::by_visitor(services, from.visitor).await?;
    if !take_sign_ups(change.db(), &hash, &sign_up.email, services.now()).await? {
        return Err(over());
    }
    tries.forget(change.db()).await?;
    let stored = || Failure::Fault(Fault::Broken("a stored sign-up does not parse"));
    // A version before may have taken names that this one does not: its form is filled in again.
    let accepted = AcceptedUser {
        name: Name::parse(&sign_up.name).map_err(|_| over())?,
        email: EmailAddress::parse(&sign_up.email).map_err(|_| stored())?,
        account_name: Name::parse(&sign_up.account_name).map_err(|_| over())?,
    };
    let won = won::win(&change, &accepted.email).await?;
    if won == Won::HeldByAnother {
        return Err(over());
    }
    // Whoever took the address in the same moment, as by an invitation, was first.
    let zone = Zone::of_browser(zone);
    let id = users::add(&change, &accepted, sign_up.password_hash, zone)
        .await
        .map_err(|failure| {
            if failure.is_duplicate() {
                over()
            } else {
                failure
            }
        })?;
    let actor = change.actor_as(id, accepted.name.as_str());
    let (created, about) = (Event::UserCreated, About::NOTHING);
    change.record_by(actor, &created, about).await?;
    // A new user is known in no browser.
    let known = note_mailbox_proof(&change, id, None).await?;
    if won.lost_by().is_some() {
        won::tell(&change, id).await?;
    }
    change.commit().await?;
    Ok(FinishedSignUp {
        email: accepted.email,
        known,
    })
}

/// Finds the sign-up whose password this is: that of the link, or another one of the same address. Anybody can sign up
/// with an address, and which of the mails its owner opens is chance. A try is taken before the first hash, and given
/// back where there was none.
async fn prove(
    services: &Services,
    waiting: PendingSignUp,
    password: &SecretText,
    tries: &Bucket,
) -> Outcome<PendingSignUp> {
    check_length(password)?;
    limits::admit(services, tries).await?;
    let db = services.database.read();
    let others = other_sign_ups(db, &waiting, services.now(), MOST_TRIED).await?;
    for sign_up in std::iter::once(waiting).chain(others) {
        let stored = Some(sign_up.password_hash.as_str());
        match services.hasher.verify(password.expose(), stored).await {
            Ok(Verdict::Right { .. }) => return Ok(sign_up),
            Ok(Verdict::Wrong) => {}
            Err(busy) => {
                let change = Change::by_server(services).await?;
                limits::give_back(change.db(), &[*tries]).await?;
                change.commit().await?;
                return Err(busy.into());
            }
        }
    }
    Err(Refusal::WrongPassword.into())
}
