//! The user's sessions and trusted browsers, for the Security page.

use serde::{Deserialize, Serialize};

use super::ids::{KnownBrowserId, SessionId, TrustedBrowserId};
use super::timestamp::Timestamp;
use crate::wire::Answer;

/// Where a user is signed in, and which browsers skip the second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct SessionList {
    /// This session first, then the most recently active.
    pub sessions: Vec<SessionEntry>,
    /// The newest first.
    pub trusted_browsers: Vec<TrustedBrowser>,
    /// This one first, then the one that signed in last.
    pub known_browsers: Vec<KnownBrowser>,
}

/// One session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct SessionEntry {
    /// Which session.
    pub id: SessionId,
    /// What the browser said it is.
    pub browser: String,
    /// The address it began at.
    pub address: String,
    /// The address it was used at last.
    pub last_address: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was last active.
    pub last_active_at: Timestamp,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// A browser that skips the second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct TrustedBrowser {
    /// Which one.
    pub id: TrustedBrowserId,
    /// What the browser said it is.
    pub browser: String,
    /// The address it was trusted from.
    pub address: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// A browser that the user has signed in with: a sign-in from any other is mailed, and strangers' guesses slow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct KnownBrowser {
    /// Which one.
    pub id: KnownBrowserId,
    /// What the browser said it is; empty where that was not noted.
    pub browser: String,
    /// The address it signed in from last; empty as above.
    pub address: String,
    /// When it signed in first.
    pub since: Timestamp,
    /// When it signed in last.
    pub last_seen_at: Timestamp,
    /// Whether it is the one that asks.
    pub is_this: bool,
}
