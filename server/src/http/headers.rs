//! Headers on every answer, whatever its status; docs/decisions/0004 and docs/security.md say why.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

use settings::Settings;

/// The headers that do not change.
const FIXED: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-read=()",
    ),
];
/// One year, for this host alone (RFC 6797): on a bare domain, other hosts under it are not ours to speak for.
const HSTS: &str = "max-age=31536000";
/// The same for every host under it.
const HSTS_BELOW: &str = "max-age=31536000; includeSubDomains";

/// What the headers depend on.
pub struct SecurityHeaders {
    csp: HeaderValue,
    hsts: Option<HeaderValue>,
}

impl SecurityHeaders {
    /// Headers for pages whose inline scripts have these CSP hashes (`'sha256-…'`).
    pub fn new(script_hashes: &[String], settings: &Settings) -> Self {
        let scripts = script_hashes.join(" ");
        let csp = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {scripts}; style-src 'self'; \
             img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        let csp =
            HeaderValue::from_str(&csp).unwrap_or(HeaderValue::from_static("default-src 'none'"));
        let hsts = settings.is_https().then(|| {
            HeaderValue::from_static(if settings.http.hsts_subdomains {
                HSTS_BELOW
            } else {
                HSTS
            })
        });
        Self { csp, hsts }
    }

    /// Puts the headers on an answer; one to a request that was refused unread gets them too.
    pub fn put_on(&self, answer: &mut Response) {
        let map = answer.headers_mut();
        for (name, value) in FIXED {
            map.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        map.insert(header::CONTENT_SECURITY_POLICY, self.csp.clone());
        if let Some(hsts) = &self.hsts {
            map.insert(header::STRICT_TRANSPORT_SECURITY, hsts.clone());
        }
        if !map.contains_key(header::CACHE_CONTROL) {
            map.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
}
