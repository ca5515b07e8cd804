//! What refusals say to people, and beside which field they say it.

mod denials;
mod problems;

pub(crate) use denials::denial;

use leptos::prelude::*;

use crate::components::linked::linked;
use crate::error::{ApiError, Field, FieldError};
use crate::text::{Linked, t};

/// The sentence for a refusal: what happened and what to do next.
pub(crate) fn sentence(error: &ApiError) -> AnyView {
    linked(&said(error))
}

fn said(error: &ApiError) -> Linked {
    match error {
        ApiError::Malformed => t().refusal_malformed().into(),
        ApiError::TooLarge => t().refusal_too_large().into(),
        ApiError::CrossSite => t().refusal_cross_site().into(),
        ApiError::NotFound => t().refusal_not_found().into(),
        ApiError::SignedOut => t().refusal_signed_out(),
        ApiError::WrongCredentials => t().refusal_wrong_credentials().into(),
        ApiError::SignInOver => t().refusal_sign_in_over().into(),
        ApiError::Forbidden => t().refusal_forbidden().into(),
        ApiError::TwoFactorRequired { account } => t().refusal_two_factor_required(&account.name),
        ApiError::InvalidFields { fields } => problems::all(fields).into(),
        ApiError::WrongPassword => t().refusal_wrong_password().into(),
        ApiError::CodeNeeded => t().refusal_code_needed().into(),
        ApiError::StepUpNeeded => t().refusal_step_up_needed().into(),
        ApiError::WrongCode { attempts_left } => {
            wrong_code(t().refusal_wrong_code(), *attempts_left).into()
        }
        ApiError::ClockOff { device_ahead_by } => clock_off(*device_ahead_by).into(),
        ApiError::EnrolmentOvertaken => t().enrolment_overtaken().into(),
        ApiError::EnrolmentOver => t().enrolment_over().into(),
        ApiError::MailboxCodeNeeded => t().refusal_mailbox_code_needed().into(),
        ApiError::MailboxCodeOver => t().refusal_mailbox_code_over().into(),
        ApiError::TooManyMailedCodes { retry_after } => t()
            .refusal_too_many_mailed_codes(&duration(*retry_after))
            .into(),
        ApiError::TwoFactorAlreadyOn => t().refusal_two_factor_already_on().into(),
        ApiError::TwoFactorOff => t().refusal_two_factor_off().into(),
        ApiError::EmailNotVerified => t().refusal_email_not_verified().into(),
        ApiError::Taken => t().refusal_taken(),
        ApiError::LinkOver => t().refusal_link_over().into(),
        ApiError::LinkOfAnotherSignIn => t().refusal_link_of_another_sign_in().into(),
        ApiError::LinkOfAnotherUser => t().refusal_link_of_another_user().into(),
        ApiError::RecoveryCodesOvertaken => t().refusal_recovery_codes_overtaken().into(),
        ApiError::Stale => t().refusal_stale().into(),
        ApiError::OwnerWithoutTwoFactor => t().refusal_owner_without_two_factor(),
        ApiError::NewOwnerWithoutTwoFactor => t().refusal_new_owner_without_two_factor().into(),
        ApiError::OwnerStays => t().refusal_owner_stays(),
        ApiError::OfferOver => t().refusal_offer_over().into(),
        ApiError::TransferPending => t().denial_transfer_pending(),
        ApiError::UserDisabled => t().denial_user_disabled().into(),
        ApiError::MailNotSet => t().denial_mail_not_set().into(),
        ApiError::MailRefused => t().denial_mail_refused().into(),
        ApiError::OpenAlready => t().denial_open_already().into(),
        ApiError::MailReaches => t().denial_mail_reaches().into(),
        ApiError::OperatorLetsIn => t().denial_operator_lets_in().into(),
        ApiError::MailIsSet => t().refusal_mail_is_set().into(),
        ApiError::LinkForNewUser => t().refusal_link_for_new_user().into(),
        ApiError::TooManyOffers { retry_after } => {
            t().refusal_too_many_offers(&duration(*retry_after)).into()
        }
        ApiError::AlreadyInAccount => t().refusal_already_in_account().into(),
        ApiError::InvitedAnother => t().refusal_invited_another().into(),
        ApiError::InviterWithoutRight => t().refusal_inviter_without_right().into(),
        ApiError::TooManyRoleChanges { retry_after } => t()
            .refusal_too_many_role_changes(&duration(*retry_after))
            .into(),
        ApiError::TooManyInvitations { retry_after } => t()
            .refusal_too_many_invitations(&duration(*retry_after))
            .into(),
        ApiError::SetupOver => t().refusal_setup_over(),
        ApiError::SignUpClosed => t().refusal_sign_up_closed().into(),
        ApiError::Paused { retry_after } => t().refusal_paused(&duration(*retry_after)).into(),
        ApiError::TooManyCodes { retry_after } => {
            t().refusal_too_many_codes(&duration(*retry_after)).into()
        }
        ApiError::SmsNotSent => t().refusal_sms_not_sent().into(),
        ApiError::FactorClosed => t().refusal_factor_closed().into(),
        ApiError::FactorUnreadable => t().refusal_factor_unreadable().into(),
        ApiError::Busy { retry_after } => t().refusal_busy(&duration(*retry_after)).into(),
        ApiError::Internal { reference } if reference.is_empty() => t().refusal_internal().into(),
        ApiError::Internal { reference } => t().refusal_internal_reference(reference).into(),
        ApiError::Unreachable => t().refusal_unreachable().into(),
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
        ConcernedFields::Password => (field == Field::Password).then(|| said(error).words()),
        ConcernedFields::Code => match field {
            Field::Code => Some(said(error).words()),
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
        ConcernedFields::MailboxCode => (field == Field::MailboxCode).then(|| said(error).words()),
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
        said(error).words()
    }
}

/// Nor has one that was sent; but a newer one takes its place.
fn about_sms_code(error: &ApiError) -> String {
    if let ApiError::WrongCode { attempts_left } = error {
        wrong_code(t().refusal_wrong_sms_code(), *attempts_left)
    } else {
        said(error).words()
    }
}

/// Nor has one that was mailed.
fn about_mailbox_code(error: &ApiError) -> String {
    if let ApiError::WrongCode { attempts_left } = error {
        wrong_code(t().refusal_wrong_mailbox_code(), *attempts_left)
    } else {
        said(error).words()
    }
}

fn wrong_code(sentence: &str, attempts_left: Option<u32>) -> String {
    match attempts_left {
        Some(left) => sentence.to_owned() + " " + &t().sign_in_attempts_left(left),
        None => sentence.to_owned(),
    }
}

fn clock_off(device_ahead_by: i64) -> String {
    if let Some(hours) = zone_hours(device_ahead_by) {
        return if device_ahead_by > 0 {
            t().refusal_clock_hours_ahead(&hours)
        } else {
            t().refusal_clock_hours_behind(&hours)
        };
    }
    let distance = duration(u32::try_from(device_ahead_by.unsigned_abs()).unwrap_or(u32::MAX));
    if device_ahead_by > 0 {
        t().refusal_clock_ahead(&distance)
    } else {
        t().refusal_clock_behind(&distance)
    }
}

/// Hours by which a zone or summer time is set wrong, to the half: what no clock drifts by. None below that.
fn zone_hours(device_ahead_by: i64) -> Option<String> {
    let halves = (device_ahead_by.unsigned_abs() + 15 * 60) / (30 * 60);
    let half = if halves % 2 == 1 { ".5" } else { "" };
    (halves > 0).then(|| format!("{}{half}", halves / 2))
}

/// A length of time in the largest unit that is exact enough to act on, rounded up.
fn duration(seconds: u32) -> String {
    match seconds {
        0..90 => t().common_seconds(seconds.max(1)),
        90..5_400 => t().common_minutes(seconds.div_ceil(60)),
        _ => t().common_hours(seconds.div_ceil(3_600)),
    }
}
