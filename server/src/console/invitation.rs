//! An invitation as the one who was invited meets it.

use app::api::invitation::InvitationBackend;
use app::error::ApiError;
use app::types::ids::AccountId;
use app::types::secret_text::SecretText;
use app::types::team::{InvitationOffer, InvitedUser};
use async_trait::async_trait;

use super::Console;
use super::refusals::present;
use service::invitations::answer;

#[async_trait]
impl InvitationBackend for Console {
    async fn open_invitation(&self, token: SecretText) -> Result<InvitationOffer, ApiError> {
        let session = self.held.session.as_ref();
        present(answer::open(&self.services, &token, session, &self.visitor).await)
    }

    async fn accept_invitation(&self, token: SecretText) -> Result<AccountId, ApiError> {
        present(answer::accept(&self.services, self.signed_in()?, &token).await)
    }

    async fn join(&self, token: SecretText, user: InvitedUser) -> Result<(), ApiError> {
        let known = present(answer::join(&self.services, &token, &user, &self.from()).await)?;
        self.set_known(known).await;
        Ok(())
    }
}
