//! What a mail server says no to: the mailbox, or this one mail.

/// Whether a refusal for good is about the mailbox: that there is none, that it is switched off or full. What is about a
/// mail's content, its sender or a policy says nothing of who would get another one.
///
/// The enhanced code decides where there is one (RFC 3463 §3.2 and §3.3), else the status alone (RFC 5321 §4.2.3).
pub(super) fn is_about_mailbox(status: u16, said: &str) -> bool {
    match enhanced(said) {
        // The address; 7 and 8 are of the sender's.
        Some((1, detail)) => !matches!(detail, 7 | 8),
        // The mailbox; 3 is that the mail is too long for it.
        Some((2, detail)) => detail != 3,
        Some(_) => false,
        None => matches!(status, 550..=553),
    }
}

/// Subject and detail of the enhanced code at the beginning of what a server says (RFC 2034 §4).
fn enhanced(said: &str) -> Option<(u16, u16)> {
    let code = said.split_whitespace().next()?;
    let mut parts = code.split('.');
    let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
    if class != "5" || parts.next().is_some() {
        return None;
    }
    Some((subject.parse().ok()?, detail.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_about_the_mailbox_or_about_the_mail() {
        let table = [
            (550, "5.1.1 no such user", true),
            (550, "5.1.10 the domain takes no mail", true),
            (553, "5.1.3 bad address", true),
            (553, "5.1.8 your domain is not known", false),
            (550, "5.2.1 mailbox disabled", true),
            (552, "5.2.2 mailbox full", true),
            (552, "5.2.3 too long", false),
            (554, "5.6.0 we do not like what it says", false),
            (550, "5.6.1", false),
            (550, "5.7.1 rejected as spam", false),
            (550, "5.7.26 not authenticated", false),
            (554, "5.3.4 too big for us", false),
            // Without a code the status alone says it.
            (550, "no such user", true),
            (550, "", true),
            (552, "over quota", true),
            (554, "transaction failed", false),
            // No code, though it looks like one.
            (550, "5.1 no such user", true),
            (550, "5.1.1.1 no such user", true),
            (554, "10.5.7.1 blocked", false),
        ];
        for (status, said, expected) in table {
            assert_eq!(is_about_mailbox(status, said), expected, "{status} {said}");
        }
    }
}
