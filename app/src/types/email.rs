//! E-mail addresses: parsed once, compared in one form.

use std::fmt;

/// The longest address that can be mailed to (RFC 5321 §4.5.3.1.3, errata 1690).
pub const LONGEST_EMAIL: usize = 254;
/// The domain of what stands in the place of an address that its user has lost. Nobody types such an address.
pub const LOST_DOMAIN: &str = "lost-address.invalid";
const LONGEST_LOCAL_PART: usize = 64;
const LONGEST_LABEL: usize = 63;

/// An e-mail address in its canonical form: trimmed, ASCII lower case.
///
/// Only ASCII is taken. Unicode case folding maps different letters onto one (CVE-2019-19844), so
/// an address with other letters is refused instead of folded; a domain can be given in Punycode.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmailAddress(String);

/// The text is not an e-mail address that we can mail to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct NotAnEmail;

impl EmailAddress {
    /// Parses what a person typed.
    ///
    /// # Errors
    /// Refuses what is not `local@domain` of the characters that mail systems take unquoted
    /// (RFC 5321 `Dot-string`), or is longer than 254; and the domain that no mailbox has, [`LOST_DOMAIN`].
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        let text = text.trim();
        if text.len() > LONGEST_EMAIL {
            return Err(NotAnEmail);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnEmail)?;
        if is_local_part(local) && is_domain(domain) && !domain.eq_ignore_ascii_case(LOST_DOMAIN) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(NotAnEmail)
        }
    }

    /// The canonical form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_local_part(text: &str) -> bool {
    text.len() <= LONGEST_LOCAL_PART
        && text.split('.').all(|atom| {
            !atom.is_empty()
                && atom.bytes().all(|byte| {
                    byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&byte)
                })
        })
}

fn is_domain(text: &str) -> bool {
    text.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= LONGEST_LABEL
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_and_surrounding_blanks_do_not_make_another_address() {
        for text in ["bob@x.org", " BOB@X.ORG\n", "Bob@x.Org", "bob@x.org "] {
            assert_eq!(EmailAddress::parse(text).unwrap().as_str(), "bob@x.org");
        }
    }

    #[test]
    fn nobody_types_what_stands_in_place_of_a_lost_address() {
        for text in ["bob@lost-address.invalid", "bob@Lost-Address.INVALID"] {
            assert_eq!(EmailAddress::parse(text), Err(NotAnEmail), "{text}");
        }
        assert!(EmailAddress::parse("bob@other.invalid").is_ok());
    }

    #[test]
    fn letters_that_fold_onto_others_are_refused() {
        for text in [
            "quac\u{212a}@x.org",
            "ı@x.org",
            "ſ@x.org",
            "é@x.org",
            "bob@xı.org",
        ] {
            assert_eq!(EmailAddress::parse(text), Err(NotAnEmail), "{text}");
        }
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        let long = format!("{}@x.org", "a".repeat(65));
        let longer = format!("a@{}.org", "x.".repeat(130));
        for text in [
            "",
            "@",
            "a@",
            "@x.org",
            "a b@x.org",
            "a@x org",
            "a@@x.org",
            "a@x..org",
            ".a@x.org",
            "a.@x.org",
            "a@-x.org",
            "a@x-.org",
            "\"a\"@x.org",
            "a@[127.0.0.1]",
            "a@x.org\0",
            "a\r\nBcc: b@x.org",
            "<a@x.org>",
            &long,
            &longer,
        ] {
            assert_eq!(EmailAddress::parse(text), Err(NotAnEmail), "{text}");
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_is_idempotent(text in "\\PC{0,300}") {
            if let Ok(email) = EmailAddress::parse(&text) {
                prop_assert_eq!(EmailAddress::parse(email.as_str()), Ok(email.clone()));
                prop_assert!(email.as_str().is_ascii());
                prop_assert!(email.as_str().len() <= LONGEST_EMAIL);
            }
        }

        #[test]
        fn ordinary_addresses_are_taken(local in "[a-zA-Z0-9_+-]{1,64}", domain in "[a-z0-9]{1,20}(\\.[a-z0-9]{1,20}){0,3}") {
            let address = format!("{local}@{domain}");
            prop_assert!(EmailAddress::parse(&address).is_ok());
        }
    }
}
