//! Limits: how often a thing may be tried, counted in the database, so that replicas share the count and a restart
//! forgets nothing. docs/decisions/0012-guessing.md

use std::net::{IpAddr, Ipv6Addr};

use app::error::ApiError;
use app::types::email::EmailAddress;
use app::types::ids::{AccountId, SessionId, UserId};
use app::types::timestamp::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{Outcome, Services, Visitor};
use crate::config::Limits;
use crate::crypto::seal::KeyRing;
use crate::domain::attempts::{Begins, Budget, BudgetVerdict};
use crate::domain::offers::{RESETS_OF_ACCOUNT, RESETS_OF_ALL};
use crate::domain::phone_number::PhoneNumber;
use crate::storage::tries::{forget_tries, give_tries_back, take_tries};
use crate::storage::users::User;
use crate::storage::{ConnectionTrait, Stored};

const TEN_MINUTES: i64 = 10 * 60;
const QUARTER: i64 = 15 * 60;
const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;
/// Buckets of a day that may lie a week ahead, where letters wait for it, must last until it is over.
const WAITING: i64 = 9 * DAY;
/// A network that one household or machine has to itself (RFC 6177): its addresses share a bucket.
const OWN_NETWORK: u128 = !0 << 64;
/// A network that one site may have (RFC 6177): with as many of the smaller ones as there are ports.
const SITE: u128 = !0 << 80;
/// Tries of a site, for one of a network within it: a house or an office shares one, an attacker does not get 65,536.
const SITE_SHARE: u32 = 8;

/// Acts in a quarter of an hour that each session has: whoever has stolen another one cannot keep its user from ending it.
pub const OWN_ACTS: u32 = 30;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Wrong passwords from a client address.
    PasswordsOfClient,
    /// Wrong passwords for an e-mail address, from browsers that are not known to its user.
    PasswordsOfStrangers,
    /// Wrong passwords from a browser that is known to the user.
    PasswordsOfBrowser,
    /// Sign-ups from a client address.
    SignUps,
    /// Wrong passwords at the link of a sign-up.
    SignUpPasswords,
    /// Acts of a user that write.
    Acts,
    /// Those of one session, which it has whatever the user's other sessions do.
    ActsOfSession,
    /// Sign-ins of a user from one browser or client address.
    SignIns,
    /// New passwords that are estimated, for a user or a mailed link.
    NewPasswords,
    /// Requests for a link that sets a password, from a client address.
    PasswordResets,
    /// Invitations opened or accepted from a client address.
    Invitations,
    /// Mails of one kind that a client network asks for, to an e-mail address.
    AskedOfNetwork,
    /// The same where who asks has the password: the link that finishes a sign-in.
    SignInLinks,
    /// The first of a day that a client network asks for, which is always sent.
    AskedFirst,
    /// Mails of one kind that all networks together ask for, to an e-mail address.
    AskedOfAddress,
    /// What strangers send to a mailbox.
    MailboxOfStrangers,
    /// The invitations among it.
    MailboxOfInvitations,
    /// The invitations among it of one user.
    MailboxOfInviter,
    /// What others of their accounts send to a mailbox.
    MailboxOfMembers,
    /// Invitations that a user sends from all their accounts.
    InvitationsOfUser,
    /// Accounts that a user creates.
    AccountsOfUser,
    /// Mails to an address whose password strangers guess at.
    GuessingMails,
    /// Changes of address that a user asks for.
    EmailChanges,
    /// Mails to a user about a wrong second factor after the right password.
    WrongFactorMails,
    /// Changes of the roles of a user in an account, each of which is mailed to them.
    RoleChanges,
    /// Mails to a user about a browser not seen before.
    NewBrowserMails,
    /// The first reset of the day that an account offers to a user.
    FirstResetOffer,
    /// Resets that an account offers to a user.
    ResetOffersOfAccount,
    /// Resets that all accounts of a user offer them.
    ResetOffers,
    /// Passwords at the link of an offered reset.
    ResetOfferPasswords,
    /// Codes mailed to a user for acts of a session.
    MailboxCodesOfSession,
    /// Codes mailed to a user.
    MailboxCodesOfUser,
    /// Codes mailed to a user, for browsers that have not been known for a day.
    MailboxCodesOfStrangers,
    /// Codes by SMS to a number.
    SmsToNumber,
    /// Codes by SMS to a user.
    SmsToUser,
    /// Codes by SMS that a client address asks for.
    SmsOfClient,
}

