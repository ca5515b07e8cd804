//! Upkeep: what has run out is removed in the background.

use app::types::timestamp::Timestamp;

use super::browsers::{KNOWN_LIFE, TRUST_LIFE};
use super::invitations::LINK_LIFE as INVITATION_LIFE;
use super::{Outcome, Services};
use crate::storage::WriteTransaction;
use crate::storage::email_changes::delete_expired_email_changes;
use crate::storage::enrolments::delete_expired_enrolments;
use crate::storage::future::{Latest, delete_rows_of_the_future, hasten_mails_of_the_future};
use crate::storage::invitations::delete_old_invitations;
use crate::storage::known_browsers::delete_known_browsers_before;
use crate::storage::leases::take_lease;
use crate::storage::password_resets::delete_expired_password_resets;
use crate::storage::sessions::delete_sessions_over;
use crate::storage::sign_ins::delete_expired_pending;
use crate::storage::sign_ups::delete_expired_sign_ups;
use crate::storage::sms_codes::delete_expired_sms_codes;
use crate::storage::tries::delete_some_old_tries;
use crate::storage::trusted_browsers::delete_expired_trusted_browsers;

/// What the lease is of, and for how many seconds: a little less than the minute between two turns.
const JOB: &str = "upkeep";
const LEASE: i64 = 55;
/// The longest that anything unfinished lasts, and how far a clock may be set back before it is a matter of upkeep.
const DAY: i64 = 24 * 60 * 60;
/// Seconds for which an invitation that ran out is still shown, so that it can be sent again.
const INVITATION_SHOWN: i64 = 30 * 24 * 60 * 60;

/// Removes what has run out, unless another server on the same database has done so within the minute.
pub async fn in_turn(services: &Services) -> Outcome<Option<u64>> {
    let transaction = services.database.begin_write().await?;
    let now = services.now();
    let is_ours = take_lease(&transaction, JOB, now, now + LEASE).await?;
    transaction.commit().await?;
    if !is_ours {
        return Ok(None);
    }
    remove_expired(services).await.map(Some)
}

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
    let limits = &services.settings.session;
    let (idle, absolute) = (limits.idle_seconds(), limits.absolute_seconds());
    removed += delete_sessions_over(&transaction, now - idle, now - absolute).await?;
    removed += remove_future(&transaction, now).await?;
    transaction.commit().await?;
    Ok(removed + remove_old_tries(services).await?)
}

/// What was made while a clock was ahead ends when it should have, give or take a day; smaller steps need nothing.
async fn remove_future(transaction: &WriteTransaction, now: Timestamp) -> Outcome<u64> {
    let day_after = |life: i64| now + life + DAY;
    let latest = Latest {
        made: day_after(0),
        unfinished: day_after(DAY),
        invitations: day_after(INVITATION_LIFE),
        trusted: day_after(TRUST_LIFE),
    };
    hasten_mails_of_the_future(transaction, latest.made, now).await?;
    Ok(delete_rows_of_the_future(transaction, &latest).await?)
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
