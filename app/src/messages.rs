//! What refusals say to people, and beside which field they say it.

mod denials;
mod problems;

pub(crate) use denials::denial;

use crate::error::{ApiError, Field, FieldError};
use crate::text::t;

/// The sentence for a refusal: what happened and what to do next.
pub(crate) fn sentence(error: &ApiError) -> String {
    match error {
        ApiError::Malformed => t().refusal_malformed().to_owned(),
        ApiError::TooLarge => t().refusal_too_large().to_owned(),
        ApiError::CrossSite => t().refusal_cross_site().to_owned(),
        ApiError::NotFound => t().refusal_not_found().to_owned(),
        ApiError::SignedOut => t().refusal_signed_out().to_owned(),
        ApiError::WrongCredentials => t().refusal_wrong_credentials().to_owned(),
        ApiError::SignInOver => t().refusal_sign_in_over().to_owned(),
        ApiError::Forbidden => t().refusal_forbidden().to_owned(),
        ApiError::TwoFactorRequired { account } => t().refusal_two_factor_required(&account.name),
        ApiError::InvalidFields { fields } => problems::all(fields),
        ApiError::WrongPassword => t().refusal_wrong_password().to_owned(),
        ApiError::CodeNeeded => t().refusal_code_needed().to_owned(),
        ApiError::StepUpNeeded => t().refusal_step_up_needed().to_owned(),
        ApiError::WrongCode { attempts_left } => {
            wrong_code(t().refusal_wrong_code(), *attempts_left)
        }
        ApiError::ClockOff { device_ahead_by } => clock_off(*device_ahead_by),
        ApiError::EnrolmentOvertaken => t().enrolment_overtaken().to_owned(),
        ApiError::EnrolmentOver => t().enrolment_over().to_owned(),
        ApiError::MailboxCodeNeeded => t().refusal_mailbox_code_needed().to_owned(),
        ApiError::MailboxCodeOver => t().refusal_mailbox_code_over().to_owned(),
        ApiError::TooManyMailedCodes { retry_after } => {
            t().refusal_too_many_mailed_codes(&duration(*retry_after))
        }
        ApiError::TwoFactorAlreadyOn => t().refusal_two_factor_already_on().to_owned(),
        ApiError::TwoFactorOff => t().refusal_two_factor_off().to_owned(),
        ApiError::EmailNotVerified => t().refusal_email_not_verified().to_owned(),
        ApiError::Taken => t().refusal_taken().to_owned(),
        ApiError::LinkOver => t().refusal_link_over().to_owned(),
        ApiError::LinkOfAnotherSignIn => t().refusal_link_of_another_sign_in().to_owned(),
        ApiError::LinkOfAnotherUser => t().refusal_link_of_another_user().to_owned(),
        ApiError::RecoveryCodesOvertaken => t().refusal_recovery_codes_overtaken().to_owned(),
        ApiError::Stale => t().refusal_stale().to_owned(),
        ApiError::OwnerWithoutTwoFactor => t().refusal_owner_without_two_factor().to_owned(),
        ApiError::NewOwnerWithoutTwoFactor => t().refusal_new_owner_without_two_factor().to_owned(),
        ApiError::OwnerStays => t().refusal_owner_stays().to_owned(),
        ApiError::OfferOver => t().refusal_offer_over().to_owned(),
        ApiError::TransferPending => t().denial_transfer_pending().to_owned(),
        ApiError::UserDisabled => t().denial_user_disabled().to_owned(),
        ApiError::MailNotSet => t().denial_mail_not_set().to_owned(),
        ApiError::MailRefused => t().denial_mail_refused().to_owned(),
        ApiError::OpenAlready => t().denial_open_already().to_owned(),
        ApiError::MailReaches => t().denial_mail_reaches().to_owned(),
        ApiError::OperatorLetsIn => t().denial_operator_lets_in().to_owned(),
        ApiError::MailIsSet => t().refusal_mail_is_set().to_owned(),
        ApiError::LinkForNewUser => t().refusal_link_for_new_user().to_owned(),
        ApiError::TooManyOffers { retry_after } => {
            t().refusal_too_many_offers(&duration(*retry_after))
        }
        ApiError::AlreadyInAccount => t().refusal_already_in_account().to_owned(),
        ApiError::InvitedAnother => t().refusal_invited_another().to_owned(),
        ApiError::InviterWithoutRight => t().refusal_inviter_without_right().to_owned(),
        ApiError::TooManyRoleChanges { retry_after } => {
            t().refusal_too_many_role_changes(&duration(*retry_after))
        }
        ApiError::TooManyInvitations { retry_after } => {
            t().refusal_too_many_invitations(&duration(*retry_after))
        }
        ApiError::SetupOver => t().refusal_setup_over().to_owned(),
        ApiError::SignUpClosed => t().refusal_sign_up_closed().to_owned(),
        ApiError::Paused { retry_after } => t().refusal_paused(&duration(*retry_after)),
        ApiError::TooManyCodes { retry_after } => {
            t().refusal_too_many_codes(&duration(*retry_after))
        }
        ApiError::SmsNotSent => t().refusal_sms_not_sent().to_owned(),
        ApiError::FactorClosed => t().refusal_factor_closed().to_owned(),
        ApiError::FactorUnreadable => t().refusal_factor_unreadable().to_owned(),
        ApiError::Busy { retry_after } => t().refusal_busy(&duration(*retry_after)),
        ApiError::Internal { reference } if reference.is_empty() => {
            t().refusal_internal().to_owned()
        }
        ApiError::Internal { reference } => t().refusal_internal_reference(reference),
        ApiError::Unreachable => t().refusal_unreachable().to_owned(),
    }
}

