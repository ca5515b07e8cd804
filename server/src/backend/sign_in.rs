//! Signing in.

use app::backend::SignInBackend;
use app::error::ApiError;
use app::types::secret_text::SecretText;
use app::types::session::SignInStep;
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
        let previous = self.session.as_ref();
        sign_in::with_password(&self.services, &email, &password, previous, &self.visitor)
            .await
            .map(|stepped| self.take_step(stepped))
            .map_err(internal)
    }

    async fn sign_in_with_link(&self, _token: SecretText) -> Result<SignInStep, ApiError> {
        Err(ApiError::NotFound)
    }

    async fn sign_in_with_code(
        &self,
        code: SecretText,
        _trust_browser: bool,
    ) -> Result<SignInStep, ApiError> {
        self.finish(&Given::code(code.expose())?).await
    }

    async fn sign_in_with_recovery_code(&self, code: SecretText) -> Result<SignInStep, ApiError> {
        self.finish(&Given::recovery_code(code.expose())?).await
    }
}

impl RequestBackend {
    async fn finish(&self, given: &Given) -> Result<SignInStep, ApiError> {
        let token = self.pending()?;
        sign_in::with_second_factor(&self.services, token, given, &self.visitor)
            .await
            .map(|stepped| self.take_step(stepped))
            .map_err(internal)
    }
}
