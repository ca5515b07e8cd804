//! Presence: each server renews a lease of its own, which shows that it is alive and that the database accepts writes. On
//! PostgreSQL it renews all the time, since nothing else shows which servers use a database. On SQLite it renews only when
//! somebody asks whether the database accepts writes, since the lock of the data folder shows who uses it.

use std::future::pending;
use std::process;
use std::sync::Arc;
use std::time::Duration;

use app::types::timestamp::Timestamp;
use tokio::sync::Mutex;

use super::{Outcome, Services, upkeep};
use crypto::clock::Stopwatch;
use settings::Settings;
use storage::leases::{Lease, end_lease, end_lease_until, leases_at, remove_leases, renew_lease};
use storage::readings::database_clock;
use storage::{ConnectionTrait, Database, Location, Stored};

/// Leases of servers begin with this; what follows is who it is.
const JOB: &str = "server ";
/// Seconds for which a server counts as alive after it has last said so.
const LEASE: i64 = 45;
/// Seconds after which a lease of a server that did not come back for it is removed.
const GONE: i64 = 24 * 60 * 60;
/// How often it says so: two can fail.
const RENEW_EVERY: Duration = Duration::from_secs(15);
/// A write of so short ago answers for the next one: whoever asks often does not make the database write often.
const FRESH_SECONDS: f64 = 1.0;
/// The longest that a write may take before the database counts as taking none.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a server says of itself, and the last write that was tried for the sake of trying.
pub struct Presence {
    job: String,
    last: Mutex<Option<Tried>>,
    /// Until when this server has the upkeep for all to itself, where it has.
    upkeep_until: Mutex<Option<Timestamp>>,
}

struct Tried {
    since: Stopwatch,
    is_written: bool,
}

impl Presence {
    /// Of this process: its machine, its number, and the address that it listens at.
    pub fn new(settings: &Settings) -> Self {
        let machine = std::fs::read_to_string("/proc/sys/kernel/hostname");
        let machine = machine.unwrap_or_else(|_| "unknown machine".to_owned());
        Self {
            job: format!(
                "{JOB}{} (process {}, {})",
                machine.trim(),
                process::id(),
                settings.listen
            ),
            last: Mutex::default(),
            upkeep_until: Mutex::default(),
        }
    }

    /// Notes that this server has the upkeep to itself, so that it gives it back when it leaves.
    pub async fn has_upkeep(&self, until: Timestamp) {
        *self.upkeep_until.lock().await = Some(until);
    }
}

/// Says that this server lives until it leaves. Nothing to do on SQLite.
pub async fn run(services: Arc<Services>) {
    if matches!(services.settings.location(), Location::Sqlite(_)) {
        return;
    }
    loop {
        takes_writes(&services).await;
        if !services.rest(pending::<()>(), RENEW_EVERY).await {
            break;
        }
    }
}

/// Takes back what says that this server lives, once it works no more: on any database, since commands ask who does the
/// upkeep.
pub async fn say_left(services: &Services) {
    let ended = tokio::time::timeout(PATIENCE, leave(services)).await;
    if !matches!(ended, Ok(Ok(()))) {
        tracing::warn!(
            "the database still has this server among those that live; its lease ends by itself"
        );
    }
}

/// Whether the database takes writes, by a write of at most a second ago.
pub async fn takes_writes(services: &Services) -> bool {
    let mut last = services.presence.last.lock().await;
    if let Some(tried) = last
        .as_ref()
        .filter(|tried| tried.since.seconds() < FRESH_SECONDS)
    {
        return tried.is_written;
    }
    let is_written = match tokio::time::timeout(PATIENCE, renew(services)).await {
        Ok(Ok(())) => true,
        Ok(Err(failure)) => {
            tracing::warn!(?failure, "the database takes no writes");
            false
        }
        Err(_) => {
            tracing::warn!("the database did not take a write within 2 s");
            false
        }
    };
    *last = Some(Tried {
        since: Stopwatch::start(),
        is_written,
    });
    is_written
}

async fn renew(services: &Services) -> Outcome<()> {
    let transaction = services.database.begin_write().await?;
    let now = clock_of(&transaction, services.now()).await?;
    renew_lease(&transaction, &services.presence.job, now + LEASE).await?;
    transaction.commit().await?;
    Ok(())
}

async fn leave(services: &Services) -> Outcome<()> {
    let transaction = services.database.begin_write().await?;
    end_lease(&transaction, &services.presence.job).await?;
    // Without a server that says it lives, this would read as the work of one of an earlier version.
    if let Some(until) = *services.presence.upkeep_until.lock().await {
        end_lease_until(&transaction, upkeep::JOB, until).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Removes the leases of servers that were killed long ago, by the clock that they were made by: a server whose own clock is
/// wrong must not remove those of others. Returns how many.
///
/// # Errors
/// Faults of the database.
pub(super) async fn remove_gone(services: &Services) -> Outcome<u64> {
    let transaction = services.database.begin_write().await?;
    let now = clock_of(&transaction, services.now()).await?;
    let removed = remove_leases(&transaction, JOB, now - GONE).await?;
    transaction.commit().await?;
    Ok(removed)
}

/// Who uses a database now, in words: every server that has said within the last minute that it lives, and servers of an
/// earlier version by the work that one of them does for all.
///
/// # Errors
/// Faults of the database.
pub async fn who_is_there(database: &Database, now: Timestamp) -> Stored<Vec<String>> {
    let db = database.read();
    let now = clock_of(db, now).await?;
    let leases = leases_at(db, now).await?;
    let mut servers: Vec<_> = leases.iter().filter_map(name_of).collect();
    if servers.is_empty() && !leases.is_empty() {
        servers.push("a server of an earlier version".to_owned());
    }
    Ok(servers)
}

fn name_of(lease: &Lease) -> Option<String> {
    lease.job.strip_prefix(JOB).map(str::to_owned)
}

/// The clock of the database, where it has one: servers on several machines and a command compare theirs by it.
async fn clock_of(db: &impl ConnectionTrait, ours: Timestamp) -> Stored<Timestamp> {
    let theirs = database_clock(db).await?;
    Ok(theirs.map_or(ours, |millis| Timestamp(millis / 1_000)))
}
