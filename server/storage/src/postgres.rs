//! PostgreSQL at start-up: waits for the server, inspects it, and only then opens the pool with as many connections as the
//! server can spare.
//!
//! The first connection is opened without a pool. A pool would retry silently and finally report a timeout only.

use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::{self, Connection as _};
use sea_orm::{ConnectOptions, DatabaseConnection};
use tokio::time::{sleep, timeout};

use super::DatabaseProblem;
use super::connect::{ACQUIRE_TIMEOUT, quiet};
use super::postgres_url::{PostgresAddress, PostgresUrl};
use super::transient_errors::is_worth_waiting_at_start;

/// How long a connection may take to answer before it is used.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);
/// How often a start tries to reach PostgreSQL, and how long it waits in between.
const TRIES: u32 = 16;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Connections that the server has for our role in our database, its own reserve left out.
const LIMIT: &str = "SELECT LEAST(
        current_setting('max_connections')::int
            - current_setting('superuser_reserved_connections')::int
            - COALESCE(current_setting('reserved_connections', true)::int, 0),
        NULLIF(role.rolconnlimit, -1),
        NULLIF(base.datconnlimit, -1))
    FROM pg_roles role, pg_database base
    WHERE role.rolname = current_user AND base.datname = current_database()";

/// Waits for PostgreSQL and opens it.
///
/// # Errors
/// When the URL cannot be used, it is not there within a minute, refuses for good, or cannot keep every text.
pub(super) async fn open(url: &PostgresUrl) -> Result<DatabaseConnection, DatabaseProblem> {
    let address = url.check()?;
    tell_passed_over(&address);
    let mut first = wait_for(&address.options)
        .await
        .map_err(DatabaseProblem::Unreachable)?;
    let connections = look(&mut first, url.connections()).await?;
    // Closed here, not when it is dropped: its place is wanted by the pool.
    let _ = first.close().await;
    sea_orm::Database::connect(pool(&address, connections))
        .await
        .map_err(DatabaseProblem::Unusable)
}

fn tell_passed_over(address: &PostgresAddress) {
    for name in &address.passed_over {
        tracing::warn!("`database_url`: the parameter {name} is not known here and is passed over");
    }
    if address.unknown > 0 {
        let count = address.unknown;
        tracing::warn!(
            count,
            "`database_url`: parameters that PostgreSQL does not know are passed over"
        );
    }
}

/// The first connection; a database that starts at the same time as we do, as after a power cut, is waited for.
async fn wait_for(options: &PgConnectOptions) -> sqlx::Result<PgConnection> {
    for pause in pauses() {
        match connect_once(options).await {
            Err(error) if is_worth_waiting_at_start(&error) => {
                tracing::warn!(%error, "the database is not there yet; trying again");
                sleep(pause).await;
            }
            done => return done,
        }
    }
    connect_once(options).await
}

async fn connect_once(options: &PgConnectOptions) -> sqlx::Result<PgConnection> {
    let options = session(options.clone());
    let connecting = PgConnection::connect_with(&options);
    let late = |_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into());
    timeout(ACQUIRE_TIMEOUT, connecting).await.map_err(late)?
}

/// Looks at what a pool would stumble over later; gives how many connections it may have.
async fn look(first: &mut PgConnection, wanted: u32) -> Result<u32, DatabaseProblem> {
    let unreachable = DatabaseProblem::Unreachable;
    let encoding: String = sqlx::query_scalar("SHOW server_encoding")
        .fetch_one(&mut *first)
        .await
        .map_err(unreachable)?;
    if encoding != "UTF8" {
        return Err(DatabaseProblem::Encoding(encoding));
    }
    let limit: Option<i32> = sqlx::query_scalar(LIMIT)
        .fetch_optional(&mut *first)
        .await
        .map_err(unreachable)?
        .flatten();
    let limit = limit
        .and_then(|limit| u32::try_from(limit).ok())
        .unwrap_or(wanted);
    if limit < wanted {
        tracing::warn!(
            wanted,
            limit,
            "`database_connections` is more than PostgreSQL has for this server; so many are used"
        );
    }
    Ok(wanted.min(limit).max(1))
}

/// How long a start waits between two tries: about a minute in all.
fn pauses() -> impl Iterator<Item = Duration> {
    (0..TRIES).map(|tries| (FIRST_PAUSE * 2_u32.pow(tries)).min(LONGEST_PAUSE))
}

/// How PostgreSQL is spoken to: nothing waits for ever, neither we nor others for us.
fn session(options: PgConnectOptions) -> PgConnectOptions {
    options.application_name("twofold").options([
        ("statement_timeout", "10s"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "15s"),
        // Time passes in seconds of UTC, and an answer is on the disk before it is given.
        ("timezone", "UTC"),
        ("synchronous_commit", "on"),
    ])
}

fn pool(address: &PostgresAddress, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(address.text.clone());
    options
        .max_connections(connections)
        .map_sqlx_postgres_pool_opts(|options| {
            options.before_acquire(|connection, _| Box::pin(takes_writes(connection)))
        })
        .map_sqlx_postgres_opts(session);
    quiet(&mut options)
}

/// Whether an idle connection leads to a PostgreSQL that takes writes: asked before each use, so that a database that was
/// away is back with the next one. After a failover the primary of before may live on as a read-only standby; its connections
/// are closed here, and new ones go to where the name in the URL leads then. A new connection is taken as it is: a
/// database that is read-only altogether is still read.
///
/// # Errors
/// When the connection is broken, or nobody answers in time: it is dropped without a good-bye.
async fn takes_writes(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let asked = sqlx::query_scalar::<_, String>("SHOW transaction_read_only");
    let answer = timeout(ANSWER_TIMEOUT, asked.fetch_one(connection)).await;
    let read_only = answer.map_err(|_| sqlx::Error::PoolTimedOut)??;
    Ok(read_only == "off")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_waits_for_about_a_minute_and_looks_often_at_first() {
        let pauses: Vec<_> = pauses().map(|pause| pause.as_millis()).collect();
        assert_eq!(pauses[..7], [100, 200, 400, 800, 1600, 3200, 5000]);
        let all: u128 = pauses.iter().sum();
        assert!((50_000..70_000).contains(&all), "{all}");
    }
}
