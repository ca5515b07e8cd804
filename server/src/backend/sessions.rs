//! The user's sessions, trusted browsers and own activity.

use app::backend::SessionsBackend;
use app::error::ApiError;
use app::types::activity::ActivityPage;
use app::types::ids::{AuditEventId, SessionId, TrustedBrowserId};
use app::types::sessions::SessionList;
use async_trait::async_trait;

use super::RequestBackend;

#[async_trait]
impl SessionsBackend for RequestBackend {
    async fn session_list(&self) -> Result<SessionList, ApiError> {
        Err(ApiError::NotFound)
    }

    async fn end_session(&self, _session: SessionId) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }

    async fn end_other_sessions(&self) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }

    async fn remove_trusted_browser(&self, _browser: TrustedBrowserId) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }

    async fn own_activity(&self, _before: Option<AuditEventId>) -> Result<ActivityPage, ApiError> {
        Err(ApiError::NotFound)
    }
}
