//! Upkeep: what has run out is removed in the background.

use super::{Outcome, Services};
use crate::storage::enrolments::delete_expired_enrolments;
use crate::storage::invitations::delete_old_invitations;
use crate::storage::sessions::delete_idle_sessions;
use crate::storage::sign_ins::delete_expired_pending;
use crate::storage::sign_ups::delete_expired_sign_ups;

/// Seconds for which an invitation that ran out is still shown, so that it can be sent again.
const INVITATION_SHOWN: i64 = 30 * 24 * 60 * 60;

/// Removes everything whose time has passed. Nothing relies on it: what has run out counts as gone
/// from its last second on.
pub async fn remove_expired(services: &Services) -> Outcome<u64> {
    let now = services.now();
    let transaction = services.database.begin_write().await?;
    let mut removed = delete_expired_enrolments(&transaction, now).await?;
    removed += delete_expired_pending(&transaction, now).await?;
    removed += delete_expired_sign_ups(&transaction, now).await?;
    removed += delete_old_invitations(&transaction, now - INVITATION_SHOWN).await?;
    let idle = services.settings.session.idle_seconds();
    removed += delete_idle_sessions(&transaction, now - idle).await?;
    transaction.commit().await?;
    Ok(removed)
}
