//! Buckets: the subject that a try is counted for. Only hashes are stored.

use std::net::{IpAddr, Ipv6Addr};

use app::types::email::EmailAddress;
use app::types::ids::{AccountId, SessionId, UserId};
use sha2::{Digest as _, Sha256};

use super::table::{Counted, Limit};
use crate::Visitor;
use crypto::seal::KeyRing;
use domain::attempts::Budget;
use domain::counted_mailbox::CountedMailbox;
use domain::phone_number::PhoneNumber;
use settings::Limits;
use storage::known_browsers::BrowserKey;
use storage::users::User;

/// A network that one household or machine has to itself (RFC 6177): its addresses share a bucket.
const OWN_NETWORK: u128 = !0 << 64;
/// A network that one site may have (RFC 6177): with as many of the smaller ones as there are ports.
const SITE: u128 = !0 << 80;
/// Tries of a whole, for one of a part of it: a house or an office shares those of a site, and an attacker does not get
/// those of 65,536 networks; whoever signs in again and again does not get those of as many sessions.
pub const PARTS: u32 = 8;

impl Limit {
    /// The bucket of a client address; with IPv6, that of its network within that of its site.
    pub fn of_client(self, visitor: &Visitor) -> Bucket {
        self.of_network("", visitor)
    }

    /// The bucket of a client address with a user.
    pub fn of_client_with(self, user: UserId, visitor: &Visitor) -> Bucket {
        self.of_network(&format!("{user} "), visitor)
    }

    /// The bucket of a client address with a mailbox, for one kind of mail.
    pub(super) fn of_client_for(
        self,
        word: &str,
        mailbox: &CountedMailbox,
        visitor: &Visitor,
    ) -> Bucket {
        self.assert_counts(Counted::Mailbox);
        self.of_network(&format!("{word} {mailbox} "), visitor)
    }

    /// The bucket of the largest network that a client may have to itself, with a mailbox, for one kind of mail.
    pub(super) fn of_site_for(
        self,
        word: &str,
        mailbox: &CountedMailbox,
        visitor: &Visitor,
    ) -> Bucket {
        self.assert_counts(Counted::Mailbox);
        let address = &visitor.address;
        let network = site(address).unwrap_or_else(|| network(address));
        self.of(&format!("{word} {network} {mailbox}"))
    }

    /// The bucket of a mailbox, for one kind of mail.
    pub(super) fn of_mailbox_for(self, word: &str, mailbox: &CountedMailbox) -> Bucket {
        self.assert_counts(Counted::Mailbox);
        self.of(&format!("{word} {mailbox}"))
    }

    /// A bucket is of what its line in the table says, or no test of it passes: a limit of letters that counted addresses would
    /// be as many limits as a mailbox has tags.
    fn assert_counts(self, counted: Counted) {
        debug_assert_eq!(self.counted(), counted, "{self:?}");
    }

    /// Whatever is counted by client address goes through here, so that nothing forgets the site.
    fn of_network(self, with: &str, visitor: &Visitor) -> Bucket {
        let address = &visitor.address;
        let site = site(address).map(|site| self.hash_of(&format!("{with}site {site}")));
        Bucket {
            whole: site,
            ..self.of(&format!("{with}{}", network(address)))
        }
    }

    /// The bucket of the e-mail address that a user signs in by, with its tag.
    pub fn of_address(self, email: &EmailAddress) -> Bucket {
        self.assert_counts(Counted::Address);
        self.of(email.as_str())
    }

    /// The bucket of the e-mail address of a user.
    pub fn of_address_of(self, user: &User) -> Bucket {
        self.assert_counts(Counted::Address);
        self.of(user.email.stored())
    }

    /// The bucket of such an address with a user.
    pub fn of_address_and_user(self, email: &EmailAddress, user: UserId) -> Bucket {
        self.assert_counts(Counted::Address);
        self.of(&format!("{email} {user}"))
    }