impl Limit {
    /// The word that keeps its buckets apart from those of other limits.
    const fn word(self) -> &'static str {
        match self {
            Self::PasswordsOfClient => "passwords of client",
            Self::PasswordsOfStrangers => "passwords of strangers",
            Self::PasswordsOfBrowser => "passwords of browser",
            Self::SignUps => "sign-ups",
            Self::SignUpPasswords => "sign-up passwords",
            Self::Acts => "acts of user",
            Self::ActsOfSession => "acts of session",
            Self::SignIns => "sign-ins",
            Self::NewPasswords => "new passwords",
            Self::PasswordResets => "password resets",
            Self::Invitations => "invitations",
            Self::AskedOfNetwork => "mails asked of network",
            Self::SignInLinks => "sign-in links",
            Self::AskedFirst => "first mail asked of network",
            Self::AskedOfAddress => "mails asked of address",
            Self::MailboxOfStrangers => "mailbox",
            Self::MailboxOfInvitations => "mailbox invitations",
            Self::MailboxOfInviter => "mailbox inviter",
            Self::MailboxOfMembers => "mailbox members",
            Self::InvitationsOfUser => "invitations of user",
            Self::AccountsOfUser => "accounts of user",
            Self::GuessingMails => "guessing mails",
            Self::EmailChanges => "email changes",
            Self::WrongFactorMails => "wrong factor mails",
            Self::RoleChanges => "role changes",
            Self::NewBrowserMails => "new browser mails",
            Self::FirstResetOffer => "first reset offer",
            Self::ResetOffersOfAccount => "reset offers of account",
            Self::ResetOffers => "reset offers",
            Self::ResetOfferPasswords => "reset offer passwords",
            Self::MailboxCodesOfSession => "mailbox codes of session",
            Self::MailboxCodesOfUser => "mailbox codes of user",
            Self::MailboxCodesOfStrangers => "mailbox codes of strangers",
            Self::SmsToNumber => "SMS to number",
            Self::SmsToUser => "SMS to user",
            Self::SmsOfClient => "SMS of client",
        }
    }

    /// How many, in which span.
    const fn budget(self, limits: &Limits) -> Budget {
        let (limit, window) = match self {
            Self::PasswordsOfClient => (limits.wrong_passwords_per_client, QUARTER),
            Self::PasswordsOfStrangers => (limits.wrong_passwords_of_strangers, QUARTER),
            Self::PasswordsOfBrowser => (limits.wrong_passwords_per_browser, QUARTER),
            Self::SignUps => (limits.sign_ups_per_client, HOUR),
            Self::SignUpPasswords => (10, HOUR),
            Self::Acts => (limits.acts_per_user, QUARTER),
            Self::ActsOfSession => (OWN_ACTS, QUARTER),
            Self::SignIns => (limits.sign_ins_per_browser, QUARTER),
            Self::NewPasswords => (20, HOUR),
            Self::PasswordResets => (limits.password_resets_per_client, HOUR),
            Self::Invitations => (limits.invitations_per_client, HOUR),
            Self::AskedOfNetwork => (limits.mails_per_address, QUARTER),
            Self::SignInLinks => (limits.sign_in_links_per_user, QUARTER),
            Self::AskedFirst | Self::GuessingMails | Self::FirstResetOffer => (1, DAY),
            Self::AskedOfAddress => (limits.mails_per_address_an_hour, HOUR),
            Self::MailboxOfStrangers | Self::MailboxOfMembers => {
                (limits.mails_per_mailbox_a_day, WAITING)
            }
            Self::MailboxOfInvitations => (limits.invitations_per_mailbox_a_day, WAITING),
            Self::MailboxOfInviter => (limits.invitations_per_mailbox_and_user, WAITING),
            Self::InvitationsOfUser => (limits.invitations_per_user, DAY),
            Self::AccountsOfUser => (limits.accounts_per_user, DAY),
            Self::EmailChanges => (limits.email_changes_per_user, HOUR),
            Self::WrongFactorMails => (1, HOUR),
            Self::NewBrowserMails | Self::RoleChanges | Self::ResetOfferPasswords => (10, DAY),
            Self::ResetOffersOfAccount => (RESETS_OF_ACCOUNT, DAY),
            Self::ResetOffers => (RESETS_OF_ALL, DAY),
            Self::MailboxCodesOfSession => (3, DAY),
            Self::MailboxCodesOfUser => (20, DAY),
            // Five of the day are kept for browsers that a thief of the password does not have.
            Self::MailboxCodesOfStrangers => (15, DAY),
            Self::SmsToNumber | Self::SmsToUser | Self::SmsOfClient => {
                (limits.sms_codes, TEN_MINUTES)
            }
        };
        Budget {
            limit,
            window,
            begins: match self {
                // What costs money, and what people count: "three in ten minutes" is of any ten minutes.
                Self::SmsToNumber | Self::SmsToUser | Self::SmsOfClient => Begins::WithEach,
                _ => Begins::WithTheFirst,
            },
        }
    }

    /// The bucket of a client address; with IPv6, that of its network within that of its site.
    pub fn of_client(self, visitor: &Visitor) -> Bucket {
        let site = site(&visitor.address).map(|site| self.hash_of(&format!("site {site}")));
        Bucket {
            site,
            ..self.of(&network(&visitor.address))
        }
    }

    /// The bucket of a client address with a user.
    pub fn of_client_with(self, user: UserId, visitor: &Visitor) -> Bucket {
        self.of(&format!("{user} {}", network(&visitor.address)))
    }

    /// The bucket of an e-mail address, in its one spelling.
    pub fn of_email(self, email: &EmailAddress) -> Bucket {
        self.of(email.as_str())
    }

    /// The bucket of the e-mail address of a user.
    pub fn of_address_of(self, user: &User) -> Bucket {
        self.of(&user.email)
    }

    /// The bucket of a user.
    pub fn of_user(self, user: UserId) -> Bucket {
        self.of(&user.to_string())
    }

    /// The bucket of a user in one account, so that another account's use of it takes nothing from this one.
    pub fn of_user_in(self, account: AccountId, user: UserId) -> Bucket {
        self.of(&format!("{account} {user}"))
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

    /// The bucket of a browser with a user.
    pub fn of_browser(self, user: UserId, token_hash: &[u8; 32]) -> Bucket {
        let browser = data_encoding::HEXLOWER.encode(token_hash);
        self.of(&format!("{user} {browser}"))
    }

    /// The bucket of a mailed link.
    pub fn of_link(self, token_hash: &[u8; 32]) -> Bucket {
        self.of(&data_encoding::HEXLOWER.encode(token_hash))
    }

    /// The bucket of a mailbox on a day, as a number of days since 1970.
    pub fn of_mailbox(self, email: &EmailAddress, day: i64) -> Bucket {
        self.of(&format!("{email} {day}"))
    }

    /// The bucket of a mailbox on a day, for what one user sends to it.
    pub fn of_mailbox_and_user(self, email: &EmailAddress, user: UserId, day: i64) -> Bucket {
        self.of(&format!("{email} {user} {day}"))
    }

    fn of(self, whom: &str) -> Bucket {
        Bucket {
            limit: self,
            hash: self.hash_of(whom),
            site: None,
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
    limit: Limit,
    hash: [u8; 32],
    /// Of the site that a network belongs to, which has a budget of its own.
    site: Option<[u8; 32]>,
}

impl Bucket {
    fn hashes(&self) -> impl Iterator<Item = &[u8]> {
        let site = self.site.as_ref().map(<[u8; 32]>::as_slice);
        std::iter::once(self.hash.as_slice()).chain(site)
    }

    /// Its own budget and that of its site.
    fn wanted(&self, limits: &Limits) -> impl Iterator<Item = (&[u8], Budget)> {
        let own = self.limit.budget(limits);
        let shared = Budget {
            limit: own.limit.saturating_mul(SITE_SHARE),
            ..own
        };
        self.hashes().zip([own, shared])
    }

    fn say_spent(&self, services: &Services, until: Timestamp) {
        let (word, now) = (self.limit.word(), services.now());
        services.metrics.count_spent_limit(word);
        services.refusals.note_spent(word, &self.hash, until, now);
    }

    /// Takes a try: something when none was left, which is when the next window begins.
    pub async fn take(
        &self,
        services: &Services,
        transaction: &impl ConnectionTrait,
    ) -> Stored<Option<Timestamp>> {
        let taken = take_each(services, transaction, &[*self]).await?;
        Ok(taken.into_iter().next().flatten())
    }

    /// Forgets all tries.
    pub async fn forget(&self, transaction: &impl ConnectionTrait) -> Stored<()> {
        forget_tries(transaction, &self.hash).await
    }
}

/// Takes a try off each of these, which differ: for each something when none was left, which is when its next window
/// begins.
pub async fn take_each(
    services: &Services,
    transaction: &impl ConnectionTrait,
    buckets: &[Bucket],
) -> Stored<Vec<Option<Timestamp>>> {
    let verdicts = take_unsaid(services, transaction, buckets).await?;
    for (bucket, spent) in buckets.iter().zip(&verdicts) {
        if let Some(until) = *spent {
            bucket.say_spent(services, until);
        }
    }
    Ok(verdicts)
}

/// Takes a try off both: something when neither had one left, which is when `other` begins anew. So `own` has what is its
/// own even while `other` is spent, and counts in it otherwise.
pub async fn take_either(
    services: &Services,
    transaction: &impl ConnectionTrait,
    own: Bucket,
    other: Bucket,
) -> Stored<Option<Timestamp>> {
    let verdicts = take_unsaid(services, transaction, &[own, other]).await?;
    let until = match verdicts.as_slice() {
        [Some(_), Some(until)] => Some(*until),
        _ => None,
    };
    if let Some(until) = until {
        other.say_spent(services, until);
    }
    Ok(until)
}

/// Takes a try off each, and says nothing of what is spent. Where a network belongs to a site, both have one left or none
/// is taken: what one network has spent must not go on spending what its site shares.
async fn take_unsaid(
    services: &Services,
    transaction: &impl ConnectionTrait,
    buckets: &[Bucket],
) -> Stored<Vec<Option<Timestamp>>> {
    let limits = &services.settings.limits;
    // All at once, since they are locked in one order.
    let wanted: Vec<_> = buckets.iter().flat_map(|one| one.wanted(limits)).collect();
    let taken = take_tries(transaction, &wanted, services.now()).await?;
    let mut taken = taken.into_iter().map(until);
    let (mut verdicts, mut too_many) = (Vec::with_capacity(buckets.len()), Vec::new());
    for bucket in buckets {
        let of_own = taken.next().flatten();
        let of_site = bucket.site.as_ref().and_then(|_| taken.next().flatten());
        match (&bucket.site, of_own, of_site) {
            (Some(site), Some(_), None) => too_many.push(site.as_slice()),
            (_, None, Some(_)) => too_many.push(bucket.hash.as_slice()),
            _ => {}
        }
        verdicts.push(of_own.or(of_site));
    }
    if !too_many.is_empty() {
        give_tries_back(transaction, &too_many).await?;
    }
    Ok(verdicts)
}

const fn until(verdict: BudgetVerdict) -> Option<Timestamp> {
    match verdict {
        BudgetVerdict::Within { .. } => None,
        BudgetVerdict::Spent { until } => Some(until),
    }
}

/// Takes a try off all of these, or off none: something when one of them had none left, which is when the last of those
/// begins anew.
pub async fn take_all(
    services: &Services,
    transaction: &impl ConnectionTrait,
    buckets: &[Bucket],
) -> Stored<Option<Timestamp>> {
    let verdicts = take_each(services, transaction, buckets).await?;
    let until = verdicts.iter().flatten().max().copied();
    if until.is_some() {
        let taken = buckets.iter().zip(&verdicts);
        let taken: Vec<_> = taken
            .filter(|(_, spent)| spent.is_none())
            .map(|(bucket, _)| *bucket)
            .collect();
        give_back(transaction, &taken).await?;
    }
    Ok(until)
}

/// A mail that a person asks for themselves, at a door that anybody can reach with their address. Each kind has budgets
/// of its own, so that none is used up by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The link that finishes a sign-up.
    SignUp,
    /// The link that sets a password.
    PasswordReset,
    /// The link that finishes a sign-in.
    SignInLink,
}

impl Asked {
    const fn word(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
            Self::PasswordReset => "password reset",
            Self::SignInLink => "sign-in link",
        }
    }

    const fn of_network(self) -> Limit {
        match self {
            Self::SignUp | Self::PasswordReset => Limit::AskedOfNetwork,
            Self::SignInLink => Limit::SignInLinks,
        }
    }
}

