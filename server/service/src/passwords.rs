//! Passwords: forgotten, reset by a mailed link, changed. None of this touches the second factor, and a link does not sign
//! anybody in.

use app::types::email::EmailAddress;
use app::types::secret_text::SecretText;
use app::types::two_factor::StepUp;

use super::audit::Event;
use super::browsers::{FromBrowser, note_mailbox_proof};
use super::change::Change;
use super::letters::{Addressed, Letter};
use super::limits::{Asked, Bucket, Limit, take_asked};
use super::new_passwords::{AcceptedPassword, PaidBy};
use super::sessions::SignedIn;
use super::step_up::prove;
use super::{Failure, Outcome, Services, Visitor, new_passwords, sessions};
use crate::refusal::{Refusal, Wrong};
use crypto::password::is_same_password;
use crypto::token::Token;
use domain::ends::Occasion;
use domain::password_policy;
use domain::user_address::MailReader;
use storage::password_resets::{find_password_reset, insert_password_reset, spend_password_reset};
use storage::users::{
    User, clear_factor_pause, find_user, find_user_or_stand_in, lock_user, set_password,
};

/// Keeps hashes of these tokens apart from those of other tokens.
pub(crate) const PURPOSE: &str = "password reset";
/// Seconds that the mailed link is good for.
const LINK_LIFE: i64 = 30 * 60;

/// Mails a link that sets a new password, to the address as it is stored. The answer and its cost are the same for
/// every address: where nobody is to get a link, one is written for somebody and undone, and a mail to nobody queued. An
/// address that nobody has proven gets no link, but a letter that says so: whoever reads it may be somebody else than the
/// user.
///
/// # Errors
/// `Paused` where this client network, or all together, have asked too often for the address.
pub async fn request_reset(services: &Services, email: &str, visitor: &Visitor) -> Outcome<()> {
    let email = EmailAddress::parse(email).map_err(|_| Wrong::Email)?;
    let token = Token::new(services.random.as_ref());
    let change = Change::by_visitor(services, visitor).await?;
    let client = Limit::PasswordResets.of_client(visitor);
    change.take_or_refuse(&client).await?;
    let asked = Asked::PasswordReset;
    if let Some(refusal) = take_asked(&change, asked, &email).await? {
        return Err(change.refuse(refusal).await);
    }
    let found = find_user_or_stand_in(change.db(), &email).await?;
    // Locked, and looked at again: the address may just have changed, and a link to the old one must not outlive that.
    let found = match found {
        Some(user) => lock_user(change.db(), user.id).await?,
        None => None,
    };
    let is_meant = found
        .as_ref()
        .is_some_and(|user| user.email.is(&email) && !user.is_disabled);
    let reader = found.as_ref().map(User::mail_reader);
    let gets_link = is_meant && reader.is_some_and(MailReader::may_act_for_user);
    if let Some(user) = &found {
        let part = change.savepoint().await?;
        keep_link(&part, user, &token).await?;
        part.end(gets_link).await?;
    }
    let link = Letter::PasswordResetLink {
        token: &token,
        from: visitor,
    };
    let to = found.as_ref().map(Addressed::from);
    match to.filter(|_| is_meant) {
        Some(to) => {
            let letter = if gets_link {
                link
            } else {
                Letter::PasswordResetHeld
            };
            change.queue(to, &letter).await?;
        }
        // The worker has as much to do as for somebody: what follows the answer must not tell either.
        None => {
            change.queue_for_nobody(email.as_str(), to, &link).await?;
        }
    }
    change.commit().await?;
    Ok(())
}

async fn keep_link(change: &Change<'_>, user: &User, token: &Token) -> Outcome<()> {
    let expires_at = change.services.now() + LINK_LIFE;
    insert_password_reset(change.db(), user.id, &token.hash(PURPOSE), expires_at).await?;
    change
        .record_own(user, &Event::PasswordResetRequested)
        .await
}

/// Whose password a mailed link sets.
///
/// # Errors
/// `LinkOver` as [`reset`].
pub async fn opened(services: &Services, token: &SecretText) -> Outcome<User> {
    whose(services, &hash_of(token)?).await
}

