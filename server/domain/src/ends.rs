//! What ends when: the one table of ephemeral rows, and of what each occasion does to them.
//!
//! Code that ends sessions, links, trust or any other ephemeral row calls [`ends_on`], so that a new kind of row is handled
//! on every occasion. An occasion of one user ends rows of that user only.

use app::types::session::SessionEnd;

use self::Ephemeral as E;
use self::Fate::{
    All, Anew, ByTrust, ByTrustOfNamed, Due, InAccount, Late, Named, Others, RunOut, Sent,
    SentOver, SentRankOver, WithSession,
};

/// A kind of ephemeral row: one for each table with an expiry or a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ephemeral {
    /// Sessions.
    Sessions,
    /// How sessions ended, for their browsers.
    EndedSessions,
    /// Sign-ins whose password was right and that wait for a code or a link.
    PendingSignIns,
    /// Set-ups of a second factor that are not finished.
    Enrolments,
    /// Codes sent by SMS.
    SmsCodes,
    /// Codes mailed for one act.
    MailboxCodes,
    /// Who was let in to set up a first factor.
    FirstFactorAllowances,
    /// The same rows, as what an owner has let users of their account do.
    FirstFactorAllowancesMade,
    /// Browsers that skip the second factor.
    TrustedBrowsers,
    /// Browsers that a user has signed in with.
    KnownBrowsers,
    /// Mailed links that set a password.
    PasswordResets,
    /// The same, made by a server of the version before.
    PasswordResetsBefore,
    /// New addresses that wait for their proof.
    EmailChanges,
    /// Addresses that users have lost to their mailboxes, and sign in by for a while.
    LostAddresses,
    /// Offers to a user to reset their second factor, by the link of a mail.
    ResetOffers,
    /// The same rows, as offers that a user has made.
    ResetOffersMade,
    /// Offers to a user to own an account.
    TransferOffers,
    /// The same rows, as offers that a user has made.
    TransferOffersMade,
    /// Addresses that refused the last letter.
    RefusedMailboxes,
    /// Sign-ups that wait for their link; no user's yet.
    SignUps,
    /// Invitations that nobody has accepted.
    Invitations,
    /// The link that makes the first user.
    SetupLink,
    /// Mails that wait to be sent.
    Mails,
    /// Mails that are due to many users of an account.
    Announcements,
    /// What users were mailed of a requirement today.
    Announced,
    /// Counts of tries.
    Tries,
    /// Which server does a job for all of them.
    Leases,
    /// Accounts that were deleted and can still be brought back.
    DeletedAccounts,
    /// Who belonged to them.
    DeletedMemberships,
    /// What users of an account are still to be told of its life.
    AccountNotices,
    /// Which sessions have come into which accounts. They open nothing, and last as long as a session can.
    AccountEntries,
    /// Challenges of keys that were answered.
    SpentChallenges,
}

impl Ephemeral {
    /// All of them.
    pub const ALL: [Self; 32] = [
        E::Sessions,
        E::EndedSessions,
        E::PendingSignIns,
        E::Enrolments,
        E::SmsCodes,
        E::MailboxCodes,
        E::FirstFactorAllowances,
        E::FirstFactorAllowancesMade,
        E::TrustedBrowsers,
        E::KnownBrowsers,
        E::PasswordResets,
        E::PasswordResetsBefore,
        E::EmailChanges,
        E::LostAddresses,
        E::ResetOffers,
        E::ResetOffersMade,
        E::TransferOffers,
        E::TransferOffersMade,
        E::RefusedMailboxes,
        E::SignUps,
        E::Invitations,
        E::SetupLink,
        E::Mails,
        E::Announcements,
        E::Announced,
        E::Tries,
        E::Leases,
        E::DeletedAccounts,
        E::DeletedMemberships,
        E::AccountNotices,
        E::AccountEntries,
        E::SpentChallenges,
    ];
}

