//! The user's sessions, trusted browsers and own activity.

use async_trait::async_trait;

use crate::error::ApiError;
use crate::types::activity::ActivityPage;
use crate::types::ids::{AuditEventId, KnownBrowserId, SessionId, TrustedBrowserId};
use crate::types::sessions::SessionList;
use crate::types::two_factor::StepUp;

/// The user's sessions, trusted browsers and own activity.
#[async_trait]
pub trait SessionsBackend {
    /// See [`crate::api::sessions::session_list`].
    async fn session_list(&self) -> Result<SessionList, ApiError>;

    /// See [`crate::api::sessions::end_session`].
    async fn end_session(&self, session: SessionId) -> Result<(), ApiError>;

    /// See [`crate::api::sessions::end_other_sessions`].
    async fn end_other_sessions(&self) -> Result<(), ApiError>;

    /// See [`crate::api::sessions::remove_trusted_browser`].
    async fn remove_trusted_browser(&self, browser: TrustedBrowserId) -> Result<(), ApiError>;

    /// See [`crate::api::sessions::forget_browser`].
    async fn forget_browser(
        &self,
        browser: KnownBrowserId,
        step_up: StepUp,
    ) -> Result<(), ApiError>;

    /// See [`crate::api::sessions::own_activity`].
    async fn own_activity(&self, before: Option<AuditEventId>) -> Result<ActivityPage, ApiError>;
}
