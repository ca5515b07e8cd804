//! What a mail server says no to: the mailbox, or this one mail.

/// What a refusal for good is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefusedFor {
    /// The mailbox: that there is none, that it is switched off or full.
    Mailbox,
    /// The mail's content, its sender or a policy: it says nothing of who would get another one.
    Mail,
    /// One of them: the status says both, as servers do that refuse what they have read.
    MailboxOrMail,
}

/// Tells what a refusal for good is about. The enhanced code decides where there is one (RFC 3463 §3.2 and §3.3), else the status
/// alone (RFC 5321 §4.2.3), which many servers give for spam, too.
pub(super) fn refused_for(status: u16, said: &str) -> RefusedFor {
    let of_mailbox = |is: bool| {
        if is {
            RefusedFor::Mailbox
        } else {
            RefusedFor::Mail
        }
    };
    match enhanced(said) {
        // The address; 7 and 8 are of the sender's.
        Some((1, detail)) => of_mailbox(!matches!(detail, 7 | 8)),
        // The mailbox; 3 is that the mail is too long for it.
        Some((2, detail)) => of_mailbox(detail != 3),
        None if matches!(status, 550..=553) => RefusedFor::MailboxOrMail,
        Some(_) | None => RefusedFor::Mail,
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
    use super::RefusedFor::{Mail, Mailbox, MailboxOrMail};
    use super::*;

    #[test]
    fn a_refusal_is_about_the_mailbox_or_about_the_mail() {
        let table = [
            (550, "5.1.1 no such user", Mailbox),
            (550, "5.1.10 the domain takes no mail", Mailbox),
            (553, "5.1.3 bad address", Mailbox),
            (553, "5.1.8 your domain is not known", Mail),
            (550, "5.2.1 mailbox disabled", Mailbox),
            (552, "5.2.2 mailbox full", Mailbox),
            (552, "5.2.3 too long", Mail),
            (554, "5.6.0 we do not like what it says", Mail),
            (550, "5.6.1", Mail),
            (550, "5.7.1 rejected as spam", Mail),
            (550, "5.7.26 not authenticated", Mail),
            (554, "5.3.4 too big for us", Mail),
            // Without a code there is the status alone.
            (550, "no such user", MailboxOrMail),
            (550, "", MailboxOrMail),
            (552, "over quota", MailboxOrMail),
            (554, "transaction failed", Mail),
            // No code, though it looks like one.
            (550, "5.1 no such user", MailboxOrMail),
            (550, "5.1.1.1 no such user", MailboxOrMail),
            (554, "10.5.7.1 blocked", Mail),
        ];
        for (status, said, expected) in table {
            assert_eq!(refused_for(status, said), expected, "{status} {said}");
        }
    }
}
