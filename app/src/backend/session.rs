//! Who is at the browser, and signing out.

use async_trait::async_trait;

use crate::error::ApiError;
use crate::types::session::SessionState;

/// Who is at the browser, and signing out.
#[async_trait]
pub trait SessionBackend {
    /// See [`crate::api::session::session_state`].
    async fn session_state(&self) -> Result<SessionState, ApiError>;

    /// See [`crate::api::session::sign_out`].
    async fn sign_out(&self) -> Result<(), ApiError>;
}
