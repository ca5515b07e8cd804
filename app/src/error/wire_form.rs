//! How refusals are read from the wire: as one flat object, whose `code` says which of its fields matter.
//!
//! Read by the derived code for tagged enums they would cost the browser's download four times as much
//! (docs/performance.md); they are written by it all the same, and a test holds the two together.

use serde::Deserialize;

use super::{ApiError, FieldError, Guessable, Problem};
use crate::types::account::RequiringAccount;

/// A field that this code needs is missing, or the code is of another build.
pub(super) const NOT_OURS: &str = "not a refusal of this build";

#[derive(Deserialize)]
pub(super) struct RefusalForm {
    code: String,
    account: Option<RequiringAccount>,
    fields: Option<Vec<FieldError>>,
    attempts_left: Option<u32>,
    device_ahead_by: Option<i64>,
    retry_after: Option<u32>,
    reference: Option<String>,
}

impl TryFrom<RefusalForm> for ApiError {
    type Error = &'static str;

    fn try_from(form: RefusalForm) -> Result<Self, &'static str> {
        Ok(match form.code.as_str() {
            "malformed" => Self::Malformed,
            "too_large" => Self::TooLarge,
            "cross_site" => Self::CrossSite,
            "not_found" => Self::NotFound,
            "signed_out" => Self::SignedOut,
            "wrong_credentials" => Self::WrongCredentials,
            "sign_in_over" => Self::SignInOver,
            "forbidden" => Self::Forbidden,
            "two_factor_required" => Self::TwoFactorRequired {
                account: form.account.ok_or(NOT_OURS)?,
            },
            "invalid_fields" => Self::InvalidFields {
                fields: form.fields.ok_or(NOT_OURS)?,
            },
            "wrong_password" => Self::WrongPassword,
            "code_needed" => Self::CodeNeeded,
            "step_up_needed" => Self::StepUpNeeded,
            "wrong_code" => Self::WrongCode {
                attempts_left: form.attempts_left,
            },
            "clock_off" => Self::ClockOff {
                device_ahead_by: form.device_ahead_by.ok_or(NOT_OURS)?,
            },
            "enrolment_overtaken" => Self::EnrolmentOvertaken,
            "enrolment_over" => Self::EnrolmentOver,
            "two_factor_already_on" => Self::TwoFactorAlreadyOn,
            "two_factor_off" => Self::TwoFactorOff,
            "email_not_verified" => Self::EmailNotVerified,
            "taken" => Self::Taken,
            "link_over" => Self::LinkOver,
            "link_of_another_sign_in" => Self::LinkOfAnotherSignIn,
            "stale" => Self::Stale,
            "owner_without_two_factor" => Self::OwnerWithoutTwoFactor,
            "new_owner_without_two_factor" => Self::NewOwnerWithoutTwoFactor,
            "owner_stays" => Self::OwnerStays,
            "already_in_account" => Self::AlreadyInAccount,
            "invited_another" => Self::InvitedAnother,
            "too_many_invitations" => Self::TooManyInvitations {
                retry_after: form.retry_after.ok_or(NOT_OURS)?,
            },
            "setup_over" => Self::SetupOver,
            "sign_up_closed" => Self::SignUpClosed,
            "paused" => Self::Paused {
                retry_after: form.retry_after.ok_or(NOT_OURS)?,
            },
            "factor_closed" => Self::FactorClosed,
            "factor_unreadable" => Self::FactorUnreadable,
            "busy" => Self::Busy {
                retry_after: form.retry_after.ok_or(NOT_OURS)?,
            },
            "internal" => Self::Internal {
                reference: form.reference.ok_or(NOT_OURS)?,
            },
            "unreachable" => Self::Unreachable,
            _ => return Err(NOT_OURS),
        })
    }
}

#[derive(Deserialize)]
pub(super) struct ProblemForm {
    problem: String,
    least: Option<u32>,
    most: Option<u32>,
    because: Option<Guessable>,
}

impl TryFrom<ProblemForm> for Problem {
    type Error = &'static str;