/// Whether rows of a kind are good in the session alone in which they were asked for, or which has taken them. Each occasion that
/// ends sessions ends them, too.
pub const fn hangs_on_session(what: Ephemeral) -> bool {
    match what {
        E::Enrolments | E::SmsCodes | E::MailboxCodes | E::FirstFactorAllowances => true,
        E::Sessions
        | E::EndedSessions
        | E::PendingSignIns
        // The same rows, of whoever has let somebody in.
        | E::FirstFactorAllowancesMade
        | E::TrustedBrowsers
        | E::KnownBrowsers
        | E::PasswordResets
        | E::PasswordResetsBefore
        | E::EmailChanges
        | E::LostAddresses
        | E::ResetOffers
        | E::ResetOffersMade
        | E::TransferOffers
        | E::TransferOffersMade
        | E::RefusedMailboxes
        | E::SignUps
        | E::Invitations
        | E::SetupLink
        | E::Mails
        | E::Announcements
        | E::Announced
        | E::Tries
        | E::Leases
        | E::DeletedAccounts
        | E::DeletedMemberships
        | E::AccountNotices
        // Good for nothing: that a session has been somewhere stays true.
        | E::AccountEntries
        | E::SpentChallenges => false,
    }
}

/// What becomes of rows of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Every row is removed.
    All,
    /// Every row but that of the session or browser in which it happens.
    Others,
    /// The row that the occasion names.
    Named,
    /// The sessions that a trusted browser opened without the second factor their user has, but for the one that acts.
    ByTrust,
    /// The sessions that the trusted browser opened which the occasion names, but for the one that acts.
    ByTrustOfNamed,
    /// The rows that hang on one of the sessions which the occasion ends: nobody could use them.
    WithSession,
    /// The rows in the account that the occasion names.
    InAccount,
    /// Rows that end too late to have been made before now.
    Late,
    /// The link is over, the row stays to be seen and renewed.
    RunOut,
    /// What waits too long from now on is due now.
    Due,
    /// They have their whole time from now on.
    Anew,
    /// What the user has sent and may no longer offer is revoked; the log of the account says how many
    /// (`service::invitations::sender`).
    Sent,
    /// What the user has sent can no longer be accepted, whoever did it in their name; the rows stay to be seen and sent again.
    /// The user is mailed how many, and the log of each account says it (`service::invitations::sender`).
    SentOver,
    /// The same of what gives rank alone.
    SentRankOver,
}

/// Something that ends what does not last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// The first factor of a user is on, by themselves or by the operator's import.
    FactorOn,
    /// Another factor has taken the place of the one before.
    FactorReplaced,
    /// A passkey or security key beside what the user had.
    KeyAdded,
    /// One of several factors is gone.
    FactorRemoved,
    /// The user has turned two-factor authentication off.
    FactorOff,
    /// Somebody else has taken the factor away from a user who lost it.
    FactorReset,
    /// A recovery code was used: something was lost.
    RecoveryCodeUsed,
    /// A new set of recovery codes.
    RecoveryCodesReplaced,
    /// The user has changed their password.
    PasswordChanged,
    /// A mailed link has set a password.
    PasswordReset,
    /// The user has another address.
    AddressChanged,
    /// The mailbox of the user's address, which was never proven, has taken it from them.
    AddressWon,
    /// The operator has disabled the user.
    UserDisabled,
    /// The user was deleted.
    UserDeleted,
    /// A browser signs out, or signs in anew: what it was in before.
    SignedOut,
    /// The link of a sign-in was opened: no other sign-in waits any more.
    SignInLinkUsed,
    /// One session is ended from the list, or by too many wrong passwords in it.
    SessionEnded,
    /// All sessions but this one are ended from the list.
    OtherSessionsEnded,
    /// A trusted browser is removed from the list.
    TrustRemoved,
    /// A known browser is removed from the list.
    BrowserForgotten,
    /// An account of the user's forbids trusted browsers: it was joined, or its settings have changed.
    TrustForbidden,
    /// The user belongs to an account no longer: removed, or gone of their own accord. What they may there is asked at each
    /// call, so nothing ends but the invitations to it that they sent, and offers to and of them there.
    RemovedFromAccount,
    /// The user has other roles in an account, perhaps fewer.
    RolesChanged,
    /// The account was deleted: whatever was under way in it. Of everybody.
    AccountDeleted,
    /// A backup was restored: what was open when it was made may have been ended since. Of everybody.
    Restored,
    /// A clock was ahead and is right again: what was made meanwhile would last for as long as it was wrong. Of everybody.
    ClockSetBack,
}

