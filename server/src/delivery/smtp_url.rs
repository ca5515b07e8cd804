//! Whether the URL of a mail server means what it says. The library takes more, and passes over what it does not know.

use url::Url;

use storage::authority::{authority_of, check_authority, check_host};

/// Looks at a URL, as it was given and as it is read.
///
/// # Errors
/// Says what is wrong with it, and nothing of what it holds.
pub(super) fn check_smtp(text: &str, url: &Url) -> Result<(), String> {
    check_authority(authority_of(text).unwrap_or_default()).map_err(|why| why.to_string())?;
    if !url.username().is_empty() && url.password().is_none() {
        return Err("it has a user and no password, and would sign in as nobody".to_owned());
    }
    let mut tls = 0;
    for (name, value) in url.query_pairs() {
        match (&*name, url.scheme(), &*value) {
            ("tls", "smtps", "required") | ("tls", "smtp", "required" | "opportunistic") => {
                tls += 1;
            }
            ("tls", "smtps", _) => {
                return Err(
                    "smtps:// is TLS from the beginning, and takes no other `tls`".to_owned(),
                );
            }
            ("tls", ..) => return Err("its `tls` is required or opportunistic".to_owned()),
            _ => return Err("it takes no parameter but `tls`".to_owned()),
        }
    }
    if tls > 1 {
        return Err("it takes one `tls`".to_owned());
    }
    // The library gives the path as its own name in EHLO (RFC 5321 §4.1.1.1).
    let name = url.path().trim_matches('/');
    if !name.is_empty() {
        check_host(name).map_err(|why| {
            format!("what follows the host is the name that this server gives itself: {why}")
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_that_would_do_something_else_than_it_says_is_refused() {
        for (url, word) in [
            ("smtps://u:Hunter2@h", None),
            ("smtps://u:Hunter2@h:465/", None),
            ("smtps://h?tls=required", None),
            ("smtp://h", None),
            ("smtp://h:587?tls=required", None),
            ("smtp://h?tls=opportunistic", None),
            ("smtp://h/twofold.example.org", None),
            ("smtp://192.0.2.7:25", None),
            ("smtp://[2001:db8::1]:25", None),
            ("smtps://u:Hunter2@h:0", Some("port")),
            ("smtps://u:Hunter2%@h", Some("%25")),
            ("smtps://u:Hunter2@a..b", Some("host")),
            ("smtps://u:Hunter2@0x7f.1", Some("four numbers")),
            ("smtps://u:Hunter2@h/path?tls=none", Some("smtps://")),
            ("smtps://u:Hunter2@h?tls=opportunistic", Some("smtps://")),
            ("smtp://u:Hunter2@h?tls=none", Some("opportunistic")),
            ("smtp://u:Hunter2@h?TLS=required", Some("parameter")),
            ("smtp://u:Hunter2@h?starttls=true", Some("parameter")),
            ("smtp://h?tls=opportunistic&tls=required", Some("one `tls`")),
            ("smtp://h/a/b", Some("gives itself")),
            ("smtps://Hunter2@h", Some("no password")),
        ] {
            let read = Url::parse(url).unwrap();
            let said = check_smtp(url, &read).err();
            match word {
                None => assert_eq!(said, None, "{url}"),
                Some(word) => {
                    let said = said.unwrap_or_else(|| panic!("{url} is taken"));
                    assert!(said.contains(word), "{url}: {said}");
                    assert!(!said.contains("Hunter2"), "{url}: {said}");
                }
            }
        }
    }
}
