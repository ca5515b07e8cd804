//! Passwords: forgotten, reset, changed.

use async_trait::async_trait;

use crate::error::ApiError;
use crate::types::secret_text::SecretText;
use crate::types::two_factor::{Delivery, StepUp};

/// Passwords: forgotten, reset, changed.
#[async_trait]
pub trait PasswordBackend {
    /// See [`crate::api::password::request_password_reset`].
    async fn request_password_reset(&self, email: String) -> Result<Delivery, ApiError>;

    /// See [`crate::api::password::reset_password`].
    async fn reset_password(&self, token: SecretText, password: SecretText)
    -> Result<(), ApiError>;

    /// See [`crate::api::password::change_password`].
    async fn change_password(&self, password: SecretText, step_up: StepUp) -> Result<(), ApiError>;
}
