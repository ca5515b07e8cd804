//! An invitation as the one who was invited meets it.

use async_trait::async_trait;

use crate::error::ApiError;
use crate::types::ids::AccountId;
use crate::types::secret_text::SecretText;
use crate::types::team::{InvitationOffer, InvitedUser};

/// An invitation as the one who was invited meets it.
#[async_trait]
pub trait InvitationBackend {
    /// See [`crate::api::invitation::open_invitation`].
    async fn open_invitation(&self, token: SecretText) -> Result<InvitationOffer, ApiError>;

    /// See [`crate::api::invitation::accept_invitation`].
    async fn accept_invitation(&self, token: SecretText) -> Result<AccountId, ApiError>;

    /// See [`crate::api::invitation::join`].
    async fn join(&self, token: SecretText, user: InvitedUser) -> Result<(), ApiError>;
}
