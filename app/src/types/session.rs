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
        /// How the session ended that the browser still has the cookie of, where that is known.
        ended: Option<SessionEnd>,
    },
    /// The password was right, the second factor is due. Not a session.
    SecondFactorDue(PendingSignIn),
    /// The password was right, and two-factor authentication was reset by the team: the link that was mailed is due.
    LinkDue,
    /// A session.
    SignedIn(SignedInUser),
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(rename_all = "snake_case")]
pub enum SessionEnd {
    /// It was not used for too long.
    Unused,
    /// It had lasted as long as a session may.
    TooOld,
    /// Its user ended it in another browser.
    EndedElsewhere,
    /// Too many wrong passwords were given in it.
    Guessed,
    /// The password was changed, or set by a mailed link.
    PasswordChanged,
    /// The user has another address.
    AddressChanged,
    /// Two-factor authentication was turned on or off, or has another factor.
    FactorChanged,
    /// Two-factor authentication was taken away from a user who lost it.
    FactorReset,
    /// The browser is trusted no longer.
    TrustEnded,
    /// The user was disabled or deleted.
    UserGone,
    /// The server was restored from a backup.
    Restored,
}

impl SessionEnd {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Unused,
        Self::TooOld,
        Self::EndedElsewhere,
        Self::Guessed,
        Self::PasswordChanged,
        Self::AddressChanged,
        Self::FactorChanged,
        Self::FactorReset,
        Self::TrustEnded,
        Self::UserGone,
        Self::Restored,
    ];

    /// Its word in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unused => "unused",
            Self::TooOld => "too_old",
            Self::EndedElsewhere => "ended_elsewhere",
            Self::Guessed => "guessed",
            Self::PasswordChanged => "password_changed",
            Self::AddressChanged => "address_changed",
            Self::FactorChanged => "factor_changed",
            Self::FactorReset => "factor_reset",
            Self::TrustEnded => "trust_ended",
            Self::UserGone => "user_gone",
            Self::Restored => "restored",
        }
    }

    /// The one with this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.word() == word)
    }
}

/// How many seconds a session has left, by the clock of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct SessionLeft {
    /// Without a use.
    pub unused: u32,
    /// In any case.
    pub in_all: u32,
    /// So many seconds before the end its user is warned.
    pub warning: u32,
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
