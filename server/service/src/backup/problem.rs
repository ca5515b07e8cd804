//! Why there is no backup, or nothing was restored, in one line for the operator.

use std::io;
use std::path::{Path, PathBuf};

use crate::keys::KeysProblem;
use crate::{Failure, Fault};
use files::trusted_files::{make_for_own, whose};
use storage::{DatabaseProblem, StorageError};

/// Why a backup was not made or not restored. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum BackupProblem {
    /// The database is a server's.
    #[error(
        "the database is on PostgreSQL: make backups with its own `pg_dump`, and keep a copy of the keys"
    )]
    PostgresDump,
    /// The same, for the way back.
    #[error(
        "the database is on PostgreSQL: restore it with its own `pg_restore`, then run `twofold restore --in-place`"
    )]
    PostgresRestore,
    /// Whoever works with the database would be signed out, and servers would go on with what they read before.
    #[error(
        "servers use this database: {0}. Stop them first; one that was killed counts for a minute. `--force` goes on \
         in spite of them"
    )]
    ServersLive(String),
    /// Nothing is overwritten.
    #[error("{} exists; give the backup another name", .0.display())]
    Exists(PathBuf),
    /// A database is not overwritten.
    #[error(
        "{} exists: a backup is restored into a folder without a database; move it away, or give another `data`", .0.display()
    )]
    DatabaseExists(PathBuf),
    /// There is no folder for the file, or it is another user's.
    #[error("{}", of_folder(.0, .1, .2))]
    Folder(PathBuf, io::Error, PathBuf),
    /// A file cannot be read or written.
    #[error("{}: {}", .0.display(), .1)]
    File(PathBuf, io::Error),
    /// The end of the file is missing, or it never was a backup.
    #[error(
        "{} is not a whole backup: it was cut off, or `twofold backup` has not made it", .0.display()
    )]
    NotWhole(PathBuf),
    /// Of a version after ours.
    #[error(
        "{} was made by a newer version of Twofold; restore it with that version or a later one", .0.display()
    )]
    Newer(PathBuf),
    /// Not what was written.
    #[error("{} is damaged, or somebody has changed it since it was made", .0.display())]
    Changed(PathBuf),
    /// Keys are missing.
    #[error(
        "{file} needs {missing}, not among the keys here ({place}); put your copy of the keys there first"
    )]
    KeysMissing {
        /// The backup.
        file: String,
        /// The keys, in words.
        missing: String,
        /// Where keys are looked for.
        place: String,
    },
    /// SQLite finds something wrong.
    #[error("the database is damaged: its own check (`PRAGMA integrity_check`) fails")]
    Damaged,
    /// A schema, and no more.
    #[error("the database has never been used by a server; there is nothing to keep")]
    NothingInIt,
    /// The database.
    #[error(transparent)]
    Open(#[from] DatabaseProblem),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeysProblem),
    /// A fault.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// A folder that is missing is made for the user; one of another's, such as `/etc`, is not given away.
fn of_folder(file: &Path, error: &io::Error, folder: &Path) -> String {
    let (file, shown) = (file.display(), folder.display());
    if error.kind() == io::ErrorKind::NotFound {
        let make = make_for_own(&shown.to_string());
        return format!(
            "{file}: there is no folder {shown}; make it for the user of this command, {make}"
        );
    }
    format!("{file}: {error}{}", whose(folder, None))
}

impl From<sea_orm::DbErr> for BackupProblem {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Storage(error.into())
    }
}

impl From<Failure> for BackupProblem {
    fn from(failure: Failure) -> Self {
        match failure {
            refused @ Failure::Refused(_) => Self::Other(refused.to_string()),
            Failure::Fault(fault) => Self::Fault(fault),
        }
    }
}
