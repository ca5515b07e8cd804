//! How the browser reads refusals: by their `code`, which says what other fields there are.

use super::{ApiError, Field, FieldError, Guessable, Problem};
use crate::wire::{Answer, Value, answers, words};

impl Answer for ApiError {
    fn read(value: &Value) -> Option<Self> {
        Some(match value.word("code").as_str() {
            "malformed" => Self::Malformed,
            "too_large" => Self::TooLarge,
            "cross_site" => Self::CrossSite,
            "not_found" => Self::NotFound,
            "signed_out" => Self::SignedOut,
            "wrong_credentials" => Self::WrongCredentials,
            "sign_in_over" => Self::SignInOver,
            "forbidden" => Self::Forbidden,
            "two_factor_required" => Self::TwoFactorRequired {
                account: value.field("account")?,
            },
            "invalid_fields" => Self::InvalidFields {
                fields: value.field("fields")?,
            },
            "wrong_password" => Self::WrongPassword,
            "code_needed" => Self::CodeNeeded,
            "step_up_needed" => Self::StepUpNeeded,
            "wrong_code" => Self::WrongCode {
                attempts_left: value.field("attempts_left")?,
            },
            "clock_off" => Self::ClockOff {
                device_ahead_by: value.field("device_ahead_by")?,
            },
            "enrolment_overtaken" => Self::EnrolmentOvertaken,
            "enrolment_over" => Self::EnrolmentOver,
            "mailbox_code_needed" => Self::MailboxCodeNeeded,
            "mailbox_code_over" => Self::MailboxCodeOver,
            "too_many_mailed_codes" => Self::TooManyMailedCodes {
                retry_after: value.field("retry_after")?,
            },
            "two_factor_already_on" => Self::TwoFactorAlreadyOn,
            "two_factor_off" => Self::TwoFactorOff,
            "email_not_verified" => Self::EmailNotVerified,
            "taken" => Self::Taken,
            "link_over" => Self::LinkOver,
            "link_of_another_sign_in" => Self::LinkOfAnotherSignIn,
            "link_of_another_user" => Self::LinkOfAnotherUser,
            "recovery_codes_overtaken" => Self::RecoveryCodesOvertaken,
            "stale" => Self::Stale,
            "owner_without_two_factor" => Self::OwnerWithoutTwoFactor,
            "new_owner_without_two_factor" => Self::NewOwnerWithoutTwoFactor,
            "owner_stays" => Self::OwnerStays,
            "offer_over" => Self::OfferOver,
            "transfer_pending" => Self::TransferPending,
            "user_disabled" => Self::UserDisabled,
            "mail_not_set" => Self::MailNotSet,
            "mail_refused" => Self::MailRefused,
            "open_already" => Self::OpenAlready,
            "mail_reaches" => Self::MailReaches,
            "operator_lets_in" => Self::OperatorLetsIn,
            "mail_is_set" => Self::MailIsSet,
            "link_for_new_user" => Self::LinkForNewUser,
            "too_many_offers" => Self::TooManyOffers {
                retry_after: value.field("retry_after")?,
            },
            "already_in_account" => Self::AlreadyInAccount,
            "invited_another" => Self::InvitedAnother,
            "inviter_without_right" => Self::InviterWithoutRight,
            "too_many_role_changes" => Self::TooManyRoleChanges {
                retry_after: value.field("retry_after")?,
            },
            "too_many_invitations" => Self::TooManyInvitations {
                retry_after: value.field("retry_after")?,
            },
            "setup_over" => Self::SetupOver,
            "sign_up_closed" => Self::SignUpClosed,
            "paused" => Self::Paused {
                retry_after: value.field("retry_after")?,
            },
            "too_many_codes" => Self::TooManyCodes {
                retry_after: value.field("retry_after")?,
            },
            "sms_not_sent" => Self::SmsNotSent,
            "factor_closed" => Self::FactorClosed,
            "factor_unreadable" => Self::FactorUnreadable,
            "busy" => Self::Busy {
                retry_after: value.field("retry_after")?,
            },
            "internal" => Self::Internal {
                reference: value.field("reference")?,
            },
            "unreachable" => Self::Unreachable,
            _ => return None,
        })
    }
}

answers! {
    FieldError { field, problem }
}

impl Answer for Problem {
    fn read(value: &Value) -> Option<Self> {
        Some(match value.word("problem").as_str() {
            "missing" => Self::Missing,
            "too_short" => Self::TooShort {
                least: value.field("least")?,
            },
            "too_long" => Self::TooLong {
                most: value.field("most")?,
            },
            "not_text" => Self::NotText,
            "not_an_email" => Self::NotAnEmail,
            "not_a_code" => Self::NotACode,
            "not_a_mailbox_code" => Self::NotAMailboxCode,
            "not_a_recovery_code" => Self::NotARecoveryCode,
            "not_a_phone_number" => Self::NotAPhoneNumber,
            "not_a_mobile" => Self::NotAMobile,
            "not_a_date" => Self::NotADate,
            "in_the_past" => Self::InThePast,
            "too_far_ahead" => Self::TooFarAhead {
                most: value.field("most")?,
            },
            "unchanged" => Self::Unchanged,
            "guessable" => Self::Guessable {
                because: value.field("because")?,
            },
            _ => return None,
        })
    }
}

