//! Signing in: the password, then one code; a pending sign-in in between, which is not a session.

use app::error::{ApiError, Field, Problem};
use app::types::email::EmailAddress;
use app::types::secret_text::SecretText;
use app::types::session::{PendingSignIn, SignInStep};
use app::types::timestamp::Timestamp;

use unicode_normalization::UnicodeNormalization;

use super::audit::{About, Actor, Event, record};
use super::second_factor::{self, Checked, Given};
use super::{Failure, Fault, Outcome, Services, Visitor, notifications, sessions};
use crate::crypto::password::Verdict;
use crate::crypto::token::Token;
use crate::domain::attempts::WRONG_CODES_PER_SIGN_IN;
use crate::domain::password_policy::LONGEST_PASSWORD;
use crate::domain::sign_in::{Factor, Next, Password, after_password};
use crate::storage::second_factors::find_second_factor;
use crate::storage::sign_ins::{
    PendingRow, count_pending_failure, delete_pending, find_pending, insert_pending,
};
use crate::storage::users::{User, find_user, find_user_by_email, lock_user, update_password_hash};

/// Keeps hashes of these tokens apart from those of other tokens.
const PURPOSE: &str = "pending sign-in";
/// Seconds that a pending sign-in lives.
pub const PENDING_LIFE: i64 = 10 * 60;

/// What a step led to, with the token that goes into the browser's cookie.
pub struct Stepped {
    /// For the page.
    pub step: SignInStep,
    /// For the cookie.
    pub cookie: NewCookie,
}

/// The browser's new token; the other kind is removed.
pub enum NewCookie {
    /// A session.
    Session(Token),
    /// A pending sign-in.
    Pending(Token),
}

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

async fn begin_pending(
    services: &Services,
    transaction: &crate::storage::WriteTransaction,
    user: &User,
) -> Outcome<Stepped> {
    let token = Token::new(services.random.as_ref());
    let expires_at = services.now() + PENDING_LIFE;
    let row = PendingRow {
        token_hash: token.hash(PURPOSE).to_vec(),
        user: user.id,
        expires_at,
        failures: 0,
    };
    insert_pending(transaction, row).await?;
    let pending = PendingSignIn {
        expires_at,
        attempts_left: WRONG_CODES_PER_SIGN_IN,
        may_trust_browser: false,
    };
    Ok(Stepped {
        step: SignInStep::SecondFactorDue(pending),
        cookie: NewCookie::Pending(token),
    })
}

/// Stores the password under today's parameters.
async fn strengthen_hash(services: &Services, user: &User, password: &SecretText) -> Outcome<()> {
    let hash = services.hasher.hash(password.expose()).await?;
    let transaction = services.database.begin_write().await?;
    update_password_hash(&transaction, user.id, &user.password_hash, hash).await?;
    transaction.commit().await?;
    Ok(())
}

/// The pending sign-in of a browser, while it lives.
pub async fn find(services: &Services, token: &Token) -> Outcome<Option<PendingSignIn>> {
    let row = find_pending(services.database.read(), &token.hash(PURPOSE)).await?;
    let now = services.now();
    Ok(row
        .filter(|row| is_alive(row, now))
        .map(|row| PendingSignIn {
            expires_at: row.expires_at,
            attempts_left: WRONG_CODES_PER_SIGN_IN.saturating_sub(row.failures),
            may_trust_browser: false,
        }))
}

fn is_alive(row: &PendingRow, now: Timestamp) -> bool {
    row.expires_at > now && row.failures < WRONG_CODES_PER_SIGN_IN
}

/// Checks the second factor of a pending sign-in; one that is right makes exactly one session.
pub async fn with_second_factor(
    services: &Services,
    token: &Token,
    given: &Given,
    visitor: &Visitor,
) -> Outcome<Stepped> {
    let hash = token.hash(PURPOSE);
    let transaction = services.database.begin_write().await?;
    let pending = find_pending(&transaction, &hash)
        .await?
        .filter(|row| is_alive(row, services.now()))
        .ok_or(Failure::Refused(ApiError::SignInOver))?;
    let user = lock_user(&transaction, pending.user)
        .await?
        .filter(|user| !user.is_disabled)
        .ok_or(Failure::Refused(ApiError::SignInOver))?;
    let checked = second_factor::check(services, &transaction, &user, given).await?;
    let actor = Actor::User {
        id: user.id,
        name: &user.name,
        visitor,
    };
    let (event, left) = match &checked {
        Checked::Code => (Event::SignedInWithCode, None),
        Checked::Recovery { left } => {
            (Event::SignedInWithRecoveryCode { left: *left }, Some(*left))
        }
        Checked::Wrong { .. } => {
            let attempts_left = count_wrong(services, &transaction, &pending, actor).await?;
            transaction.commit().await?;
            return Err(ApiError::WrongCode {
                attempts_left: Some(attempts_left),
            }
            .into());
        }
        Checked::Paused { .. } | Checked::Closed => {
            let refusal = second_factor::refusal(&checked, None, services.now());
            return Err(refusal.map_or(Failure::Fault(Fault::Broken("no refusal")), Failure::from));
        }
    };
    if !delete_pending(&transaction, &hash).await? {
        return Err(ApiError::SignInOver.into());
    }
    let now = services.now();
    let session = sessions::begin(services, &transaction, user.id, Some(now), visitor).await?;
    record(services, &transaction, actor, &event, About::default()).await?;
    if let Some(left) = left {
        notifications::recovery_code_used(services, &transaction, &user, left, visitor).await?;
    }
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(Stepped {
        step: SignInStep::SignedIn {
            recovery_codes_left: left,
        },
        cookie: NewCookie::Session(session),
    })
}

/// Counts a wrong code at the pending sign-in, which ends at the fifth; gives what is left.
async fn count_wrong(
    services: &Services,
    transaction: &crate::storage::WriteTransaction,
    pending: &PendingRow,
    actor: Actor<'_>,
) -> Outcome<u32> {
    let left = WRONG_CODES_PER_SIGN_IN.saturating_sub(pending.failures + 1);
    if left == 0 {
        delete_pending(transaction, &pending.token_hash).await?;
    } else {
        count_pending_failure(transaction, &pending.token_hash).await?;
    }
    record(
        services,
        transaction,
        actor,
        &Event::WrongSecondFactor,
        About::default(),
    )
    .await?;
    Ok(left)
}

/// Ends whatever the browser holds: a session, a pending sign-in, or both.
pub async fn sign_out(
    services: &Services,
    session: Option<&Token>,
    pending: Option<&Token>,
    visitor: &Visitor,
) -> Outcome<()> {
    let signed_in = match session {
        Some(token) => sessions::resolve(services, token, visitor).await?,
        None => None,
    };
    let transaction = services.database.begin_write().await?;
    if let Some(token) = session {
        sessions::end(&transaction, token).await?;
    }
    if let Some(token) = pending {
        delete_pending(&transaction, &token.hash(PURPOSE)).await?;
    }
    if let Some(signed_in) = signed_in
        && let Some(user) = find_user(&transaction, signed_in.user.id).await?
    {
        let actor = Actor::User {
            id: user.id,
            name: &user.name,
            visitor,
        };
        record(
            services,
            &transaction,
            actor,
            &Event::SignedOut,
            About::default(),
        )
        .await?;
    }
    transaction.commit().await?;
    Ok(())
}
