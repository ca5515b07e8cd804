//! The first step: address and password, and what follows from them.

use app::error::{ApiError, Field, Problem};
use app::types::email::EmailAddress;
use app::types::secret_text::SecretText;
use app::types::session::SignInStep;
use unicode_normalization::UnicodeNormalization;

use super::pending::begin_pending;
use super::{NewCookie, Stepped};
use crate::crypto::password::Verdict;
use crate::crypto::token::Token;
use crate::domain::password_policy::LONGEST_PASSWORD;
use crate::domain::sign_in::{Factor, Next, Password, after_password};
use crate::service::audit::{About, Actor, Event, record};
use crate::service::{Outcome, Services, Visitor, second_factor, sessions};
use crate::storage::second_factors::find_second_factor;
use crate::storage::users::{User, find_user_by_email, update_password_hash};

/// Checks a password as it comes in: empty or longer than any we store costs no hash.
///
/// # Errors
/// Says which of the two.
pub fn check_length(password: &SecretText) -> Result<(), ApiError> {
    let text = password.expose();
    if text.is_empty() {
        return Err(ApiError::field(Field::Password, Problem::Missing));
    }
    if text.nfc().nth(LONGEST_PASSWORD as usize).is_some() {
        return Err(ApiError::field(
            Field::Password,
            Problem::TooLong {
                most: LONGEST_PASSWORD,
            },
        ));
    }
    Ok(())
}

/// Checks address and password; `previous` is the session that this browser had, which ends.
pub async fn with_password(
    services: &Services,
    email: &str,
    password: &SecretText,
    previous: Option<&Token>,
    visitor: &Visitor,
) -> Outcome<Stepped> {
    let email = EmailAddress::parse(email)
        .map_err(|_| ApiError::field(Field::Email, Problem::NotAnEmail))?;
    check_length(password)?;
    let user = find_user_by_email(services.database.read(), &email).await?;
    let stored = user.as_ref().map(|user| user.password_hash.as_str());
    let verdict = services.hasher.verify(password.expose(), stored).await?;
    let user = match (user, verdict) {
        (Some(user), Verdict::Right { rehash }) if !user.is_disabled => {
            if rehash {
                strengthen_hash(services, &user, password).await?;
            }
            user
        }
        _ => return Err(ApiError::WrongCredentials.into()),
    };
    enter(services, &user, previous, visitor).await
}

/// What follows the right password.
async fn enter(
    services: &Services,
    user: &User,
    previous: Option<&Token>,
    visitor: &Visitor,
) -> Outcome<Stepped> {
    let transaction = services.database.begin_write().await?;
    let factor = match find_second_factor(&transaction, user.id).await? {
        None => Factor::Off,
        Some(factor) => {
            match second_factor::open_secret(services, user.id, &factor.sealed_secret) {
                Ok(_) => Factor::On,
                Err(_) => Factor::Unreadable,
            }
        }
    };
    if let Some(previous) = previous {
        sessions::end(&transaction, previous).await?;
    }
    let stepped = match after_password(Password::Right, factor) {
        Next::Refused => return Err(ApiError::WrongCredentials.into()),
        Next::Unreadable => return Err(ApiError::FactorUnreadable.into()),
        Next::SecondFactorDue => begin_pending(services, &transaction, user).await?,
        Next::SignedIn => {
            let token = sessions::begin(services, &transaction, user.id, None, visitor).await?;
            let actor = Actor::User {
                id: user.id,
                name: &user.name,
                visitor,
            };
            record(
                services,
                &transaction,
                actor,
                &Event::SignedIn,
                About::default(),
            )
            .await?;
            Stepped {
                step: SignInStep::SignedIn {
                    recovery_codes_left: None,
                },
                cookie: NewCookie::Session(token),
            }
        }
    };
    transaction.commit().await?;
    Ok(stepped)
}

/// Stores the password under today's parameters.
async fn strengthen_hash(services: &Services, user: &User, password: &SecretText) -> Outcome<()> {
    let hash = services.hasher.hash(password.expose()).await?;
    let transaction = services.database.begin_write().await?;
    update_password_hash(&transaction, user.id, &user.password_hash, hash).await?;
    transaction.commit().await?;
    Ok(())
}