impl Occasion {
    /// All of them.
    pub const ALL: [Self; 26] = [
        Self::FactorOn,
        Self::FactorReplaced,
        Self::KeyAdded,
        Self::FactorRemoved,
        Self::FactorOff,
        Self::FactorReset,
        Self::RecoveryCodeUsed,
        Self::RecoveryCodesReplaced,
        Self::PasswordChanged,
        Self::PasswordReset,
        Self::AddressChanged,
        Self::AddressWon,
        Self::UserDisabled,
        Self::UserDeleted,
        Self::SignedOut,
        Self::SignInLinkUsed,
        Self::SessionEnded,
        Self::OtherSessionsEnded,
        Self::TrustRemoved,
        Self::BrowserForgotten,
        Self::TrustForbidden,
        Self::RemovedFromAccount,
        Self::RolesChanged,
        Self::AccountDeleted,
        Self::Restored,
        Self::ClockSetBack,
    ];
}

/// What an occasion ends, and how. What is not listed goes on.
#[expect(
    clippy::too_many_lines,
    reason = "one table, which reads best in one piece"
)]
pub const fn ends_on(occasion: Occasion) -> &'static [(Ephemeral, Fate)] {
    match occasion {
        Occasion::FactorOn => &[
            (E::Sessions, Others),
            (E::PendingSignIns, All),
            (E::Enrolments, All),
            (E::SmsCodes, All),
            (E::MailboxCodes, All),
            (E::FirstFactorAllowances, All),
            (E::TrustedBrowsers, All),
            (E::KnownBrowsers, Others),
            (E::ResetOffers, All),
        ],
        // What was signed in without it was signed in rightly, so the user is asked whether it ends.
        Occasion::KeyAdded => &[
            (E::PendingSignIns, All),
            (E::Enrolments, All),
            (E::SmsCodes, All),
            (E::MailboxCodes, All),
            (E::FirstFactorAllowances, All),
            (E::TrustedBrowsers, All),
            (E::ResetOffers, All),
        ],
        Occasion::FactorReplaced | Occasion::FactorRemoved | Occasion::FactorOff => &[
            (E::Sessions, Others),
            (E::PendingSignIns, All),
            (E::Enrolments, All),
            (E::SmsCodes, All),
            (E::MailboxCodes, All),
            (E::FirstFactorAllowances, All),
            (E::TrustedBrowsers, All),
            (E::ResetOffers, All),
        ],
        Occasion::FactorReset => &[
            (E::Sessions, All),
            (E::PendingSignIns, All),
            (E::Enrolments, All),
            (E::SmsCodes, All),
            (E::MailboxCodes, All),
            (E::FirstFactorAllowances, All),
            (E::FirstFactorAllowancesMade, All),
            (E::TrustedBrowsers, All),
            (E::KnownBrowsers, All),
            (E::EmailChanges, All),
            (E::ResetOffers, All),
            (E::ResetOffersMade, All),
            (E::TransferOffers, All),
            (E::TransferOffersMade, All),
            (E::Invitations, SentOver),
        ],
        Occasion::RecoveryCodeUsed => &[(E::TrustedBrowsers, All)],
        // Who has new codes has not lost everything.
        Occasion::RecoveryCodesReplaced => &[(E::TrustedBrowsers, All), (E::ResetOffers, All)],
        Occasion::PasswordChanged => &[
            (E::Sessions, Others),
            (E::PendingSignIns, All),
            (E::Enrolments, WithSession),
            (E::SmsCodes, WithSession),
            (E::MailboxCodes, All),
            (E::FirstFactorAllowances, WithSession),
            (E::FirstFactorAllowancesMade, All),
            (E::TrustedBrowsers, All),
            (E::KnownBrowsers, Others),
            (E::PasswordResets, All),
            (E::PasswordResetsBefore, All),
            (E::EmailChanges, All),
            (E::ResetOffers, All),
            (E::ResetOffersMade, All),
            (E::TransferOffers, All),
            (E::TransferOffersMade, All),
            (E::Invitations, SentOver),
        ],
        Occasion::PasswordReset => &[
            (E::Sessions, All),
            (E::PendingSignIns, All),
            (E::Enrolments, All),
            (E::SmsCodes, All),
            (E::MailboxCodes, All),
            (E::FirstFactorAllowances, All),
            (E::FirstFactorAllowancesMade, All),
            (E::TrustedBrowsers, All),
            (E::KnownBrowsers, All),
            (E::PasswordResets, All),
            (E::PasswordResetsBefore, All),
            (E::EmailChanges, All),
            (E::ResetOffers, All),
            (E::ResetOffersMade, All),
            (E::TransferOffers, All),
            (E::TransferOffersMade, All),
            (E::Invitations, SentOver),
        ],
        Occasion::UserDisabled | Occasion::UserDeleted => &[
            (E::Sessions, All),
            (E::PendingSignIns, All),
            (E::Enrolments, All),
            (E::SmsCodes, All),
            (E::MailboxCodes, All),
            (E::FirstFactorAllowances, All),
            (E::FirstFactorAllowancesMade, All),
            (E::TrustedBrowsers, All),
            (E::KnownBrowsers, All),
            (E::PasswordResets, All),
            (E::PasswordResetsBefore, All),
            (E::EmailChanges, All),
            (E::ResetOffers, All),
            (E::ResetOffersMade, All),
            (E::TransferOffers, All),
            (E::TransferOffersMade, All),
            (E::Invitations, Sent),
        ],
        Occasion::AddressChanged => &[
            (E::Sessions, Others),
            (E::PendingSignIns, All),
            (E::Enrolments, WithSession),
            (E::SmsCodes, WithSession),
            (E::MailboxCodes, All),
            (E::FirstFactorAllowances, All),
            (E::KnownBrowsers, Others),
            (E::PasswordResets, All),
            (E::PasswordResetsBefore, All),
            (E::EmailChanges, All),
            (E::ResetOffers, All),
            (E::TransferOffersMade, All),
            (E::Invitations, SentRankOver),
        ],
        // What was mailed to the address, a link that proves it among it. Sessions go on, and another address that was asked
        // for is the way out.
        Occasion::AddressWon => &[
            (E::PendingSignIns, All),
            (E::MailboxCodes, All),
            (E::PasswordResets, All),
            (E::PasswordResetsBefore, All),
            (E::EmailChanges, Named),
            (E::ResetOffers, All),
        ],
        Occasion::SignedOut => &[
            (E::Sessions, Named),
            (E::PendingSignIns, Named),
            (E::Enrolments, WithSession),
            (E::SmsCodes, WithSession),
            (E::MailboxCodes, WithSession),
            (E::FirstFactorAllowances, WithSession),
        ],
        Occasion::SignInLinkUsed => &[(E::PendingSignIns, All)],
        // People tidy up their list as well: what takes no step-up to send goes on.
        Occasion::SessionEnded => &[
            (E::Sessions, Named),
            (E::Enrolments, WithSession),
            (E::SmsCodes, WithSession),
            (E::MailboxCodes, WithSession),
            (E::FirstFactorAllowances, WithSession),
            (E::TransferOffersMade, All),
            (E::Invitations, SentRankOver),
        ],
        // Who ends all at once suspects somebody.
        Occasion::OtherSessionsEnded => &[
            (E::Sessions, Others),
            (E::PendingSignIns, All),
            (E::Enrolments, WithSession),
            (E::SmsCodes, WithSession),
            (E::MailboxCodes, WithSession),
            (E::FirstFactorAllowances, WithSession),
            (E::FirstFactorAllowancesMade, All),
            (E::ResetOffersMade, All),
            (E::TransferOffersMade, All),
            (E::Invitations, SentOver),
        ],
        Occasion::TrustRemoved => &[
            (E::Sessions, ByTrustOfNamed),
            (E::Enrolments, WithSession),
            (E::SmsCodes, WithSession),
            (E::MailboxCodes, WithSession),
            (E::FirstFactorAllowances, WithSession),
            (E::TrustedBrowsers, Named),
            (E::TransferOffersMade, All),
            (E::Invitations, SentRankOver),
        ],
        Occasion::BrowserForgotten => &[(E::KnownBrowsers, Named)],
        Occasion::TrustForbidden => &[
            (E::Sessions, ByTrust),
            (E::Enrolments, WithSession),
            (E::SmsCodes, WithSession),
            (E::MailboxCodes, WithSession),
            (E::FirstFactorAllowances, WithSession),
            (E::TrustedBrowsers, All),
        ],
        Occasion::RemovedFromAccount => &[
            (E::FirstFactorAllowances, InAccount),
            (E::FirstFactorAllowancesMade, InAccount),
            (E::ResetOffers, InAccount),
            (E::ResetOffersMade, InAccount),
            (E::TransferOffers, InAccount),
            (E::TransferOffersMade, InAccount),
            (E::Invitations, Sent),
        ],
        // Where their rank changes: whether an offer still stands is asked when it is confirmed, but one that slept would wake
        // with the rank.
        Occasion::RolesChanged => &[
            (E::FirstFactorAllowancesMade, InAccount),
            (E::ResetOffers, InAccount),
            (E::ResetOffersMade, InAccount),
            (E::Invitations, Sent),
        ],
        // With the row of the account its memberships go, too, to a table of their own.
        Occasion::AccountDeleted => &[
            (E::FirstFactorAllowances, InAccount),
            (E::ResetOffers, InAccount),
            (E::TransferOffers, InAccount),
            (E::Invitations, InAccount),
            (E::Announcements, InAccount),
            (E::Announced, InAccount),
            (E::AccountNotices, InAccount),
        ],
        Occasion::Restored => &[
            (E::Sessions, All),
            (E::PendingSignIns, All),
            (E::Enrolments, All),
            (E::SmsCodes, All),
            (E::MailboxCodes, All),
            (E::FirstFactorAllowances, All),
            (E::FirstFactorAllowancesMade, All),
            (E::TrustedBrowsers, All),
            (E::KnownBrowsers, All),
            (E::PasswordResets, All),
            (E::PasswordResetsBefore, All),
            (E::EmailChanges, All),
            (E::ResetOffers, All),
            (E::ResetOffersMade, All),
            (E::TransferOffers, All),
            (E::TransferOffersMade, All),
            (E::SignUps, All),
            (E::Invitations, RunOut),
            (E::SetupLink, All),
            // They were sent since.
            (E::Mails, All),
            // Of servers that worked on the database when the backup was made; those that work on it now say so again.
            (E::Leases, All),
            // Else one whose days are over would be erased before anybody has looked at what was restored.
            (E::DeletedAccounts, Anew),
            (E::AccountEntries, All),
        ],
        Occasion::ClockSetBack => &[
            (E::Sessions, Late),
            (E::EndedSessions, Late),
            (E::PendingSignIns, Late),
            (E::Enrolments, Late),
            (E::SmsCodes, Late),
            (E::MailboxCodes, Late),
            (E::FirstFactorAllowances, Late),
            (E::TrustedBrowsers, Late),
            (E::PasswordResets, Late),
            (E::PasswordResetsBefore, Late),
            (E::EmailChanges, Late),
            (E::LostAddresses, Late),
            (E::ResetOffers, Late),
            (E::TransferOffers, Late),
            (E::SignUps, Late),
            (E::Invitations, Late),
            (E::Mails, Due),
            (E::Announced, Late),
            (E::DeletedAccounts, Anew),
            (E::AccountEntries, Late),
            (E::SpentChallenges, Late),
        ],
    }
}