/// Takes one mail of a kind that a client asks for with an address, whether that has a user or not: something when none
/// is left, which is until when. A network that has not asked today always gets one, whatever others have asked for.
pub async fn take_asked(
    services: &Services,
    transaction: &impl ConnectionTrait,
    asked: Asked,
    email: &EmailAddress,
    visitor: &Visitor,
) -> Stored<Option<Timestamp>> {
    let (word, network) = (asked.word(), network(&visitor.address));
    let first = Limit::AskedFirst.of(&format!("{word} {network} {email}"));
    let buckets = [
        asked.of_network().of(&format!("{word} {network} {email}")),
        Limit::AskedOfAddress.of(&format!("{word} {email}")),
    ];
    if first.take(services, transaction).await?.is_none() {
        take_each(services, transaction, &buckets).await?;
        return Ok(None);
    }
    take_all(services, transaction, &buckets).await
}

/// Gives a try back to each of these, which turned out not to count.
pub async fn give_back(transaction: &impl ConnectionTrait, buckets: &[Bucket]) -> Stored<()> {
    let hashes: Vec<_> = buckets.iter().flat_map(Bucket::hashes).collect();
    give_tries_back(transaction, &hashes).await
}

/// Takes a try in a transaction of its own, before anything that costs.
///
/// # Errors
/// `Paused` when none is left.
pub async fn admit(services: &Services, bucket: &Bucket) -> Outcome<()> {
    let transaction = services.database.begin_write().await?;
    let spent = bucket.take(services, &transaction).await?;
    transaction.commit().await?;
    spent.map_or(Ok(()), |until| Err(paused(services, until).into()))
}

