//! The presenter of the console: implements the port of `app`, with one value for each request. The gate has admitted the caller; here each call is passed
//! to its use case, refusals become `ApiError`, and a fault becomes a reference into the log.

pub mod cookies;
pub mod gate;
pub mod refusals;

mod account;
mod invitation;
mod password;
mod profile;
mod session;
mod sessions;
mod setup;
mod sign_in;
mod sign_up;
mod team;
mod two_factor;

use std::sync::{Arc, Mutex, PoisonError};

use app::error::ApiError;

use cookies::{CookieChange, CookieKind};
use crypto::token::Token;
use gate::Caller;
use refusals::{present, said};
use service::browsers::{FromBrowser, Held, with_token};
use service::sessions::SignedIn;
use service::sign_in::{NewCookie, Stepped};
use service::step_up::needs_code;
use service::{Failure, Services, Visitor};

/// The port for one request.
pub struct Console {
    services: Arc<Services>,
    caller: Caller,
    held: Held,
    visitor: Visitor,
    cookies: Mutex<Vec<CookieChange>>,
}

impl Console {
    /// The port for a request whose caller the gate has admitted.
    pub const fn new(
        services: Arc<Services>,
        caller: Caller,
        held: Held,
        visitor: Visitor,
    ) -> Self {
        Self {
            services,
            caller,
            held,
            visitor,
            cookies: Mutex::new(Vec::new()),
        }
    }

    /// What the answer does with cookies; empty afterwards.
    pub fn cookie_changes(&self) -> Vec<CookieChange> {
        std::mem::take(&mut *self.cookies.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts the new tokens of the request into the reply, whether what was asked for succeeded or not.
    pub async fn keep_new_tokens(&self) {
        if let Caller::SignedIn(caller) = &self.caller
            && !caller.new_tokens.is_empty()
        {
            Box::pin(self.keep_tokens_of(caller)).await;
        }
    }

    async fn keep_tokens_of(&self, caller: &SignedIn) {
        match caller.new_tokens.session(&self.services).await {
            Ok(Some(token)) => self.set_session(token),
            Ok(None) => {}
            // The browser signs in again: its old token is worth nothing.
            Err(failure) => log_fault(failure),
        }
        match caller
            .new_tokens
            .known(&self.services, caller.user.id)
            .await
        {
            Ok(known) => self.set_known(known).await,
            // The browser is a new one at its next sign-in.
            Err(failure) => log_fault(failure),
        }
    }

    /// The browser that asks.
    const fn from(&self) -> FromBrowser<'_> {
        FromBrowser {
            held: &self.held,
            visitor: &self.visitor,
        }
    }

    /// The session that the gate admitted.
    ///
    /// # Errors
    /// When the function's level is not one that needs a session: then nobody is signed in here.
    fn signed_in(&self) -> Result<&SignedIn, ApiError> {
        match &self.caller {
            Caller::SignedIn(signed_in) => Ok(signed_in),
            Caller::Anyone | Caller::Pending(_) => Err(ApiError::SignedOut),
        }
    }

    /// Whether the dialogs of a page have a field for a code besides that for the password.
    async fn step_up_needs_code(&self, caller: &SignedIn) -> Result<bool, ApiError> {
        let db = self.services.database.read();
        present(needs_code(&self.services, db, caller).await)
    }

    /// The pending sign-in that the gate admitted.
    fn pending(&self) -> Result<&Token, ApiError> {
        match &self.caller {
            Caller::Pending(token) => Ok(token),
            Caller::Anyone | Caller::SignedIn(_) => Err(ApiError::SignInOver),
        }
    }

    fn change_cookie(&self, change: CookieChange) {
        self.cookies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(change);
    }

    /// A new session token takes the place of the old; no pending sign-in is left beside it.
    fn set_session(&self, token: Token) {
        self.change_cookie(CookieChange::Set(CookieKind::Session, token));
        if self.held.pending.is_some() {
            self.change_cookie(CookieChange::Remove(CookieKind::PendingSignIn));
        }
    }

    /// The token by which the browser is known from now on, where it has got another.
    async fn set_known(&self, known: Option<Token>) {
        let Some(token) = known else { return };
        match with_token(&self.services, &self.held, token).await {
            Ok(tokens) => self.change_cookie(CookieChange::SetKnown(tokens)),
            // The browser is a new one to its user at their next sign-in; it stays known to the others.
            Err(error) => log_fault(error.into()),
        }
    }

    async fn take_step(&self, stepped: Stepped) -> app::types::session::SignInStep {
        match stepped.cookie {
            NewCookie::Session(token) => self.set_session(token),
            NewCookie::Pending(token) => {
                self.change_cookie(CookieChange::Set(CookieKind::PendingSignIn, token));
                if self.held.session.is_some() {
                    self.change_cookie(CookieChange::Remove(CookieKind::Session));
                }
            }
        }
        self.set_known(stepped.browser.known).await;
        if let Some(token) = stepped.browser.trusted {
            self.change_cookie(CookieChange::Set(CookieKind::TrustedBrowser, token));
        }
        stepped.step
    }
}

/// Logs what went wrong beside an answer that is as it is.
pub fn log_fault(failure: Failure) {
    drop(said(failure));
}
