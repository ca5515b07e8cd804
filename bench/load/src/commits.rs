//! Durable commits: a row each, in the mode that the server uses (WAL, `synchronous=FULL`), one after the other.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::Ended;

/// Commits per second.
pub fn rate(folder: &Path, time: Duration) -> Ended<f64> {
    let connection = open(&folder.join("commits.db"))?;
    connection.execute_batch("CREATE TABLE entry (id INTEGER PRIMARY KEY, at INTEGER NOT NULL)")?;
    let mut insert = connection.prepare("INSERT INTO entry (at) VALUES (?1)")?;
    let began = Instant::now();
    let mut commits = 0;
    while began.elapsed() < time {
        insert.execute([commits])?;
        commits += 1;
    }
    Ok(f64::from(commits) / began.elapsed().as_secs_f64())
}

/// A database as the server sets it.
pub fn open(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.busy_timeout(Duration::from_secs(10))?;
    Ok(connection)
}