    /// The bucket of a user.
    pub fn of_user(self, user: UserId) -> Bucket {
        self.of(&user.to_string())
    }

    /// The bucket of an account, whoever acts in it.
    pub fn of_account(self, account: AccountId) -> Bucket {
        self.of(&account.to_string())
    }

    /// The bucket of a user in one account, so that another account's use of it takes nothing from this one.
    pub fn of_user_in(self, account: AccountId, user: UserId) -> Bucket {
        self.of(&format!("{account} {user}"))
    }

    /// The bucket of what one user does to another in one account, so that nobody uses up what others may do there.
    pub fn of_user_in_by(self, account: AccountId, user: UserId, by: UserId) -> Bucket {
        self.of(&format!("{account} {user} {by}"))
    }

    /// The bucket of a mailbox, whatever the day.
    pub fn of_mailbox_at_any_time(self, mailbox: &CountedMailbox) -> Bucket {
        self.assert_counts(Counted::Mailbox);
        self.of(&mailbox.to_string())
    }

    /// The bucket of what one user sends to a mailbox.
    pub fn of_mailbox_by(self, mailbox: &CountedMailbox, user: UserId) -> Bucket {
        self.assert_counts(Counted::Mailbox);
        self.of(&format!("{mailbox} {user}"))
    }

    /// The bucket of a session within that of all sessions of its user.
    pub fn of_session_of(self, user: UserId, session: SessionId) -> Bucket {
        Bucket {
            whole: Some(self.hash_of(&format!("sessions of {user}"))),
            ..self.of_session(session)
        }
    }

    /// The bucket of a session.
    pub fn of_session(self, session: SessionId) -> Bucket {
        self.of(&session.to_string())
    }

    /// The bucket of a phone number. There are few enough numbers to try them all against a plain hash.
    pub fn of_number(self, keys: &KeyRing, number: &PhoneNumber) -> Bucket {
        let tag = keys.tag("tries of a number", &[number.e164().as_bytes()]);
        self.of(&data_encoding::HEXLOWER.encode(&tag))
    }

    /// The bucket of a browser with a user. Not of its token: who gets another one must not get another budget.
    pub fn of_browser(self, browser: BrowserKey) -> Bucket {
        self.of(&browser.to_string())
    }

    /// The bucket of a mailed link.
    pub fn of_link(self, token_hash: &[u8; 32]) -> Bucket {
        self.of(&data_encoding::HEXLOWER.encode(token_hash))
    }

    /// The bucket of a mailbox on a day, as a number of days since 1970.
    pub fn of_mailbox(self, mailbox: &CountedMailbox, day: i64) -> Bucket {
        self.assert_counts(Counted::Mailbox);
        self.of(&format!("{mailbox} {day}"))
    }

    /// The bucket of a mailbox on a day, for what one user sends to it.
    pub fn of_mailbox_and_user(self, mailbox: &CountedMailbox, user: UserId, day: i64) -> Bucket {
        self.assert_counts(Counted::Mailbox);
        self.of(&format!("{mailbox} {user} {day}"))
    }

    pub(super) fn of(self, whom: &str) -> Bucket {
        Bucket {
            limit: self,
            hash: self.hash_of(whom),
            whole: None,
        }
    }

    fn hash_of(self, whom: &str) -> [u8; 32] {
        Sha256::new()
            .chain_update(b"twofold tries 1\0")
            .chain_update(self.word())
            .chain_update(b"\0")
            .chain_update(whom)
            .finalize()
            .into()
    }
}

/// What tries are counted for. Only its hash is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    pub(super) limit: Limit,
    pub(super) hash: [u8; 32],
    /// Of the whole that it is a part of, which has a budget of its own: the site of a network, all sessions of a user.
    pub(super) whole: Option<[u8; 32]>,
}

impl Bucket {
    pub(super) fn hashes(&self) -> impl Iterator<Item = &[u8]> {
        let whole = self.whole.as_ref().map(<[u8; 32]>::as_slice);
        std::iter::once(self.hash.as_slice()).chain(whole)
    }

