//! The four cookies, each with one token, but for the one of a known browser, with one for each user that it is known to: `SameSite=Strict`, host-only, `HttpOnly`.

use app::client::DRAWN_FOR;
use app::types::secret_text::SecretText;
use axum::http::{HeaderMap, HeaderValue, header};

use crate::console::cookies::{CookieChange, CookieKind};
use crypto::token::Token;
use service::browsers::{Held, KnownTokens};

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

    /// The token of a cookie with a single one. A malformed or duplicate cookie counts as missing.
    ///
    /// Pairs are compared as bytes: other programs on the same host and its parent domains set cookies as well, and one of
    /// theirs that is not UTF-8 must not hide ours (RFC 6265 §5.4 does not restrict the bytes of a value).
    pub fn read(self, headers: &HeaderMap, kind: CookieKind) -> Option<Token> {
        Token::parse(self.value(headers, kind)?)
    }

    fn value(self, headers: &HeaderMap, kind: CookieKind) -> Option<&str> {
        let name = self.name(kind).as_bytes();
        let mut found = headers
            .get_all(header::COOKIE)
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
            .filter_map(|pair| value_of(pair, name));
        let first = found.next()?;
        if found.next().is_some() {
            None
        } else {
            std::str::from_utf8(first).ok()
        }
    }

    /// All tokens that the browser sent, and for whom its page was drawn.
    pub fn read_all(self, headers: &HeaderMap) -> Held {
        Held {
            session: self.read(headers, CookieKind::Session),
            pending: self.read(headers, CookieKind::PendingSignIn),
            known: self
                .value(headers, CookieKind::KnownBrowser)
                .and_then(KnownTokens::parse)
                .unwrap_or_default(),
            trusted: self.read(headers, CookieKind::TrustedBrowser),
            drawn_for: headers
                .get(DRAWN_FOR)
                .map(|user| String::from_utf8_lossy(user.as_bytes()).into_owned()),
        }
    }

    /// The `Set-Cookie` header of a change. `Max-Age` only where it must outlive the browser's window; when a token
    /// is over, the server knows.
    pub fn write(self, change: &CookieChange) -> Option<HeaderValue> {
        let text = match change {
            CookieChange::Set(kind, token) => self.set(*kind, &token.to_text()),
            CookieChange::SetKnown(tokens) => self.set(CookieKind::KnownBrowser, &tokens.to_text()),
            CookieChange::Remove(kind) => {
                let (name, secure) = (self.name(*kind), self.secure());
                format!("{name}=; Path=/; HttpOnly; SameSite=Strict{secure}; Max-Age=0")
            }
        };
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    fn set(self, kind: CookieKind, value: &SecretText) -> String {
        let (name, value, secure) = (self.name(kind), value.expose(), self.secure());
        let life = kind
            .life()
            .map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{life}")
    }

    const fn secure(self) -> &'static str {
        if self.is_https { "; Secure" } else { "" }
    }
}

/// The value of a pair, where it is the pair of this name.
fn value_of<'a>(pair: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let at = pair.iter().position(|byte| *byte == b'=')?;
    let (key, value) = (&pair[..at], &pair[at + 1..]);
    (key.trim_ascii() == name).then(|| value.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::random::SeededRandom;

    #[test]
    fn a_foreign_cookie_that_is_no_text_hides_none_of_ours() {
        let token = Token::new(&SeededRandom::new(1));
        let ours = format!("twofold_session={}", token.to_text().expose());
        let ours = ours.as_bytes();
        let read = |parts: &[&[u8]]| {
            let mut headers = HeaderMap::new();
            let value = HeaderValue::from_bytes(&parts.join(&b"; "[..])).unwrap();
            headers.append(header::COOKIE, value);
            CookieJar::new(false).read(&headers, CookieKind::Session)
        };
        let foreign: [&[u8]; 7] = [
            b"name=Jos\xe9",
            "name=José".as_bytes(),
            "✓=✓".as_bytes(),
            b"\xff",
            b"\xa0twofold_session=x",
            b"=",
            b"a=\"b, c\"",
        ];
        for pair in foreign {
            assert_eq!(read(&[pair, ours]), Some(token.clone()), "{pair:?}");
            assert_eq!(read(&[ours, pair]), Some(token.clone()), "{pair:?}");
        }
        assert_eq!(read(&[ours, ours]), None);
        assert_eq!(read(&[b"twofold_session=Jos\xe9", ours]), None);
        assert_eq!(read(&[b"twofold_session=\xe9"]), None);
    }
}
