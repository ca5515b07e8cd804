//! Why a field cannot be taken, in words.

use crate::error::{Field, FieldError, Problem};
use crate::text::t;
use crate::types::password::Guessable;

/// All of them, for a form that has no place beside the fields.
pub(crate) fn all(fields: &[FieldError]) -> String {
    fields
        .iter()
        .map(|it| sentence(it.field, it.problem))
        .collect::<Vec<_>>()
        .join(" ")
}

/// What is wrong with a field and what would be right.
pub(super) fn sentence(field: Field, problem: Problem) -> String {
    match problem {
        Problem::Missing => missing(field).to_owned(),
        Problem::TooShort { least } => t().problem_too_short(least),
        Problem::TooLong { most } => t().problem_too_long(most),
        Problem::NotText => t().problem_not_text().to_owned(),
        Problem::NotTheName => t().problem_not_the_name().to_owned(),
        Problem::NotAnEmail => t().problem_not_an_email().to_owned(),
        Problem::NotACode if field == Field::SmsCode => t().problem_not_an_sms_code().to_owned(),
        Problem::NotACode => t().problem_not_a_code().to_owned(),
        Problem::NotAMailboxCode => t().problem_not_a_mailbox_code().to_owned(),
        Problem::NotARecoveryCode => t().problem_not_a_recovery_code().to_owned(),
        Problem::NotAPhoneNumber => t().problem_not_a_phone_number().to_owned(),
        Problem::NotAMobile => t().problem_not_a_mobile().to_owned(),
        Problem::TooManyFound => t().problem_too_many_found().to_owned(),
        Problem::NotADate => t().problem_not_a_date().to_owned(),
        Problem::NotAZone => t().problem_not_a_zone().to_owned(),
        Problem::HoldsAlready => t().problem_holds_already().to_owned(),
        Problem::InThePast => t().problem_in_the_past().to_owned(),
        Problem::TooFarAhead { most } => t().problem_too_far_ahead(most),
        Problem::Unchanged => t().problem_unchanged().to_owned(),
        Problem::Guessable { because } => guessable(because).to_owned(),
    }
}

fn missing(field: Field) -> &'static str {
    match field {
        Field::Name => t().problem_missing_name(),
        Field::Email => t().problem_missing_email(),
        Field::AccountName => t().problem_missing_account_name(),
        Field::Password => t().problem_missing_password(),
        Field::NewPassword => t().problem_missing_new_password(),
        Field::Roles => t().problem_missing_roles(),
        Field::StartDate => t().problem_missing_start_date(),
        Field::Zone => t().problem_missing_zone(),
        Field::Code | Field::SmsCode | Field::MailboxCode => t().problem_missing_code(),
        Field::RecoveryCode => t().problem_missing_recovery_code(),
        Field::Person => t().problem_missing_person(),
        Field::Country => t().problem_missing_country(),
        Field::PhoneNumber => t().problem_missing_phone_number(),
    }
}

fn guessable(because: Guessable) -> &'static str {
    match because {
        Guessable::Common => t().problem_common(),
        Guessable::Personal => t().problem_personal(),
        Guessable::Pattern => t().problem_pattern(),
        Guessable::Simple => t().problem_simple(),
    }
}
