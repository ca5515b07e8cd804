//! The user's own name and address.

use async_trait::async_trait;

use crate::error::ApiError;
use crate::types::profile::Profile;
use crate::types::secret_text::SecretText;
use crate::types::two_factor::{Delivery, StepUp};

/// The user's own name and address.
#[async_trait]
pub trait ProfileBackend {
    /// See [`crate::api::profile::profile`].
    async fn profile(&self) -> Result<Profile, ApiError>;

    /// See [`crate::api::profile::rename`].
    async fn rename(&self, name: String) -> Result<(), ApiError>;

    /// See [`crate::api::profile::change_email`].
    async fn change_email(
        &self,
        email: String,
        step_up: StepUp,
        mailbox_code: Option<SecretText>,
    ) -> Result<Delivery, ApiError>;

    /// See [`crate::api::profile::confirm_email`].
    async fn confirm_email(&self, token: SecretText) -> Result<(), ApiError>;

    /// See [`crate::api::profile::delete_user`].
    async fn delete_user(&self, step_up: StepUp) -> Result<(), ApiError>;
}