/// What a refusal says beside `field`; nothing when it is not about that field.
pub(crate) fn beside(error: &ApiError, field: Field) -> Option<String> {
    match about(error) {
        ConcernedFields::Fields(fields) => {
            // A code is a code to the server, whoever it comes from.
            let named = if field == Field::SmsCode {
                Field::Code
            } else {
                field
            };
            let found = fields.iter().find(|it| it.field == named);
            found.map(|it| problems::sentence(field, it.problem))
        }
        ConcernedFields::Password => (field == Field::Password).then(|| sentence(error)),
        ConcernedFields::Code => match field {
            Field::Code => Some(sentence(error)),
            Field::RecoveryCode => Some(about_recovery_code(error)),
            Field::SmsCode => Some(about_sms_code(error)),
            Field::MailboxCode => Some(about_mailbox_code(error)),
            Field::Name
            | Field::Email
            | Field::AccountName
            | Field::Password
            | Field::NewPassword
            | Field::Roles
            | Field::StartDate
            | Field::Country
            | Field::PhoneNumber => None,
        },
        ConcernedFields::MailboxCode => (field == Field::MailboxCode).then(|| sentence(error)),
        ConcernedFields::NoField => None,
    }
}

/// Which fields a refusal is about.
enum ConcernedFields<'a> {
    NoField,
    Password,
    Code,
    MailboxCode,
    Fields(&'a [FieldError]),
}

fn about(error: &ApiError) -> ConcernedFields<'_> {
    match error {
        ApiError::InvalidFields { fields } => ConcernedFields::Fields(fields),
        ApiError::WrongPassword => ConcernedFields::Password,
        ApiError::CodeNeeded | ApiError::WrongCode { .. } | ApiError::ClockOff { .. } => {
            ConcernedFields::Code
        }
        ApiError::MailboxCodeNeeded | ApiError::MailboxCodeOver => ConcernedFields::MailboxCode,
        ApiError::Malformed
        | ApiError::TooLarge
        | ApiError::CrossSite
        | ApiError::NotFound
        | ApiError::SignedOut
        | ApiError::WrongCredentials
        | ApiError::SignInOver
        | ApiError::Forbidden
        | ApiError::TwoFactorRequired { .. }
        | ApiError::TooManyMailedCodes { .. }
        | ApiError::EnrolmentOvertaken
        | ApiError::EnrolmentOver
        | ApiError::TwoFactorAlreadyOn
        | ApiError::TwoFactorOff
        | ApiError::EmailNotVerified
        | ApiError::Taken
        | ApiError::LinkOver
        | ApiError::LinkOfAnotherSignIn
        | ApiError::LinkOfAnotherUser
        | ApiError::RecoveryCodesOvertaken
        | ApiError::Stale
        | ApiError::OwnerWithoutTwoFactor
        | ApiError::NewOwnerWithoutTwoFactor
        | ApiError::OwnerStays
        | ApiError::OfferOver
        | ApiError::TransferPending
        | ApiError::UserDisabled
        | ApiError::MailNotSet
        | ApiError::MailRefused
        | ApiError::OpenAlready
        | ApiError::MailReaches
        | ApiError::OperatorLetsIn
        | ApiError::MailIsSet
        | ApiError::LinkForNewUser
        | ApiError::TooManyOffers { .. }
        | ApiError::AlreadyInAccount
        | ApiError::InvitedAnother
        | ApiError::InviterWithoutRight
        | ApiError::TooManyRoleChanges { .. }
        | ApiError::TooManyInvitations { .. }
        | ApiError::StepUpNeeded
        | ApiError::SetupOver
        | ApiError::SignUpClosed
        | ApiError::Paused { .. }
        | ApiError::TooManyCodes { .. }
        | ApiError::SmsNotSent
        | ApiError::FactorClosed
        | ApiError::FactorUnreadable
        | ApiError::Busy { .. }
        | ApiError::Internal { .. }
        | ApiError::Unreachable => ConcernedFields::NoField,
    }
}

/// A recovery code has no clock and no time step to try again with.
fn about_recovery_code(error: &ApiError) -> String {
    if let ApiError::WrongCode { attempts_left } = error {
        wrong_code(t().refusal_wrong_recovery_code(), *attempts_left)
    } else {
        sentence(error)
    }
}

/// Nor has one that was sent; but a newer one takes its place.
fn about_sms_code(error: &ApiError) -> String {
    if let ApiError::WrongCode { attempts_left } = error {
        wrong_code(t().refusal_wrong_sms_code(), *attempts_left)
    } else {
        sentence(error)
    }
}

/// Nor has one that was mailed.
fn about_mailbox_code(error: &ApiError) -> String {
    if let ApiError::WrongCode { attempts_left } = error {
        wrong_code(t().refusal_wrong_mailbox_code(), *attempts_left)
    } else {
        sentence(error)
    }
}

fn wrong_code(sentence: &str, attempts_left: Option<u32>) -> String {
    match attempts_left {
        Some(left) => sentence.to_owned() + " " + &t().sign_in_attempts_left(left),
        None => sentence.to_owned(),
    }
}

fn clock_off(device_ahead_by: i64) -> String {
    let distance = duration(u32::try_from(device_ahead_by.unsigned_abs()).unwrap_or(u32::MAX));
    if device_ahead_by > 0 {
        t().refusal_clock_ahead(&distance)
    } else {
        t().refusal_clock_behind(&distance)
    }
}

/// A length of time in the largest unit that is exact enough to act on, rounded up.
fn duration(seconds: u32) -> String {
    match seconds {
        0..90 => t().common_seconds(seconds.max(1)),
        90..5_400 => t().common_minutes(seconds.div_ceil(60)),
        _ => t().common_hours(seconds.div_ceil(3_600)),
    }
}
