//! The user's own name, address and accounts.

use serde::{Deserialize, Serialize};

use super::ids::AccountId;
use super::timestamp::Timestamp;
use crate::wire::Answer;

/// What the Profile page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct Profile {
    /// The name.
    pub name: String,
    /// The address in use.
    pub email: String,
    /// Whether it is verified.
    pub email_verified: bool,
    /// Whether another address would be a correction: nobody has proven the one in use, and no factor is on, so that the new
    /// one lets nobody through to a first factor either.
    pub corrects: bool,
    /// An address that counts once its link is opened.
    pub new_email: Option<String>,
    /// When the password was last changed.
    pub password_changed_at: Timestamp,
    /// Accounts that the user owns and others use: they must be transferred before the user can be deleted.
    pub owns: Vec<OwnAccount>,
    /// Whether a step-up of this session needs a code besides the password.
    pub step_up_needs_code: bool,
}

/// An account that its owner has to hand over before they can go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct OwnAccount {
    /// Which account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
}
