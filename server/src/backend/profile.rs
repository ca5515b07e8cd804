//! The user's own name and address.

use app::backend::ProfileBackend;
use app::error::ApiError;
use app::types::profile::Profile;
use app::types::secret_text::SecretText;
use app::types::two_factor::StepUp;
use async_trait::async_trait;

use super::RequestBackend;

#[async_trait]
impl ProfileBackend for RequestBackend {
    async fn profile(&self) -> Result<Profile, ApiError> {
        Err(ApiError::NotFound)
    }

    async fn rename(&self, _name: String) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }

    async fn change_email(&self, _email: String, _step_up: StepUp) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }

    async fn confirm_email(&self, _token: SecretText) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }

    async fn delete_user(&self, _step_up: StepUp) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }
}
