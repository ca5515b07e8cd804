//! The first start and sign-up: how users are created.

use serde::{Deserialize, Serialize};

use super::secret_text::SecretText;
use crate::wire::Answer;

/// What a new user and their first account are made from; unparsed, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewUser {
    /// The person's name.
    pub name: String,
    /// The address they will sign in with.
    pub email: String,
    /// The name of the account they will own.
    pub account_name: String,
    /// The password they chose.
    pub password: SecretText,
}

/// Whether a set-up link is still good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(rename_all = "snake_case")]
pub enum SetupLink {
    /// The form may be shown.
    Good,
    /// A user exists already: set-up is over.
    Over,
    /// A day has passed since it was made.
    Ended,
    /// Not a link of this server.
    Wrong,
}
