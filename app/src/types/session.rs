//! Who is at the browser, as the server sees it; and the steps of signing in.

use serde::{Deserialize, Serialize};

use super::factors::{FactorKind, Way};
use super::ids::UserId;
use super::timestamp::Timestamp;
use crate::wire::Answer;

/// What the server knows of the browser that asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(tag = "state", rename_all = "snake_case")]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct PendingSignIn {
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// Wrong codes until it ends.
    pub attempts_left: u32,
    /// Whether this browser may be trusted: no account of the user forbids it.
    pub may_trust_browser: bool,
    /// The ways to prove the second factor, the first one first.
    pub ways: Vec<Way>,
}

/// An address that a user has lost to its mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct LostAddressNotice {
    /// The address.
    pub email: String,
    /// Until when they sign in by it.
    pub until: Timestamp,
}

/// The user of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct SignedInUser {
    /// Who.
    pub user_id: UserId,
    /// The name to greet with.
    pub name: String,
    /// The address they sign in with; empty where they have lost it.
    pub email: String,
    /// The address that they have lost, while they sign in by it.
    pub lost_address: Option<LostAddressNotice>,
    /// The kinds of second factors that they have, in the order in which they are offered.
    pub factors: Vec<FactorKind>,
}

/// What a step of signing in led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(tag = "step", rename_all = "snake_case")]
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
