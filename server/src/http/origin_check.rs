//! Only our own pages may call: a request from elsewhere is refused before anything looks at it.

use axum::http::{HeaderMap, header};

const FETCH_SITE: &str = "sec-fetch-site";

/// Whether a request comes from our own pages.
///
/// A browser says so by `Sec-Fetch-Site: same-origin` (W3C Fetch Metadata); an older one by an
/// `Origin` that is the public one. A request that says neither is refused, with cookies or without.
pub fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    match one(headers, FETCH_SITE) {
        Some(site) => site == "same-origin",
        None if headers.contains_key(FETCH_SITE) => false,
        None => one(headers, header::ORIGIN.as_str()).is_some_and(|origin| origin == public_url),
    }
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
        ];
        for (pairs, ours) in table {
            let mut headers = HeaderMap::new();
            for (name, value) in *pairs {
                headers.append(*name, value.parse().unwrap());
            }
            assert_eq!(is_ours(&headers, "http://us"), *ours, "{pairs:?}");
        }
    }
}
