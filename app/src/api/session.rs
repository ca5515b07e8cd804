//! Who is at the browser, and signing out.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::backend;
use crate::client::ApiClient;
use crate::error::ApiError;
use crate::types::session::SessionState;
use crate::wire::Call;

/// What the server knows of the browser that asks.
#[server(name = SessionStateArguments, endpoint = "session/state", protocol = Call, client = ApiClient)]
pub async fn session_state() -> Result<SessionState, ApiError> {
    backend()?.session_state().await
}

/// Ends the session, or the pending sign-in, at the server.
#[server(endpoint = "session/sign-out", protocol = Call, client = ApiClient)]
pub async fn sign_out() -> Result<(), ApiError> {
    backend()?.sign_out().await
}
