//! Another e-mail address: it counts once the link that was mailed to it is opened.

use app::error::{ApiError, Field, Problem};
use app::types::email::EmailAddress;
use app::types::secret_text::SecretText;
use app::types::two_factor::StepUp;

use crate::crypto::token::Token;
use crate::domain::ends::Occasion;
use crate::service::audit::{Event, record_own};
use crate::service::browsers::FromBrowser;
use crate::service::ends::{Concerned, end};
use crate::service::limits::{Limit, paused};
use crate::service::notifications::ways_in::address as letters;
use crate::service::sessions::{SignedIn, resolve};
use crate::service::step_up::{prove_password, prove_second_factor};
use crate::service::{Failure, Fault, Outcome, Services, Visitor};
use crate::storage::email_changes::{replace_email_change, take_email_change};
use crate::storage::ephemeral::Of;
use crate::storage::users::{User, find_user_by_email, lock_user, set_email};
use crate::storage::{StorageError, WriteTransaction};

/// Keeps hashes of these tokens apart from those of other tokens.
const PURPOSE: &str = "email change";
/// Seconds that the mailed link is good for.
const LINK_LIFE: i64 = 24 * 60 * 60;

/// Mails a link to a new address and tells the old one. An address that has a user gets the same answer, and its
/// holder a mail that says so; the link of that change is with nobody.
pub async fn request(
    services: &Services,
    caller: &SignedIn,
    email: &str,
    given: &StepUp,
) -> Outcome<()> {
    let refuse = |problem| ApiError::field(Field::Email, problem);
    let email = EmailAddress::parse(email).map_err(|_| refuse(Problem::NotAnEmail))?;
    if email.as_str() == caller.user.email {
        return Err(refuse(Problem::Unchanged).into());
    }
    let proof = prove_password(services, caller, given).await?;
    let transaction = services.database.begin_write().await?;
    let (transaction, user) =
        prove_second_factor(services, transaction, caller, given, &proof).await?;
    let bucket = Limit::EmailChanges.of_user(user.id);
    if let Some(until) = bucket.take(services, &transaction).await? {
        // A code that was given is spent, whatever comes of it.
        transaction.commit().await?;
        return Err(paused(services, until).into());
    }
    let visitor = &caller.visitor;
    send_link(services, &transaction, &user, &email, visitor).await?;
    letters::email_change_asked(services, &transaction, &user, &email, visitor).await?;
    let event = Event::EmailChangeRequested {
        email: email.as_str().to_owned(),
    };
    record_own(services, &transaction, &user, &event, visitor).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(())
}

/// Keeps the change and mails its link, or tells the holder of the address.
async fn send_link(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    email: &EmailAddress,
    visitor: &Visitor,
) -> Outcome<()> {
    let token = Token::new(services.random.as_ref());
    let expires_at = services.now() + LINK_LIFE;
    let hash = token.hash(PURPOSE);
    replace_email_change(transaction, user.id, email, &hash, expires_at).await?;
    let mails = Limit::MailsToAddress.of_email(email);
    if mails.take(services, transaction).await?.is_some() {
        return Ok(());
    }
    match find_user_by_email(transaction, email).await? {
        Some(holder) => letters::email_taken(services, transaction, &holder, visitor).await,
        None => letters::email_link(services, transaction, user, email, &token).await,
    }
}

/// Makes the new address of a mailed link the one in use. Other sessions end, and with them the links that went to the
/// old address; the session of the browser that opens the link goes on, where it is the user's.
pub async fn confirm(
    services: &Services,
    token: &SecretText,
    from: &FromBrowser<'_>,
) -> Outcome<()> {
    let token = Token::parse(token.expose()).ok_or(ApiError::LinkOver)?;
    let signed_in = match &from.held.session {
        Some(session) => resolve(services, session, from.visitor).await?,
        None => None,
    };
    let over = || Failure::Refused(ApiError::LinkOver);
    let transaction = services.database.begin_write().await?;
    let now = services.now();
    let change = take_email_change(&transaction, &token.hash(PURPOSE), now)
        .await?
        .ok_or_else(over)?;
    let user = lock_user(&transaction, change.user)
        .await?
        .filter(|user| !user.is_disabled)
        .ok_or_else(over)?;
    let email = EmailAddress::parse(&change.email)
        .map_err(|_| Failure::Fault(Fault::Broken("a stored address does not parse")))?;
    set_email(&transaction, user.id, &email, now)
        .await
        .map_err(|error| taken(error, over()))?;
    let kept = signed_in.filter(|signed_in| signed_in.user.id == user.id);
    let concerned = kept.as_ref().map(Concerned::by).unwrap_or_default();
    let occasion = Occasion::AddressChanged;
    end(&transaction, occasion, Of::User(user.id), concerned).await?;
    let event = Event::EmailChanged {
        email: change.email,
    };
    record_own(services, &transaction, &user, &event, from.visitor).await?;
    letters::email_changed(services, &transaction, &user, &email, from.visitor).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(())
}

/// Somebody has got the address since the link was mailed.
fn taken(error: StorageError, refusal: Failure) -> Failure {
    if error.is_duplicate() {
        refusal
    } else {
        error.into()
    }
}
