//! The text of the QR code: Google's Key Uri Format, in the form that every app reads.

use std::fmt::Write as _;

use app::types::secret_text::SecretText;

use super::TotpSecret;

/// `otpauth://totp/Issuer:label?secret=…&issuer=Issuer`.
///
/// Blanks are `%20`, as some apps show a `+` as it stands; the key is upper case without padding;
/// algorithm, digits and period are left out, being what every app assumes. A colon parts the issuer
/// from the label, so one inside either becomes a blank; `issuer` is the same text in both places.
pub fn otpauth_uri(issuer: &str, label: &str, secret: &TotpSecret) -> SecretText {
    let issuer = escaped(&without_colons(issuer));
    let label = escaped(&without_colons(label));
    let key = secret.base32();
    let mut uri = String::with_capacity(64 + 2 * issuer.len() + label.len() + key.len());
    uri.push_str("otpauth://totp/");
    if !issuer.is_empty() {
        uri.extend([&issuer, ":"]);
    }
    uri.extend([&label, "?secret=", &key]);
    if !issuer.is_empty() {
        uri.extend(["&issuer=", &issuer]);
    }
    SecretText::new(uri)
}

/// Without colons, and without the double blanks that leaves: `Star Trek: Website` is `Star Trek Website`.
fn without_colons(text: &str) -> String {
    text.replace(':', " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            write!(escaped, "%{byte:02X}").expect("writing to a String does not fail");
        }
    }
    escaped
}
