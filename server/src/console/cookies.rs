//! The cookies of a browser, and what an answer does with them.

use crypto::token::Token;
use service::browsers::{KNOWN_LIFE, KnownTokens, TRUST_LIFE};

/// Which cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieKind {
    /// The session.
    Session,
    /// The pending sign-in.
    PendingSignIn,
    /// By which the browser is known: users have signed in with it.
    KnownBrowser,
    /// By which the browser skips the second factor.
    TrustedBrowser,
}

impl CookieKind {
    /// Seconds that the browser keeps it; none for as long as it runs.
    pub const fn life(self) -> Option<i64> {
        match self {
            Self::Session | Self::PendingSignIn => None,
            Self::KnownBrowser => Some(KNOWN_LIFE),
            Self::TrustedBrowser => Some(TRUST_LIFE),
        }
    }
}

/// What the answer does with a cookie.
pub enum CookieChange {
    /// Sets one of a single token.
    Set(CookieKind, Token),
    /// Sets the one by which the browser is known.
    SetKnown(KnownTokens),
    /// Removes it.
    Remove(CookieKind),
}
