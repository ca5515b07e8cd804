//! The first start.

use async_trait::async_trait;

use crate::error::ApiError;
use crate::types::secret_text::SecretText;
use crate::types::session::SignInStep;
use crate::types::setup::{NewUser, SetupLink};

/// The first start.
#[async_trait]
pub trait SetupBackend {
    /// See [`crate::api::setup::setup_link`].
    async fn setup_link(&self, token: SecretText) -> Result<SetupLink, ApiError>;

    /// See [`crate::api::setup::create_first_user`].
    async fn create_first_user(
        &self,
        token: SecretText,
        user: NewUser,
    ) -> Result<SignInStep, ApiError>;
}
