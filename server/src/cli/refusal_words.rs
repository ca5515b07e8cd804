//! Refusals of commands in words: one line, in which each argument has the name that the command has for it.

use app::error::{ApiError, Field, Problem};

use service::Failure;

/// The one line for a failure of a command; `missing` is what it says where nothing was found.
pub(super) fn line(failure: Failure, missing: &str) -> String {
    said(failure, missing, "--email")
}

/// The same of a command that gives a user another address.
pub(super) fn line_of_new_address(failure: Failure, missing: &str) -> String {
    said(failure, missing, "--to")
}

/// `address` is the argument that the address of a form stands for.
fn said(failure: Failure, missing: &str, address: &'static str) -> String {
    match failure {
        Failure::Fault(fault) => fault.to_string(),
        Failure::Refused(ApiError::Taken) => "that address is already registered".to_owned(),
        Failure::Refused(ApiError::NotFound) => missing.to_owned(),
        Failure::Refused(ApiError::TwoFactorAlreadyOn) => {
            "two-factor authentication of that user is on already".to_owned()
        }
        Failure::Refused(ApiError::TwoFactorOff) => {
            "two-factor authentication of that user is off already".to_owned()
        }
        Failure::Refused(ApiError::InvalidFields { fields }) => fields
            .iter()
            .map(|field| format!("{} {}", name(field.field, address), reason(field.problem)))
            .collect::<Vec<_>>()
            .join("; "),
        Failure::Refused(error) => error.to_string(),
    }
}

const fn name(field: Field, address: &'static str) -> &'static str {
    match field {
        Field::Name => "--name",
        Field::Email => address,
        Field::AccountName => "--account",
        Field::Password => "the password",
        Field::NewPassword => "the new password",
        Field::Roles => "the roles",
        Field::StartDate => "--from",
        Field::Code | Field::SmsCode | Field::MailboxCode => "the code",
        Field::RecoveryCode => "the recovery code",
        Field::Country => "the country",
        Field::PhoneNumber => "the phone number",
    }
}

fn reason(problem: Problem) -> String {
    match problem {
        Problem::Missing => "is missing".to_owned(),
        Problem::TooShort { least } => format!("has fewer than {least} characters"),
        Problem::TooLong { most } => format!("has more than {most} characters"),
        Problem::NotText => "holds characters that cannot be shown".to_owned(),
        Problem::NotAnEmail => "is not an e-mail address".to_owned(),
        Problem::NotACode => "is not six digits".to_owned(),
        Problem::NotAMailboxCode => "is not a code that was mailed".to_owned(),
        Problem::NotARecoveryCode => "is not a recovery code".to_owned(),
        Problem::NotAPhoneNumber => "is not a phone number".to_owned(),
        Problem::NotAMobile => "takes no text messages".to_owned(),
        Problem::NotADate => "is not a day of the calendar".to_owned(),
        Problem::HoldsAlready => "comes too late: it is required already".to_owned(),
        Problem::InThePast => "has passed".to_owned(),
        Problem::TooFarAhead { most } => format!("is more than {most} days ahead"),
        Problem::Unchanged => "is the same as before".to_owned(),
        Problem::Guessable { .. } => "is among the first to be guessed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invalid(field: Field, problem: Problem) -> Failure {
        let fields = vec![app::error::FieldError { field, problem }];
        Failure::Refused(ApiError::InvalidFields { fields })
    }

    #[test]
    fn each_argument_has_its_own_name_in_a_whole_sentence() {
        let missing = |field| line(invalid(field, Problem::Missing), "");
        assert_eq!(missing(Field::Password), "the password is missing");
        assert_eq!(missing(Field::Name), "--name is missing");
        assert_eq!(missing(Field::Email), "--email is missing");
        let short = line(
            invalid(Field::Password, Problem::TooShort { least: 12 }),
            "",
        );
        assert_eq!(short, "the password has fewer than 12 characters");
        let address = line_of_new_address(invalid(Field::Email, Problem::NotAnEmail), "");
        assert_eq!(address, "--to is not an e-mail address");
    }
}
