//! Files that an interrupted backup has left in its folder. The next backup into that folder removes them, unless another
//! one is running there: each has a shared lock on the folder while it writes, which ends with its process.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::file::{BESIDE, PARTIAL, folder_of};
use files::trusted_files::reading::open_folder;

/// What was found beside a new backup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leftovers {
    /// Of backups that were cut off; gone now.
    pub removed: Vec<PathBuf>,
    /// Of one that is at work, or where nothing tells whether it is.
    pub kept: Vec<PathBuf>,
}

/// A folder that a backup is being written to, with its lock.
pub(super) struct BackupFolder {
    pub(super) leftovers: Leftovers,
    _lock: Option<File>,
}

/// Looks through the folder of a new backup. Nothing here keeps a backup from being made: some file systems of other
/// machines have no locks.
pub(super) fn enter(target: &Path) -> BackupFolder {
    let folder = folder_of(target);
    let found = find(folder).unwrap_or_default();
    let lock = open_folder(folder).ok();
    let is_alone = lock.as_ref().is_some_and(|lock| lock.try_lock().is_ok());
    let mut leftovers = Leftovers::default();
    for path in found {
        if is_alone && fs::remove_file(&path).is_ok() {
            leftovers.removed.push(path);
        } else {
            leftovers.kept.push(path);
        }
    }
    let shared = |lock: &File| lock.unlock().and_then(|()| lock.lock_shared());
    BackupFolder {
        leftovers,
        _lock: lock.filter(|lock| shared(lock).is_ok()),
    }
}

fn find(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if is_partial(&entry.file_name().to_string_lossy()) && entry.file_type()?.is_file() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a name is one that we give to what is not whole yet, or SQLite to what it keeps beside it.
fn is_partial(name: &str) -> bool {
    let is_ours = |name: &str| name.starts_with('.') && name.ends_with(PARTIAL);
    BESIDE
        .iter()
        .any(|end| name.strip_suffix(end).is_some_and(is_ours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_ours_are_leftovers() {
        for (name, is_leftover) in [
            (".backup.12.twofold-partial", true),
            (".backup.12.twofold-partial-journal", true),
            (".twofold-2027-01-15.1.twofold-partial-wal", true),
            ("backup.12.twofold-partial", false),
            (".backup.12.partial", false),
            (".backup.12.twofold-partial.old", false),
            ("backup", false),
            ("", false),
        ] {
            assert_eq!(is_partial(name), is_leftover, "{name}");
        }
    }
}
