//! Transient database errors: locked by another program, full, read-only or unreachable. The client may try again, and the
//! operator has something to do; it is not a fault of this program.

use sea_orm::sqlx;
use sea_orm::{DbErr, RuntimeErr};

use super::StorageError;

/// Primary result codes of SQLite: busy, locked, read-only, input or output, full, cannot open.
const SQLITE: [u32; 6] = [BUSY, 6, 8, 10, 13, 14];
/// What SQLite reports when the file is locked.
const BUSY: u32 = 5;
/// Classes and codes of PostgreSQL: connections, resources, shutdown, the system's errors, read-only, locks not to be
/// had, transactions that are to be tried again, statements and transactions that took too long.
const POSTGRES: [&str; 10] = [
    "08", "53", "57P", "58", "25006", "55P03", "40001", "40P01", "57014", "25P03",
];

impl StorageError {
    /// Whether the error is transient: the same statement may succeed later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Database(error) if is_worth_waiting(error))
    }
}

/// The same for an error of sea-orm.
pub(super) fn is_worth_waiting(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) => true,
        // What hangs up in the middle of a greeting, as a proxy before a database does, does not keep to the protocol.
        DbErr::Conn(RuntimeErr::SqlxError(error)) => {
            is_transient(error) || matches!(**error, sqlx::Error::Protocol(_))
        }
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            is_transient(error)
        }
        _ => false,
    }
}

/// Whether a start should try again. What TLS refuses, another try will not mend: a server without it, a certificate that
/// does not fit (which rustls reports as data that is not valid).
pub(super) fn is_worth_waiting_at_start(error: &sqlx::Error) -> bool {
    let is_of_tls = match error {
        sqlx::Error::Tls(_) => true,
        sqlx::Error::Io(error) => error.kind() == std::io::ErrorKind::InvalidData,
        _ => false,
    };
    !is_of_tls && (is_transient(error) || matches!(error, sqlx::Error::Protocol(_)))
}

/// Whether another process has the file of SQLite to itself for now.
pub(super) fn is_held(error: &DbErr) -> bool {
    matches!(error, DbErr::Conn(RuntimeErr::SqlxError(error))
        if error.as_database_error().is_some_and(|error| error.code().as_deref().and_then(primary) == Some(BUSY)))
}

fn is_transient(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_transient_code(&code)),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

/// SQLSTATEs have five characters; SQLite's extended codes have fewer, and the primary code in their last byte.
fn is_transient_code(code: &str) -> bool {
    if code.len() == 5 {
        return POSTGRES.iter().any(|start| code.starts_with(start));
    }
    primary(code).is_some_and(|code| SQLITE.contains(&code))
}

fn primary(code: &str) -> Option<u32> {
    Some(code.parse::<u32>().ok()? & 0xff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_time_may_mend_is_told_from_what_it_may_not() {
        let passing = [
            "5", "6", "8", "13", "14", "261", "517", "776", "1032", "3338", "08006", "53100",
            "57P01", "25006", "40001", "40P01", "55P03", "58030", "57014", "25P03",
        ];
        for code in passing {
            assert!(is_transient_code(code), "{code}");
        }
        // A constraint, a syntax error, a damaged file, a unique index, a missing table.
        for code in [
            "19", "2067", "1", "11", "26", "23505", "42P01", "", "nonsense",
        ] {
            assert!(!is_transient_code(code), "{code}");
        }
    }
}
