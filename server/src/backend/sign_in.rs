//! Signing in.

use app::backend::SignInBackend;
use app::error::ApiError;
use app::types::secret_text::SecretText;
use app::types::session::SignInStep;
use app::types::two_factor::SentCode;
use async_trait::async_trait;

use super::{RequestBackend, internal};
use crate::service::second_factor::Given;
use crate::service::sign_in;

#[async_trait]
impl SignInBackend for RequestBackend {
    async fn sign_in_with_password(
        &self,
        email: String,
        password: SecretText,
    ) -> Result<SignInStep, ApiError> {
        sign_in::with_password(&self.services, &email, &password, &self.from())
            .await
            .map(|stepped| self.take_step(stepped))
            .map_err(internal)
    }

    async fn sign_in_with_link(&self, token: SecretText) -> Result<SignInStep, ApiError> {
        sign_in::with_link(&self.services, &token, &self.from())
            .await
            .map(|stepped| self.take_step(stepped))
            .map_err(internal)
    }

    async fn send_sign_in_code(&self) -> Result<SentCode, ApiError> {
        sign_in::send_code(&self.services, self.pending()?, &self.visitor)
            .await
            .map_err(internal)
    }

    async fn sign_in_with_code(
        &self,
        code: SecretText,
        trust_browser: bool,
    ) -> Result<SignInStep, ApiError> {
        let given = Given::code(code.expose())?;
        self.finish(&given, trust_browser).await
    }

    async fn sign_in_with_recovery_code(&self, code: SecretText) -> Result<SignInStep, ApiError> {
        let given = Given::recovery_code(code.expose())?;
        self.finish(&given, false).await
    }
}

impl RequestBackend {
    async fn finish(&self, given: &Given, trust_browser: bool) -> Result<SignInStep, ApiError> {
        let token = self.pending()?;
        sign_in::with_second_factor(&self.services, token, given, trust_browser, &self.from())
            .await
            .map(|stepped| self.take_step(stepped))
            .map_err(internal)
    }
}
