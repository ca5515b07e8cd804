//! The text of the QR code: Google's Key Uri Format, in the form that every app reads.

use std::fmt::Write as _;

use app::types::secret_text::SecretText;

use super::TotpSecret;

/// What a QR code of version 10 holds at error correction level M, in bytes (ISO/IEC 18004, table 7): with more, its
/// modules get too small for a phone to read off a screen.
const ROOM: usize = 213;
/// What all but the names takes: scheme, parameters, and a key of 160 bits in Base32.
const FIXED: usize = "otpauth://totp/:?secret=&issuer=".len() + 32;
/// What an issuer may take of it, escaped, in each of its two places.
const ISSUER_ROOM: usize = 48;
/// Stands for what was left out of a name.
const CUT: &str = "...";

/// Issuer and label as the QR code has room for them.
struct Names {
    issuer: String,
    label: String,
}

impl Names {
    fn fitting(issuer: &str, label: &str) -> Self {
        let issuer = shortened(&without_colons(issuer), ISSUER_ROOM);
        let room = ROOM - FIXED - 2 * escaped(&issuer).len();
        let label = shortened(&without_colons(label), room);
        Self { issuer, label }
    }
}

/// The name that an app shows for a key: issuer and label, shortened as in [`otpauth_uri`].
pub fn shown_name(issuer: &str, label: &str) -> String {
    let Names { issuer, label } = Names::fitting(issuer, label);
    if issuer.is_empty() {
        label
    } else {
        issuer + ": " + &label
    }
}

/// `otpauth://totp/Issuer:label?secret=…&issuer=Issuer`, at most 213 bytes: names that are too long are cut.
///
/// Blanks are `%20`, as some apps show a `+` as it stands; the key is upper case without padding;
/// algorithm, digits and period are left out, being what every app assumes. A colon parts the issuer
/// from the label, so one inside either becomes a blank; `issuer` is the same text in both places.
pub fn otpauth_uri(issuer: &str, label: &str, secret: &TotpSecret) -> SecretText {
    let Names { issuer, label } = Names::fitting(issuer, label);
    let (issuer, label) = (escaped(&issuer), escaped(&label));
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

/// The beginning of a text that takes no more than `room` bytes when escaped; where something is left out, it ends so.
fn shortened(text: &str, room: usize) -> String {
    if escaped(text).len() <= room {
        return text.to_owned();
    }
    let mut left = room - CUT.len();
    let mut short = String::new();
    for letter in text.chars() {
        let Some(rest) = left.checked_sub(escaped(letter.encode_utf8(&mut [0; 4])).len()) else {
            break;
        };
        left = rest;
        short.push(letter);
    }
    short.truncate(short.trim_end().len());
    short + CUT
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
