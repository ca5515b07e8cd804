//! The first start.

use app::api::setup::SetupBackend;
use app::error::ApiError;
use app::types::secret_text::SecretText;
use app::types::session::SignInStep;
use app::types::setup::{NewUser, SetupLink};
use async_trait::async_trait;

use super::Console;
use super::refusals::present;
use service::setup;

#[async_trait]
impl SetupBackend for Console {
    async fn setup_link(&self, token: SecretText) -> Result<SetupLink, ApiError> {
        present(setup::link(&self.services, &token).await)
    }

    async fn create_first_user(
        &self,
        token: SecretText,
        user: NewUser,
        zone: Option<String>,
    ) -> Result<SignInStep, ApiError> {
        let from = self.from();
        let zone = zone.as_deref();
        let created = setup::create_first_user(&self.services, &token, &user, zone, &from).await;
        Ok(self.take_step(present(created)?).await)
    }
}
