//! Signing in.

use async_trait::async_trait;

use crate::error::ApiError;
use crate::types::secret_text::SecretText;
use crate::types::session::SignInStep;
use crate::types::two_factor::SentCode;

/// Signing in.
#[async_trait]
pub trait SignInBackend {
    /// See [`crate::api::sign_in::sign_in_with_password`].
    async fn sign_in_with_password(
        &self,
        email: String,
        password: SecretText,
    ) -> Result<SignInStep, ApiError>;

    /// See [`crate::api::sign_in::send_sign_in_code`].
    async fn send_sign_in_code(&self) -> Result<SentCode, ApiError>;

    /// See [`crate::api::sign_in::sign_in_with_code`].
    async fn sign_in_with_code(
        &self,
        code: SecretText,
        trust_browser: bool,
    ) -> Result<SignInStep, ApiError>;

    /// See [`crate::api::sign_in::sign_in_with_link`].
    async fn sign_in_with_link(&self, token: SecretText) -> Result<SignInStep, ApiError>;

    /// See [`crate::api::sign_in::sign_in_with_recovery_code`].
    async fn sign_in_with_recovery_code(&self, code: SecretText) -> Result<SignInStep, ApiError>;
}
