//! The database: connections, transactions and, below, one module for each kind of row.
//!
//! Functions take the connection or transaction of their caller and give domain types back; rows
//! (`entity`) and sea-orm's errors stay inside. Whatever must happen once is a conditional write
//! that says whether it happened.

pub mod account_log;
pub mod account_settings;
pub mod accounts;
pub mod announcements;
pub mod audit;
pub mod coverage;
pub mod email_changes;
pub mod enrolments;
pub mod instance;
pub mod invitations;
pub mod known_browsers;
pub mod lists;
pub mod mails;
pub mod memberships;
pub mod own_activity;
pub mod password_resets;
pub mod recovery_codes;
pub mod second_factors;
pub mod sessions;
pub mod sign_ins;
pub mod sign_ups;
pub mod sms_codes;
pub mod team;
pub mod tries;
pub mod trusted_browsers;
pub mod users;

mod connect;
mod entity;
mod migrations;

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

pub use connect::{Location, OpenProblem, PostgresUrl};
pub use sea_orm::ConnectionTrait;

/// The database could not do it. What it said is for the log of the operator, never for the wire.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database refused or was not there.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// A row holds what no code of ours wrote.
    #[error("unexpected content in {table}.{column}")]
    Inconsistent {
        /// Which table.
        table: &'static str,
        /// Which column.
        column: &'static str,
    },
}

impl StorageError {
    /// Whether a unique index refused the row.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(error)
            if matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))))
    }
}

/// Shorthand for what storage gives back.
pub type Stored<T> = Result<T, StorageError>;

/// A transaction that may write. Dropped without `commit`, it changes nothing.
pub type WriteTransaction = DatabaseTransaction;

/// The database of one server.
///
/// On SQLite readers have a pool of their own and all writes queue at one connection, so that they
/// wait in order instead of failing with "database is locked"; on PostgreSQL both are one pool.
#[derive(Clone, Debug)]
pub struct Database {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
}

impl Database {
    /// The connection for reads outside a transaction.
    pub const fn read(&self) -> &DatabaseConnection {
        &self.readers
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
}
