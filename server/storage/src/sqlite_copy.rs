//! Copies a whole SQLite database while it is in use, and checks its integrity.

use std::path::Path;

use sea_orm::{ConnectOptions, ConnectionTrait, Statement};

use super::connect::{SOME_FILE, as_it_is, quiet};
use super::{Database, DatabaseProblem, Stored};

/// Writes a copy of what the database holds at this moment into an empty file. Readers and writers go on meanwhile.
pub async fn copy_into(database: &Database, path: &Path) -> Stored<()> {
    let db = &database.readers;
    let values = [path.to_string_lossy().into_owned().into()];
    let statement =
        Statement::from_sql_and_values(db.get_database_backend(), "VACUUM INTO ?", values);
    db.execute_raw(statement).await?;
    Ok(())
}

/// Opens a file that nobody changes, to read it alone.
///
/// # Errors
/// When it is no database, or of another program or a newer version.
pub async fn open_copy(path: &Path) -> Result<Database, DatabaseProblem> {
    open_read_only(path, true).await
}

/// Opens a file that others may have open, to read it alone. Nothing is made beside it, as long as the two files that SQLite
/// writes there are both there or both not.
///
/// # Errors
/// As [`open_copy`].
pub async fn open_beside_others(path: &Path) -> Result<Database, DatabaseProblem> {
    open_read_only(path, false).await
}

async fn open_read_only(path: &Path, is_still: bool) -> Result<Database, DatabaseProblem> {
    let mut options = ConnectOptions::new(SOME_FILE);
    let path = as_it_is(path);
    options
        .max_connections(1)
        .map_sqlx_sqlite_opts(move |options| {
            options.filename(&path).read_only(true).immutable(is_still)
        });
    let connection = sea_orm::Database::connect(quiet(&mut options))
        .await
        .map_err(DatabaseProblem::Unusable)?;
    Ok(Database {
        readers: connection.clone(),
        writer: connection,
        fast_reads: None,
    })
}

/// Whether every page, index and row is in order.
pub async fn is_sound(database: &Database) -> Stored<bool> {
    let db = &database.readers;
    let statement = Statement::from_string(db.get_database_backend(), "PRAGMA integrity_check(1)");
    let row = db.query_one_raw(statement).await?;
    let answer: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(answer.as_deref() == Some("ok"))
}
