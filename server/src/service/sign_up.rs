//! Sign-up, when it is open: a mailed link comes before the user, so that the form tells nobody who
//! has a user here and nobody takes another person's address; the password is asked again behind the link, so that
//! nobody gives another person theirs.

use app::error::ApiError;
use app::types::email::EmailAddress;
use app::types::name::Name;
use app::types::secret_text::SecretText;
use app::types::setup::NewUser;

use super::audit::{About, Actor, Event, record};
use super::limits::{self, Bucket, Limit};
use super::new_passwords::PaidBy;
use super::sign_in::check_length;
use super::users::AcceptedUser;
use super::{Failure, Fault, Outcome, Services, Visitor, new_passwords, notifications, users};
use crate::crypto::password::Verdict;
use crate::crypto::token::Token;
use crate::storage::Part;
use crate::storage::sign_ups::{PendingSignUp, find_sign_up, replace_sign_up, take_sign_up};
use crate::storage::users::find_user_by_email;

/// Keeps hashes of these tokens apart from those of other tokens.
const PURPOSE: &str = "sign-up";
/// Seconds that the mailed link is good for.
const LINK_LIFE: i64 = 24 * 60 * 60;

/// Mails a link that finishes the sign-up, or tells the user of the address that they have one.
/// Both take one hash and one transaction, write the same, and give the same answer.
pub async fn request(services: &Services, user: &NewUser, visitor: &Visitor) -> Outcome<()> {
    if !services.settings.sign_up {
        return Err(ApiError::SignUpClosed.into());
    }
    let tries = Limit::SignUps.of_client(visitor);
    let (accepted, password) = users::accept(services, user, PaidBy::Try(&tries)).await?;
    let password_hash = new_passwords::hash(services, &password).await?;
    let token = Token::new(services.random.as_ref());
    let transaction = services.database.begin_write().await?;
    let mails = Limit::MailsToAddress.of_email(&accepted.email);
    if mails.take(services, &transaction).await?.is_some() {
        // Enough links are on their way; the answer is that of every sign-up.
        transaction.commit().await?;
        return Ok(());
    }
    let existing = find_user_by_email(&transaction, &accepted.email).await?;
    let sign_up = PendingSignUp {
        token_hash: token.hash(PURPOSE).to_vec(),
        email: accepted.email.as_str().to_owned(),
        name: accepted.name.as_str().to_owned(),
        account_name: accepted.account_name.as_str().to_owned(),
        password_hash,
        expires_at: services.now() + LINK_LIFE,
    };
    let part = Part::begin(&transaction).await?;
    replace_sign_up(part.work(), sign_up).await?;
    part.end(existing.is_none()).await?;
    if let Some(existing) = existing {
        notifications::sign_up_for_existing(services, &transaction, &existing, visitor).await?;
    } else {
        notifications::sign_up_link(services, &transaction, &accepted.email, &token).await?;
    }
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(())
}

/// Creates the user of a mailed link, for whoever knows the password of the form too: anybody can fill in a form with the
/// address of another, whose user would have that password. Gives the address; signs nobody in.
///
/// # Errors
/// A wrong password leaves the link good, ten in an hour.
pub async fn finish(
    services: &Services,
    token: &SecretText,
    password: &SecretText,
    visitor: &Visitor,
) -> Outcome<EmailAddress> {
    if !services.settings.sign_up {
        return Err(ApiError::SignUpClosed.into());
    }
    let hash = Token::parse(token.expose())
        .ok_or(ApiError::LinkOver)?
        .hash(PURPOSE);
    let over = || Failure::Refused(ApiError::LinkOver);
    let db = services.database.read();
    let waiting = find_sign_up(db, &hash, services.now()).await?;
    let waiting = waiting.ok_or_else(over)?;
    let tries = Limit::SignUpPasswords.of_link(&hash);
    prove(services, &waiting, password, &tries).await?;
    let transaction = services.database.begin_write().await?;
    let sign_up = take_sign_up(&transaction, &hash, services.now()).await?;
    let sign_up = sign_up.ok_or_else(over)?;
    tries.forget(&transaction).await?;
    let stored = || Failure::Fault(Fault::Broken("a stored sign-up does not parse"));
    let accepted = AcceptedUser {
        name: Name::parse(&sign_up.name).map_err(|_| stored())?,
        email: EmailAddress::parse(&sign_up.email).map_err(|_| stored())?,
        account_name: Name::parse(&sign_up.account_name).map_err(|_| stored())?,
    };
    let existing = find_user_by_email(&transaction, &accepted.email).await?;
    if existing.is_some() {
        return Err(over());
    }
    let id = users::add(services, &transaction, &accepted, sign_up.password_hash).await?;
    let actor = Actor::User {
        id,
        name: accepted.name.as_str(),
        visitor,
    };
    let (created, about) = (Event::UserCreated, About::default());
    record(services, &transaction, actor, &created, about).await?;
    transaction.commit().await?;
    Ok(accepted.email)
}

/// Checks the password against the one of the form. A try is taken before the hash, and given back where there was none.
async fn prove(
    services: &Services,
    sign_up: &PendingSignUp,
    password: &SecretText,
    tries: &Bucket,
) -> Outcome<()> {
    check_length(password)?;
    limits::admit(services, tries).await?;
    let stored = Some(sign_up.password_hash.as_str());
    match services.hasher.verify(password.expose(), stored).await {
        Ok(Verdict::Right { .. }) => Ok(()),
        Ok(Verdict::Wrong) => Err(ApiError::WrongPassword.into()),
        Err(busy) => {
            let transaction = services.database.begin_write().await?;
            limits::give_back(&transaction, &[*tries]).await?;
            transaction.commit().await?;
            Err(busy.into())
        }
    }
}
