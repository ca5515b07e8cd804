//! Opening a database: where it is, how it is set, and what is said when it does not open.

use std::fmt;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::{self, Connection as _};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr};
use sea_orm_migration::MigratorTrait;
use tokio::time::sleep;

use super::direct::Direct;
use super::migrations::Migrator;
use super::passing::{is_held, is_worth_waiting};
use super::schema::steps;
use super::{Database, StorageError, Stored, instance};

const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection of PostgreSQL may take to answer before it is used.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);
const SQLITE_READERS: u32 = 4;
/// How long a start waits for others that begin or leave a file of SQLite, and how long in between.
const TURN: Duration = Duration::from_secs(5);
const PAUSE_IN_TURN: Duration = Duration::from_millis(10);
const POSTGRES_CONNECTIONS: u32 = 16;
/// How often a start tries to reach PostgreSQL, and how long it waits in between.
const TRIES: u32 = 16;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A URL of PostgreSQL; holds a password, so it is not shown.
    Postgres(PostgresUrl),
}

/// The URL of a PostgreSQL database; its `Debug` hides the password.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(pub String);

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgresUrl(…)")
    }
}

/// Why a database does not open, for the operator.
#[derive(Debug, thiserror::Error)]
pub enum OpenProblem {
    /// The file or server cannot be used.
    #[error("the database cannot be opened: {0}")]
    Unusable(#[source] DbErr),
    /// The schema is of a newer version.
    #[error(
        "the database was written by a newer version of Twofold ({0}); start that version or a later one"
    )]
    Newer(String),
    /// The tables are of another program.
    #[error("the database belongs to another program; point `database_url` or `data` elsewhere")]
    Foreign,
    /// There is none.
    #[error("there is no database at {}", .0.display())]
    Absent(PathBuf),
    /// Anything else.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Database {
    /// Opens the database, creates it when absent, and brings its schema up to date.
    ///
    /// # Errors
    /// When it cannot be opened or written, is of another program or a newer version.
    pub async fn open(location: &Location) -> Result<Self, OpenProblem> {
        let database = Self::connect(location)
            .await
            .map_err(OpenProblem::Unusable)?;
        database.check_and_migrate().await?;
        Ok(database)
    }

    pub(super) async fn connect(location: &Location) -> Result<Self, DbErr> {
        match location {
            Location::Sqlite(path) => {
                let url = format!("sqlite://{}?mode=rwc", path.display());
                let writer = connect_in_turn(&sqlite(&url, 1)).await?;
                let readers = sea_orm::Database::connect(sqlite(&url, SQLITE_READERS)).await?;
                let direct = Some(Arc::new(Direct::new(path)));
                Ok(Self {
                    readers,
                    writer,
                    direct,
                })
            }
            Location::Postgres(url) => {
                let pool = connect_patiently(&postgres(url)).await?;
                Ok(Self {
                    readers: pool.clone(),
                    writer: pool,
                    direct: None,
                })
            }
        }
    }

    async fn check_and_migrate(&self) -> Result<(), OpenProblem> {
        if is_up_to_date(&self.writer).await? {
            return Ok(());
        }
        // All or nothing: whoever is killed here leaves no table that the next start would find in its way, and whoever
        // starts at the same time waits.
        let transaction = self.begin_alone().await?;
        if !is_up_to_date(&transaction).await? {
            if applied_migrations(&transaction).await?.is_empty()
                && instance::has_tables(&transaction).await?
            {
                return Err(OpenProblem::Foreign);
            }
            let unusable = OpenProblem::Unusable;
            Migrator::up(&transaction, None).await.map_err(unusable)?;
        }
        transaction.commit().await.map_err(OpenProblem::Unusable)
    }
}

pub(super) async fn is_up_to_date(db: &impl ConnectionTrait) -> Result<bool, OpenProblem> {
    let known = steps();
    let applied = applied_migrations(db).await?;
    if let Some(newer) = applied.iter().find(|name| !known.contains(name)) {
        return Err(OpenProblem::Newer(newer.clone()));
    }
    Ok(applied.len() == known.len())
}

pub(super) async fn applied_migrations(db: &impl ConnectionTrait) -> Stored<Vec<String>> {
    if !instance::has_table(db, "seaql_migrations").await? {
        return Ok(Vec::new());
    }
    let statement = sea_orm::Statement::from_string(
        db.get_database_backend(),
        "SELECT version FROM seaql_migrations ORDER BY version",
    );
    let rows = db.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| Ok(row.try_get("", "version")?))
        .collect()
}

