//! Roles in an account, and why an action is denied.

use crate::wire::Answer;
use serde::{Deserialize, Serialize};

/// What a user is in one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
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

impl Role {
    /// All of them, the highest first.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Developer, Self::Billing];

    /// The word for it, in addresses and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Developer => "developer",
            Self::Billing => "billing",
        }
    }

    /// The one with this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// Why the server would refuse an act: said beside the disabled control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
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
    /// The second factors of the other one are refused, so that they cannot sign in before a reset.
    OtherFactorRefused,
    /// There is nothing to turn off.
    TwoFactorOff,
    /// No mail server is set, and it takes a letter.
    MailNotSet,
    /// Their mail server refused the last letter.
    MailRefused,
    /// Nobody has shown that they read mail at their address, or they have lost it: no link goes there.
    AddressNotProven,
    /// The operator has disabled them.
    UserDisabled,
    /// The account is offered to somebody already.
    TransferPending,
    /// The account is open to them.
    OpenAlready,
    /// The user, or an account of theirs, had offered the reset after which it is shut.
    OwnOffer,
    /// They have two-factor authentication: there is nothing to set up.
    TwoFactorOn,
    /// A code that is mailed reaches them, and is the better proof.
    MailReaches,
    /// They had a second factor before, or belong to another account too: this is the operator's.
    OperatorLetsIn,
    /// The operator has deleted the account, and they alone restore it.
    OperatorRestores,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_has_one_word_everywhere() {
        for role in Role::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.word());
            assert_eq!(Role::of_word(role.word()), Some(role));
        }
        assert_eq!(Role::of_word("root"), None);
    }
}