/// What the browsers of the sessions are told that an occasion ends; nothing where it is their own act.
pub const fn said_of_sessions(occasion: Occasion) -> Option<SessionEnd> {
    match occasion {
        Occasion::FactorOn
        | Occasion::FactorReplaced
        | Occasion::FactorRemoved
        | Occasion::FactorOff => Some(SessionEnd::FactorChanged),
        Occasion::FactorReset => Some(SessionEnd::FactorReset),
        Occasion::PasswordChanged | Occasion::PasswordReset => Some(SessionEnd::PasswordChanged),
        Occasion::AddressChanged => Some(SessionEnd::AddressChanged),
        Occasion::UserDisabled | Occasion::UserDeleted => Some(SessionEnd::UserGone),
        Occasion::SessionEnded | Occasion::OtherSessionsEnded => Some(SessionEnd::EndedElsewhere),
        Occasion::TrustRemoved | Occasion::TrustForbidden => Some(SessionEnd::TrustEnded),
        Occasion::Restored => Some(SessionEnd::Restored),
        Occasion::SignedOut
        // They end no session, or rows of a clock that was wrong.
        | Occasion::KeyAdded
        | Occasion::RecoveryCodeUsed
        | Occasion::RecoveryCodesReplaced
        | Occasion::AddressWon
        | Occasion::SignInLinkUsed
        | Occasion::BrowserForgotten
        | Occasion::RemovedFromAccount
        | Occasion::RolesChanged
        | Occasion::AccountDeleted
        | Occasion::ClockSetBack => None,
    }
}

