//! An invitation as the one who was invited meets it.

use app::backend::InvitationBackend;
use app::error::ApiError;
use app::types::ids::AccountId;
use app::types::secret_text::SecretText;
use app::types::team::{InvitationOffer, InvitedUser};
use async_trait::async_trait;

use super::RequestBackend;

#[async_trait]
impl InvitationBackend for RequestBackend {
    async fn open_invitation(&self, _token: SecretText) -> Result<InvitationOffer, ApiError> {
        Err(ApiError::NotFound)
    }

    async fn accept_invitation(&self, _token: SecretText) -> Result<AccountId, ApiError> {
        Err(ApiError::NotFound)
    }

    async fn join(&self, _token: SecretText, _user: InvitedUser) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }
}
