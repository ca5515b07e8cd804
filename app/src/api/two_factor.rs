//! Two-factor authentication of the user who is signed in.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::backend;
use crate::client::ApiClient;
use crate::error::ApiError;
use crate::types::ids::EnrolmentId;
use crate::types::secret_text::SecretText;
use crate::types::two_factor::{
    Enrolment, EnrolmentPurpose, RecoveryCodes, SecurityOverview, StepUp,
};
use crate::wire::Call;

/// What the Security page shows.
#[server(name = SecurityOverviewArguments, endpoint = "two-factor/overview", protocol = Call, client = ApiClient)]
pub async fn security_overview() -> Result<SecurityOverview, ApiError> {
    backend()?.security_overview().await
}

/// Begins an enrolment: a new key to scan. An earlier unfinished one is overtaken.
#[server(endpoint = "two-factor/begin", protocol = Call, client = ApiClient)]
pub async fn begin_enrolment(
    purpose: EnrolmentPurpose,
    step_up: StepUp,
) -> Result<Enrolment, ApiError> {
    backend()?.begin_enrolment(purpose, step_up).await
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
