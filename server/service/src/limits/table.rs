//! The table of limits: the name of each, how many tries it allows and in which window.

use app::types::limited::Limited;

use crate::refusal::Refusal;
use domain::attempts::{Begins, Budget};
use domain::offers::{RESETS_OF_ACCOUNT, RESETS_OF_ALL};
use settings::Limits;

const TEN_MINUTES: i64 = 10 * 60;
const QUARTER: i64 = 15 * 60;
const HOUR: i64 = 60 * 60;
const SIX_HOURS: i64 = 6 * HOUR;
const DAY: i64 = 24 * HOUR;
/// Buckets of a day that may lie a week ahead, where letters wait for it, must last until it is over.
const WAITING: i64 = 9 * DAY;

/// Invitations of one user that may wait for room in a mailbox: few, so that nobody fills all of its next days.
const MOST_WAITING: u32 = 1;

/// Codes by SMS to known browsers and sessions at one client address, for one to all others there: an office shares one.
const SMS_SHARE: u32 = 8;

/// Acts in a quarter of an hour that each session has, all known browsers of a user together, and those that have proven
/// themselves: whoever has stolen another session, or copied the cookie of this one, cannot keep its user from ending it.
pub const OWN_ACTS: u32 = 30;

/// Sign-ins by the password alone in a quarter of an hour that are kept for browsers known for a day, and as many for those
/// that have proven themselves: whoever has stolen the password has neither at first, and never the latter.
pub const OWN_SIGN_INS: u32 = 30;

/// Letters a day about the own user to an address that nobody has proven: what strangers send to the mailbox takes nothing
/// from it.
pub const LETTERS_TO_UNPROVEN: u32 = 20;

/// Links in six hours by which a user proves the address in use: 20 a day, as many as strangers may send to a mailbox, since
/// it may be a stranger's. In six hours a person can wait.
pub const LINKS_TO_OWN_ADDRESS: u32 = 5;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Wrong passwords from a client address.
    PasswordsOfClient,
    /// Wrong passwords for an e-mail address, from browsers that are not known to its user.
    PasswordsOfStrangers,
    /// Wrong passwords from a browser that is known to the user.
    PasswordsOfBrowser,
    /// Refused passkeys at the sign-in, from a client address.
    RefusedKeys,
    /// Sign-ups from a client address.
    SignUps,
    /// Wrong passwords at the link of a sign-up.
    SignUpPasswords,
    /// Acts of a user that write.
    Acts,
    /// Those of one session, which it has whatever the user's other sessions do, while all of them together have some.
    ActsOfSession,
    /// Those in known browsers of a user, which they have whatever a copy of a session's cookie does.
    ActsOfKnown,
    /// Those in browsers that have proven the mailbox or a second factor of a user, which they have whatever is done by
    /// whoever has the password.
    ActsOfProven,
    /// Sign-ins of a user from one browser or client address.
    SignIns,
    /// Sign-ins of a user by the password alone, those of trusted browsers among them.
    SignInsOfUser,
    /// Those in browsers that have been known for a day.
    SignInsOfKnown,
    /// Those in browsers that have proven the mailbox or a second factor.
    SignInsOfProven,
    /// Sign-ins of a user that a code or a mailed link has finished.
    SignInsByProof,
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
    /// What a mailbox gets in a day about the own user who has its address and has never proven it.
    MailboxOfUnproven,
    /// Links by which a user proves the address in use.
    OwnAddressLinks,
    /// The invitations among what strangers send to a mailbox.
    MailboxOfInvitations,
    /// The invitations among it of one user.
    MailboxOfInviter,
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
    /// Mails to a user about a factor that wrong codes have closed.
    ClosingMails,
    /// Changes of the roles of a user in an account by one who acts, each of which is mailed to them.
    RoleChanges,
    /// Offers of an account to one of its users, each of which is mailed to them.
    TransferOffers,
    /// Deletions of an account, each of which is mailed to all its users.
    AccountDeletions,
    /// Invitations of one user that wait for room in a mailbox.
    InvitationsWaiting,
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
    /// Codes by SMS to a number that is being set up, by whomever.
    SmsToNumber,
    /// Codes by SMS to a user who sets a number up, or signs in from a browser that is not known to them.
    SmsToUser,
    /// Codes by SMS to a user who signs in from a known browser.
    SmsToKnown,
    /// Codes by SMS to a user who is signed in.
    SmsToSignedIn,
    /// Codes by SMS that a client address asks for, where it takes no known browser and no session.
    SmsOfClient,
    /// Those that it asks for with a known browser or a session, of all users.
    SmsOfClientKnown,
}

