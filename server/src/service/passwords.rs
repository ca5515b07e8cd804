//! Passwords: forgotten, set anew by a mailed link, changed. None of it touches the second factor, and a link
//! signs nobody in.

use app::error::{ApiError, Field, Problem};
use app::types::email::EmailAddress;
use app::types::secret_text::SecretText;
use app::types::two_factor::StepUp;

use super::audit::{Event, record_own};
use super::ends::{Concerned, end};
use super::limits::{Bucket, Limit, paused};
use super::new_passwords::{AcceptedPassword, PaidBy};
use super::notifications::ways_in;
use super::sessions::SignedIn;
use super::step_up::{prove_password, prove_second_factor};
use super::{Failure, Outcome, Services, Visitor, new_passwords, sessions};
use crate::crypto::password::is_same_password;
use crate::crypto::token::Token;
use crate::domain::ends::Occasion;
use crate::domain::password_policy;
use crate::storage::ephemeral::Of;
use crate::storage::password_resets::{
    find_password_reset, replace_password_reset, spend_password_reset,
};
use crate::storage::users::{User, find_user, find_user_or_stand_in, lock_user, set_password};
use crate::storage::{Part, WriteTransaction};

/// Keeps hashes of these tokens apart from those of other tokens.
const PURPOSE: &str = "password reset";
/// Seconds that the mailed link is good for.
const LINK_LIFE: i64 = 30 * 60;

/// Mails a link that sets a new password, to the address as it is stored. The answer and its cost are the same for
/// every address: where nobody is to get a link, one is written for somebody and undone.
pub async fn request_reset(services: &Services, email: &str, visitor: &Visitor) -> Outcome<()> {
    let email = EmailAddress::parse(email)
        .map_err(|_| ApiError::field(Field::Email, Problem::NotAnEmail))?;
    let token = Token::new(services.random.as_ref());
    let transaction = services.database.begin_write().await?;
    let client = Limit::PasswordResets.of_client(visitor);
    if let Some(until) = client.take(services, &transaction).await? {
        return Err(paused(services, until).into());
    }
    let mails = Limit::MailsToAddress.of_email(&email);
    let may_mail = mails.take(services, &transaction).await?.is_none();
    let found = find_user_or_stand_in(&transaction, &email).await?;
    // Locked, and looked at again: the address may just have changed, and a link to the old one must not outlive that.
    let found = match found {
        Some(user) => lock_user(&transaction, user.id).await?,
        None => None,
    };
    if let Some(user) = found {
        let is_meant = user.email == email.as_str() && !user.is_disabled && may_mail;
        let part = Part::begin(&transaction).await?;
        send_link(services, part.work(), &user, &token, visitor).await?;
        part.end(is_meant).await?;
    }
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(())
}

async fn send_link(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    token: &Token,
    visitor: &Visitor,
) -> Outcome<()> {
    let expires_at = services.now() + LINK_LIFE;
    replace_password_reset(transaction, user.id, &token.hash(PURPOSE), expires_at).await?;
    let event = Event::PasswordResetRequested;
    record_own(services, transaction, user, &event, visitor).await?;
    ways_in::password_reset_link(services, transaction, user, token, visitor).await
}

/// Sets a new password by a mailed link. Every session ends, and with them whatever else leads in.
pub async fn reset(
    services: &Services,
    token: &SecretText,
    password: &SecretText,
    visitor: &Visitor,
) -> Outcome<()> {
    let hash = Token::parse(token.expose())
        .ok_or(ApiError::LinkOver)?
        .hash(PURPOSE);
    let db = services.database.read();
    let over = || Failure::Refused(ApiError::LinkOver);
    let id = find_password_reset(db, &hash, services.now()).await?;
    let user = find_user(db, id.ok_or_else(over)?).await?;
    let user = user.filter(|user| !user.is_disabled).ok_or_else(over)?;
    let tries = Limit::NewPasswords.of_link(&hash);
    let accepted = accept_new(services, &user, password, &tries).await?;
    let password_hash = new_passwords::hash(services, &accepted).await?;
    let transaction = services.database.begin_write().await?;
    let user = lock_user(&transaction, user.id)
        .await?
        .filter(|user| !user.is_disabled)
        .ok_or_else(over)?;
    let now = services.now();
    if !spend_password_reset(&transaction, user.id, &hash, now).await? {
        return Err(over());
    }
    set_password(&transaction, user.id, password_hash, now).await?;
    let (occasion, nothing) = (Occasion::PasswordReset, Concerned::default());
    end(&transaction, occasion, Of::User(user.id), nothing).await?;
    // Who reads the mailbox is no stranger, and must not wait for those who guessed.
    let strangers = Limit::PasswordsOfStrangers.of_address_of(&user);
    strangers.forget(&transaction).await?;
    let event = Event::PasswordReset;
    record_own(services, &transaction, &user, &event, visitor).await?;
    ways_in::password_reset(services, &transaction, &user, visitor).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(())
}

/// Changes the password; gives this session's new token, the others end.
pub async fn change(
    services: &Services,
    caller: &SignedIn,
    password: &SecretText,
    given: &StepUp,
) -> Outcome<Token> {
    let shape = password_policy::check_shape(password.expose());
    shape.map_err(|problem| ApiError::field(Field::NewPassword, problem))?;
    let proof = prove_password(services, caller, given).await?;
    if is_same_password(password.expose(), given.password.expose()) {
        return Err(ApiError::field(Field::NewPassword, Problem::Unchanged).into());
    }
    let tries = Limit::NewPasswords.of_user(caller.user.id);
    let accepted = accept_new(services, &caller.user, password, &tries).await?;
    let password_hash = new_passwords::hash(services, &accepted).await?;
    let transaction = services.database.begin_write().await?;
    let (transaction, user) =
        prove_second_factor(services, transaction, caller, given, &proof).await?;
    set_password(&transaction, user.id, password_hash, services.now()).await?;
    let (occasion, by) = (Occasion::PasswordChanged, Concerned::by(caller));
    end(&transaction, occasion, Of::User(user.id), by).await?;
    let token = sessions::renew(services, &transaction, caller.session.id)
        .await?
        .ok_or(Failure::Refused(ApiError::SignedOut))?;
    let event = Event::PasswordChanged;
    record_own(services, &transaction, &user, &event, &caller.visitor).await?;
    ways_in::password_changed(services, &transaction, &user, &caller.visitor).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(token)
}

/// A password that a user may have from now on.
async fn accept_new<'a>(
    services: &Services,
    user: &User,
    password: &'a SecretText,
    tries: &Bucket,
) -> Outcome<AcceptedPassword<'a>> {
    let known = [user.name.as_str(), user.email.as_str()];
    let accepted = new_passwords::accept(services, password, &known, PaidBy::Try(tries)).await?;
    Ok(accepted.map_err(|problem| ApiError::field(Field::NewPassword, problem))?)
}
