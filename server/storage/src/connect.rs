//! Opens a database: its location, its connection settings, and the errors when it does not open.

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::Connection as _;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr};
use sea_orm_migration::MigratorTrait;
use tokio::time::sleep;

use super::database_problem::DatabaseProblem;
use super::migrations::Migrator;
use super::postgres_url::PostgresUrl;
use super::schema::steps;
use super::sqlite_fast_reads::FastReads;
use super::transient_errors::is_held;
use super::{Database, Stored, instance, postgres};
use files::private_files;

pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
const SQLITE_READERS: u32 = 4;
/// What is parsed in the place of a path, whose `%`, `?` and `#` mean nothing.
pub(super) const SOME_FILE: &str = "sqlite://twofold.db";
/// How long a start waits for others that begin or leave a file of SQLite, and how long in between.
const TURN: Duration = Duration::from_secs(5);
const PAUSE_IN_TURN: Duration = Duration::from_millis(10);

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A URL of PostgreSQL; holds a password, so it is not shown.
    Postgres(PostgresUrl),
}

impl Location {
    /// The database's name, for the log and the metrics.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgresql",
        }
    }
}

impl Database {
    /// Opens the database, creates it when absent, and brings its schema up to date.
    ///
    /// # Errors
    /// When it cannot be opened or written, is of another program or a newer version.
    pub async fn open(location: &Location) -> Result<Self, DatabaseProblem> {
        let database = Self::connect(location).await?;
        let migrated = database.check_and_migrate().await;
        migrated.map_err(|problem| problem.at(location))?;
        Ok(database)
    }

    pub(super) async fn connect(location: &Location) -> Result<Self, DatabaseProblem> {
        let connected = Self::connect_to(location).await;
        connected.map_err(|problem| problem.at(location))
    }

    async fn connect_to(location: &Location) -> Result<Self, DatabaseProblem> {
        match location {
            Location::Sqlite(path) => {
                let unusable = DatabaseProblem::Unusable;
                // SQLite gives its log and index the mode of the file.
                private_files::make_file(path)
                    .map_err(|error| unusable(DbErr::Custom(error.to_string())))?;
                let writer = connect_in_turn(&sqlite(path, 1)).await.map_err(unusable)?;
                let readers = sea_orm::Database::connect(sqlite(path, SQLITE_READERS))
                    .await
                    .map_err(unusable)?;
                let fast_reads = Some(Arc::new(FastReads::new(path)));
                Ok(Self {
                    readers,
                    writer,
                    fast_reads,
                })
            }
            Location::Postgres(url) => {
                let pool = postgres::open(url).await?;
                Ok(Self {
                    readers: pool.clone(),
                    writer: pool,
                    fast_reads: None,
                })
            }
        }
    }

    async fn check_and_migrate(&self) -> Result<(), DatabaseProblem> {
        if is_up_to_date(&self.writer).await? {
            return Ok(());
        }
        // All or nothing: whoever is killed here leaves no table that the next start would find in its way, and whoever
        // starts at the same time waits.
        let transaction = self.begin_alone().await?;
        let mut due = None;
        if !is_up_to_date(&transaction).await? {
            let applied = applied_migrations(&transaction).await?.len();
            if applied == 0 && instance::has_tables(&transaction).await? {
                return Err(DatabaseProblem::Foreign);
            }
            let unusable = DatabaseProblem::Unusable;
            Migrator::up(&transaction, None).await.map_err(unusable)?;
            due = Some((applied, steps().len() - applied));
        }
        transaction
            .commit()
            .await
            .map_err(DatabaseProblem::Unusable)?;
        match due {
            None => {}
            Some((0, taken)) => tracing::info!(steps = taken, "the database was made"),
            Some((before, taken)) => {
                tracing::info!(before, steps = taken, "the schema was brought up to date");
            }
        }
        Ok(())
    }
}

pub(super) async fn is_up_to_date(db: &impl ConnectionTrait) -> Result<bool, DatabaseProblem> {
    let known = steps();
    let applied = applied_migrations(db).await?;
    if let Some(newer) = applied.iter().find(|name| !known.contains(name)) {
        return Err(DatabaseProblem::Newer(newer.clone()));
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

/// Settings of SQLite that durability and order rest on; docs/decisions/0002-sqlite-settings.md.
///
/// When a disk is full, SQLite itself undoes the transaction, and sqlx goes on counting it. On such a connection a later
/// transaction would be a savepoint within one that nobody commits: acknowledged, and gone with the process. So none is
/// used again that counts one; the undoing of a dropped transaction was waited for when the connection came back.
fn sqlite(path: &Path, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(SOME_FILE);
    let path = as_it_is(path);
    options
        .max_connections(connections)
        .map_sqlx_sqlite_pool_opts(|options| {
            options.before_acquire(|connection, _| {
                let is_good = !connection.is_in_transaction();
                Box::pin(async move { Ok(is_good) })
            })
        })
        .map_sqlx_sqlite_opts(move |options| {
            options
                .filename(&path)
                .create_if_missing(true)
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("foreign_keys", "ON")
                .pragma("busy_timeout", "5000")
                .pragma("secure_delete", "ON")
                .pragma("cache_size", "-4096")
        });
    quiet(&mut options)
}

/// The path of a file for SQLite, which reads what begins with `file:` as a URL.
pub(super) fn as_it_is(path: &Path) -> PathBuf {
    if path.is_absolute() {
        path.to_owned()
    } else {
        Path::new(".").join(path)
    }
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