/// What a limit counts of an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// The mailbox: the address without its tag (docs/decisions/0052-mailboxes-as-they-are-counted.md).
    Mailbox,
    /// The address, which one user has.
    Address,
    /// No address at all.
    Nothing,
}

impl Limit {
    /// The word that keeps its buckets apart from those of other limits.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::PasswordsOfClient => "passwords of client",
            Self::PasswordsOfStrangers => "passwords of strangers",
            Self::PasswordsOfBrowser => "passwords of browser",
            Self::RefusedKeys => "refused keys",
            Self::SignUps => "sign-ups",
            Self::SignUpPasswords => "sign-up passwords",
            Self::Acts => "acts of user",
            Self::ActsOfSession => "acts of session",
            Self::ActsOfKnown => "acts of known browsers",
            Self::ActsOfProven => "acts of proven browsers",
            Self::SignIns => "sign-ins",
            Self::SignInsOfUser => "sign-ins of user",
            Self::SignInsOfKnown => "sign-ins of known browsers",
            Self::SignInsOfProven => "sign-ins of proven browsers",
            Self::SignInsByProof => "sign-ins by proof",
            Self::NewPasswords => "new passwords",
            Self::PasswordResets => "password resets",
            Self::Invitations => "invitations",
            Self::AskedOfNetwork => "mails asked of network",
            Self::SignInLinks => "sign-in links",
            Self::AskedFirst => "first mail asked of network",
            Self::AskedOfAddress => "mails asked of address",
            Self::MailboxOfStrangers => "mailbox",
            Self::MailboxOfUnproven => "mailbox of unproven user",
            Self::OwnAddressLinks => "own address links",
            Self::MailboxOfInvitations => "mailbox invitations",
            Self::MailboxOfInviter => "mailbox inviter",
            Self::InvitationsOfUser => "invitations of user",
            Self::AccountsOfUser => "accounts of user",
            Self::GuessingMails => "guessing mails",
            Self::EmailChanges => "email changes",
            Self::WrongFactorMails => "wrong factor mails",
            Self::ClosingMails => "closing mails",
            Self::RoleChanges => "role changes",
            Self::TransferOffers => "transfer offers",
            Self::AccountDeletions => "account deletions",
            Self::InvitationsWaiting => "invitations waiting",
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
            Self::SmsToKnown => "SMS to known browser",
            Self::SmsToSignedIn => "SMS to signed in",
            Self::SmsOfClient => "SMS of client",
            Self::SmsOfClientKnown => "SMS of client, known",
        }
    }

    /// What of an address it counts.
    pub(super) const fn counted(self) -> Counted {
        match self {
            // What is sent to a mailbox, for whoever causes it.
            Self::AskedOfNetwork
            | Self::SignInLinks
            | Self::AskedFirst
            | Self::AskedOfAddress
            | Self::MailboxOfStrangers
            | Self::MailboxOfUnproven
            | Self::OwnAddressLinks
            | Self::MailboxOfInvitations
            | Self::MailboxOfInviter
            | Self::InvitationsWaiting => Counted::Mailbox,
            // Tries at the password of a user, who has one address, and the letter about them: who guesses at one user takes
            // nothing from another, and silences no letter to them.
            Self::PasswordsOfStrangers | Self::GuessingMails => Counted::Address,
            Self::PasswordsOfClient
            | Self::PasswordsOfBrowser
            | Self::RefusedKeys
            | Self::SignUps
            | Self::SignUpPasswords
            | Self::Acts
            | Self::ActsOfSession
            | Self::ActsOfKnown
            | Self::ActsOfProven
            | Self::SignIns
            | Self::SignInsOfUser
            | Self::SignInsOfKnown
            | Self::SignInsOfProven
            | Self::SignInsByProof
            | Self::NewPasswords
            | Self::PasswordResets
            | Self::Invitations
            | Self::InvitationsOfUser
            | Self::AccountsOfUser
            | Self::EmailChanges
            | Self::WrongFactorMails
            | Self::ClosingMails
            | Self::RoleChanges
            | Self::TransferOffers
            | Self::AccountDeletions
            | Self::NewBrowserMails
            | Self::FirstResetOffer
            | Self::ResetOffersOfAccount
            | Self::ResetOffers
            | Self::ResetOfferPasswords
            | Self::MailboxCodesOfSession
            | Self::MailboxCodesOfUser
            | Self::MailboxCodesOfStrangers
            | Self::SmsToNumber
            | Self::SmsToUser
            | Self::SmsToKnown
            | Self::SmsToSignedIn
            | Self::SmsOfClient
            | Self::SmsOfClientKnown => Counted::Nothing,
        }
    }

    /// The refusal of what is beyond it, in so many seconds.
    pub const fn refusal(self, retry_after: u32) -> Refusal {
        let of = match self {
            Self::PasswordsOfClient
            | Self::PasswordsOfStrangers
            | Self::PasswordsOfBrowser
            | Self::RefusedKeys
            | Self::SignUpPasswords
            | Self::ResetOfferPasswords => Limited::WrongSecrets,
            Self::Acts | Self::ActsOfSession | Self::ActsOfKnown | Self::ActsOfProven => {
                Limited::Acts
            }
            Self::SignIns
            | Self::SignInsOfUser
            | Self::SignInsOfKnown
            | Self::SignInsOfProven
            | Self::SignInsByProof => Limited::SignIns,
            Self::SignUps | Self::PasswordResets | Self::Invitations => Limited::FromNetwork,
            Self::NewPasswords => Limited::NewPasswords,
            Self::AccountsOfUser => Limited::Accounts,
            Self::TransferOffers => Limited::TransferOffers,
            Self::AccountDeletions => Limited::AccountDeletions,
            Self::MailboxOfInvitations | Self::MailboxOfInviter | Self::InvitationsWaiting => {
                Limited::InvitationMails
            }
            Self::AskedOfNetwork
            | Self::SignInLinks
            | Self::AskedFirst
            | Self::AskedOfAddress
            | Self::MailboxOfStrangers
            | Self::MailboxOfUnproven
            | Self::OwnAddressLinks
            | Self::GuessingMails
            | Self::EmailChanges
            | Self::WrongFactorMails
            | Self::ClosingMails
            | Self::NewBrowserMails => Limited::Mails,
            Self::InvitationsOfUser => return Refusal::TooManyInvitations { retry_after },
            Self::RoleChanges => return Refusal::TooManyRoleChanges { retry_after },
            Self::FirstResetOffer | Self::ResetOffersOfAccount | Self::ResetOffers => {
                return Refusal::TooManyOffers { retry_after };
            }
            Self::MailboxCodesOfSession
            | Self::MailboxCodesOfUser
            | Self::MailboxCodesOfStrangers => return Refusal::TooManyMailedCodes { retry_after },
            Self::SmsToNumber
            | Self::SmsToUser
            | Self::SmsToKnown
            | Self::SmsToSignedIn
            | Self::SmsOfClient
            | Self::SmsOfClientKnown => return Refusal::TooManyCodes { retry_after },
        };
        Refusal::Paused { of, retry_after }
    }

    /// How many, in which span.
    pub(crate) const fn budget(self, limits: &Limits) -> Budget {
        let (limit, window) = match self {
            Self::PasswordsOfClient => (limits.wrong_passwords_per_client, QUARTER),
            Self::PasswordsOfStrangers => (limits.wrong_passwords_of_strangers, QUARTER),
            Self::PasswordsOfBrowser => (limits.wrong_passwords_per_browser, QUARTER),
            Self::RefusedKeys => (50, QUARTER),
            Self::SignUps => (limits.sign_ups_per_client, HOUR),
            Self::SignUpPasswords => (10, HOUR),
            Self::Acts => (limits.acts_per_user, QUARTER),
            Self::ActsOfSession | Self::ActsOfKnown | Self::ActsOfProven => (OWN_ACTS, QUARTER),
            Self::SignIns => (limits.sign_ins_per_browser, QUARTER),
            Self::SignInsOfUser | Self::SignInsByProof => (limits.sign_ins_per_user, QUARTER),
            Self::SignInsOfKnown | Self::SignInsOfProven => (OWN_SIGN_INS, QUARTER),
            Self::NewPasswords => (20, HOUR),
            Self::PasswordResets => (limits.password_resets_per_client, HOUR),
            Self::Invitations => (limits.invitations_per_client, HOUR),
            Self::AskedOfNetwork => (limits.mails_per_address, QUARTER),
            Self::SignInLinks => (limits.sign_in_links_per_user, QUARTER),
            Self::AskedFirst | Self::GuessingMails | Self::ClosingMails | Self::FirstResetOffer => {
                (1, DAY)
            }
            Self::AskedOfAddress => (limits.mails_per_address_an_hour, HOUR),
            Self::MailboxOfStrangers => (limits.mails_per_mailbox_a_day, WAITING),
            Self::MailboxOfUnproven => (LETTERS_TO_UNPROVEN, DAY),
            Self::OwnAddressLinks => (LINKS_TO_OWN_ADDRESS, SIX_HOURS),
            Self::MailboxOfInvitations => (limits.invitations_per_mailbox_a_day, WAITING),
            Self::MailboxOfInviter => (limits.invitations_per_mailbox_and_user, WAITING),
            Self::InvitationsOfUser => (limits.invitations_per_user, DAY),
            Self::AccountsOfUser => (limits.accounts_per_user, DAY),
            Self::EmailChanges => (limits.email_changes_per_user, HOUR),
            Self::WrongFactorMails => (1, HOUR),
            Self::NewBrowserMails
            | Self::RoleChanges
            | Self::ResetOfferPasswords
            | Self::TransferOffers => (10, DAY),
            Self::InvitationsWaiting => (MOST_WAITING, WAITING),
            Self::ResetOffersOfAccount => (RESETS_OF_ACCOUNT, DAY),
            Self::ResetOffers => (RESETS_OF_ALL, DAY),
            Self::MailboxCodesOfSession | Self::AccountDeletions => (3, DAY),
            Self::MailboxCodesOfUser => (20, DAY),
            // Five of the day are kept for browsers that a thief of the password does not have.
            Self::MailboxCodesOfStrangers => (15, DAY),
            Self::SmsToNumber
            | Self::SmsToUser
            | Self::SmsToKnown
            | Self::SmsToSignedIn
            | Self::SmsOfClient => (limits.sms_codes, TEN_MINUTES),
            // Few share an address by accident and many by intent: what they cost together stays bounded.
            Self::SmsOfClientKnown => (limits.sms_codes.saturating_mul(SMS_SHARE), TEN_MINUTES),
        };
        Budget {
            limit,
            window,
            begins: match self {
                // What costs money, and what people count: "three in ten minutes" is of any ten minutes.
                Self::SmsToNumber
                | Self::SmsToUser
                | Self::SmsToKnown
                | Self::SmsToSignedIn
                | Self::SmsOfClient
                | Self::SmsOfClientKnown => Begins::WithEach,
                _ => Begins::WithTheFirst,
            },
        }
    }
}
