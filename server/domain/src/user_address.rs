//! The address of a user as it is stored: one in use, or what stands in its place once its mailbox has taken it.
//! docs/decisions/0039-lost-addresses.md
//!
//! What stands in its place is no address: it is never mailed, shown or typed. So nothing here gives it out but
//! [`UserAddress::stored`], for the database and what is derived from a row.

use app::types::email::{EmailAddress, LOST_DOMAIN};
use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

/// Seconds for which a user signs in by an address that they have lost.
pub const SIGNS_IN_FOR: i64 = 14 * 24 * 60 * 60;

/// The address of a user.
#[derive(Clone, PartialEq, Eq)]
pub struct UserAddress(String);

impl UserAddress {
    /// As a row has it.
    pub const fn of_stored(text: String) -> Self {
        Self(text)
    }

    /// What stands in the place of the address that a user has lost. It differs from user to user, as a column of
    /// addresses wants, and no domain under `.invalid` has a mailbox (RFC 6761, section 6.4).
    pub fn lost(user: UserId) -> Self {
        Self(format!("{user}@{LOST_DOMAIN}"))
    }

    /// The address in use; none where it is lost.
    pub fn in_use(&self) -> Option<&str> {
        let domain = self.0.rsplit_once('@').map(|(_, domain)| domain);
        (domain != Some(LOST_DOMAIN)).then_some(self.0.as_str())
    }

    /// The same, parsed.
    pub fn parsed(&self) -> Option<EmailAddress> {
        self.in_use()
            .and_then(|email| EmailAddress::parse(email).ok())
    }

    /// The address in use, for pages, which have words where it is empty because the address is lost.
    pub fn shown(&self) -> &str {
        self.in_use().unwrap_or_default()
    }

    /// Whether it is this one that is in use.
    pub fn is(&self, email: &EmailAddress) -> bool {
        self.in_use() == Some(email.as_str())
    }

    /// What the row has.
    pub fn stored(&self) -> &str {
        &self.0
    }
}

/// An address that a user has lost, and until when they sign in by it all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostAddress {
    /// Who has lost it.
    pub user: UserId,
    /// The address.
    pub email: String,
    /// When.
    pub lost_at: Timestamp,
    /// Until when they sign in by it.
    pub until: Timestamp,
}

/// Who reads the mail of an address, as far as this server knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailReader {
    /// Its user: they have shown it, or the operator has said so.
    ItsUser,
    /// Anybody: nobody has shown that it is the user.
    Anybody,
}

impl MailReader {
    /// By whether the address is proven.
    pub const fn of(is_email_verified: bool) -> Self {
        if is_email_verified {
            Self::ItsUser
        } else {
            Self::Anybody
        }
    }

    /// Whether a link or code that is mailed there may give a right over the user. Asked when it is mailed, and again when
    /// it is used. docs/decisions/0045-unproven-addresses.md
    pub const fn may_act_for_user(self) -> bool {
        match self {
            Self::ItsUser => true,
            Self::Anybody => false,
        }
    }
}

/// What is done with a letter at the address of a user that nobody has proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtUnproven {
    /// It has no link or code that gives anything. It is sent, as to a stranger: by no name, with others' words shortened
    /// and quoted, within what strangers may send to the mailbox.
    Tells,
    /// Its link or code proves that mailbox, and gives nothing of the user who has the address: it is sent.
    ProvesMailbox,
    /// Its link or code gives a right over the user: it is not sent.
    NotSent,
    /// It has a code and goes to no mailbox.
    NoMail,
}

impl AtUnproven {
    /// Whether a letter is sent to an address that this one reads.
    pub const fn is_sent_to(self, reader: MailReader) -> bool {
        match self {
            Self::Tells | Self::ProvesMailbox => true,
            Self::NotSent | Self::NoMail => reader.may_act_for_user(),
        }
    }
}

/// Whether the mailbox of an address may take it from its user in a sign-up: nobody has shown that it is the user's. One
/// that was given with the password alone was read all the same.
pub const fn may_be_won(is_email_verified: bool) -> bool {
    !is_email_verified
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_stands_in_place_of_a_lost_address_is_no_address() {
        let user = UserId::new(Uuid::from_u128(7));
        let lost = UserAddress::lost(user);
        assert_eq!(lost.in_use(), None);
        assert_eq!(lost.parsed(), None);
        assert_eq!(lost.shown(), "");
        assert!(EmailAddress::parse(lost.stored()).is_err());
        assert_ne!(
            lost.stored(),
            UserAddress::lost(UserId::new(Uuid::from_u128(8))).stored()
        );
    }

    #[test]
    fn an_address_in_use_is_what_it_is() {
        let address = UserAddress::of_stored("ada@example.org".to_owned());
        let email = EmailAddress::parse("Ada@example.org").unwrap();
        assert_eq!(address.in_use(), Some("ada@example.org"));
        assert_eq!(address.shown(), "ada@example.org");
        assert_eq!(address.parsed(), Some(email.clone()));
        assert!(address.is(&email));
    }

    #[test]
    fn what_gives_a_right_over_the_user_goes_to_a_proven_address_alone() {
        use AtUnproven::{NoMail, NotSent, ProvesMailbox, Tells};
        let (proven, unproven) = (MailReader::of(true), MailReader::of(false));
        assert_eq!(
            (proven, unproven),
            (MailReader::ItsUser, MailReader::Anybody)
        );
        assert!(proven.may_act_for_user() && !unproven.may_act_for_user());
        for (at_unproven, is_sent) in [
            (Tells, true),
            (ProvesMailbox, true),
            (NotSent, false),
            (NoMail, false),
        ] {
            assert!(at_unproven.is_sent_to(proven), "{at_unproven:?}");
            assert_eq!(at_unproven.is_sent_to(unproven), is_sent, "{at_unproven:?}");
        }
    }

    #[test]
    fn only_what_nobody_has_shown_to_be_theirs_is_won() {
        assert!(may_be_won(false));
        assert!(!may_be_won(true));
    }
}
