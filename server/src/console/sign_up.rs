//! Sign-up.

use app::api::sign_up::SignUpBackend;
use app::error::ApiError;
use app::types::secret_text::SecretText;
use app::types::setup::NewUser;
use app::types::two_factor::Delivery;
use async_trait::async_trait;

use super::Console;
use super::refusals::present;
use service::sign_up;

#[async_trait]
impl SignUpBackend for Console {
    async fn request_sign_up(&self, user: NewUser) -> Result<Delivery, ApiError> {
        present(sign_up::request(&self.services, &user, &self.visitor).await)?;
        Ok(self.services.delivery())
    }

    async fn open_sign_up(&self, token: SecretText) -> Result<String, ApiError> {
        present(sign_up::opened(&self.services, &token).await)
    }

    async fn finish_sign_up(
        &self,
        token: SecretText,
        password: SecretText,
        zone: Option<String>,
    ) -> Result<String, ApiError> {
        let (services, from) = (&self.services, self.from());
        let finished =
            present(sign_up::finish(services, &token, &password, zone.as_deref(), &from).await)?;
        self.set_known(Some(finished.known)).await;
        Ok(finished.email.as_str().to_owned())
    }
}
