//! Ends what an occasion ends, by the table in `domain::ends`, in the transaction of the act.

use app::types::ids::AccountId;
use app::types::timestamp::Timestamp;

use super::sessions::SignedIn;
use crate::domain::ends::{Ephemeral, Fate, Occasion, ends_on};
use crate::storage::ephemeral::{
    ByTrust, Kept, Of, OneRow, delete_all, delete_in_account, delete_late, delete_one,
    delete_others, delete_sessions_by_trust, set_to_now,
};
use crate::storage::{ConnectionTrait, Stored};

/// What an occasion keeps, and what it names.
#[derive(Clone, Copy, Default)]
pub struct Concerned<'a> {
    /// The session that acts, and the browser that it is in.
    pub kept: Kept<'a>,
    /// A session that ends.
    pub session: Option<OneRow<'a>>,
    /// A pending sign-in that ends.
    pub pending: Option<OneRow<'a>>,
    /// A trusted or known browser that ends.
    pub browser: Option<OneRow<'a>>,
    /// The account in which it happens.
    pub account: Option<AccountId>,
}

impl<'a> Concerned<'a> {
    /// The session of a caller and the browser that it is in are kept.
    pub fn by(caller: &'a SignedIn) -> Self {
        Self {
            kept: caller.kept(),
            ..Self::default()
        }
    }

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
            Ephemeral::Enrolments
            | Ephemeral::SmsCodes
            | Ephemeral::MailboxCodes
            | Ephemeral::FirstFactorAllowances
            | Ephemeral::FirstFactorAllowancesMade
            | Ephemeral::PasswordResets
            | Ephemeral::PasswordResetsBefore
            | Ephemeral::EmailChanges
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
            | Ephemeral::Leases => None,
        }
    }
}

/// Ends what an occasion ends of somebody: true when a row that it names was there. The caller has locked the user.
///
/// # Errors
/// Faults of the database.
pub async fn end(
    db: &impl ConnectionTrait,
    occasion: Occasion,
    of: Of,
    concerned: Concerned<'_>,
) -> Stored<bool> {
    let mut was_there = false;
    for &(what, fate) in ends_on(occasion) {
        match fate {
            Fate::All => {
                delete_all(db, what, of).await?;
            }
            Fate::Others => {
                delete_others(db, what, of, concerned.kept).await?;
            }
            Fate::Named => {
                if let Some(row) = concerned.named(what) {
                    was_there |= delete_one(db, what, of, row).await?;
                }
            }
            Fate::ByTrust => {
                let any = ByTrust::Any;
                delete_sessions_by_trust(db, of, any, concerned.kept.session).await?;
            }
            Fate::ByTrustOfNamed => {
                if let Some(OneRow::TrustedBrowser(id)) = concerned.browser {
                    let that = ByTrust::Of(id);
                    delete_sessions_by_trust(db, of, that, concerned.kept.session).await?;
                }
            }
            Fate::InAccount => {
                if let Some(account) = concerned.account {
                    delete_in_account(db, what, of, account).await?;
                }
            }
            // Of everybody alone; what was sent is revoked by `revoke_sent`, which knows the account and says how many.
            Fate::Late | Fate::RunOut | Fate::Due | Fate::Sent => {}
        }
    }
    Ok(was_there)
}

/// Ends what was open in a database that was restored from a backup.
///
/// # Errors
/// Faults of the database.
pub async fn end_restored(db: &impl ConnectionTrait, now: Timestamp) -> Stored<()> {
    end(db, Occasion::Restored, Of::Everybody, Concerned::default()).await?;
    for &(what, fate) in ends_on(Occasion::Restored) {
        if fate == Fate::RunOut {
            set_to_now(db, what, now, now).await?;
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
            Fate::Late => removed += delete_late(db, what, latest(what)).await?,
            Fate::Due => set_to_now(db, what, latest(what), now).await?,
            // Of one user.
            Fate::All
            | Fate::Others
            | Fate::Named
            | Fate::ByTrust
            | Fate::ByTrustOfNamed
            | Fate::InAccount
            | Fate::RunOut
            | Fate::Sent => {}
        }
    }
    Ok(removed)
}
