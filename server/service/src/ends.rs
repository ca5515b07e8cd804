//! Ends what an occasion ends, by the table in `domain::ends`, in the transaction of the act.

use app::types::ids::AccountId;
use app::types::timestamp::Timestamp;

use super::Outcome;
use super::browsers::renew_own;
use super::change::Change;
use super::invitations::sender::end_sent;
use super::sessions::SignedIn;
use domain::account_deletion::erased_at;
use domain::ends::{Ephemeral, Fate, Occasion, ends_on, renews_own_browser, said_of_sessions};
use storage::deleted_accounts::{erase_no_later, erase_no_sooner};
use storage::ended_sessions::EndNote;
use storage::ephemeral::{
    ByTrust, Kept, Of, OneRow, delete_all, delete_in_account, delete_late, delete_one,
    delete_others, delete_sessions_by_trust, set_to_now,
};
use storage::session_rows::delete_with_sessions;
use storage::{ConnectionTrait, Stored};

/// What an occasion names.
#[derive(Clone, Copy, Default)]
pub struct Concerned<'a> {
    /// A session that ends.
    pub session: Option<OneRow<'a>>,
    /// A pending sign-in that ends.
    pub pending: Option<OneRow<'a>>,
    /// A trusted or known browser that ends.
    pub browser: Option<OneRow<'a>>,
    /// A change of address that ends.
    pub email_change: Option<OneRow<'a>>,
    /// The account in which it happens.
    pub account: Option<AccountId>,
}

impl<'a> Concerned<'a> {
    /// What happens in one account.
    pub fn in_account(account: AccountId) -> Self {
        Self {
            account: Some(account),
            ..Self::default()
        }
    }

    fn named(&self, what: Ephemeral) -> Option<OneRow<'a>> {
        match what {
            Ephemeral::Sessions => self.session,
            Ephemeral::PendingSignIns => self.pending,
            Ephemeral::TrustedBrowsers | Ephemeral::KnownBrowsers => self.browser,
            Ephemeral::EmailChanges => self.email_change,
            Ephemeral::EndedSessions
            | Ephemeral::Enrolments
            | Ephemeral::SmsCodes
            | Ephemeral::MailboxCodes
            | Ephemeral::FirstFactorAllowances
            | Ephemeral::FirstFactorAllowancesMade
            | Ephemeral::PasswordResets
            | Ephemeral::PasswordResetsBefore
            | Ephemeral::LostAddresses
            | Ephemeral::ResetOffers
            | Ephemeral::ResetOffersMade
            | Ephemeral::TransferOffers
            | Ephemeral::TransferOffersMade
            | Ephemeral::RefusedMailboxes
            | Ephemeral::SignUps
            | Ephemeral::Invitations
            | Ephemeral::SetupLink
            | Ephemeral::Mails
            | Ephemeral::Announcements
            | Ephemeral::Announced
            | Ephemeral::Tries
            | Ephemeral::Leases
            | Ephemeral::DeletedAccounts
            | Ephemeral::DeletedMemberships
            | Ephemeral::AccountNotices
            | Ephemeral::AccountEntries
            | Ephemeral::SpentChallenges => None,
        }
    }
}

/// What an act of a session has ended.
pub struct EndedByOwn {
    /// Whether a row that the occasion names was there.
    pub was_there: bool,
    /// The hash by which the browser that acts is known from now on, where it has got another token.
    pub known: Option<[u8; 32]>,
}

impl Change<'_> {
    /// Ends what an occasion ends of somebody who does not act themselves. The caller has locked the user.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn end(&self, occasion: Occasion, of: impl Into<Of>) -> Outcome<()> {
        self.end_named(occasion, of, Concerned::default()).await?;
        Ok(())
    }

    /// The same where the occasion names rows or an account: true when a row that it names was there.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn end_named(
        &self,
        occasion: Occasion,
        of: impl Into<Of>,
        named: Concerned<'_>,
    ) -> Outcome<bool> {
        let (here, of) = ((self.db(), self.services.now()), of.into());
        let was_there = end_but(Kept::default(), here, occasion, of, named).await?;
        end_sent(self, occasion, of).await?;
        Ok(was_there)
    }

    /// Ends what an occasion ends when somebody who is signed in acts: the session and the browser that they act in are
    /// kept, and the browser gets another token where [`renews_own_browser`] says so. The caller has locked the user.
    ///
    /// # Errors
    /// Faults of the database, and a browser that was renewed in this request already.
    pub async fn end_by(
        &self,
        caller: &SignedIn,
        occasion: Occasion,
        of: impl Into<Of>,
    ) -> Outcome<EndedByOwn> {
        let nothing = Concerned::default();
        self.end_named_by(caller, occasion, of, nothing).await
    }

    /// The same where the occasion names a row.
    ///
    /// # Errors
    /// As [`Self::end_by`].
    pub async fn end_named_by(
        &self,
        caller: &SignedIn,
        occasion: Occasion,
        of: impl Into<Of>,
        named: Concerned<'_>,
    ) -> Outcome<EndedByOwn> {
        let (kept, of) = (caller.kept(), of.into());
        let here = (self.db(), self.services.now());
        let was_there = end_but(kept, here, occasion, of, named).await?;
        end_sent(self, occasion, of).await?;
        let known = if renews_own_browser(occasion) {
            renew_own(self, caller).await?
        } else {
            None
        };
        Ok(EndedByOwn { was_there, known })
    }
}

