//! Short SQLite reads that run on the calling thread instead of the pool's. Handing such a read to another thread costs
//! several times as much as the read itself. docs/decisions/0020-short-reads-and-copies.md
//!
//! A read that cannot be answered here at once, for example because another program has locked the database, goes through
//! the pool, which also reports the error.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Params, Row};

/// Statements that a connection keeps ready.
const PREPARED: usize = 8;

/// Connections for short reads by key. There are never more than threads that ask.
#[derive(Debug)]
pub(super) struct FastReads {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl FastReads {
    /// None is opened before it is needed.
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            idle: Mutex::default(),
        }
    }

    /// The first row of a statement, by key; none where there is none.
    ///
    /// # Errors
    /// Whatever SQLite says; the connection is not used again.
    pub(super) fn first<T>(
        &self,
        sql: &str,
        key: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Option<T>> {
        let kept = self.idle().pop();
        let connection = kept.map_or_else(|| self.connect(), Ok)?;
        let found = connection
            .prepare_cached(sql)?
            .query_row(key, read)
            .optional()?;
        self.idle().push(connection);
        Ok(found)
    }

    /// Closes what is open.
    pub(super) fn close(&self) {
        self.idle().clear();
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        // Who must wait does so elsewhere, where a thread can be spared.
        connection.busy_timeout(Duration::ZERO)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.pragma_update(None, "cache_size", -2048)?;
        Ok(connection)
    }
}