words! {
    Field {
        "name" => Name,
        "email" => Email,
        "account_name" => AccountName,
        "password" => Password,
        "new_password" => NewPassword,
        "roles" => Roles,
        "start_date" => StartDate,
        "code" => Code,
        "recovery_code" => RecoveryCode,
        "sms_code" => SmsCode,
        "country" => Country,
        "phone_number" => PhoneNumber,
        "mailbox_code" => MailboxCode,
    }
    Guessable {
        "common" => Common,
        "personal" => Personal,
        "pattern" => Pattern,
        "simple" => Simple,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::account::RequiringAccount;
    use crate::types::ids::AccountId;
    use crate::types::timestamp::Timestamp;

    fn read(text: &str) -> Option<ApiError> {
        Answer::read(&Value::new(serde_json::from_str(text).unwrap()))
    }

    fn every_problem() -> Vec<Problem> {
        vec![
            Problem::Missing,
            Problem::TooShort { least: 8 },
            Problem::TooLong { most: 128 },
            Problem::NotText,
            Problem::NotAnEmail,
            Problem::NotACode,
            Problem::NotAMailboxCode,
            Problem::NotARecoveryCode,
            Problem::NotAPhoneNumber,
            Problem::NotAMobile,
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
        ]
    }

    /// Every refusal once; the match makes the compiler ask for the next one.
    fn every_refusal() -> Vec<ApiError> {
        use ApiError as E;
        let account = RequiringAccount {
            id: AccountId::new(uuid::Uuid::nil()),
            name: "Engines".to_owned(),
            from: Timestamp(1),
            in_force: true,
            has_two_factor: false,
            opens_at: Some(Timestamp(2)),
        };
        let fields: Vec<_> = every_problem()
            .into_iter()
            .map(|problem| FieldError {
                field: Field::Password,
                problem,
            })
            .collect();
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
                E::EnrolmentOver => E::MailboxCodeNeeded,
                E::MailboxCodeNeeded => E::MailboxCodeOver,
                E::MailboxCodeOver => E::TooManyMailedCodes { retry_after: 60 },
                E::TooManyMailedCodes { .. } => E::TwoFactorAlreadyOn,
                E::TwoFactorAlreadyOn => E::TwoFactorOff,
                E::TwoFactorOff => E::EmailNotVerified,
                E::EmailNotVerified => E::Taken,
                E::Taken => E::LinkOver,
                E::LinkOver => E::LinkOfAnotherSignIn,
                E::LinkOfAnotherSignIn => E::LinkOfAnotherUser,
                E::LinkOfAnotherUser => E::RecoveryCodesOvertaken,
                E::RecoveryCodesOvertaken => E::Stale,
                E::Stale => E::OwnerWithoutTwoFactor,
                E::OwnerWithoutTwoFactor => E::NewOwnerWithoutTwoFactor,
                E::NewOwnerWithoutTwoFactor => E::OwnerStays,
                E::OwnerStays => E::OfferOver,
                E::OfferOver => E::TransferPending,
                E::TransferPending => E::UserDisabled,
                E::UserDisabled => E::MailNotSet,
                E::MailNotSet => E::MailRefused,
                E::MailRefused => E::OpenAlready,
                E::OpenAlready => E::MailReaches,
                E::MailReaches => E::OperatorLetsIn,
                E::OperatorLetsIn => E::MailIsSet,
                E::MailIsSet => E::LinkForNewUser,
                E::LinkForNewUser => E::TooManyOffers { retry_after: 60 },
                E::TooManyOffers { .. } => E::AlreadyInAccount,
                E::AlreadyInAccount => E::InvitedAnother,
                E::InvitedAnother => E::InviterWithoutRight,
                E::InviterWithoutRight => E::TooManyRoleChanges { retry_after: 60 },
                E::TooManyRoleChanges { .. } => E::TooManyInvitations { retry_after: 60 },
                E::TooManyInvitations { .. } => E::SetupOver,
                E::SetupOver => E::SignUpClosed,
                E::SignUpClosed => E::Paused { retry_after: 60 },
                E::Paused { .. } => E::TooManyCodes { retry_after: 60 },
                E::TooManyCodes { .. } => E::SmsNotSent,
                E::SmsNotSent => E::FactorClosed,
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
            assert_eq!(read(&text), Some(refusal.clone()), "{text}");
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
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn every_field_is_read_as_it_was_written() {
        let fields = [
            Field::Name,
            Field::Email,
            Field::AccountName,
            Field::Password,
            Field::NewPassword,
            Field::Roles,
            Field::StartDate,
            Field::Code,
            Field::RecoveryCode,
            Field::SmsCode,
            Field::Country,
            Field::PhoneNumber,
            Field::MailboxCode,
        ];
        for field in fields {
            let refusal = ApiError::field(field, Problem::Missing);
            let text = serde_json::to_string(&refusal).unwrap();
            assert_eq!(read(&text), Some(refusal), "{text}");
        }
    }
}
