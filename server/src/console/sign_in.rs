//! Signing in.

use app::api::sign_in::SignInBackend;
use app::error::ApiError;
use app::types::secret_text::SecretText;
use app::types::session::SignInStep;
use app::types::two_factor::SentCode;
use async_trait::async_trait;

use super::Console;
use super::refusals::present;
use service::Outcome;
use service::metrics::{CODE, PASSWORD, Proof};
use service::second_factor::FactorProof;
use service::sign_in::{self, Stepped};

#[async_trait]
impl SignInBackend for Console {
    async fn sign_in_with_password(
        &self,
        email: String,
        password: SecretText,
    ) -> Result<SignInStep, ApiError> {
        let stepped = sign_in::with_password(&self.services, &email, &password, &self.from()).await;
        self.count_and_take(PASSWORD, stepped).await
    }

    async fn sign_in_with_link(&self, token: SecretText) -> Result<SignInStep, ApiError> {
        let stepped = sign_in::with_link(&self.services, &token, &self.from()).await;
        self.count_and_take(Proof::Link.word(), stepped).await
    }

    async fn send_sign_in_code(&self) -> Result<SentCode, ApiError> {
        present(sign_in::send_code(&self.services, self.pending()?, &self.from()).await)
    }

    async fn sign_in_with_code(
        &self,
        code: SecretText,
        trust_browser: bool,
    ) -> Result<SignInStep, ApiError> {
        let given = present(FactorProof::code(code.expose()))?;
        self.finish(CODE, &given, trust_browser).await
    }

    async fn sign_in_with_recovery_code(&self, code: SecretText) -> Result<SignInStep, ApiError> {
        let given = present(FactorProof::recovery_code(code.expose()))?;
        self.finish(Proof::RecoveryCode.word(), &given, false).await
    }
}

impl Console {
    async fn finish(
        &self,
        factor: &'static str,
        given: &FactorProof,
        trust_browser: bool,
    ) -> Result<SignInStep, ApiError> {
        let (token, from) = (self.pending()?, self.from());
        let stepped =
            sign_in::with_second_factor(&self.services, token, given, trust_browser, &from).await;
        self.count_and_take(factor, stepped).await
    }

    /// Counts how a step ended; a refused one under the factor that was tried.
    pub(super) async fn count_and_take(
        &self,
        tried: &'static str,
        stepped: Outcome<Stepped>,
    ) -> Result<SignInStep, ApiError> {
        let result = present(stepped);
        let (outcome, factor) = match &result {
            Ok(stepped) => (
                match stepped.step {
                    SignInStep::SignedIn { .. } => "signed_in",
                    SignInStep::SecondFactorDue(_) => "second_factor_due",
                    SignInStep::LinkDue => "link_due",
                },
                stepped.proof.map_or(tried, Proof::word),
            ),
            Err(error) => (error.code(), tried),
        };
        self.services.metrics.count_sign_in(outcome, factor);
        match result {
            Ok(stepped) => Ok(self.take_step(stepped).await),
            Err(error) => Err(error),
        }
    }
}
