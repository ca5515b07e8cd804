//! What of a value is shown. Secrets have settings of their own, which are never shown; but a URL can have one in it, and
//! whoever mistakes a setting puts one where a path belongs.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use toml::Value;

/// Bytes of a key, of which a text in Base64 may be the spelling.
const KEY_BYTES: usize = 32;
/// What stands for the rest.
const REST: &str = "…";

/// A value for people to read.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::String(text) => Value::String(self::text(text)).to_string(),
        Value::Array(list) => {
            let shown = list.iter().map(|one| match one {
                Value::String(text) => Value::String(self::text(text)),
                other => other.clone(),
            });
            Value::Array(shown.collect()).to_string()
        }
        other => other.to_string(),
    }
}

/// A text for people to read: of a URL scheme and host, of what may be a key nothing.
pub(super) fn text(text: &str) -> String {
    if has_key(text) {
        return REST.to_owned();
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (place, tail) = rest.split_at(end);
    // A password that nobody has escaped ends a host early.
    match (is_place(place) && !rest.contains('@'), tail) {
        (false, _) => format!("{scheme}://{REST}"),
        (true, "" | "/") => text.to_owned(),
        (true, _) => format!("{scheme}://{place}/{REST}"),
    }
}

/// Whether a text has a key in it, as in a file of keys.
pub(super) fn has_key(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let bytes = STANDARD.decode(word);
        bytes.is_ok_and(|bytes| bytes.len() == KEY_BYTES)
    })
}

/// Whether a text that was given as the path of a secret's file can be shown: it leads to something, or at least into a
/// folder that somebody made. Else it may be the secret.
pub(super) fn is_path(path: &Path) -> bool {
    let folder = path.parent().filter(|folder| folder.parent().is_some());
    path.exists() || folder.is_some_and(Path::is_dir)
}

/// A host, with a port or not.
fn is_place(text: &str) -> bool {
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    match text.rsplit_once(':') {
        _ if text.starts_with('[') && text.ends_with(']') => true,
        Some((host, port)) => is_port(port) && (!host.contains(':') || host.starts_with('[')),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_url_host_and_scheme_are_shown() {
        for (given, shown) in [
            ("https://sms.example.org", "https://sms.example.org"),
            ("https://sms.example.org/", "https://sms.example.org/"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            (
                "https://sms.example.org:8443/send",
                "https://sms.example.org:8443/…",
            ),
            (
                "https://sms.example.org/send?token=S3cret",
                "https://sms.example.org/…",
            ),
            (
                "https://sms.example.org?token=S3cret",
                "https://sms.example.org/…",
            ),
            (
                "https://sms.example.org#S3cret",
                "https://sms.example.org/…",
            ),
            ("https://user:S3cret@sms.example.org/", "https://…"),
            ("https://user:S3/cret@sms.example.org/", "https://…"),
            ("https://user:S3cret", "https://…"),
            ("info,server::delivery=debug", "info,server::delivery=debug"),
            ("Twofold <a@example.org>", "Twofold <a@example.org>"),
            ("/var/lib/twofold", "/var/lib/twofold"),
        ] {
            assert_eq!(text(given), shown, "{given}");
        }
    }

    #[test]
    fn a_key_is_not_shown_wherever_it_stands() {
        let key = STANDARD.encode([7; KEY_BYTES]);
        for given in [key.clone(), format!("0123abcd {key}"), format!(" {key}\n")] {
            assert!(!text(&given).contains(&key), "{given}");
        }
        let list = Value::Array(vec![Value::String(key.clone()), Value::Integer(1)]);
        assert_eq!(value(&list), "[\"…\", 1]");
        assert!(!has_key("/run/secrets/keys"));
    }

    #[test]
    fn what_leads_nowhere_may_be_a_secret() {
        for (given, expected) in [
            ("/etc/passwd", true),
            ("/etc/absent", true),
            ("/absent", false),
            ("/hM3n/x9", false),
            ("hunter2", false),
            ("absent/hunter2", false),
        ] {
            assert_eq!(is_path(Path::new(given)), expected, "{given}");
        }
    }
}
