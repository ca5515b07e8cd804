//! Accounts as a user meets them.

use serde::{Deserialize, Serialize};

use super::ids::AccountId;
use super::timestamp::Timestamp;

/// An account that requires two-factor authentication of this user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiringAccount {
    /// Which account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// From when the requirement holds.
    pub from: Timestamp,
    /// Whether it holds already.
    pub in_force: bool,
}