    fn try_from(form: ProblemForm) -> Result<Self, &'static str> {
        Ok(match form.problem.as_str() {
            "missing" => Self::Missing,
            "too_short" => Self::TooShort {
                least: form.least.ok_or(NOT_OURS)?,
            },
            "too_long" => Self::TooLong {
                most: form.most.ok_or(NOT_OURS)?,
            },
            "not_text" => Self::NotText,
            "not_an_email" => Self::NotAnEmail,
            "not_a_code" => Self::NotACode,
            "not_a_recovery_code" => Self::NotARecoveryCode,
            "not_a_date" => Self::NotADate,
            "in_the_past" => Self::InThePast,
            "too_far_ahead" => Self::TooFarAhead {
                most: form.most.ok_or(NOT_OURS)?,
            },
            "unchanged" => Self::Unchanged,
            "guessable" => Self::Guessable {
                because: form.because.ok_or(NOT_OURS)?,
            },
            _ => return Err(NOT_OURS),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Field;
    use super::*;
    use crate::types::ids::AccountId;
    use crate::types::timestamp::Timestamp;

    /// Every refusal once; the match makes the compiler ask for the next one.
    fn every_refusal() -> Vec<ApiError> {
        use ApiError as E;
        let account = RequiringAccount {
            id: AccountId::new(uuid::Uuid::nil()),
            name: "Engines".to_owned(),
            from: Timestamp(1),
            in_force: true,
        };
        let problems = [
            Problem::Missing,
            Problem::TooShort { least: 8 },
            Problem::TooLong { most: 128 },
            Problem::NotText,
            Problem::NotAnEmail,
            Problem::NotACode,
            Problem::NotARecoveryCode,
            Problem::NotADate,
            Problem::InThePast,
            Problem::TooFarAhead { most: 90 },
            Problem::Unchanged,
            Problem::Guessable {
                because: Guessable::Common,
            },
            Problem::Guessable {
                because: Guessable::Personal,
            },
            Problem::Guessable {
                because: Guessable::Pattern,
            },
            Problem::Guessable {
                because: Guessable::Simple,
            },
        ];
        let fields = problems
            .map(|problem| FieldError {
                field: Field::Password,
                problem,
            })
            .to_vec();
        let mut all = vec![E::Malformed];
        loop {
            let next = match all.last().expect("it begins with one") {
                E::Malformed => E::TooLarge,
                E::TooLarge => E::CrossSite,
                E::CrossSite => E::NotFound,
                E::NotFound => E::SignedOut,
                E::SignedOut => E::WrongCredentials,
                E::WrongCredentials => E::SignInOver,
                E::SignInOver => E::Forbidden,
                E::Forbidden => E::TwoFactorRequired {
                    account: account.clone(),
                },
                E::TwoFactorRequired { .. } => E::InvalidFields {
                    fields: fields.clone(),
                },
                E::InvalidFields { .. } => E::WrongPassword,
                E::WrongPassword => E::CodeNeeded,
                E::CodeNeeded => E::StepUpNeeded,
                E::StepUpNeeded => E::WrongCode {
                    attempts_left: None,
                },
                E::WrongCode {
                    attempts_left: None,
                } => E::WrongCode {
                    attempts_left: Some(4),
                },
                E::WrongCode { .. } => E::ClockOff {
                    device_ahead_by: -90,
                },
                E::ClockOff { .. } => E::EnrolmentOvertaken,
                E::EnrolmentOvertaken => E::EnrolmentOver,
                E::EnrolmentOver => E::TwoFactorAlreadyOn,
                E::TwoFactorAlreadyOn => E::TwoFactorOff,
                E::TwoFactorOff => E::EmailNotVerified,
                E::EmailNotVerified => E::Taken,
                E::Taken => E::LinkOver,
                E::LinkOver => E::LinkOfAnotherSignIn,
                E::LinkOfAnotherSignIn => E::Stale,
                E::Stale => E::OwnerWithoutTwoFactor,
                E::OwnerWithoutTwoFactor => E::NewOwnerWithoutTwoFactor,
                E::NewOwnerWithoutTwoFactor => E::OwnerStays,
                E::OwnerStays => E::AlreadyInAccount,
                E::AlreadyInAccount => E::InvitedAnother,
                E::InvitedAnother => E::TooManyInvitations { retry_after: 60 },
                E::TooManyInvitations { .. } => E::SetupOver,
                E::SetupOver => E::SignUpClosed,
                E::SignUpClosed => E::Paused { retry_after: 60 },
                E::Paused { .. } => E::FactorClosed,
                E::FactorClosed => E::FactorUnreadable,
                E::FactorUnreadable => E::Busy { retry_after: 1 },
                E::Busy { .. } => E::Internal {
                    reference: "r".to_owned(),
                },
                E::Internal { .. } => E::Unreachable,
                E::Unreachable => return all,
            };
            all.push(next);
        }
    }

    #[test]
    fn every_refusal_is_read_as_it_was_written() {
        for refusal in every_refusal() {
            let text = serde_json::to_string(&refusal).unwrap();
            assert_eq!(
                serde_json::from_str::<ApiError>(&text).unwrap(),
                refusal,
                "{text}"
            );
            assert!(
                text.contains(&format!("\"code\":\"{}\"", refusal.code())),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_refusal_is_refused() {
        for text in [
            r#"{"code":"new"}"#,
            r#"{"code":"paused"}"#,
            "{}",
            "null",
            r#"{"code":"clock_off"}"#,
        ] {
            assert!(serde_json::from_str::<ApiError>(text).is_err(), "{text}");
        }
    }
}
