//! The address that people use, spelled as browsers spell an origin (WHATWG URL §4.4, HTML §7.1.1): a name in lower case and
//! Punycode, no default port. `Origin` is compared with it letter by letter.

use url::Url;

use storage::authority::{authority_of, check_authority};

/// What an address must be.
const SHAPE: &str = "takes http:// or https:// and a host, nothing after it";

/// The origin of an address; a slash at its end is not one.
///
/// # Errors
/// Says what it must be.
pub(super) fn origin_of(text: &str) -> Result<String, String> {
    let bare = authority_of(text).filter(|authority| !authority.contains('@'));
    let lead = bare.map_or(Ok(()), check_authority);
    lead.map_err(|problem| format!("leads nowhere as it stands: {problem}"))?;
    let url = Url::parse(text).map_err(|_| SHAPE)?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    let is_bare = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    // The parser would also read `https:host` and leave out blanks and line ends.
    let is_plain = text.contains("://") && !text.contains(|c: char| c.is_whitespace() || c == '\\');
    if is_web && is_bare && is_plain {
        Ok(url.origin().ascii_serialization())
    } else {
        Err(SHAPE.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::origin_of;

    #[test]
    fn an_address_is_spelled_as_browsers_spell_it() {
        for (given, origin) in [
            ("https://Sec.Example.org", "https://sec.example.org"),
            ("HTTPS://sec.example.org/", "https://sec.example.org"),
            ("https://sec.example.org:443", "https://sec.example.org"),
            ("http://192.168.1.5:80", "http://192.168.1.5"),
            ("https://münchen.example", "https://xn--mnchen-3ya.example"),
            ("http://localhost:3000", "http://localhost:3000"),
            (
                "https://sec.example.org:8443",
                "https://sec.example.org:8443",
            ),
            ("http://[2001:DB8::1]:80", "http://[2001:db8::1]"),
        ] {
            assert_eq!(origin_of(given).unwrap(), origin, "{given}");
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for given in [
            "",
            "sec.example.org",
            "ftp://x",
            "https://",
            "https:x",
            "https://x/path",
            "https://x/?q",
            "https://x/#f",
            "https://user@x",
            "https://user:password@x",
            "https://x y",
            " https://x",
            "https:\\\\x",
            "https://x:99999",
            "https://x:0",
            "https://a..b",
            "https://0x7f.1",
            "https://127.1",
            "https://2130706433",
            "https://-a.example",
            "https://a%2eb",
        ] {
            assert!(origin_of(given).is_err(), "{given}");
        }
    }
}
