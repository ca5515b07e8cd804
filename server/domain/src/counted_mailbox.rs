//! A mailbox as letters to it are counted: an address without its tag. docs/decisions/0052-mailboxes-as-they-are-counted.md

use std::fmt;

use app::types::email::EmailAddress;

/// A mailbox, for budgets of what is sent to it. Everything from the first `+` of the local part is left out, which many mail
/// servers take as a tag and deliver to one person; where one does not, those addresses share a budget and nothing else. The
/// address itself stays what it is: it signs in, is compared and is written to as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedMailbox(String);

impl From<&EmailAddress> for CountedMailbox {
    /// An address has no quoted local part and no capitals: neither is taken where it is parsed. A local part that begins with
    /// `+` has nothing before its tag, and is counted as it is: it would stand for all mailboxes of its domain otherwise.
    fn from(email: &EmailAddress) -> Self {
        let whole = email.as_str();
        let without = whole.rsplit_once('@').and_then(|(local, domain)| {
            let (before, _) = local.split_once('+')?;
            (!before.is_empty()).then(|| format!("{before}@{domain}"))
        });
        Self(without.unwrap_or_else(|| whole.to_owned()))
    }
}

impl fmt::Display for CountedMailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_from_the_first_plus_on_makes_no_other_mailbox() {
        for (address, mailbox) in [
            ("ada@example.org", "ada@example.org"),
            ("ada+1@example.org", "ada@example.org"),
            ("Ada+News@Example.org", "ada@example.org"),
            ("ada+a+b@example.org", "ada@example.org"),
            ("ada+@example.org", "ada@example.org"),
            // Nothing stands before it.
            ("+x@example.org", "+x@example.org"),
            ("+@example.org", "+@example.org"),
            // Dots and other signs tell mailboxes apart at most servers.
            ("a.da@example.org", "a.da@example.org"),
            ("ada-1@example.org", "ada-1@example.org"),
            ("ada@a.example.org", "ada@a.example.org"),
        ] {
            let email = EmailAddress::parse(address).unwrap();
            assert_eq!(
                CountedMailbox::from(&email).to_string(),
                mailbox,
                "{address}"
            );
        }
        assert!(EmailAddress::parse("\"a+b\"@example.org").is_err());
    }
}
