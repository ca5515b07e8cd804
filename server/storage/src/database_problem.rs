//! Why a database does not open: where it is, by which setting, and in words what is in the way.

use std::path::Path;

use sea_orm::DbErr;
use sea_orm::sqlx;

use super::in_words::{FULL, cause_in_words};
use super::postgres_url::UrlProblem;
use super::{Location, StorageError};

/// Why a database does not open, for the operator.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseProblem {
    /// The file or server cannot be used.
    #[error("{}", cause_in_words(.0))]
    Unusable(#[source] DbErr),
    /// PostgreSQL cannot be reached, or refuses.
    #[error("the database of `database_url` cannot be opened: {0}")]
    Unreachable(#[source] sqlx::Error),
    /// Its URL.
    #[error("setting `database_url` cannot be used: {0}")]
    Url(#[from] UrlProblem),
    /// PostgreSQL keeps texts in an encoding that has not every character.
    #[error("the PostgreSQL database has the encoding {0}; make one with ENCODING 'UTF8'")]
    Encoding(String),
    /// The schema is of a newer version.
    #[error(
        "the database was written by a newer version of Twofold ({0}); start that version or a later one"
    )]
    Newer(String),
    /// The tables are of another program.
    #[error("the database belongs to another program; point `database_url` or `data` elsewhere")]
    Foreign,
    /// There is none.
    #[error(
        "there is no database of Twofold {0}; `--config FILE` names the settings of the server, `--data FOLDER` its folder"
    )]
    Absent(String),
    /// Anything else.
    #[error("{}", storage_in_words(.0))]
    Storage(#[from] StorageError),
    /// The disk of SQLite's file is full, which SQLite tells by other numbers, too.
    #[error("{words} ({said})")]
    Full {
        /// Of what there is no more.
        words: &'static str,
        /// What SQLite says.
        said: String,
    },
    /// One of these, with where the database is.
    #[error("the database {place} cannot be opened: {problem}")]
    At {
        /// The path and the setting; of a server the setting alone.
        place: String,
        /// What is in the way.
        #[source]
        problem: Box<Self>,
    },
}

impl DatabaseProblem {
    /// There is no file.
    pub fn absent(path: &Path) -> Self {
        Self::Absent(format!("at {}", path.display()))
    }

    /// The same with where the database is, unless it says so already.
    #[must_use]
    pub fn at(self, location: &Location) -> Self {
        let place = match (&self, location) {
            (Self::Unusable(_) | Self::Storage(_), Location::Postgres(_)) => {
                "of `database_url`".to_owned()
            }
            (
                Self::Unusable(_) | Self::Storage(_) | Self::Foreign | Self::Newer(_),
                Location::Sqlite(path),
            ) => format!("{} (setting `data`)", path.display()),
            _ => return self,
        };
        let mut problem = Box::new(self);
        if let Location::Sqlite(path) = location
            && let Some(words) = full_disk(path)
            && matches!(*problem, Self::Unusable(_) | Self::Storage(_))
            && !problem.to_string().starts_with(FULL)
        {
            let said = problem.to_string();
            problem = Box::new(Self::Full { words, said });
        }
        Self::At { place, problem }
    }
}

/// Of what the disk of a file has no more. Below 64 KiB SQLite cannot make what it needs beside the file.
fn full_disk(path: &Path) -> Option<&'static str> {
    const LEAST_BYTES: u64 = 64 << 10;
    let folder = path.parent()?;
    let disk = rustix::fs::statvfs(folder).ok()?;
    if disk.f_bavail.saturating_mul(disk.f_frsize) < LEAST_BYTES {
        return Some(FULL);
    }
    // Some file systems do not count them.
    let is_out_of_inodes = disk.f_files > 0 && disk.f_favail == 0;
    is_out_of_inodes.then_some("the disk is full: it has no inodes left for another file")
}

fn storage_in_words(error: &StorageError) -> String {
    match error {
        StorageError::Database(error) => cause_in_words(error),
        StorageError::Inconsistent { .. } | StorageError::UnreadableFactor(_) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn path_setting_and_reason_are_named() {
        let at = Location::Sqlite(PathBuf::from("/srv/twofold.db"));
        for problem in [
            DatabaseProblem::Foreign,
            DatabaseProblem::Newer("m9999".to_owned()),
            DatabaseProblem::Unusable(DbErr::Custom("x".to_owned())),
            DatabaseProblem::Storage(StorageError::Database(DbErr::Custom("x".to_owned()))),
        ] {
            let bare = problem.to_string();
            let said = problem.at(&at).at(&at).to_string();
            let place = "the database /srv/twofold.db (setting `data`) cannot be opened: ";
            assert_eq!(said, format!("{place}{bare}"));
        }
        let absent = DatabaseProblem::Absent("at x".to_owned());
        assert_eq!(absent.to_string(), absent.at(&at).to_string());
    }
}
