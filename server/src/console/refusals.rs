//! What the console says when a use case did not do what was asked: the one table from refusals to `ApiError`, and the only
//! place that knows in which field of a form a value stood.

use app::error::{ApiError, Field, FieldError, Problem};
use app::types::name::{LONGEST_NAME, NotAName};

use super::gate::new_reference;
use domain::enforcement::{DayRefused, MOST_DAYS_AHEAD};
use domain::password_policy::{LONGEST_PASSWORD, PasswordProblem, SHORTEST_PASSWORD};
use domain::phone_number::NotAPhoneNumber;
use domain::roles::Denial;
use service::refusal::{Refusal, Wrong};
use service::{Failure, Fault};

/// Seconds after which to try again when the database cannot be used for now.
const DATABASE_RETRY: u32 = 5;

/// What a use case has done, or what the page says when it has not.
///
/// # Errors
/// As [`said`].
pub fn present<T>(done: Result<T, impl Into<Failure>>) -> Result<T, ApiError> {
    done.map_err(|failure| said(failure.into()))
}

/// What the page says for a failure; a fault is logged here, once, under the reference that the answer has.
pub fn said(failure: Failure) -> ApiError {
    match failure {
        Failure::Refused(refusal) => refused(refusal),
        Failure::Fault(Fault::Storage(error)) if error.is_transient() => {
            tracing::error!(
                error = error.detail(),
                "the database cannot be used for now"
            );
            ApiError::Busy {
                retry_after: DATABASE_RETRY,
            }
        }
        Failure::Fault(fault) => {
            let reference = new_reference();
            tracing::error!(reference, fault = fault.detail(), "a request failed");
            ApiError::Internal { reference }
        }
    }
}

fn refused(refusal: Refusal) -> ApiError {
    match refusal {
        Refusal::NotFound => ApiError::NotFound,
        Refusal::Denied(denial) => denied(denial),
        Refusal::TwoFactorRequired { account } => ApiError::TwoFactorRequired { account },
        Refusal::Wrong(wrong) => ApiError::InvalidFields {
            fields: wrong.into_iter().map(field).collect(),
        },
        Refusal::SignedOut => ApiError::SignedOut,
        Refusal::WrongCredentials => ApiError::WrongCredentials,
        Refusal::SignInOver => ApiError::SignInOver,
        Refusal::WrongPassword => ApiError::WrongPassword,
        Refusal::StepUpNeeded => ApiError::StepUpNeeded,
        Refusal::CodeNeeded => ApiError::CodeNeeded,
        Refusal::WrongCode { attempts_left, at } => ApiError::WrongCode { attempts_left, at },
        Refusal::ClockOff { device_ahead_by } => ApiError::ClockOff { device_ahead_by },
        Refusal::FactorClosed => ApiError::FactorClosed,
        Refusal::FactorUnreadable => ApiError::FactorUnreadable,
        Refusal::PasskeyUnknown => ApiError::PasskeyUnknown,
        Refusal::KeyNotAccepted { signs_in: true } => ApiError::PasskeyRefused,
        Refusal::KeyNotAccepted { signs_in: false } => ApiError::KeyRefused,
        Refusal::ChallengeOver => ApiError::ChallengeOver,
        Refusal::PasskeyAlreadyAdded => ApiError::PasskeyAlreadyAdded,
        Refusal::TooManyPasskeys => ApiError::TooManyPasskeys,
        Refusal::LastFactor => ApiError::LastFactor,
        Refusal::PasskeysNotOffered => ApiError::PasskeysNotOffered,
        Refusal::EnrolmentOver => ApiError::EnrolmentOver,
        Refusal::EnrolmentOvertaken => ApiError::EnrolmentOvertaken,
        Refusal::RecoveryCodesOvertaken => ApiError::RecoveryCodesOvertaken,
        Refusal::MailboxCodeNeeded => ApiError::MailboxCodeNeeded,
        Refusal::MailboxCodeOver => ApiError::MailboxCodeOver,
        Refusal::EmailNotVerified => ApiError::EmailNotVerified,
        Refusal::SmsNotSent => ApiError::SmsNotSent,
        Refusal::Taken => ApiError::Taken,
        Refusal::LinkOver => ApiError::LinkOver,
        Refusal::LinkOfAnotherSignIn => ApiError::LinkOfAnotherSignIn,
        Refusal::LinkOfAnotherUser => ApiError::LinkOfAnotherUser,
        Refusal::LinkForNewUser => ApiError::LinkForNewUser,
        Refusal::Stale => ApiError::Stale,
        Refusal::OfferOver => ApiError::OfferOver,
        Refusal::MailIsSet => ApiError::MailIsSet,
        Refusal::AlreadyInAccount => ApiError::AlreadyInAccount,
        Refusal::YouInAccount { account } => ApiError::YouInAccount { account },
        Refusal::InvitedAnother => ApiError::InvitedAnother,
        Refusal::InviterWithoutRight => ApiError::InviterWithoutRight,
        Refusal::SetupOver => ApiError::SetupOver,
        Refusal::SignUpClosed => ApiError::SignUpClosed,
        Refusal::Paused { of, retry_after } => ApiError::Paused { of, retry_after },
        Refusal::TooManyMailedCodes { retry_after } => ApiError::TooManyMailedCodes { retry_after },
        Refusal::TooManyCodes { retry_after } => ApiError::TooManyCodes { retry_after },
        Refusal::TooManyOffers { retry_after } => ApiError::TooManyOffers { retry_after },
        Refusal::TooManyRoleChanges { retry_after } => ApiError::TooManyRoleChanges { retry_after },
        Refusal::TooManyInvitations { retry_after } => ApiError::TooManyInvitations { retry_after },
        Refusal::Busy { retry_after } => ApiError::Busy { retry_after },
    }
}

