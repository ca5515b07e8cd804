//! Gauges for the operator's metrics, and the readiness of the server.

use std::sync::atomic::Ordering;
use std::time::Duration;

use app::types::factors::FactorKind;
use serde::Serialize;

use super::presence::takes_writes;
use super::{Outcome, Services, keys};
use crate::metrics::Readings;
use storage::factors::count_factors;
use storage::instance::find_instance;
use storage::readings::{
    count_all_accounts, count_all_users, count_sessions_since, database_bytes, database_clock,
    mail_queue,
};

/// The longest that the database may take to answer whether it is there.
const PATIENCE: Duration = Duration::from_secs(2);
/// Half a time step: beyond it a code that is right at one server can be wrong at the next.
const MOST_CLOCK_OFFSET: i64 = 15_000;
/// Seconds that a due mail may wait for the worker.
const MOST_MAIL_LAG: i64 = 15 * 60;

/// Reads what the database knows.
pub async fn read(services: &Services) -> Outcome<Readings> {
    let (db, now) = (services.database.read(), services.now());
    let (accounts, requiring_accounts) = count_all_accounts(db).await?;
    let alive_since = now - services.settings.session.idle_seconds();
    let queue = mail_queue(db).await?;
    let mut with_factor = FactorKind::ALL.map(|kind| (kind, 0));
    for (kind, users) in &mut with_factor {
        *users = count_factors(db, *kind).await?;
    }
    Ok(Readings {
        users: count_all_users(db).await?,
        with_factor,
        accounts,
        requiring_accounts,
        sessions: count_sessions_since(db, alive_since).await?,
        queued_mails: queue.length,
        database_bytes: database_bytes(db).await?,
        oldest_mail_seconds: queue.oldest.map_or(0, |oldest| now.since(oldest).max(0)),
    })
}

/// Whether the server is ready, and each part that this rests on.
#[derive(Debug, Serialize)]
pub struct Readiness {
    /// Whether requests should come here.
    pub ready: bool,
    /// False once the signal to stop has come.
    pub running: bool,
    /// The database answers.
    pub database: PartReadiness,
    /// It takes writes, as a full disk does not, nor a PostgreSQL that is a standby.
    pub writes: PartReadiness,
    /// The keys open what was sealed for this.
    pub keys: PartReadiness,
    /// The clock is that of the database.
    pub clock: ClockReadiness,
    /// The mail worker keeps up. Signing in does not need it, so it takes no server out.
    pub mail: MailReadiness,
}

/// One part.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PartReadiness {
    /// Whether it is as it should be.
    pub ok: bool,
}

/// The clock beside that of the database.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ClockReadiness {
    /// Whether it is near enough for codes.
    pub ok: bool,
    /// Milliseconds that this machine is ahead; none where the database has no clock of its own.
    pub offset_millis: Option<i64>,
}

/// The mail queue.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct MailReadiness {
    /// Whether due mails are taken in time.
    pub ok: bool,
    /// Mails that wait.
    pub queued: u64,
    /// Seconds for which the first of them has been due.
    pub lag_seconds: i64,
}

/// Looks at everything that requests need.
pub async fn readiness(services: &Services) -> Readiness {
    let looking = tokio::time::timeout(PATIENCE, look(services));
    let (looked, is_writable) = tokio::join!(looking, takes_writes(services));
    let looked = looked.ok().and_then(|found| match found {
        Ok(found) => Some(found),
        Err(failure) => {
            tracing::warn!(?failure, "the server is not ready");
            None
        }
    });
    let running = !services.is_stopping.load(Ordering::Relaxed);
    let database = PartReadiness {
        ok: looked.is_some(),
    };
    let (keys, clock, mail) = looked.unwrap_or((
        PartReadiness { ok: false },
        ClockReadiness {
            ok: false,
            offset_millis: None,
        },
        MailReadiness {
            ok: false,
            queued: 0,
            lag_seconds: 0,
        },
    ));
    Readiness {
        ready: running && database.ok && is_writable && keys.ok && clock.ok,
        running,
        database,
        writes: PartReadiness { ok: is_writable },
        keys,
        clock,
        mail,
    }
}

async fn look(services: &Services) -> Outcome<(PartReadiness, ClockReadiness, MailReadiness)> {
    let db = services.database.read();
    let instance = find_instance(db).await?;
    let keys = PartReadiness {
        ok: instance.is_some_and(|instance| keys::fit(&services.keys, &instance)),
    };
    let theirs = database_clock(db).await?;
    let offset_millis = theirs.map(|theirs| services.clock.now_millis() - theirs);
    let clock = ClockReadiness {
        ok: offset_millis.is_none_or(|offset| offset.abs() <= MOST_CLOCK_OFFSET),
        offset_millis,
    };
    let queue = mail_queue(db).await?;
    let lag_seconds = queue.due.map_or(0, |due| services.now().since(due).max(0));
    let mail = MailReadiness {
        ok: lag_seconds <= MOST_MAIL_LAG,
        queued: queue.length,
        lag_seconds,
    };
    Ok((keys, clock, mail))
}
