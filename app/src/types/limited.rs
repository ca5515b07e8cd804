//! What is done only so often.

use serde::{Deserialize, Serialize};

use crate::wire::Answer;

/// What was done as often as it may be for now: a refusal names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(rename_all = "snake_case")]
pub enum Limited {
    /// Wrong passwords and codes.
    WrongSecrets,
    /// What a user changes.
    Acts,
    /// Sign-ins.
    SignIns,
    /// Messages that are asked for.
    Mails,
    /// What is done from one network.
    FromNetwork,
    /// New passwords that are looked at.
    NewPasswords,
    /// Accounts that a user creates.
    Accounts,
    /// Offers of an account to one user.
    TransferOffers,
    /// Deletions of an account.
    AccountDeletions,
    /// Invitations mailed to one address.
    InvitationMails,
}
