//! What refusals say to people, and beside which field they say it.

mod denials;
pub(crate) mod problems;

pub(crate) use denials::{denial, said as denied};

use leptos::prelude::*;

use crate::components::linked::linked;
use crate::error::{ApiError, Field, FieldError};
use crate::text::t;
use crate::types::limited::Limited;

/// The sentence for a refusal: what happened and what to do next.
pub(crate) fn sentence(error: &ApiError) -> AnyView {
    linked(&error.said())
}

/// What a refusal says beside `field`; nothing when it is not about that field.
pub(crate) fn beside(error: &ApiError, field: Field) -> Option<String> {
    match error.about() {
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
        ConcernedFields::Password => (field == Field::Password).then(|| error.said().words()),
        ConcernedFields::Code => match field {
            Field::Code => Some(error.said().words()),
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
            | Field::Zone
            | Field::Person
            | Field::Country
            | Field::PhoneNumber => None,
        },
        ConcernedFields::MailboxCode => (field == Field::MailboxCode).then(|| error.said().words()),
        ConcernedFields::NoField => None,
    }
}

/// Which fields a refusal is about.
pub(crate) enum ConcernedFields<'a> {
    NoField,
    Password,
    Code,
    MailboxCode,
    Fields(&'a [FieldError]),
}

/// What was done as often as it may be, and for how many seconds it is not done again.
pub(crate) fn limited(what: Limited, retry_after: u32) -> String {
    let duration = &duration(retry_after);
    match what {
        Limited::WrongSecrets => t().refusal_paused(duration),
        Limited::Acts => t().refusal_too_many_acts(duration),
        Limited::SignIns => t().refusal_too_many_sign_ins(duration),
        Limited::Mails => t().refusal_too_many_mails(duration),
        Limited::FromNetwork => t().refusal_too_many_from_network(duration),
        Limited::NewPasswords => t().refusal_too_many_new_passwords(duration),
        Limited::Accounts => t().refusal_too_many_accounts(duration),
        Limited::TransferOffers => t().refusal_too_many_transfer_offers(duration),
        Limited::AccountDeletions => t().refusal_too_many_account_deletions(duration),
        Limited::InvitationMails => t().refusal_too_many_invitation_mails(duration),
    }
}

/// A recovery code has no clock and no time step to try again with.
fn about_recovery_code(error: &ApiError) -> String {
    if let ApiError::WrongCode { attempts_left, .. } = error {
        wrong_code(t().refusal_wrong_recovery_code(), *attempts_left)
    } else {
        error.said().words()
    }
}

/// Nor has one that was sent; but a newer one takes its place.
fn about_sms_code(error: &ApiError) -> String {
    if let ApiError::WrongCode { attempts_left, .. } = error {
        wrong_code(t().refusal_wrong_sms_code(), *attempts_left)
    } else {
        error.said().words()
    }
}

/// Nor has one that was mailed.
fn about_mailbox_code(error: &ApiError) -> String {
    if let ApiError::WrongCode { attempts_left, .. } = error {
        wrong_code(t().refusal_wrong_mailbox_code(), *attempts_left)
    } else {
        error.said().words()
    }
}

pub(crate) fn wrong_code(sentence: &str, attempts_left: Option<u32>) -> String {
    match attempts_left {
        Some(left) => sentence.to_owned() + " " + &t().sign_in_attempts_left(left),
        None => sentence.to_owned(),
    }
}

pub(crate) fn clock_off(device_ahead_by: i64) -> String {
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
pub(crate) fn duration(seconds: u32) -> String {
    match seconds {
        0..90 => t().common_seconds(seconds.max(1)),
        90..5_400 => t().common_minutes(seconds.div_ceil(60)),
        _ => t().common_hours(seconds.div_ceil(3_600)),
    }
}

/// A fault of ours, with what the log calls it where that is known.
pub(crate) fn internal(reference: &str) -> String {
    if reference.is_empty() {
        t().refusal_internal().to_owned()
    } else {
        t().refusal_internal_reference(&reference)
    }
}
