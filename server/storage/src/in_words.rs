//! What a database says, in words for who runs a command. What it said itself is for the log alone.

use std::error::Error as _;

use sea_orm::sqlx;
use sea_orm::{DbErr, RuntimeErr};

/// Words for a full disk.
pub(super) const FULL: &str = "the disk is full";

/// What is in the way, in one line: the cause, the code that says more, and what became of what was begun.
pub(super) fn in_words(error: &DbErr) -> String {
    let cause = DatabaseCause::of(error);
    let after = match cause {
        DatabaseCause::Unreadable(_) => "a backup of before has what was there",
        DatabaseCause::Lost => "look whether it was done before doing it again",
        DatabaseCause::NoConnection | DatabaseCause::Refused(_) | DatabaseCause::Other => {
            "what was begun is undone"
        }
    };
    format!("the database cannot be used: {}; {after}", cause.in_words())
}

/// The cause alone, of a database that does not open. What is said of its files or its schema is no driver's.
pub(super) fn cause_in_words(error: &DbErr) -> String {
    match error {
        DbErr::Custom(said) => said.clone(),
        other => DatabaseCause::of(other).in_words(),
    }
}

/// Whether a row was there and a value in it is not of the type that it has to be.
pub(super) fn is_unreadable(error: &DbErr) -> bool {
    matches!(DatabaseCause::of(error), DatabaseCause::Unreadable(_))
}

/// The meaning of a result code of SQLite (<https://sqlite.org/rescode.html>); the last byte of a longer one is that of its
/// kind.
const fn words_of_sqlite(code: u32) -> Option<&'static str> {
    Some(match code & 0xff {
        3 | 23 => "this user may not use it",
        5 | 6 => "another program has it to itself",
        8 => "it, or the folder that it is in, is read-only",
        10 => "the disk or volume fails to read or write it",
        11 => "it is damaged; restore a backup",
        13 => FULL,
        14 => {
            "it, or a file beside it whose name ends with -wal, -shm or -journal, is a folder, leads nowhere, or may not be \
             used by this user"
        }
        26 => "it is no database of SQLite",
        _ => return None,
    })
}

/// The code that a database gave with an error.
fn code_of(error: &DbErr) -> Option<String> {
    let code = driver(error)?.as_database_error()?.code()?;
    Some(code.into_owned())
}

/// Why a statement was not done.
enum DatabaseCause {
    /// A value in a row is not of its type; in which column, where the driver names one.
    Unreadable(Option<String>),
    /// The connection broke off.
    Lost,
    /// None was to be had.
    NoConnection,
    /// The database says so, by a code.
    Refused(String),
    /// Anything else.
    Other,
}

impl DatabaseCause {
    fn in_words(&self) -> String {
        match self {
            Self::Unreadable(Some(column)) => {
                format!("a row holds in its column {column} what this version cannot read")
            }
            Self::Unreadable(None) => "a row holds what this version cannot read".to_owned(),
            Self::Lost => "the connection to it was lost".to_owned(),
            Self::NoConnection => "it gave no connection in time".to_owned(),
            Self::Refused(code) => {
                let words = words_of_code(code).unwrap_or("it refused a statement");
                format!("{words} ({})", named(code))
            }
            Self::Other => "it could not do what it was asked for".to_owned(),
        }
    }

    fn of(error: &DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(_) => return Self::NoConnection,
            // What sea-orm could not make of a row.
            DbErr::Type(_) | DbErr::TryIntoErr { .. } | DbErr::Json(_) => {
                return Self::Unreadable(None);
            }
            _ => {}
        }
        match driver(error) {
            Some(sqlx::Error::ColumnDecode { index, .. }) => Self::Unreadable(column(index)),
            Some(sqlx::Error::Decode(_)) => Self::Unreadable(None),
            Some(sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_)) => Self::Lost,
            Some(
                sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed,
            ) => Self::NoConnection,
            Some(_) | None => code_of(error).map_or(Self::Other, Self::Refused),
        }
    }
}

fn driver(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => Some(error),
        _ => error.source()?.downcast_ref(),
    }
}

/// The name of a column, as the driver puts it; a number says nothing.
fn column(index: &str) -> Option<String> {
    let name = index.trim_matches('"');
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then(|| name.to_owned())
}

/// SQLSTATEs have five characters, and the codes of SQLite fewer.
fn is_of_postgres(code: &str) -> bool {
    code.len() == 5
}

fn named(code: &str) -> String {
    if is_of_postgres(code) {
        format!("SQLSTATE {code}")
    } else {
        format!("code {code} of SQLite")
    }
}

fn words_of_code(code: &str) -> Option<&'static str> {
    if is_of_postgres(code) {
        words_of_postgres(code)
    } else {
        words_of_sqlite(code.parse().ok()?)
    }
}

/// The meaning of a SQLSTATE of PostgreSQL, by class or code.
fn words_of_postgres(code: &str) -> Option<&'static str> {
    const WORDS: [(&str, &str); 12] = [
        ("53100", "the disk of its server is full"),
        ("53", "its server has no more memory or connections to give"),
        ("25006", "it is read-only"),
        ("57P", "its server stops or starts"),
        ("57014", "it took too long"),
        ("25P03", "it took too long"),
        ("55P03", "others had the same rows for too long"),
        (
            "40",
            "others changed the same rows at the same time; try again",
        ),
        ("08", "the connection to it was lost"),
        ("42501", "the user of `database_url` may not do that"),
        ("58", "the disk or volume of its server fails"),
        ("XX00", "it is damaged; restore a backup"),
    ];
    let found = WORDS.iter().find(|(start, _)| code.starts_with(start));
    found.map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_words() {
        for code in [
            "3", "5", "8", "10", "11", "13", "14", "26", "526", "53100", "53200", "25006", "57P01",
            "40001",
        ] {
            assert!(words_of_code(code).is_some(), "{code}");
        }
        for code in ["1", "19", "1811", "23505", "nonsense"] {
            assert_eq!(words_of_code(code), None, "{code}");
        }
    }

    #[test]
    fn nothing_that_a_driver_says_is_in_the_words() {
        const RAW: &str = "error of a driver with SELECT in it";
        let missing = || sqlx::Error::Protocol(RAW.to_owned());
        for error in [
            DbErr::Custom(RAW.to_owned()),
            DbErr::Type(RAW.to_owned()),
            DbErr::Query(RuntimeErr::Internal(RAW.to_owned())),
            DbErr::Conn(RuntimeErr::SqlxError(missing().into())),
            DbErr::Query(RuntimeErr::SqlxError(
                sqlx::Error::ColumnDecode {
                    index: "\"created_at\"".to_owned(),
                    source: RAW.into(),
                }
                .into(),
            )),
        ] {
            let words = in_words(&error);
            assert!(!words.contains("SELECT"), "{words}");
            assert!(
                words.starts_with("the database cannot be used: "),
                "{words}"
            );
        }
    }

    #[test]
    fn columns_are_named_and_numbers_are_not() {
        for (index, name) in [
            ("\"created_at\"", Some("created_at")),
            ("roles", Some("roles")),
            ("3", None),
            ("", None),
            ("\u{1b}[2J", None),
        ] {
            assert_eq!(column(index).as_deref(), name, "{index}");
        }
    }
}
