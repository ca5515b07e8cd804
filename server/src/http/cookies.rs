//! Cookies: four, each a token; strict, host-only, out of scripts' reach.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::crypto::token::Token;
use crate::service::browsers::{Held, KNOWN_LIFE, TRUST_LIFE};

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
    const fn life(self) -> Option<i64> {
        match self {
            Self::Session | Self::PendingSignIn => None,
            Self::KnownBrowser => Some(KNOWN_LIFE),
            Self::TrustedBrowser => Some(TRUST_LIFE),
        }
    }
}

/// What the answer does with a cookie.
pub enum CookieChange {
    /// Sets it.
    Set(CookieKind, Token),
    /// Removes it.
    Remove(CookieKind),
}

/// The names and attributes that fit how people come: by https or, on one machine, by http.
#[derive(Clone, Copy, Debug)]
pub struct CookieJar {
    is_https: bool,
}

impl CookieJar {
    /// Cookies of a site that people reach by https, or not.
    pub const fn new(is_https: bool) -> Self {
        Self { is_https }
    }

    const fn name(self, kind: CookieKind) -> &'static str {
        match (kind, self.is_https) {
            (CookieKind::Session, true) => "__Host-twofold_session",
            (CookieKind::Session, false) => "twofold_session",
            (CookieKind::PendingSignIn, true) => "__Host-twofold_sign_in",
            (CookieKind::PendingSignIn, false) => "twofold_sign_in",
            (CookieKind::KnownBrowser, true) => "__Host-twofold_browser",
            (CookieKind::KnownBrowser, false) => "twofold_browser",
            (CookieKind::TrustedBrowser, true) => "__Host-twofold_trusted",
            (CookieKind::TrustedBrowser, false) => "twofold_trusted",
        }
    }

    /// The token that the browser sent. One that is not ours, or more than one, is as none.
    pub fn read(self, headers: &HeaderMap, kind: CookieKind) -> Option<Token> {
        let name = self.name(kind);
        let mut found = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.split_once('='))
            .filter(|(key, _)| key.trim() == name)
            .map(|(_, value)| value.trim());
        let first = found.next()?;
        if found.next().is_some() {
            None
        } else {
            Token::parse(first)
        }
    }

    /// All tokens that the browser sent.
    pub fn read_all(self, headers: &HeaderMap) -> Held {
        Held {
            session: self.read(headers, CookieKind::Session),
            pending: self.read(headers, CookieKind::PendingSignIn),
            known: self.read(headers, CookieKind::KnownBrowser),
            trusted: self.read(headers, CookieKind::TrustedBrowser),
        }
    }

    /// The `Set-Cookie` header of a change. `Max-Age` only where it must outlive the browser's window; when a token
    /// is over, the server knows.
    pub fn write(self, change: &CookieChange) -> Option<HeaderValue> {
        let secure = if self.is_https { "; Secure" } else { "" };
        let text = match change {
            CookieChange::Set(kind, token) => {
                let (name, value) = (self.name(*kind), token.to_text());
                let value = value.expose();
                let life = kind
                    .life()
                    .map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
                format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{life}")
            }
            CookieChange::Remove(kind) => {
                let name = self.name(*kind);
                format!("{name}=; Path=/; HttpOnly; SameSite=Strict{secure}; Max-Age=0")
            }
        };
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}
