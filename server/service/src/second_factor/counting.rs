//! Counts wrong second factors: over all browsers of a user together, and separately for each proven browser. Which count
//! throttles is a rule (`domain::proven_browser`).

use app::types::timestamp::Timestamp;

use super::{Checked, FactorProof};
use domain::attempts::{Failures, Throttle, closes, pause_of, standing};
use domain::factors::Factors;
use domain::proven_browser::{
    OwnCount, after_wrong, counted_apart, left_after_right, standing_of_browser,
};
use storage::own_counts::{count_own_failure, find_own_count, note_factor_proven};
use storage::sign_ins::{delete_pending_in, delete_pending_of_others};
use storage::users::{User, clear_factor_failures, set_factor_failures};
use storage::{ConnectionTrait, Stored, WriteTransaction};

/// Seconds between two recovery codes that may be tried at a closed factor.
const CLOSED_RECOVERY_PAUSE: i64 = 15 * 60;

/// An attempt in one browser, with the counts that apply to it.
pub(super) struct CountedAttempt<'a> {
    user: &'a User,
    /// Since when the factors are those that they are.
    since: Timestamp,
    /// The hash by which the browser would be known.
    browser: Option<&'a [u8; 32]>,
    /// Its own count, where it has proven itself since.
    own: Option<OwnCount>,
}

impl<'a> CountedAttempt<'a> {
    /// Of a user whose row the caller has locked, so that neither count changes meanwhile.
    pub(super) async fn load(
        db: &impl ConnectionTrait,
        user: &'a User,
        factors: &Factors,
        browser: Option<&'a [u8; 32]>,
    ) -> Stored<Self> {
        // Without a factor nothing was ever proven.
        let since = factors.last_added().unwrap_or(Timestamp(i64::MAX));
        let own = match browser {
            Some(hash) => find_own_count(db, user.id, hash, since).await?,
            None => None,
        };
        Ok(Self {
            user,
            since,
            browser,
            own,
        })
    }

    /// The refusal of what is not even looked at, if it is not. The browser that is counted apart may try a recovery code
    /// where it may try a code.
    pub(super) fn refused_unseen(&self, given: &FactorProof, now: Timestamp) -> Option<Checked> {
        let all = self.user.factor_failures;
        match (standing_of_browser(all, self.own, now), given) {
            (Throttle::Open, _) => None,
            (Throttle::Paused { until }, _) => Some(Checked::Paused { until }),
            (Throttle::Closed, FactorProof::RecoveryCode(_)) => {
                // A link that set the password has ended the pause.
                let until = pause_of(all.last_at?, CLOSED_RECOVERY_PAUSE, now)?;
                Some(Checked::Paused { until })
            }
            (Throttle::Closed, FactorProof::Code(_) | FactorProof::Guess) => Some(Checked::Closed),
        }
    }

    /// A code was right: the browser has proven itself, and its count starts again.
    pub(super) async fn right_code(
        &self,
        transaction: &WriteTransaction,
        now: Timestamp,
    ) -> Stored<()> {
        let (id, all) = (self.user.id, self.user.factor_failures);
        let left = left_after_right(all, self.own);
        if left == Failures::default() {
            self.forgive_all(transaction).await?;
        } else if left != all {
            set_factor_failures(transaction, id, left).await?;
        }
        self.note_proven(transaction, now).await
    }

    /// A recovery code was right: it opens what was closed, for all.
    pub(super) async fn right_recovery_code(
        &self,
        transaction: &WriteTransaction,
        now: Timestamp,
    ) -> Stored<()> {
        self.forgive_all(transaction).await?;
        self.note_proven(transaction, now).await
    }

    async fn forgive_all(&self, transaction: &WriteTransaction) -> Stored<()> {
        if self.user.factor_failures == Failures::default() {
            return Ok(());
        }
        clear_factor_failures(transaction, self.user.id).await
    }

    async fn note_proven(&self, transaction: &WriteTransaction, now: Timestamp) -> Stored<()> {
        match self.browser {
            Some(hash) => note_factor_proven(transaction, self.user.id, hash, now).await,
            None => Ok(()),
        }
    }

    /// Counts a wrong code, and says whether it closes the factor. Where it begins a pause, the sign-ins that wait for a
    /// code behind it end: after the pause the password is due again. Those in browsers that others do not pause go on.
    pub(super) async fn wrong_code(
        &self,
        transaction: &WriteTransaction,
        now: Timestamp,
    ) -> Stored<bool> {
        let id = self.user.id;
        let all = after_wrong(self.user.factor_failures, self.own, now);
        set_factor_failures(transaction, id, all).await?;
        let own = self.own.map(|own| own.and_one_more(now));
        if let (Some(hash), Some(own)) = (self.browser, own) {
            count_own_failure(transaction, id, hash, now).await?;
            if counted_apart(all, Some(own)).is_some_and(|own| own.pauses(now)) {
                delete_pending_in(transaction, id, hash).await?;
            }
        }
        if standing(all, now) != Throttle::Open {
            delete_pending_of_others(transaction, id, self.since).await?;
        }
        Ok(closes(self.user.factor_failures, all))
    }
}