fn hash_of(token: &SecretText) -> Outcome<[u8; 32]> {
    let token = Token::parse(token.expose()).ok_or(Refusal::LinkOver)?;
    Ok(token.hash(PURPOSE))
}

async fn whose(services: &Services, hash: &[u8; 32]) -> Outcome<User> {
    let db = services.database.read();
    let user = match find_password_reset(db, hash, services.now()).await? {
        Some(id) => find_user(db, id).await?,
        None => None,
    };
    let user = user.filter(may_set_by_mail);
    user.ok_or(Failure::Refused(Refusal::LinkOver))
}

/// Sets a new password by a mailed link. Every session ends, and with them whatever else leads in. The browser is known
/// from then on, since it has proven the mailbox: gives the token of its cookie.
///
/// # Errors
/// `LinkOver` as for every link, and where the address is not proven, as one is that a server of an earlier version mailed
/// a link to.
pub async fn reset(
    services: &Services,
    token: &SecretText,
    password: &SecretText,
    from: &FromBrowser<'_>,
) -> Outcome<Token> {
    let hash = hash_of(token)?;
    let over = || Failure::Refused(Refusal::LinkOver);
    let user = whose(services, &hash).await?;
    let tries = Limit::NewPasswords.of_link(&hash);
    let accepted = accept_new(services, &user, password, &tries).await?;
    let password_hash = new_passwords::hash(services, &accepted).await?;
    let change = Change::by_visitor(services, from.visitor).await?;
    let user = lock_user(change.db(), user.id)
        .await?
        .filter(may_set_by_mail)
        .ok_or_else(over)?;
    let now = services.now();
    if !spend_password_reset(change.db(), user.id, &hash, now).await? {
        return Err(over());
    }
    set_password(change.db(), user.id, password_hash, now).await?;
    change.end(Occasion::PasswordReset, user.id).await?;
    // Who reads the mailbox is no stranger, and must not wait for those who guessed.
    let strangers = Limit::PasswordsOfStrangers.of_address_of(&user);
    strangers.forget(change.db()).await?;
    // Nor at the second factor. How often it was guessed at stays: a link is no new hundred for strangers.
    clear_factor_pause(change.db(), user.id).await?;
    let event = Event::PasswordReset;
    change.record_own(&user, &event).await?;
    let letter = Letter::PasswordReset { from: from.visitor };
    change.queue(&user, &letter).await?;
    // All browsers that they were known by are forgotten.
    let known = note_mailbox_proof(&change, user.id, None).await?;
    change.commit().await?;
    Ok(known)
}

/// Whether whoever reads the mailbox of a user may set their password.
const fn may_set_by_mail(user: &User) -> bool {
    !user.is_disabled && user.mail_reader().may_act_for_user()
}

/// Changes the password: this session gets a new token, the others end.
pub async fn change(
    services: &Services,
    caller: &SignedIn,
    password: &SecretText,
    given: &StepUp,
) -> Outcome<()> {
    password_policy::check_shape(password.expose()).map_err(Wrong::NewPassword)?;
    let proven = prove(services, caller, given).await?;
    let StepUp::Password {
        password: current, ..
    } = given;
    if is_same_password(password.expose(), current.expose()) {
        return Err(Wrong::PasswordUnchanged.into());
    }
    let tries = Limit::NewPasswords.of_user(caller.user.id);
    let accepted = accept_new(services, &caller.user, password, &tries).await?;
    let password_hash = new_passwords::hash(services, &accepted).await?;
    let change = Change::proven(services, caller, proven).await?;
    let user = sessions::still(&change, caller).await?;
    set_password(change.db(), user.id, password_hash, services.now()).await?;
    change
        .end_by(caller, Occasion::PasswordChanged, user.id)
        .await?;
    sessions::renew(&change, caller).await?;
    let event = Event::PasswordChanged;
    change.record_own(&user, &event).await?;
    let letter = Letter::PasswordChanged {
        from: &caller.visitor,
    };
    change.queue(&user, &letter).await?;
    change.commit().await?;
    Ok(())
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
    Ok(accepted.map_err(Wrong::NewPassword)?)
}
