//! Opening a database: where it is, how it is set, and what is said when it does not open.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use sea_orm::{ConnectOptions, ConnectionTrait, DbErr};
use sea_orm_migration::MigratorTrait;

use super::migrations::Migrator;
use super::{Database, StorageError, Stored, instance};

const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;

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

    async fn connect(location: &Location) -> Result<Self, DbErr> {
        match location {
            Location::Sqlite(path) => {
                let url = format!("sqlite://{}?mode=rwc", path.display());
                let writer = sea_orm::Database::connect(sqlite(&url, 1)).await?;
                let readers = sea_orm::Database::connect(sqlite(&url, SQLITE_READERS)).await?;
                Ok(Self { readers, writer })
            }
            Location::Postgres(url) => {
                let mut options = ConnectOptions::new(url.0.clone());
                options.max_connections(POSTGRES_CONNECTIONS);
                let pool = sea_orm::Database::connect(quiet(&mut options)).await?;
                Ok(Self {
                    readers: pool.clone(),
                    writer: pool,
                })
            }
        }
    }

    async fn check_and_migrate(&self) -> Result<(), OpenProblem> {
        let known: Vec<String> = Migrator::migrations()
            .iter()
            .map(|migration| migration.name().to_owned())
            .collect();
        let applied = self.applied_migrations().await?;
        if applied.is_empty() && instance::has_foreign_tables(&self.writer).await? {
            return Err(OpenProblem::Foreign);
        }
        if let Some(newer) = applied.iter().find(|name| !known.contains(name)) {
            return Err(OpenProblem::Newer(newer.clone()));
        }
        if applied.len() < known.len() {
            Migrator::up(&self.writer, None)
                .await
                .map_err(OpenProblem::Unusable)?;
        }
        Ok(())
    }

    async fn applied_migrations(&self) -> Stored<Vec<String>> {
        if !instance::has_table(&self.writer, "seaql_migrations").await? {
            return Ok(Vec::new());
        }
        let statement = sea_orm::Statement::from_string(
            self.writer.get_database_backend(),
            "SELECT version FROM seaql_migrations ORDER BY version",
        );
        let rows = self.writer.query_all_raw(statement).await?;
        rows.iter()
            .map(|row| Ok(row.try_get("", "version")?))
            .collect()
    }
}

/// Settings of SQLite that durability and order rest on; docs/decisions/0002-sqlite-settings.md.
fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
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
fn quiet(options: &mut ConnectOptions) -> ConnectOptions {
    options
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    options.clone()
}
