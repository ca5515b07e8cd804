//! Two-factor authentication of the user who is signed in.

use async_trait::async_trait;

use crate::error::ApiError;
use crate::types::ids::EnrolmentId;
use crate::types::secret_text::SecretText;
use crate::types::two_factor::{
    Country, Enrolment, EnrolmentPurpose, MailboxAct, MailedCode, RecoveryCodes, SecurityOverview,
    SentCode, SmsEnrolment, StepUp,
};

/// Two-factor authentication of the user who is signed in.
#[async_trait]
pub trait TwoFactorBackend {
    /// See [`crate::api::two_factor::security_overview`].
    async fn security_overview(&self) -> Result<SecurityOverview, ApiError>;

    /// See [`crate::api::two_factor::mail_code`].
    async fn mail_code(&self, act: MailboxAct, step_up: StepUp) -> Result<MailedCode, ApiError>;

    /// See [`crate::api::two_factor::decline_factor`].
    async fn decline_factor(
        &self,
        step_up: StepUp,
        mailbox_code: Option<SecretText>,
    ) -> Result<(), ApiError>;

    /// See [`crate::api::two_factor::begin_enrolment`].
    async fn begin_enrolment(
        &self,
        purpose: EnrolmentPurpose,
        step_up: StepUp,
        mailbox_code: Option<SecretText>,
    ) -> Result<Enrolment, ApiError>;

    /// See [`crate::api::two_factor::confirm_enrolment`].
    async fn confirm_enrolment(
        &self,
        enrolment: EnrolmentId,
        code: SecretText,
    ) -> Result<RecoveryCodes, ApiError>;

    /// See [`crate::api::two_factor::cancel_enrolment`].
    async fn cancel_enrolment(&self, enrolment: EnrolmentId) -> Result<(), ApiError>;

    /// See [`crate::api::two_factor::disable_two_factor`].
    async fn disable_two_factor(&self, step_up: StepUp) -> Result<(), ApiError>;

    /// See [`crate::api::two_factor::new_recovery_codes`].
    async fn new_recovery_codes(&self, step_up: StepUp) -> Result<RecoveryCodes, ApiError>;

    /// See [`crate::api::two_factor::sms_countries`].
    async fn sms_countries(&self) -> Result<Vec<Country>, ApiError>;

    /// See [`crate::api::two_factor::begin_sms_enrolment`].
    async fn begin_sms_enrolment(
        &self,
        country: String,
        number: SecretText,
        step_up: StepUp,
        mailbox_code: Option<SecretText>,
    ) -> Result<SmsEnrolment, ApiError>;

    /// See [`crate::api::two_factor::send_code`].
    async fn send_code(&self) -> Result<SentCode, ApiError>;
}
