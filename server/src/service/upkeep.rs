//! Upkeep: what has run out is removed in the background.

use super::browsers::KNOWN_LIFE;
use super::{Outcome, Services};
use crate::storage::email_changes::delete_expired_email_changes;
use crate::storage::enrolments::delete_expired_enrolments;
use crate::storage::invitations::delete_old_invitations;
use crate::storage::known_browsers::delete_known_browsers_before;
use crate::storage::password_resets::delete_expired_password_resets;
use crate::storage::sessions::delete_idle_sessions;
use crate::storage::sign_ins::delete_expired_pending;
use crate::storage::sign_ups::delete_expired_sign_ups;
use crate::storage::sms_codes::delete_expired_sms_codes;
use crate::storage::tries::delete_some_old_tries;
use crate::storage::trusted_browsers::delete_expired_trusted_browsers;

/// Seconds for which an invitation that ran out is still shown, so that it can be sent again.
const INVITATION_SHOWN: i64 = 30 * 24 * 60 * 60;

/// Removes everything whose time has passed. Nothing relies on it: what has run out counts as gone
/// from its last second on.
pub async fn remove_expired(services: &Services) -> Outcome<u64> {
    let now = services.now();
    let transaction = services.database.begin_write().await?;
    let mut removed = delete_expired_enrolments(&transaction, now).await?;
    removed += delete_expired_sms_codes(&transaction, now).await?;
    removed += delete_expired_pending(&transaction, now).await?;
    removed += delete_expired_sign_ups(&transaction, now).await?;
    removed += delete_old_invitations(&transaction, now - INVITATION_SHOWN).await?;
    removed += delete_expired_password_resets(&transaction, now).await?;
    removed += delete_expired_email_changes(&transaction, now).await?;
    removed += delete_expired_trusted_browsers(&transaction, now).await?;
    removed += delete_known_browsers_before(&transaction, now - KNOWN_LIFE).await?;
    let idle = services.settings.session.idle_seconds();
    removed += delete_idle_sessions(&transaction, now - idle).await?;
    transaction.commit().await?;
    Ok(removed + remove_old_tries(services).await?)
}

/// Counts of tries can be many after an attack: each step is a transaction of its own, and others write in between.
async fn remove_old_tries(services: &Services) -> Outcome<u64> {
    let mut removed = 0;
    loop {
        let transaction = services.database.begin_write().await?;
        let (some, is_last) = delete_some_old_tries(&transaction, services.now()).await?;
        transaction.commit().await?;
        removed += some;
        if is_last {
            return Ok(removed);
        }
    }
}
