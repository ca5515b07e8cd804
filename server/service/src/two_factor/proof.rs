//! The code that finishes an enrolment: of the new app, or sent to the new number.

use crate::change::Change;
use crate::refusal::Refusal;
use app::types::factors::CodeFactorKind;
use app::types::one_time_code::OneTimeCode;
use app::types::timestamp::Timestamp;

use crate::Outcome;
use crate::second_factor::open_secret;
use crate::sms::is_the_code_sent;
use domain::attempts::WRONG_CODES_PER_ENROLMENT;
use domain::factors::Factor;
use domain::totp::{self, CodeVerdict, TimeStep, TotpSecret};
use storage::enrolments::{EnrolmentOf, PendingEnrolment};
use storage::sms_codes::{CodeFor, find_sms_code, spend_sms_code};
use storage::users::User;

/// A number has no time steps.
const NO_STEP: TimeStep = TimeStep(0);

/// The factor that a right code proves; for a wrong one its refusal, which the caller counts.
pub(super) async fn prove(
    change: &Change<'_>,
    user: &User,
    enrolment: PendingEnrolment,
    code: &OneTimeCode,
) -> Outcome<Result<Factor, Refusal>> {
    let now = change.services.now();
    let (kind, last_step) = match enrolment.of {
        EnrolmentOf::App(_) => {
            let secret = open_secret(change.services, user.id, &enrolment.sealed_secret)?;
            match totp::check(&secret, code, now, None) {
                CodeVerdict::Right(step) => (CodeFactorKind::App, step),
                CodeVerdict::Used | CodeVerdict::Wrong => {
                    return Ok(Err(wrong_code(&secret, code, now, &enrolment)));
                }
            }
        }
        EnrolmentOf::Key { .. } => return Ok(Err(Refusal::EnrolmentOver)),
        EnrolmentOf::Sms => {
            let code_for = CodeFor::Enrolment(enrolment.id);
            let sent = find_sms_code(change.db(), user.id, &code_for, now).await?;
            let keys = change.services.keys.sealing(change.db()).await?;
            let right = sent.filter(|sent| is_the_code_sent(&keys, user.id, &code_for, code, sent));
            let Some(sent) = right else {
                return Ok(Err(wrong(&enrolment)));
            };
            if !spend_sms_code(change.db(), user.id, &sent).await? {
                return Ok(Err(wrong(&enrolment)));
            }
            (CodeFactorKind::Sms, NO_STEP)
        }
    };
    Ok(Ok(Factor {
        kind,
        sealed: enrolment.sealed_secret,
        since: now,
        last_step,
    }))
}

fn wrong_code(
    secret: &TotpSecret,
    code: &OneTimeCode,
    now: Timestamp,
    enrolment: &PendingEnrolment,
) -> Refusal {
    if let Some(device_ahead_by) = totp::device_ahead_by(secret, code, now) {
        return Refusal::ClockOff { device_ahead_by };
    }
    wrong(enrolment)
}

fn wrong(enrolment: &PendingEnrolment) -> Refusal {
    let left = WRONG_CODES_PER_ENROLMENT.saturating_sub(enrolment.failures + 1);
    Refusal::WrongCode {
        attempts_left: Some(left),
        at: None,
    }
}