/// Whether the browser in which a user does this gets another token: a copy of the one before is a stranger from then on,
/// as all other browsers are. The proof of a mailbox, which comes with another address, gives one itself.
pub const fn renews_own_browser(occasion: Occasion) -> bool {
    match occasion {
        Occasion::FactorOn
        | Occasion::FactorReplaced
        | Occasion::KeyAdded
        | Occasion::FactorRemoved
        | Occasion::FactorOff
        | Occasion::RecoveryCodesReplaced
        | Occasion::PasswordChanged => true,
        Occasion::AddressChanged
        | Occasion::AddressWon
        | Occasion::FactorReset
        | Occasion::RecoveryCodeUsed
        | Occasion::PasswordReset
        | Occasion::UserDisabled
        | Occasion::UserDeleted
        | Occasion::SignedOut
        | Occasion::SignInLinkUsed
        | Occasion::SessionEnded
        | Occasion::OtherSessionsEnded
        | Occasion::TrustRemoved
        | Occasion::BrowserForgotten
        | Occasion::TrustForbidden
        | Occasion::RemovedFromAccount
        | Occasion::RolesChanged
        | Occasion::AccountDeleted
        | Occasion::Restored
        | Occasion::ClockSetBack => false,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// The table as it is read: one line for each occasion.
    #[test]
    fn the_table_of_what_ends_when() {
        let mut table = String::new();
        for occasion in Occasion::ALL {
            let _ = write!(table, "{occasion:?}:");
            for (what, fate) in ends_on(occasion) {
                let _ = write!(table, " {what:?}={fate:?}");
            }
            table.push('\n');
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn whoever_else_ends_a_session_has_its_browser_told_why() {
        for occasion in Occasion::ALL {
            let ends_sessions = ends_on(occasion)
                .iter()
                .any(|(what, _)| *what == E::Sessions);
            let own_or_late = [Occasion::SignedOut, Occasion::ClockSetBack].contains(&occasion);
            assert_eq!(
                said_of_sessions(occasion).is_some(),
                ends_sessions && !own_or_late,
                "{occasion:?}"
            );
        }
    }

    #[test]
    fn a_browser_that_is_kept_where_others_are_forgotten_gets_another_token() {
        for occasion in Occasion::ALL {
            let keeps_own = ends_on(occasion).contains(&(E::KnownBrowsers, Others));
            // The proof of the mailbox gives it there.
            let by_proof = occasion == Occasion::AddressChanged;
            assert!(
                !keeps_own || by_proof || renews_own_browser(occasion),
                "{occasion:?}"
            );
        }
    }

    #[test]
    fn what_hangs_on_a_session_ends_with_it() {
        let mut occasions = 0;
        for occasion in Occasion::ALL {
            let fate_of = |kind| {
                let ended = ends_on(occasion).iter();
                ended
                    .filter(|(what, _)| *what == kind)
                    .map(|(_, fate)| *fate)
                    .next()
            };
            let of_sessions = fate_of(E::Sessions);
            occasions += u32::from(of_sessions.is_some());
            for what in Ephemeral::ALL {
                let fate = fate_of(what);
                if hangs_on_session(what) && of_sessions.is_some() {
                    let ends_all = fate == Some(All) || fate == of_sessions;
                    assert!(
                        ends_all || fate == Some(WithSession),
                        "{occasion:?} leaves {what:?} of the sessions that it ends"
                    );
                }
                if fate == Some(WithSession) {
                    assert!(of_sessions.is_some(), "{occasion:?} ends no session");
                    assert!(hangs_on_session(what), "{what:?} hangs on no session");
                }
            }
        }
        assert_eq!(occasions, 17, "they are walked");
    }

    /// Two occasions at once wait for each other's rows where they come to them in different orders, and PostgreSQL then
    /// breaks one off.
    #[test]
    fn an_occasion_names_a_kind_once_and_in_the_order_of_all() {
        let at = |what: Ephemeral| Ephemeral::ALL.iter().position(|one| *one == what);
        for occasion in Occasion::ALL {
            let order: Vec<_> = ends_on(occasion)
                .iter()
                .map(|(what, _)| at(*what))
                .collect();
            assert!(order.is_sorted_by(|one, next| one < next), "{occasion:?}");
        }
    }

    /// Whoever acted in the name of a user until now has offered nothing that goes on: a reset that they offered and an
    /// invitation that they sent are the same kind of door.
    #[test]
    fn what_ends_the_offers_of_a_user_ends_the_invitations_that_they_sent() {
        let is_made = |what: Ephemeral| {
            [
                E::FirstFactorAllowancesMade,
                E::ResetOffersMade,
                E::TransferOffersMade,
            ]
            .contains(&what)
        };
        for occasion in Occasion::ALL {
            let ends = ends_on(occasion);
            let invitations = ends.iter().find(|(what, _)| *what == E::Invitations);
            assert!(
                !ends.iter().any(|(what, _)| is_made(*what))
                    || matches!(
                        invitations,
                        Some((_, Sent | SentOver | SentRankOver | RunOut))
                    ),
                "{occasion:?}"
            );
        }
    }

    /// An account that was offered is more than any rank in it; a reset that was offered, and whom somebody has let in, are
    /// what an invitation without rank is.
    #[test]
    fn what_ends_the_invitations_that_a_user_sent_ends_the_offers_that_they_made() {
        for occasion in Occasion::ALL {
            let ends = ends_on(occasion);
            let of = |what| {
                ends.iter()
                    .find(|(it, _)| *it == what)
                    .map(|(_, fate)| *fate)
            };
            let due: &[Ephemeral] = match of(E::Invitations) {
                Some(SentOver | RunOut) => &[
                    E::TransferOffersMade,
                    E::ResetOffersMade,
                    E::FirstFactorAllowancesMade,
                ],
                Some(SentRankOver) => &[E::TransferOffersMade],
                _ => &[],
            };
            for what in due {
                assert_eq!(of(*what), Some(All), "{occasion:?} {what:?}");
            }
        }
    }

    /// What a user does because somebody else is in takes away at least what that one could give rank by.
    #[test]
    fn who_shuts_somebody_out_of_their_own_ends_the_rank_that_was_offered_in_their_name() {
        for occasion in Occasion::ALL {
            let ends = ends_on(occasion);
            let shuts_out = ends.iter().any(|(what, fate)| {
                *what == E::Sessions && [All, Others, Named, ByTrustOfNamed].contains(fate)
            });
            let goes_on = [
                // Set-up, of which a new owner who has invited others before is the usual case; it takes the password.
                Occasion::FactorOn,
                Occasion::FactorReplaced,
                Occasion::FactorRemoved,
                Occasion::FactorOff,
                // Their own session, and nobody is shut out.
                Occasion::SignedOut,
            ];
            if !shuts_out || goes_on.contains(&occasion) {
                continue;
            }
            let ends_rank = ends.iter().any(|(what, fate)| {
                *what == E::Invitations && [Sent, SentOver, SentRankOver, RunOut].contains(fate)
            });
            assert!(ends_rank, "{occasion:?}");
        }
    }

    /// What takes rights away ends at least what the weaker occasion of its kind ends.
    #[test]
    fn the_stronger_occasion_ends_what_the_weaker_ends() {
        for (weaker, stronger) in [
            (Occasion::FactorReplaced, Occasion::FactorOn),
            (Occasion::FactorOff, Occasion::FactorReset),
            (Occasion::PasswordChanged, Occasion::PasswordReset),
            (Occasion::PasswordReset, Occasion::UserDisabled),
            (Occasion::UserDisabled, Occasion::UserDeleted),
            (Occasion::UserDisabled, Occasion::Restored),
            (Occasion::RemovedFromAccount, Occasion::UserDisabled),
        ] {
            for (what, _) in ends_on(weaker) {
                assert!(
                    ends_on(stronger).iter().any(|(other, _)| other == what),
                    "{stronger:?} leaves {what:?}, which {weaker:?} ends"
                );
            }
        }
    }
}
