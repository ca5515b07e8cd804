//! Sign-up.

use async_trait::async_trait;

use crate::error::ApiError;
use crate::types::secret_text::SecretText;
use crate::types::setup::NewUser;
use crate::types::two_factor::Delivery;

/// Sign-up.
#[async_trait]
pub trait SignUpBackend {
    /// See [`crate::api::sign_up::request_sign_up`].
    async fn request_sign_up(&self, user: NewUser) -> Result<Delivery, ApiError>;

    /// See [`crate::api::sign_up::finish_sign_up`].
    async fn finish_sign_up(
        &self,
        token: SecretText,
        password: SecretText,
    ) -> Result<String, ApiError>;
}
