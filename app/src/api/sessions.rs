//! The user's sessions, trusted browsers and own activity.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::backend;
use crate::client::ApiClient;
use crate::error::ApiError;
use crate::types::activity::ActivityPage;
use crate::types::ids::{AuditEventId, KnownBrowserId, SessionId, TrustedBrowserId};
use crate::types::sessions::SessionList;
use crate::types::two_factor::StepUp;
use crate::wire::Call;

/// Where the user is signed in.
#[server(name = SessionListArguments, endpoint = "sessions/list", protocol = Call, client = ApiClient)]
pub async fn session_list() -> Result<SessionList, ApiError> {
    backend()?.session_list().await
}

/// Ends one session of the user.
#[server(endpoint = "sessions/end", protocol = Call, client = ApiClient)]
pub async fn end_session(session: SessionId) -> Result<(), ApiError> {
    backend()?.end_session(session).await
}

/// Ends every session of the user but this one.
#[server(endpoint = "sessions/end-others", protocol = Call, client = ApiClient)]
pub async fn end_other_sessions() -> Result<(), ApiError> {
    backend()?.end_other_sessions().await
}

/// Makes a browser ask for the second factor again.
#[server(endpoint = "sessions/remove-trusted-browser", protocol = Call, client = ApiClient)]
pub async fn remove_trusted_browser(browser: TrustedBrowserId) -> Result<(), ApiError> {
    backend()?.remove_trusted_browser(browser).await
}

/// Forgets a browser that the user has signed in with. Its count of wrong codes goes with it, so that strangers can pause
/// it: a stolen session alone does not do that.
#[server(endpoint = "sessions/forget-browser", protocol = Call, client = ApiClient)]
pub async fn forget_browser(browser: KnownBrowserId, step_up: StepUp) -> Result<(), ApiError> {
    backend()?.forget_browser(browser, step_up).await
}

/// What happened around the user in the last 90 days.
#[server(name = OwnActivityArguments, endpoint = "sessions/activity", protocol = Call, client = ApiClient)]
pub async fn own_activity(before: Option<AuditEventId>) -> Result<ActivityPage, ApiError> {
    backend()?.own_activity(before).await
}
