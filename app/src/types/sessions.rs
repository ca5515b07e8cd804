//! The user's sessions and trusted browsers, for the Security page.

use serde::{Deserialize, Serialize};

use super::ids::{SessionId, TrustedBrowserId};
use super::timestamp::Timestamp;
use crate::wire::answers;

/// Where a user is signed in, and which browsers skip the second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionList {
    /// This session first, then the most recently active.
    pub sessions: Vec<SessionEntry>,
    /// The newest first.
    pub trusted_browsers: Vec<TrustedBrowser>,
}

/// One session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEntry {
    /// Which session.
    pub id: SessionId,
    /// What the browser said it is.
    pub browser: String,
    /// The address it was last seen at.
    pub address: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was last active.
    pub last_active_at: Timestamp,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// A browser that skips the second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

answers! {
    SessionList { sessions, trusted_browsers }
    SessionEntry { id, browser, address, started_at, last_active_at, is_this }
    TrustedBrowser { id, browser, address, since, until }
}
