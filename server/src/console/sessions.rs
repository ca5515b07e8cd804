//! The user's sessions, trusted browsers and own activity.

use app::api::sessions::SessionsBackend;
use app::error::ApiError;
use app::types::activity::ActivityPage;
use app::types::ids::{AuditEventId, KnownBrowserId, SessionId, TrustedBrowserId};
use app::types::sessions::SessionList;
use app::types::two_factor::StepUp;
use async_trait::async_trait;

use super::Console;
use super::cookies::{CookieChange, CookieKind};
use super::refusals::present;
use service::own_activity;
use service::sessions::own;

#[async_trait]
impl SessionsBackend for Console {
    async fn session_list(&self) -> Result<SessionList, ApiError> {
        present(own::list(&self.services, self.signed_in()?).await)
    }

    async fn end_session(&self, session: SessionId) -> Result<(), ApiError> {
        let is_this = present(own::end(&self.services, self.signed_in()?, session).await)?;
        if is_this {
            self.change_cookie(CookieChange::Remove(CookieKind::Session));
        }
        Ok(())
    }

    async fn end_other_sessions(&self) -> Result<(), ApiError> {
        present(own::end_others(&self.services, self.signed_in()?).await)
    }

    async fn remove_trusted_browser(&self, browser: TrustedBrowserId) -> Result<(), ApiError> {
        present(own::remove_trusted_browser(&self.services, self.signed_in()?, browser).await)
    }

    async fn forget_browser(
        &self,
        browser: KnownBrowserId,
        step_up: StepUp,
    ) -> Result<(), ApiError> {
        present(own::forget_browser(&self.services, self.signed_in()?, browser, &step_up).await)
    }

    async fn own_activity(&self, before: Option<AuditEventId>) -> Result<ActivityPage, ApiError> {
        present(own_activity::page(&self.services, self.signed_in()?, before).await)
    }
}
