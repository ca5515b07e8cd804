//! What makes a password one that is guessed.

use serde::{Deserialize, Serialize};

use crate::wire::Answer;

/// What makes a password guessable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(rename_all = "snake_case")]
pub enum Guessable {
    /// It is, or is close to, a password that many people use.
    Common,
    /// It is made of the name, the address or the product's name.
    Personal,
    /// Keys in a row, repeats, sequences or dates.
    Pattern,
    /// Nothing in particular: too short or simple for its kind.
    Simple,
}
