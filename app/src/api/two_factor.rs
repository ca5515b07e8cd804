//! Two-factor authentication of the user who is signed in.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::backend;
use crate::client::ApiClient;
use crate::error::ApiError;
use crate::types::ids::EnrolmentId;
use crate::types::secret_text::SecretText;
use crate::types::two_factor::{
    Country, Enrolment, EnrolmentPurpose, MailboxAct, MailedCode, RecoveryCodes, SecurityOverview,
    SentCode, SmsEnrolment, StepUp,
};
use crate::wire::Call;

/// What the Security page shows.
#[server(name = SecurityOverviewArguments, endpoint = "two-factor/overview", protocol = Call, client = ApiClient)]
pub async fn security_overview() -> Result<SecurityOverview, ApiError> {
    backend()?.security_overview().await
}

/// Mails a code for an act that takes a proof of the mailbox; one that was mailed before is dead. Where no more can be mailed
/// for now, it gives the one before while that is good.
#[server(endpoint = "two-factor/mail-code", protocol = Call, client = ApiClient)]
pub async fn mail_code(act: MailboxAct, step_up: StepUp) -> Result<MailedCode, ApiError> {
    backend()?.mail_code(act, step_up).await
}

/// Says that no second factor is wanted: sign-ins take no mailed link any more.
#[server(endpoint = "two-factor/decline", protocol = Call, client = ApiClient)]
pub async fn decline_factor(
    step_up: StepUp,
    mailbox_code: Option<SecretText>,
) -> Result<(), ApiError> {
    backend()?.decline_factor(step_up, mailbox_code).await
}

/// Begins an enrolment: a new key to scan. An earlier unfinished one is overtaken. A first factor takes a code from the
/// mailbox too, unless this browser has proven it.
#[server(endpoint = "two-factor/begin", protocol = Call, client = ApiClient)]
pub async fn begin_enrolment(
    purpose: EnrolmentPurpose,
    step_up: StepUp,
    mailbox_code: Option<SecretText>,
) -> Result<Enrolment, ApiError> {
    backend()?
        .begin_enrolment(purpose, step_up, mailbox_code)
        .await
}

/// Finishes an enrolment with a right code; the recovery codes are shown this once.
#[server(endpoint = "two-factor/confirm", protocol = Call, client = ApiClient)]
pub async fn confirm_enrolment(
    enrolment: EnrolmentId,
    code: SecretText,
) -> Result<RecoveryCodes, ApiError> {
    backend()?.confirm_enrolment(enrolment, code).await
}

/// Discards an unfinished enrolment.
#[server(endpoint = "two-factor/cancel", protocol = Call, client = ApiClient)]
pub async fn cancel_enrolment(enrolment: EnrolmentId) -> Result<(), ApiError> {
    backend()?.cancel_enrolment(enrolment).await
}

/// Turns two-factor authentication off.
#[server(endpoint = "two-factor/disable", protocol = Call, client = ApiClient)]
pub async fn disable_two_factor(step_up: StepUp) -> Result<(), ApiError> {
    backend()?.disable_two_factor(step_up).await
}

/// Replaces the recovery codes; the new ones are shown this once.
#[server(endpoint = "two-factor/new-recovery-codes", protocol = Call, client = ApiClient)]
pub async fn new_recovery_codes(step_up: StepUp) -> Result<RecoveryCodes, ApiError> {
    backend()?.new_recovery_codes(step_up).await
}

/// Countries to choose from beside a phone number.
#[server(endpoint = "two-factor/countries", protocol = Call, client = ApiClient)]
pub async fn sms_countries() -> Result<Vec<Country>, ApiError> {
    backend()?.sms_countries().await
}

/// Begins an enrolment of a phone number, and sends it a code. An earlier unfinished one is overtaken.
#[server(endpoint = "two-factor/begin-sms", protocol = Call, client = ApiClient)]
pub async fn begin_sms_enrolment(
    country: String,
    number: SecretText,
    step_up: StepUp,
    mailbox_code: Option<SecretText>,
) -> Result<SmsEnrolment, ApiError> {
    backend()?
        .begin_sms_enrolment(country, number, step_up, mailbox_code)
        .await
}

/// Sends a code to the number in use, for an act that asks for one, or to the number that this session sets up.
#[server(endpoint = "two-factor/send-code", protocol = Call, client = ApiClient)]
pub async fn send_code() -> Result<SentCode, ApiError> {
    backend()?.send_code().await
}
