//! Passwords: forgotten, reset, changed.

use app::api::password::PasswordBackend;
use app::error::ApiError;
use app::types::secret_text::SecretText;
use app::types::two_factor::{Delivery, StepUp};
use async_trait::async_trait;

use super::Console;
use super::refusals::present;
use service::passwords;

#[async_trait]
impl PasswordBackend for Console {
    async fn request_password_reset(&self, email: String) -> Result<Delivery, ApiError> {
        present(passwords::request_reset(&self.services, &email, &self.visitor).await)?;
        Ok(self.services.delivery())
    }

    async fn open_password_reset(&self, token: SecretText) -> Result<String, ApiError> {
        let user = present(passwords::opened(&self.services, &token).await)?;
        Ok(user.email.shown().to_owned())
    }

    async fn reset_password(
        &self,
        token: SecretText,
        password: SecretText,
    ) -> Result<(), ApiError> {
        let known =
            present(passwords::reset(&self.services, &token, &password, &self.from()).await)?;
        self.set_known(Some(known)).await;
        Ok(())
    }

    async fn change_password(&self, password: SecretText, step_up: StepUp) -> Result<(), ApiError> {
        let caller = self.signed_in()?;
        present(passwords::change(&self.services, caller, &password, &step_up).await)
    }
}
