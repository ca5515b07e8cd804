//! Refuses cross-site requests before anything else handles them.

use axum::http::{HeaderMap, header};

const FETCH_SITE: &str = "sec-fetch-site";

/// Whether a request comes from our own pages.
///
/// A browser says so by `Sec-Fetch-Site: same-origin` (W3C Fetch Metadata); an older one by an
/// `Origin` that is the public one. A request that says neither is refused, with cookies or without; so is one whose
/// `Origin` is another, whatever stands beside it: a name of ours that is not the public one (a rebound one among them)
/// is the same origin to the browser and still not our address.
pub fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    let is_same = match one(headers, FETCH_SITE) {
        Some(site) => Some(site == "same-origin"),
        None if headers.contains_key(FETCH_SITE) => Some(false),
        None => None,
    };
    let is_public = match one(headers, header::ORIGIN.as_str()) {
        Some(origin) => Some(is_same_address(origin, public_url)),
        None if headers.contains_key(header::ORIGIN) => Some(false),
        None => None,
    };
    match (is_same, is_public) {
        (Some(false), _) | (_, Some(false)) | (None, None) => false,
        (Some(true), None | Some(true)) | (None, Some(true)) => true,
    }
}

/// Whether two origins are the same, or the same port of this very machine under two names for it: who starts the server
/// on their own machine types either.
fn is_same_address(origin: &str, public_url: &str) -> bool {
    origin == public_url || here(origin).is_some_and(|port| Some(port) == here(public_url))
}

/// What follows the name in an address of this machine.
fn here(origin: &str) -> Option<&str> {
    ["http://localhost", "http://127.0.0.1", "http://[::1]"]
        .iter()
        .find_map(|start| origin.strip_prefix(start))
        .filter(|port| port.is_empty() || port.starts_with(':'))
}

/// Whether a file may be handed out: to our own pages, and to the person who types its address or has it as a bookmark
/// (`none`). Links of other sites get nothing, though reading alone would tell them nothing either.
pub fn may_download(headers: &HeaderMap, public_url: &str) -> bool {
    one(headers, FETCH_SITE) == Some("none") || is_ours(headers, public_url)
}

fn one<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    if values.next().is_some() {
        None
    } else {
        first.to_str().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_for_our_pages_and_for_typed_addresses() {
        for (name, value, may) in [
            (FETCH_SITE, "same-origin", true),
            (FETCH_SITE, "none", true),
            (FETCH_SITE, "same-site", false),
            (FETCH_SITE, "cross-site", false),
            ("origin", "http://us", true),
            ("origin", "null", false),
            ("accept", "text/csv", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.append(name, value.parse().unwrap());
            assert_eq!(may_download(&headers, "http://us"), may, "{name}: {value}");
        }
    }

    #[test]
    fn only_our_own_origin_passes() {
        let table: &[(&[(&str, &str)], bool)] = &[
            (&[("sec-fetch-site", "same-origin")], true),
            (
                &[("sec-fetch-site", "same-origin"), ("origin", "http://us")],
                true,
            ),
            (
                &[("sec-fetch-site", "same-site"), ("origin", "http://us")],
                false,
            ),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("sec-fetch-site", "same-origin"),
                ],
                false,
            ),
            (&[("origin", "http://us")], true),
            (&[("origin", "http://us.evil")], false),
            (&[("origin", "null")], false),
            (&[("origin", "https://us")], false),
            (&[("origin", "http://us"), ("origin", "http://us")], false),
            (&[], false),
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("origin", "https://evil.example"),
                ],
                false,
            ),
            (
                &[("sec-fetch-site", "same-origin"), ("origin", "null")],
                false,
            ),
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("origin", "http://us"),
                    ("origin", "http://us"),
                ],
                false,
            ),
        ];
        for (pairs, ours) in table {
            let mut headers = HeaderMap::new();
            for (name, value) in *pairs {
                headers.append(*name, value.parse().unwrap());
            }
            assert_eq!(is_ours(&headers, "http://us"), *ours, "{pairs:?}");
        }
    }

    #[test]
    fn this_machine_has_several_names_and_other_ports_are_others() {
        for (origin, public_url, ours) in [
            ("http://localhost:3000", "http://127.0.0.1:3000", true),
            ("http://[::1]:3000", "http://localhost:3000", true),
            ("http://localhost:3001", "http://127.0.0.1:3000", false),
            ("http://localhost.evil", "http://127.0.0.1", false),
            ("http://127.0.0.1:3000", "https://us", false),
            ("https://localhost", "http://localhost", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.append("origin", origin.parse().unwrap());
            headers.append(FETCH_SITE, "same-origin".parse().unwrap());
            assert_eq!(is_ours(&headers, public_url), ours, "{origin}");
        }
    }
}
