//! Passwords: forgotten, set anew, changed.

use app::backend::PasswordBackend;
use app::error::ApiError;
use app::types::secret_text::SecretText;
use app::types::two_factor::StepUp;
use async_trait::async_trait;

use super::RequestBackend;

#[async_trait]
impl PasswordBackend for RequestBackend {
    async fn request_password_reset(&self, _email: String) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }

    async fn reset_password(
        &self,
        _token: SecretText,
        _password: SecretText,
    ) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }

    async fn change_password(
        &self,
        _password: SecretText,
        _step_up: StepUp,
    ) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }
}
