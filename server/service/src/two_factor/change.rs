//! What every change of a second factor comes with: what was opened without the factor of now ends.

use app::types::timestamp::Timestamp;

use crate::Outcome;
use crate::audit::Event;
use crate::change::Change;
use crate::sessions::{self, SignedIn};
use domain::ends::Occasion;
use storage::own_counts::note_factor_proven;
use storage::users::clear_factor_failures;

/// A change of factor: what it ends, and how it is told.
pub(crate) struct FactorChange {
    occasion: Occasion,
    /// As the log and the mail have it.
    pub event: Event,
}

impl FactorChange {
    pub(crate) const fn new(occasion: Occasion, event: Event) -> Self {
        Self { occasion, event }
    }
}

/// After a change of factor: what its occasion ends, ends; this session gets a new token, and the log a line.
pub(crate) async fn end_elsewhere(
    change: &Change<'_>,
    caller: &SignedIn,
    of_factor: &FactorChange,
    second_factor_at: Option<Timestamp>,
) -> Outcome<()> {
    let user = &caller.user;
    let ended = change.end_by(caller, of_factor.occasion, user.id).await?;
    sessions::rotate(change, caller, second_factor_at).await?;
    // The new factor was proven in this browser just now; how often the one before was guessed at is over.
    if let Some(at) = second_factor_at {
        clear_factor_failures(change.db(), user.id).await?;
        if let Some(browser) = &ended.known {
            note_factor_proven(change.db(), user.id, browser, at).await?;
        }
    }
    change.record_own(user, &of_factor.event).await
}
