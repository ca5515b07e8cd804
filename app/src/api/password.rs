//! Passwords: forgotten, reset, changed.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::backend;
use crate::client::ApiClient;
use crate::error::ApiError;
use crate::types::secret_text::SecretText;
use crate::types::two_factor::{Delivery, StepUp};
use crate::wire::Call;

/// Mails a link that sets a new password. The answer is the same for every address, and says whether mails leave this
/// server at all.
#[server(endpoint = "password/forgot", protocol = Call, client = ApiClient)]
pub async fn request_password_reset(email: String) -> Result<Delivery, ApiError> {
    backend()?.request_password_reset(email).await
}

/// Sets a new password by a mailed link. Signs nobody in and leaves the second factor alone.
#[server(endpoint = "password/reset", protocol = Call, client = ApiClient)]
pub async fn reset_password(token: SecretText, password: SecretText) -> Result<(), ApiError> {
    backend()?.reset_password(token, password).await
}

/// Changes the password; all other sessions end.
#[server(endpoint = "password/change", protocol = Call, client = ApiClient)]
pub async fn change_password(password: SecretText, step_up: StepUp) -> Result<(), ApiError> {
    backend()?.change_password(password, step_up).await
}
