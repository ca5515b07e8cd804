//! Retention of the audit log: old lines are deleted in the background, in steps, so that other writers get a turn between.
//! docs/decisions/0035-retention.md

use std::future::pending;
use std::time::Duration;

use app::types::timestamp::Timestamp;
use uuid::Uuid;

use super::{Outcome, Services};
use crypto::clock::Stopwatch;
use domain::retention::{Keep, Steady, first_kept, is_believed, keep, look};
use storage::audit::find_newest_moment;
use storage::audit_retention::{
    delete_lines, find_steady, is_begun_bounded, old_lines, set_steady,
};

/// Steps of one turn: a minute's share, so that a log of years goes within hours and never at once.
const STEPS_IN_A_TURN: u32 = 40;
/// Seconds after which the moment at which the clock was looked at is written again.
const LOOK_EVERY: i64 = 60 * 60;

/// How long this database keeps lines.
///
/// # Errors
/// Faults of the database.
pub async fn kept(services: &Services) -> Outcome<Keep> {
    let is_bounded = is_begun_bounded(services.database.read()).await?;
    Ok(keep(services.settings.audit.keep_days, is_bounded))
}

/// Removes a turn's share of the lines that are older than is kept; how many. Nothing while the clock is on probation, and
/// never the newest line, by which a restored database says how old it is.
///
/// # Errors
/// Faults of the database; the next turn goes on.
pub async fn remove_old_lines(services: &Services) -> Outcome<u64> {
    let Keep::Days(days) = kept(services).await? else {
        return Ok(0);
    };
    let now = services.now();
    if !is_believed(watch_clock(services, now).await?, now) {
        return Ok(0);
    }
    let Some(newest) = find_newest_moment(services.database.read()).await? else {
        return Ok(0);
    };
    let before = first_kept(days, now).min(newest);
    let (mut removed, mut after) = (0, None);
    for _ in 0..STEPS_IN_A_TURN {
        let began = Stopwatch::start();
        // Found beside the writer, who has only to remove them.
        let ids = old_lines(services.database.read(), before, after).await?;
        let Some(last) = ids.last() else { break };
        after = Some(*last);
        removed += remove(services, &ids).await?;
        if !services.rest(pending::<()>(), as_long_as(began)).await {
            break;
        }
    }
    Ok(removed)
}

async fn remove(services: &Services, ids: &[Uuid]) -> Outcome<u64> {
    let transaction = services.database.begin_write().await?;
    let removed = delete_lines(&transaction, ids).await?;
    transaction.commit().await?;
    services.metrics.count_removed_lines(removed);
    Ok(removed)
}

/// Half of the time belongs to others.
fn as_long_as(began: Stopwatch) -> Duration {
    Duration::try_from_secs_f64(began.seconds()).unwrap_or_default()
}

async fn watch_clock(services: &Services, now: Timestamp) -> Outcome<Steady> {
    let before = find_steady(services.database.read()).await?;
    let steady = look(before, now);
    let is_kept = before.is_some_and(|before| {
        before.since == steady.since && steady.seen_at.since(before.seen_at) < LOOK_EVERY
    });
    if !is_kept {
        let transaction = services.database.begin_write().await?;
        set_steady(&transaction, steady).await?;
        transaction.commit().await?;
    }
    Ok(steady)
}