/// Opens a file of SQLite while others do. Whoever changes a new file's journal, or is the last to leave one, has it alone,
/// and SQLite itself waits for neither: it could be that both wait for each other.
async fn connect_in_turn(options: &ConnectOptions) -> Result<DatabaseConnection, DbErr> {
    let mut patience = pin!(sleep(TURN));
    loop {
        match sea_orm::Database::connect(options.clone()).await {
            Err(error) if is_held(&error) => tokio::select! {
                biased;
                () = &mut patience => return Err(error),
                () = sleep(PAUSE_IN_TURN) => {}
            },
            done => return done,
        }
    }
}

/// Waits for a database that starts at the same time as we do, as after a power cut.
async fn connect_patiently(options: &ConnectOptions) -> Result<DatabaseConnection, DbErr> {
    for pause in pauses() {
        match sea_orm::Database::connect(options.clone()).await {
            Err(error) if is_worth_waiting(&error) => {
                tracing::warn!(%error, "the database is not there yet; trying again");
                sleep(pause).await;
            }
            done => return done,
        }
    }
    sea_orm::Database::connect(options.clone()).await
}

/// How long a start waits between two tries: about a minute in all.
fn pauses() -> impl Iterator<Item = Duration> {
    (0..TRIES).map(|tries| (FIRST_PAUSE * 2_u32.pow(tries)).min(LONGEST_PAUSE))
}

/// How PostgreSQL is spoken to: nothing waits for ever, neither we nor others for us.
fn postgres(url: &PostgresUrl) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.0.clone());
    options
        .max_connections(POSTGRES_CONNECTIONS)
        .map_sqlx_postgres_pool_opts(|options| {
            options.before_acquire(|connection, _| Box::pin(takes_writes(connection)))
        })
        .map_sqlx_postgres_opts(|options| {
            options.application_name("twofold").options([
                ("statement_timeout", "10s"),
                ("lock_timeout", "5s"),
                ("idle_in_transaction_session_timeout", "15s"),
                // Time passes in seconds of UTC, and an answer is on the disk before it is given.
                ("timezone", "UTC"),
                ("synchronous_commit", "on"),
            ])
        });
    quiet(&mut options)
}

/// Whether an idle connection leads to a PostgreSQL that takes writes: asked before each use, so that a database that was
/// away is back with the next one. After a failover the primary of before may live on as a read-only standby; its connections
/// are closed here, and new ones go to where the name in the URL leads then. A new connection is taken as it is: a
/// database that is read-only altogether is still read.
///
/// # Errors
/// When the connection is broken, or nobody answers in time: it is dropped without a good-bye.
async fn takes_writes(connection: &mut sqlx::PgConnection) -> Result<bool, sqlx::Error> {
    let asked = sqlx::query_scalar::<_, String>("SHOW transaction_read_only");
    let answer = tokio::time::timeout(ANSWER_TIMEOUT, asked.fetch_one(connection)).await;
    let read_only = answer.map_err(|_| sqlx::Error::PoolTimedOut)??;
    Ok(read_only == "off")
}

/// Settings of SQLite that durability and order rest on; docs/decisions/0002-sqlite-settings.md.
///
/// When a disk is full, SQLite itself undoes the transaction, and sqlx goes on counting it. On such a connection a later
/// transaction would be a savepoint within one that nobody commits: acknowledged, and gone with the process. So none is
/// used again that counts one; the undoing of a dropped transaction was waited for when the connection came back.
fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .map_sqlx_sqlite_pool_opts(|options| {
            options.before_acquire(|connection, _| {
                let is_good = !connection.is_in_transaction();
                Box::pin(async move { Ok(is_good) })
            })
        })
        .map_sqlx_sqlite_opts(|options| {
            options
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("foreign_keys", "ON")
                .pragma("busy_timeout", "5000")
                .pragma("secure_delete", "ON")
                .pragma("cache_size", "-4096")
        });
    quiet(&mut options)
}

/// Statements carry addresses and hashes; they stay out of logs and spans.
pub(super) fn quiet(options: &mut ConnectOptions) -> ConnectOptions {
    options
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    options.clone()
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