/// The refusal until a moment.
pub fn paused(services: &Services, until: Timestamp) -> ApiError {
    let seconds = until.since(services.now()).max(1);
    ApiError::Paused {
        retry_after: u32::try_from(seconds).unwrap_or(u32::MAX),
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
            client("2001:db8:1:2::1").site,
            client("2001:db8:1:3::1").site
        );
        assert_ne!(
            client("2001:db8:1:2::1").site,
            client("2001:db8:2:2::1").site
        );
        assert_eq!(client("192.0.2.1").site, None);
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
            Limit::SignIns,
            Limit::NewPasswords,
            Limit::PasswordResets,
            Limit::Invitations,
            Limit::AskedOfNetwork,
            Limit::SignInLinks,
            Limit::AskedFirst,
            Limit::AskedOfAddress,
            Limit::MailboxOfStrangers,
            Limit::MailboxOfInvitations,
            Limit::MailboxOfInviter,
            Limit::MailboxOfMembers,
            Limit::InvitationsOfUser,
            Limit::AccountsOfUser,
            Limit::GuessingMails,
            Limit::EmailChanges,
            Limit::WrongFactorMails,
            Limit::NewBrowserMails,
            Limit::RoleChanges,
            Limit::FirstResetOffer,
            Limit::ResetOffersOfAccount,
            Limit::ResetOffers,
            Limit::ResetOfferPasswords,
            Limit::MailboxCodesOfSession,
            Limit::MailboxCodesOfUser,
            Limit::MailboxCodesOfStrangers,
            Limit::SmsToNumber,
            Limit::SmsToUser,
            Limit::SmsOfClient,
        ];
        let buckets: std::collections::BTreeSet<_> =
            limits.iter().map(|limit| limit.of("x").hash).collect();
        assert_eq!(buckets.len(), limits.len());
    }
}
