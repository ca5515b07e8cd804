//! Roles in an account, and why an action is denied.

use crate::wire::words;
use serde::{Deserialize, Serialize};

/// What a user is in one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The one who owns the account; exactly one user.
    Owner,
    /// Looks after users.
    Admin,
    /// Works with the account.
    Developer,
    /// Pays for the account.
    Billing,
}

/// Why the server would refuse an act: said beside the disabled control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// Only the owner does this.
    OwnerOnly,
    /// Only the owner and administrators do this.
    AdminsOnly,
    /// The other one's rank is not below the user's own.
    NotBelow,
    /// The other one is the user.
    Yourself,
    /// The owner stays until the account is transferred.
    OwnerStays,
    /// The user has no two-factor authentication.
    WithoutTwoFactor,
    /// The other one has no two-factor authentication, which the account requires.
    OtherWithoutTwoFactor,
    /// There is nothing to turn off.
    TwoFactorOff,
    /// No mail server is set, and it takes a letter.
    MailNotSet,
    /// Their mail server refused the last letter.
    MailRefused,
    /// The operator has disabled them.
    UserDisabled,
    /// The account is offered to somebody already.
    TransferPending,
    /// The account is open to them.
    OpenAlready,
    /// They have two-factor authentication: there is nothing to set up.
    TwoFactorOn,
    /// A code that is mailed reaches them, and is the better proof.
    MailReaches,
    /// They had a second factor before, or belong to another account too: this is the operator's.
    OperatorLetsIn,
}

words! {
    Role {
        "owner" => Owner,
        "admin" => Admin,
        "developer" => Developer,
        "billing" => Billing,
    }
    Denial {
        "owner_only" => OwnerOnly,
        "admins_only" => AdminsOnly,
        "not_below" => NotBelow,
        "yourself" => Yourself,
        "owner_stays" => OwnerStays,
        "without_two_factor" => WithoutTwoFactor,
        "other_without_two_factor" => OtherWithoutTwoFactor,
        "two_factor_off" => TwoFactorOff,
        "mail_not_set" => MailNotSet,
        "mail_refused" => MailRefused,
        "user_disabled" => UserDisabled,
        "transfer_pending" => TransferPending,
        "open_already" => OpenAlready,
        "two_factor_on" => TwoFactorOn,
        "mail_reaches" => MailReaches,
        "operator_lets_in" => OperatorLetsIn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Answer, Value};

    fn again<T: Answer + Serialize>(value: T) -> Option<T> {
        Answer::read(&Value::new(serde_json::to_value(value).unwrap()))
    }

    #[test]
    fn roles_and_denials_are_read_as_they_were_written() {
        for role in [Role::Owner, Role::Admin, Role::Developer, Role::Billing] {
            assert_eq!(again(role), Some(role));
        }
        for denial in [
            Denial::OwnerOnly,
            Denial::AdminsOnly,
            Denial::NotBelow,
            Denial::Yourself,
            Denial::OwnerStays,
            Denial::WithoutTwoFactor,
            Denial::OtherWithoutTwoFactor,
            Denial::TwoFactorOff,
            Denial::MailNotSet,
            Denial::MailRefused,
            Denial::UserDisabled,
            Denial::TransferPending,
            Denial::OpenAlready,
            Denial::TwoFactorOn,
            Denial::MailReaches,
            Denial::OperatorLetsIn,
        ] {
            assert_eq!(again(denial), Some(denial));
        }
        assert_eq!(Role::read(&Value::new(serde_json::json!("root"))), None);
    }
}
