//! Upkeep: what has run out is removed in the background.

use app::types::timestamp::Timestamp;

use super::browsers::{KNOWN_LIFE, TRUST_LIFE};
use super::invitations::LINK_LIFE as INVITATION_LIFE;
use super::{Outcome, Services};
use crate::storage::WriteTransaction;
use crate::storage::expired::{Expiring, ROWS_IN_A_STEP, delete_some};
use crate::storage::future::{Latest, delete_rows_of_the_future, hasten_mails_of_the_future};
use crate::storage::leases::take_lease;

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
    let mut removed = 0;
    for what in Expiring::ALL {
        removed += remove_before(services, what).await?;
    }
    let transaction = services.database.begin_write().await?;
    removed += remove_future(&transaction, services.now()).await?;
    transaction.commit().await?;
    Ok(removed)
}

/// There can be many, after an attack or a long sleep: each step is a transaction of its own, and others write in between.
async fn remove_before(services: &Services, what: Expiring) -> Outcome<u64> {
    let before = first_moment_kept(services, what);
    let mut removed = 0;
    loop {
        let transaction = services.database.begin_write().await?;
        let some = delete_some(&transaction, what, before).await?;
        transaction.commit().await?;
        removed += some;
        if some < ROWS_IN_A_STEP {
            return Ok(removed);
        }
    }
}

fn first_moment_kept(services: &Services, what: Expiring) -> Timestamp {
    let now = services.now();
    let limits = &services.settings.session;
    match what {
        Expiring::Enrolments
        | Expiring::SmsCodes
        | Expiring::PendingSignIns
        | Expiring::SignUps
        | Expiring::PasswordResets
        | Expiring::EmailChanges
        | Expiring::TrustedBrowsers
        | Expiring::Tries => now + 1,
        Expiring::Invitations => now - INVITATION_SHOWN,
        Expiring::KnownBrowsers => now - KNOWN_LIFE,
        Expiring::IdleSessions => now - limits.idle_seconds(),
        Expiring::OldSessions => now - limits.absolute_seconds(),
    }
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
