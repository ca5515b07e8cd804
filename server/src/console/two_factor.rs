//! Two-factor authentication of the user who is signed in.

use app::api::two_factor::TwoFactorBackend;
use app::error::ApiError;
use app::types::ids::EnrolmentId;
use app::types::secret_text::SecretText;
use app::types::two_factor::{
    Country, Enrolment, EnrolmentPurpose, MailboxAct, MailedCode, RecoveryCodes, SecurityOverview,
    SentCode, SmsEnrolment, StepUp,
};
use async_trait::async_trait;

use super::Console;
use super::refusals::present;
use domain::countries::countries;
use service::first_factor::{self, decline};
use service::two_factor::EnrolmentProofs;
use service::{sms, two_factor};

#[async_trait]
impl TwoFactorBackend for Console {
    async fn security_overview(&self) -> Result<SecurityOverview, ApiError> {
        present(two_factor::overview(&self.services, self.signed_in()?).await)
    }

    async fn mail_code(&self, act: MailboxAct, step_up: StepUp) -> Result<MailedCode, ApiError> {
        present(first_factor::mail_code(&self.services, self.signed_in()?, act, &step_up).await)
    }

    async fn decline_factor(
        &self,
        step_up: StepUp,
        mailbox_code: Option<SecretText>,
    ) -> Result<(), ApiError> {
        let (caller, code) = (self.signed_in()?, mailbox_code.as_ref());
        present(decline::decline(&self.services, caller, &step_up, code).await)
    }

    async fn begin_enrolment(
        &self,
        purpose: EnrolmentPurpose,
        step_up: StepUp,
        mailbox_code: Option<SecretText>,
    ) -> Result<Enrolment, ApiError> {
        let caller = self.signed_in()?;
        let given = EnrolmentProofs {
            step_up: &step_up,
            mailbox_code: mailbox_code.as_ref(),
        };
        present(two_factor::begin_enrolment(&self.services, caller, purpose, given).await)
    }

    async fn confirm_enrolment(
        &self,
        enrolment: EnrolmentId,
        code: SecretText,
    ) -> Result<RecoveryCodes, ApiError> {
        let caller = self.signed_in()?;
        present(two_factor::confirm_enrolment(&self.services, caller, enrolment, &code).await)
    }

    async fn cancel_enrolment(&self, enrolment: EnrolmentId) -> Result<(), ApiError> {
        let caller = self.signed_in()?;
        present(two_factor::cancel_enrolment(&self.services, caller, enrolment).await)
    }

    async fn disable_two_factor(&self, step_up: StepUp) -> Result<(), ApiError> {
        let caller = self.signed_in()?;
        present(two_factor::disable(&self.services, caller, &step_up).await)
    }

    async fn new_recovery_codes(&self, step_up: StepUp) -> Result<RecoveryCodes, ApiError> {
        let caller = self.signed_in()?;
        present(two_factor::new_recovery_codes(&self.services, caller, &step_up).await)
    }

    async fn sms_countries(&self) -> Result<Vec<Country>, ApiError> {
        if sms::is_offered(&self.services) {
            Ok(countries())
        } else {
            Err(ApiError::NotFound)
        }
    }

    async fn begin_sms_enrolment(
        &self,
        country: String,
        number: SecretText,
        step_up: StepUp,
        mailbox_code: Option<SecretText>,
    ) -> Result<SmsEnrolment, ApiError> {
        let caller = self.signed_in()?;
        let given = EnrolmentProofs {
            step_up: &step_up,
            mailbox_code: mailbox_code.as_ref(),
        };
        present(two_factor::begin_sms(&self.services, caller, (&country, &number), given).await)
    }

    async fn send_code(&self) -> Result<SentCode, ApiError> {
        present(two_factor::send_code(&self.services, self.signed_in()?).await)
    }
}
