//! Who is at the browser, as the server sees it; and the steps of signing in.

mod wire_form;

use serde::{Deserialize, Serialize};

use super::ids::UserId;
use super::timestamp::Timestamp;

/// What the server knows of the browser that asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "state",
    rename_all = "snake_case",
    try_from = "wire_form::StateForm"
)]
pub enum SessionState {
    /// Nobody is signed in.
    SignedOut {
        /// Whether `/sign-up` is open.
        sign_up_open: bool,
        /// Whether no user exists yet, so that only the set-up link leads anywhere.
        setup_due: bool,
    },
    /// The password was right, the second factor is due. Not a session.
    SecondFactorDue(PendingSignIn),
    /// The password was right, and two-factor authentication was reset by the team: the link that was mailed is due.
    LinkDue,
    /// A session.
    SignedIn(SignedInUser),
}

/// A pending sign-in: password accepted, second factor due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingSignIn {
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// Wrong codes until it ends.
    pub attempts_left: u32,
    /// Whether this browser may be trusted: no account of the user forbids it.
    pub may_trust_browser: bool,
}

/// The user of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInUser {
    /// Who.
    pub user_id: UserId,
    /// The name to greet with.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
}

/// What a step of signing in led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "step",
    rename_all = "snake_case",
    try_from = "wire_form::StepForm"
)]
pub enum SignInStep {
    /// The second factor is due.
    SecondFactorDue(PendingSignIn),
    /// The link that was mailed is due.
    LinkDue,
    /// Signed in.
    SignedIn {
        /// How many recovery codes are left, when one was used to sign in.
        recovery_codes_left: Option<u32>,
    },
}