    /// Its own budget and that of its whole.
    pub(super) fn wanted(&self, limits: &Limits) -> impl Iterator<Item = (&[u8], Budget)> {
        let own = self.limit.budget(limits);
        let shared = Budget {
            limit: own.limit.saturating_mul(PARTS),
            ..own
        };
        self.hashes().zip([own, shared])
    }
}

/// An address as it is counted: one of IPv4, or the network of one of IPv6.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => Ipv6Addr::from_bits(address.to_bits() & OWN_NETWORK).to_string(),
        Ok(IpAddr::V4(_)) | Err(_) => address.to_owned(),
    }
}

/// The site of an address of IPv6.
fn site(address: &str) -> Option<String> {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => Some(Ipv6Addr::from_bits(address.to_bits() & SITE).to_string()),
        Ok(IpAddr::V4(_)) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(address: &str) -> Bucket {
        Limit::SignUps.of_client(&Visitor {
            address: address.to_owned(),
            browser: String::new(),
        })
    }

    #[test]
    fn addresses_of_one_network_of_ipv6_share_a_bucket_and_those_of_ipv4_do_not() {
        assert_eq!(client("2001:db8:1:2::1"), client("2001:db8:1:2:ffff::9"));
        assert_ne!(client("2001:db8:1:2::1"), client("2001:db8:1:3::1"));
        assert_ne!(client("192.0.2.1"), client("192.0.2.2"));
        assert_eq!(
            client("2001:db8:1:2::1").whole,
            client("2001:db8:1:3::1").whole
        );
        assert_ne!(
            client("2001:db8:1:2::1").whole,
            client("2001:db8:2:2::1").whole
        );
        assert_eq!(client("192.0.2.1").whole, None);
    }

    #[test]
    fn every_limit_has_buckets_of_its_own() {
        let limits = [
            Limit::PasswordsOfClient,
            Limit::PasswordsOfStrangers,
            Limit::PasswordsOfBrowser,
            Limit::SignUps,
            Limit::SignUpPasswords,
            Limit::Acts,
            Limit::ActsOfSession,
            Limit::ActsOfKnown,
            Limit::ActsOfProven,
            Limit::SignIns,
            Limit::SignInsOfUser,
            Limit::SignInsOfKnown,
            Limit::SignInsOfProven,
            Limit::SignInsByProof,
            Limit::NewPasswords,
            Limit::PasswordResets,
            Limit::Invitations,
            Limit::AskedOfNetwork,
            Limit::SignInLinks,
            Limit::AskedFirst,
            Limit::AskedOfAddress,
            Limit::MailboxOfStrangers,
            Limit::MailboxOfUnproven,
            Limit::OwnAddressLinks,
            Limit::MailboxOfInvitations,
            Limit::MailboxOfInviter,
            Limit::InvitationsOfUser,
            Limit::AccountsOfUser,
            Limit::GuessingMails,
            Limit::EmailChanges,
            Limit::WrongFactorMails,
            Limit::ClosingMails,
            Limit::NewBrowserMails,
            Limit::RoleChanges,
            Limit::TransferOffers,
            Limit::AccountDeletions,
            Limit::InvitationsWaiting,
            Limit::FirstResetOffer,
            Limit::ResetOffersOfAccount,
            Limit::ResetOffers,
            Limit::ResetOfferPasswords,
            Limit::MailboxCodesOfSession,
            Limit::MailboxCodesOfUser,
            Limit::MailboxCodesOfStrangers,
            Limit::SmsToNumber,
            Limit::SmsToUser,
            Limit::SmsToKnown,
            Limit::SmsToSignedIn,
            Limit::SmsOfClient,
            Limit::SmsOfClientKnown,
        ];
        let buckets: std::collections::BTreeSet<_> =
            limits.iter().map(|limit| limit.of("x").hash).collect();
        assert_eq!(buckets.len(), limits.len());
    }
}
