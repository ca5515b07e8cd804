//! The database: connections, transactions and, below, one module for each kind of row.
//!
//! Functions take the connection or transaction of their caller and give domain types back; rows
//! (`entity`) and sea-orm's errors stay inside. Whatever must happen once is a conditional write
//! that says whether it happened.

pub mod account_entries;
pub mod account_log;
pub mod account_notices;
pub mod account_settings;
pub mod accounts;
pub mod announced;
pub mod announcements;
pub mod audit;
pub mod audit_retention;
pub mod authority;
pub mod coverage;
pub mod deleted_accounts;
pub mod email_changes;
pub mod ended_sessions;
pub mod enrolments;
pub mod ephemeral;
pub mod factor_sets;
pub mod factors;
pub mod first_factors;
mod first_in_queue;
pub mod folded_names;
pub mod instance;
pub mod invitations;
pub mod known_browsers;
pub mod leases;
pub mod lost_addresses;
pub mod mailbox_codes;
pub mod mailed_users;
pub mod mails;
pub mod memberships;
pub mod operator_lists;
pub mod own_activity;
pub mod own_counts;
pub mod password_resets;
pub mod readings;
pub mod recovery_codes;
pub mod refused_mailboxes;
pub mod reset_offers;
pub mod schema;
pub mod sealed;
pub mod session_rows;
pub mod sessions;
pub mod sign_ins;
pub mod sign_ups;
pub mod sms_codes;
pub mod sqlite_copy;
pub mod team;
pub mod team_order;
pub mod transfer_offers;
pub mod tries;
pub mod trusted_browsers;
pub mod user_keys;
pub mod users;

mod connect;
mod database_problem;
mod days;
mod entity;
mod in_words;
mod migrations;
mod postgres;
mod postgres_url;
mod sqlite_fast_reads;
mod transient_errors;

use std::sync::Arc;

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

use app::types::ids::UserId;
use sqlite_fast_reads::FastReads;

pub use connect::Location;
pub use database_problem::DatabaseProblem;
pub use migrations::Migrator;
pub use postgres_url::{
    OF_CERTIFICATES, PostgresUrl, USUAL_CONNECTIONS, UrlProblem, is_this_machine,
};
pub use sea_orm::ConnectionTrait;

/// The database could not do it. Its words are for who runs a command; what the database said itself ([`Self::detail`]) is for
/// the log, and neither is for the wire.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database refused or was not there.
    #[error("{}", in_words::in_words(.0))]
    Database(#[source] DbErr),
    /// The kind of a user's second factor is no word of ours: that user is refused, and nobody else.
    #[error(
        "the kind of a second factor of user {0} is unknown; `twofold user reset-two-factor` lets the user set up anew"
    )]
    UnreadableFactor(UserId),
    /// A row holds what no code of ours wrote.
    #[error("unexpected content in {table}.{column}")]
    Inconsistent {
        /// Which table.
        table: &'static str,
        /// Which column.
        column: &'static str,
    },
}

impl From<DbErr> for StorageError {
    fn from(error: DbErr) -> Self {
        tracing::debug!(%error, "the database did not do it");
        Self::Database(error)
    }
}

impl StorageError {
    /// What the database said itself, for the log.
    pub fn detail(&self) -> String {
        match self {
            Self::Database(error) => error.to_string(),
            Self::UnreadableFactor(_) | Self::Inconsistent { .. } => self.to_string(),
        }
    }

    /// Whether a row was found and a value in it is not of its type: a matter of that row.
    pub fn is_unreadable(&self) -> bool {
        match self {
            Self::Database(error) => in_words::is_unreadable(error),
            Self::UnreadableFactor(_) | Self::Inconsistent { .. } => true,
        }
    }

    /// Whether a unique index refused the row.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(error)
            if matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))))
    }
}

/// The result of a storage function.
pub type Stored<T> = Result<T, StorageError>;

/// Waits for the advisory lock of `begin_alone`, for longer than any statement may take otherwise.
const ALONE: &str = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
                     SELECT pg_advisory_xact_lock(8392298916374930533)";

/// A transaction that may write. Dropped without `commit`, it changes nothing.
pub type WriteTransaction = DatabaseTransaction;

/// Begins a savepoint: a transaction inside of another.
///
/// # Errors
/// When the database cannot be reached.
pub async fn begin_savepoint(transaction: &WriteTransaction) -> Stored<WriteTransaction> {
    Ok(transaction.begin().await?)
}

/// Cannot be answered at once; the ordinary way has to be gone.
struct AskElsewhere;

/// The database of one server.
///
/// On SQLite readers have a pool of their own and all writes queue at one connection, so that they
/// wait in order instead of failing with "database is locked"; on PostgreSQL both are one pool.
#[derive(Clone, Debug)]
pub struct Database {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
    /// On SQLite alone.
    fast_reads: Option<Arc<FastReads>>,
}

impl Database {
    /// The connection for reads outside a transaction.
    pub const fn read(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// The first row of a statement with this key, where the database can say it on the thread that asks.
    fn at_once<T>(
        &self,
        sql: &str,
        key: impl rusqlite::Params,
        read: impl FnOnce(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, AskElsewhere> {
        let fast_reads = self.fast_reads.as_ref().ok_or(AskElsewhere)?;
        fast_reads.first(sql, key, read).map_err(|error| {
            use rusqlite::Error::{InvalidColumnIndex, InvalidParameterCount};
            // Mistakes of ours, which nobody would see: the other way works.
            let is_ours = matches!(error, InvalidColumnIndex(_) | InvalidParameterCount(..));
            debug_assert!(!is_ours, "{sql}: {error}");
            AskElsewhere
        })
    }

    /// Begins a transaction that may write; on SQLite `BEGIN IMMEDIATE`, so that what it reads
    /// stays true until it commits.
    ///
    /// # Errors
    /// When the database cannot be reached, or writers queue for longer than the time-out.
    pub async fn begin_write(&self) -> Stored<WriteTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.writer.begin_with_options(options).await?)
    }

    /// Begins a transaction that may write and has no other of its kind beside it, on any server: for what is made once
    /// for a database. On SQLite every one that writes is so.
    ///
    /// # Errors
    /// As [`Self::begin_write`].
    pub async fn begin_alone(&self) -> Stored<WriteTransaction> {
        let transaction = self.begin_write().await?;
        if transaction.get_database_backend() == DbBackend::Postgres {
            transaction.execute_unprepared(ALONE).await?;
        }
        Ok(transaction)
    }
}
