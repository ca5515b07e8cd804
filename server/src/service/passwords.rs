//! Passwords: forgotten, reset by a mailed link, changed. None of this touches the second factor, and a link does not sign
//! anybody in.

use app::error::{ApiError, Field, Problem};
use app::types::email::EmailAddress;
use app::types::secret_text::SecretText;
use app::types::two_factor::StepUp;

use super::audit::{Event, record_own};
use super::browsers::{FromBrowser, note_mailbox_proof};
use super::ends::{Concerned, end, end_by};
use super::letters::{Addressed, Letter, queue, queue_for_nobody};
use super::limits::{Asked, Bucket, Limit, paused, take_asked};
use super::new_passwords::{AcceptedPassword, PaidBy};
use super::sessions::SignedIn;
use super::step_up::{prove_password, prove_second_factor};
use super::{Failure, Outcome, Services, Visitor, new_passwords, sessions};
use crate::crypto::password::is_same_password;
use crate::crypto::token::Token;
use crate::domain::ends::Occasion;
use crate::domain::password_policy;
use crate::storage::ephemeral::Of;
use crate::storage::password_resets::{
    find_password_reset, insert_password_reset, spend_password_reset,
};
use crate::storage::users::{
    User, clear_factor_pause, find_user, find_user_or_stand_in, lock_user, set_password,
};
use crate::storage::{Savepoint, WriteTransaction};

/// Keeps hashes of these tokens apart from those of other tokens.
const PURPOSE: &str = "password reset";
/// Seconds that the mailed link is good for.
const LINK_LIFE: i64 = 30 * 60;

/// Mails a link that sets a new password, to the address as it is stored. The answer and its cost are the same for
/// every address: where nobody is to get a link, one is written for somebody and undone, and a mail to nobody queued.
///
/// # Errors
/// `Paused` where this client network, or all together, have asked too often for the address.
pub async fn request_reset(services: &Services, email: &str, visitor: &Visitor) -> Outcome<()> {
    let email = EmailAddress::parse(email)
        .map_err(|_| ApiError::field(Field::Email, Problem::NotAnEmail))?;
    let token = Token::new(services.random.as_ref());
    let transaction = services.database.begin_write().await?;
    let client = Limit::PasswordResets.of_client(visitor);
    if let Some(until) = client.take(services, &transaction).await? {
        return Err(paused(services, until).into());
    }
    let asked = Asked::PasswordReset;
    if let Some(until) = take_asked(services, &transaction, asked, &email, visitor).await? {
        transaction.commit().await?;
        return Err(paused(services, until).into());
    }
    let found = find_user_or_stand_in(&transaction, &email).await?;
    // Locked, and looked at again: the address may just have changed, and a link to the old one must not outlive that.
    let found = match found {
        Some(user) => lock_user(&transaction, user.id).await?,
        None => None,
    };
    let is_meant = found
        .as_ref()
        .is_some_and(|user| user.email.is(&email) && !user.is_disabled);
    if let Some(user) = &found {
        let part = Savepoint::begin(&transaction).await?;
        keep_link(services, part.work(), user, &token, visitor).await?;
        part.end(is_meant).await?;
    }
    let letter = Letter::PasswordResetLink {
        token: &token,
        from: visitor,
    };
    let to = found.as_ref().map(Addressed::from);
    match to.filter(|_| is_meant) {
        Some(to) => {
            queue(services, &transaction, to, &letter).await?;
        }
        // The worker has as much to do as for somebody: what follows the answer must not tell either.
        None => queue_for_nobody(services, &transaction, to, &letter).await?,
    }
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(())
}

async fn keep_link(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    token: &Token,
    visitor: &Visitor,
) -> Outcome<()> {
    let expires_at = services.now() + LINK_LIFE;
    insert_password_reset(transaction, user.id, &token.hash(PURPOSE), expires_at).await?;
    let event = Event::PasswordResetRequested;
    record_own(services, transaction, user, &event, visitor).await?;
    Ok(())
}

/// Sets a new password by a mailed link. Every session ends, and with them whatever else leads in. The browser is known
/// from then on, since it has proven the mailbox: gives the token of its cookie.
pub async fn reset(
    services: &Services,
    token: &SecretText,
    password: &SecretText,
    from: &FromBrowser<'_>,
) -> Outcome<Token> {
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
    // Nor at the second factor. How often it was guessed at stays: a link is no new hundred for strangers.
    clear_factor_pause(&transaction, user.id).await?;
    let event = Event::PasswordReset;
    record_own(services, &transaction, &user, &event, from.visitor).await?;
    let letter = Letter::PasswordReset { from: from.visitor };
    queue(services, &transaction, (&user).into(), &letter).await?;
    // All browsers that they were known by are forgotten.
    let known = note_mailbox_proof(services, &transaction, user.id, None, from.visitor).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(known)
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
    let (by, nothing) = ((Occasion::PasswordChanged, caller), Concerned::default());
    end_by(services, &transaction, by, Of::User(user.id), nothing).await?;
    let token = sessions::renew(services, &transaction, caller.session.id)
        .await?
        .ok_or(Failure::Refused(ApiError::SignedOut))?;
    let event = Event::PasswordChanged;
    record_own(services, &transaction, &user, &event, &caller.visitor).await?;
    let letter = Letter::PasswordChanged {
        from: &caller.visitor,
    };
    queue(services, &transaction, (&user).into(), &letter).await?;
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
    let known = [user.name.as_str(), user.email.shown()];
    let accepted = new_passwords::accept(services, password, &known, PaidBy::Try(tries)).await?;
    Ok(accepted.map_err(|problem| ApiError::field(Field::NewPassword, problem))?)
}
