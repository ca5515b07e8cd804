//! The state of the session, and signing out.

use app::api::session::SessionBackend;
use app::error::ApiError;
use app::types::session::{LostAddressNotice, SessionLeft, SessionState, SignedInUser};
use async_trait::async_trait;

use super::Console;
use super::cookies::{CookieChange, CookieKind};
use super::refusals::present;
use service::sign_in::PendingState;
use service::{Outcome, sessions, setup, sign_in};

#[async_trait]
impl SessionBackend for Console {
    async fn session_state(&self) -> Result<SessionState, ApiError> {
        present(self.find_state().await)
    }

    async fn session_left(&self) -> Result<SessionLeft, ApiError> {
        let caller = self.signed_in()?;
        Ok(sessions::left(&self.services, &caller.session))
    }

    async fn sign_out(&self) -> Result<(), ApiError> {
        let (session, pending) = (self.held.session.as_ref(), self.held.pending.as_ref());
        present(sign_in::sign_out(&self.services, session, pending, &self.visitor).await)?;
        self.change_cookie(CookieChange::Remove(CookieKind::Session));
        self.change_cookie(CookieChange::Remove(CookieKind::PendingSignIn));
        Ok(())
    }
}

impl Console {
    async fn find_state(&self) -> Outcome<SessionState> {
        if let Some(token) = &self.held.session
            && let Some(signed_in) = sessions::resolve(&self.services, token, &self.visitor).await?
        {
            let lost = sessions::lost_address(&self.services, &signed_in.user).await?;
            return Ok(SessionState::SignedIn(SignedInUser {
                user_id: signed_in.user.id,
                name: signed_in.user.name.clone(),
                email: signed_in.user.email.shown().to_owned(),
                lost_address: lost.map(|lost| LostAddressNotice {
                    email: lost.email,
                    until: lost.until,
                }),
                factors: signed_in.factors.iter().collect(),
            }));
        }
        if let Some(token) = &self.held.pending
            && let Some(pending) = sign_in::find(&self.services, token).await?
        {
            return Ok(match pending {
                PendingState::SecondFactorDue(pending) => SessionState::SecondFactorDue(pending),
                PendingState::LinkDue => SessionState::LinkDue,
            });
        }
        let ended = match &self.held.session {
            Some(token) => sessions::how_ended(&self.services, token).await?,
            None => None,
        };
        Ok(SessionState::SignedOut {
            ended,
            sign_up_open: self.services.settings.sign_up,
            setup_due: setup::is_due(&self.services).await?,
        })
    }
}
