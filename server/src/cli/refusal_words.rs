//! Refusals of commands in words: one line, in which each argument has the name that the command has for it.

use app::types::name::{LONGEST_NAME, NotAName};

use domain::password_policy::{LONGEST_PASSWORD, PasswordProblem, SHORTEST_PASSWORD};
use domain::roles::Denial;
use service::Failure;
use service::refusal::{Refusal, Wrong};

/// What is said of text with control characters.
const NOT_TEXT: &str = "holds characters that cannot be shown";

/// The one line for a failure of a command; `missing` is what it says where nothing was found.
pub(super) fn line(failure: Failure, missing: &str) -> String {
    said(failure, missing, "--email")
}

/// The same of a command that gives a user another address.
pub(super) fn line_of_new_address(failure: Failure, missing: &str) -> String {
    said(failure, missing, "--to")
}

/// `address` is the argument that an address stands for.
fn said(failure: Failure, missing: &str, address: &'static str) -> String {
    match failure {
        Failure::Refused(Refusal::Taken) => "that address is already registered".to_owned(),
        Failure::Refused(Refusal::NotFound) => missing.to_owned(),
        Failure::Refused(Refusal::Denied(Denial::TwoFactorOn)) => {
            "two-factor authentication of that user is on already".to_owned()
        }
        Failure::Refused(Refusal::Denied(Denial::TwoFactorOff)) => {
            "two-factor authentication of that user is off already".to_owned()
        }
        Failure::Refused(Refusal::Denied(Denial::UserDisabled)) => {
            "that user is disabled; `twofold user enable` comes first".to_owned()
        }
        Failure::Refused(Refusal::FactorUnreadable) => {
            "the second factor of that user cannot be read; `twofold user reset-two-factor` lets them set up anew".to_owned()
        }
        Failure::Refused(Refusal::Wrong(wrong)) => {
            let all = wrong.into_iter().map(|one| reason(one, address));
            all.collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

fn reason(wrong: Wrong, address: &'static str) -> String {
    match wrong {
        Wrong::Name(why) => format!("--name {}", of_name(why)),
        Wrong::AccountName(why) => format!("--account {}", of_name(why)),
        Wrong::OtherAccountName => "that is not the name of the account".to_owned(),
        Wrong::EmailMissing => format!("{address} is missing"),
        Wrong::Email => format!("{address} is not an e-mail address"),
        Wrong::EmailUnchanged => format!("{address} is the same as before"),
        Wrong::Password(why) => format!("the password {}", of_password(why)),
        Wrong::NewPassword(why) => format!("the new password {}", of_password(why)),
        Wrong::PasswordUnchanged => "the new password is the same as before".to_owned(),
        Wrong::NoRoles => "the roles are missing".to_owned(),
        Wrong::StartDate(why) => format!("--from: {why}"),
        Wrong::ZoneMissing => "the time zone is missing".to_owned(),
        Wrong::Zone => "no time zone that is known has that name".to_owned(),
        Wrong::Code => "the code is not six digits".to_owned(),
        Wrong::RecoveryCode => "that is not a recovery code".to_owned(),
        Wrong::MailboxCode => "the code is not one that was mailed".to_owned(),
        Wrong::TooManyPeople => "too many people have that in their name or address".to_owned(),
        Wrong::Phone(why) => format!("the phone number: {why}"),
    }
}

fn of_name(why: NotAName) -> String {
    match why {
        NotAName::Missing => "is missing".to_owned(),
        NotAName::TooLong => format!("has more than {LONGEST_NAME} characters"),
        NotAName::NotText => NOT_TEXT.to_owned(),
    }
}

fn of_password(why: PasswordProblem) -> String {
    match why {
        PasswordProblem::Missing => "is missing".to_owned(),
        PasswordProblem::NotText => NOT_TEXT.to_owned(),
        PasswordProblem::TooShort => format!("has fewer than {SHORTEST_PASSWORD} characters"),
        PasswordProblem::TooLong => format!("has more than {LONGEST_PASSWORD} characters"),
        PasswordProblem::Guessable(_) => "is among the first to be guessed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_argument_has_its_own_name_in_a_whole_sentence() {
        let said_of = |wrong: Wrong| line(wrong.into(), "");
        let missing = Wrong::Password(PasswordProblem::Missing);
        assert_eq!(said_of(missing), "the password is missing");
        assert_eq!(said_of(Wrong::Name(NotAName::Missing)), "--name is missing");
        assert_eq!(said_of(Wrong::EmailMissing), "--email is missing");
        let short = said_of(Wrong::Password(PasswordProblem::TooShort));
        assert_eq!(short, "the password has fewer than 8 characters");
        let address = line_of_new_address(Wrong::Email.into(), "");
        assert_eq!(address, "--to is not an e-mail address");
    }
}
