//! An invitation as the one who was invited meets it.

use app::api::invitation::InvitationBackend;
use app::error::ApiError;
use app::types::ids::AccountId;
use app::types::secret_text::SecretText;
use app::types::team::{InvitationOffer, InvitedUser};
use async_trait::async_trait;

use super::{RequestBackend, internal};
use service::invitations::answer;

#[async_trait]
impl InvitationBackend for RequestBackend {
    async fn open_invitation(&self, token: SecretText) -> Result<InvitationOffer, ApiError> {
        answer::open(
            &self.services,
            &token,
            self.held.session.as_ref(),
            &self.visitor,
        )
        .await
        .map_err(internal)
    }

    async fn accept_invitation(&self, token: SecretText) -> Result<AccountId, ApiError> {
        answer::accept(&self.services, self.signed_in()?, &token)
            .await
            .map_err(internal)
    }

    async fn join(&self, token: SecretText, user: InvitedUser) -> Result<(), ApiError> {
        let known = answer::join(&self.services, &token, &user, &self.from())
            .await
            .map_err(internal)?;
        self.set_known(known).await;
        Ok(())
    }
}