/// What the rules of an account say, where the page asked although it shows why it cannot be.
const fn denied(denial: Denial) -> ApiError {
    match denial {
        Denial::OwnerOnly
        | Denial::AdminsOnly
        | Denial::NotBelow
        | Denial::Yourself
        | Denial::OwnOffer => ApiError::Forbidden { denial },
        Denial::OwnerStays => ApiError::OwnerStays,
        Denial::WithoutTwoFactor => ApiError::OwnerWithoutTwoFactor,
        Denial::OtherWithoutTwoFactor => ApiError::NewOwnerWithoutTwoFactor,
        Denial::OtherFactorRefused => ApiError::OtherFactorRefused,
        Denial::TwoFactorOff => ApiError::TwoFactorOff,
        Denial::TwoFactorOn => ApiError::TwoFactorAlreadyOn,
        Denial::MailNotSet => ApiError::MailNotSet,
        Denial::MailRefused => ApiError::MailRefused,
        Denial::AddressNotProven => ApiError::AddressNotProven,
        Denial::UserDisabled => ApiError::UserDisabled,
        Denial::TransferPending => ApiError::TransferPending,
        Denial::OpenAlready => ApiError::OpenAlready,
        Denial::MailReaches => ApiError::MailReaches,
        Denial::OperatorLetsIn => ApiError::OperatorLetsIn,
        Denial::OperatorRestores => ApiError::OperatorRestores,
    }
}

/// The field of the form in which a value stood, and what is said beside it.
fn field(wrong: Wrong) -> FieldError {
    let (field, problem) = match wrong {
        Wrong::Name(why) => (Field::Name, of_name(why)),
        Wrong::AccountName(why) => (Field::AccountName, of_name(why)),
        Wrong::OtherAccountName => (Field::AccountName, Problem::NotTheName),
        Wrong::EmailMissing => (Field::Email, Problem::Missing),
        Wrong::Email => (Field::Email, Problem::NotAnEmail),
        Wrong::EmailUnchanged => (Field::Email, Problem::Unchanged),
        Wrong::Password(why) => (Field::Password, of_password(why)),
        Wrong::NewPassword(why) => (Field::NewPassword, of_password(why)),
        Wrong::PasswordUnchanged => (Field::NewPassword, Problem::Unchanged),
        Wrong::NoRoles => (Field::Roles, Problem::Missing),
        Wrong::StartDate(why) => (Field::StartDate, of_day(why)),
        Wrong::ZoneMissing => (Field::Zone, Problem::Missing),
        Wrong::Zone => (Field::Zone, Problem::NotAZone),
        Wrong::Code => (Field::Code, Problem::NotACode),
        Wrong::RecoveryCode => (Field::RecoveryCode, Problem::NotARecoveryCode),
        Wrong::MailboxCode => (Field::MailboxCode, Problem::NotAMailboxCode),
        Wrong::TooManyPeople => (Field::Person, Problem::TooManyFound),
        Wrong::Phone(NotAPhoneNumber::Country) => (Field::Country, Problem::Missing),
        Wrong::Phone(NotAPhoneNumber::Number) => (Field::PhoneNumber, Problem::NotAPhoneNumber),
        Wrong::Phone(NotAPhoneNumber::NotMobile) => (Field::PhoneNumber, Problem::NotAMobile),
    };
    FieldError { field, problem }
}

const fn of_name(why: NotAName) -> Problem {
    match why {
        NotAName::Missing => Problem::Missing,
        NotAName::TooLong => Problem::TooLong { most: LONGEST_NAME },
        NotAName::NotText => Problem::NotText,
    }
}

const fn of_password(why: PasswordProblem) -> Problem {
    match why {
        PasswordProblem::Missing => Problem::Missing,
        PasswordProblem::NotText => Problem::NotText,
        PasswordProblem::TooShort => Problem::TooShort {
            least: SHORTEST_PASSWORD,
        },
        PasswordProblem::TooLong => Problem::TooLong {
            most: LONGEST_PASSWORD,
        },
        PasswordProblem::Guessable(because) => Problem::Guessable { because },
    }
}

const fn of_day(why: DayRefused) -> Problem {
    match why {
        DayRefused::InThePast => Problem::InThePast,
        DayRefused::HoldsAlready => Problem::HoldsAlready,
        DayRefused::TooFarAhead => Problem::TooFarAhead {
            most: MOST_DAYS_AHEAD,
        },
    }
}

/// Whether a secret was given that was not the right one: the log says so, with the code.
pub const fn is_guess(error: &ApiError) -> bool {
    matches!(
        error,
        ApiError::WrongCredentials
            | ApiError::WrongPassword
            | ApiError::WrongCode { .. }
            | ApiError::ClockOff { .. }
            | ApiError::MailboxCodeOver
    )
}
