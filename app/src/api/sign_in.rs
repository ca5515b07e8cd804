//! Signing in: the password, then one code.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::backend;
use crate::client::ApiClient;
use crate::error::ApiError;
use crate::types::secret_text::SecretText;
use crate::types::session::SignInStep;
use crate::types::two_factor::SentCode;
use crate::wire::Call;

/// Checks address and password.
#[server(endpoint = "sign-in/password", protocol = Call, client = ApiClient)]
pub async fn sign_in_with_password(
    email: String,
    password: SecretText,
) -> Result<SignInStep, ApiError> {
    backend()?.sign_in_with_password(email, password).await
}

/// Sends a code by SMS for the pending sign-in of a user who has that legacy factor.
#[server(endpoint = "sign-in/send-code", protocol = Call, client = ApiClient)]
pub async fn send_sign_in_code() -> Result<SentCode, ApiError> {
    backend()?.send_sign_in_code().await
}

/// Checks the code of the authenticator app, or the one that was sent, for the pending sign-in.
#[server(endpoint = "sign-in/code", protocol = Call, client = ApiClient)]
pub async fn sign_in_with_code(
    code: SecretText,
    trust_browser: bool,
) -> Result<SignInStep, ApiError> {
    backend()?.sign_in_with_code(code, trust_browser).await
}

/// Finishes the pending sign-in of a user whose two-factor authentication was reset, by the link that was mailed.
#[server(endpoint = "sign-in/link", protocol = Call, client = ApiClient)]
pub async fn sign_in_with_link(token: SecretText) -> Result<SignInStep, ApiError> {
    backend()?.sign_in_with_link(token).await
}

/// Spends a recovery code for the pending sign-in.
#[server(endpoint = "sign-in/recovery-code", protocol = Call, client = ApiClient)]
pub async fn sign_in_with_recovery_code(code: SecretText) -> Result<SignInStep, ApiError> {
    backend()?.sign_in_with_recovery_code(code).await
}
