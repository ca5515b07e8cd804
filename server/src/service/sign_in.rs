//! Signing in: the password, then one code; a pending sign-in in between, which is not a session.

mod code;
mod password;
mod pending;

use app::types::session::SignInStep;

use super::audit::{About, Actor, Event, record};
use super::{Outcome, Services, Visitor, sessions};
use crate::crypto::token::Token;
use crate::storage::sign_ins::delete_pending;
use crate::storage::users::find_user;

pub use code::with_second_factor;
pub use password::{check_length, with_password};
pub use pending::{PENDING_LIFE, find};

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
        delete_pending(&transaction, &token.hash(pending::PURPOSE)).await?;
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