async fn end_but(
    kept: Kept<'_>,
    (db, now): (&impl ConnectionTrait, Timestamp),
    occasion: Occasion,
    of: Of,
    concerned: Concerned<'_>,
) -> Stored<bool> {
    let mut was_there = false;
    // The table names sessions before what hangs on them.
    let mut gone = Vec::new();
    let of_sessions = said_of_sessions(occasion).map(|said| EndNote { said, now });
    for &(what, fate) in ends_on(occasion) {
        let note = of_sessions.filter(|_| what == Ephemeral::Sessions);
        match fate {
            Fate::All => gone.extend(delete_all(db, what, of, note).await?.sessions),
            Fate::Others => {
                gone.extend(delete_others(db, what, of, kept, note).await?.sessions);
            }
            Fate::Named => {
                if let Some(row) = concerned.named(what) {
                    let removed = delete_one(db, what, of, row, note).await?;
                    was_there |= removed.rows == 1;
                    gone.extend(removed.sessions);
                }
            }
            Fate::ByTrust => {
                let any = ByTrust::Any;
                let removed = delete_sessions_by_trust(db, of, any, kept.session, note).await?;
                gone.extend(removed.sessions);
            }
            Fate::ByTrustOfNamed => {
                if let Some(OneRow::TrustedBrowser(id)) = concerned.browser {
                    let that = ByTrust::Of(id);
                    let removed =
                        delete_sessions_by_trust(db, of, that, kept.session, note).await?;
                    gone.extend(removed.sessions);
                }
            }
            Fate::WithSession => delete_with_sessions(db, what, &gone).await?,
            Fate::InAccount => {
                if let Some(account) = concerned.account {
                    delete_in_account(db, what, of, account).await?;
                }
            }
            // Of everybody alone; what was sent is revoked by `revoke_sent` and `end_sent`, which say how many.
            Fate::Late
            | Fate::RunOut
            | Fate::Due
            | Fate::Anew
            | Fate::Sent
            | Fate::SentOver
            | Fate::SentRankOver => {}
        }
    }
    Ok(was_there)
}

/// Ends what was open in a database that was restored from a backup.
///
/// # Errors
/// Faults of the database.
pub async fn end_restored(db: &impl ConnectionTrait, now: Timestamp) -> Stored<()> {
    let nothing = Concerned::default();
    end_but(
        Kept::default(),
        (db, now),
        Occasion::Restored,
        Of::Everybody,
        nothing,
    )
    .await?;
    for &(what, fate) in ends_on(Occasion::Restored) {
        match (fate, what) {
            (Fate::RunOut, _) => set_to_now(db, what, now, now).await?,
            (Fate::Anew, Ephemeral::DeletedAccounts) => {
                erase_no_sooner(db, erased_at(now)).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Ends what was made while a clock was ahead: how many rows. `latest` is the last moment that rows of a kind can name.
///
/// # Errors
/// Faults of the database.
pub async fn end_late(
    db: &impl ConnectionTrait,
    latest: impl Fn(Ephemeral) -> Timestamp,
    now: Timestamp,
) -> Stored<u64> {
    let mut removed = 0;
    for &(what, fate) in ends_on(Occasion::ClockSetBack) {
        match fate {
            Fate::Late => removed += delete_late(db, what, latest(what)).await?.rows,
            Fate::Anew if what == Ephemeral::DeletedAccounts => {
                erase_no_later(db, erased_at(now), latest(what)).await?;
            }
            Fate::Due => set_to_now(db, what, latest(what), now).await?,
            // Of one user.
            Fate::All
            | Fate::Others
            | Fate::Named
            | Fate::ByTrust
            | Fate::ByTrustOfNamed
            | Fate::WithSession
            | Fate::InAccount
            | Fate::RunOut
            | Fate::Anew
            | Fate::Sent
            | Fate::SentOver
            | Fate::SentRankOver => {}
        }
    }
    Ok(removed)
}
