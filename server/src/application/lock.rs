//! The lock of a data folder.

use std::fs::{self, File, TryLockError};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::StartProblem;
use files::private_files;

/// The data folder, taken until this is dropped or the process dies, however it dies.
pub struct DataLock {
    file: File,
    /// Its path, where it was made just now.
    made: Option<PathBuf>,
}

impl DataLock {
    /// Leaves no file behind where there was none before, as in a folder that nothing was restored into.
    pub(super) fn remove_if_made(&self) {
        if let Some(path) = &self.made {
            let _ = fs::remove_file(path);
        }
    }
}

impl Drop for DataLock {
    fn drop(&mut self) {
        // Closing it is not enough: a child that another thread has just forked has it, too, until it is the other program.
        let _ = self.file.unlock();
    }
}

/// One server for a file of SQLite.
pub(super) fn lock(path: &Path) -> Result<DataLock, StartProblem> {
    let made = (!path.exists()).then(|| path.to_owned());
    let file = private_files::to_write()
        .create(true)
        .truncate(false)
        .open(path);
    let file = file.map_err(|error| StartProblem::Folder(path.to_owned(), error))?;
    match file.try_lock() {
        // Whoever had the folder may have removed the file just before: then the lock is of nothing.
        Ok(()) if !is_at(&file, path) => Err(StartProblem::InUse(path.to_owned())),
        Ok(()) => Ok(DataLock { file, made }),
        Err(TryLockError::WouldBlock) => Err(StartProblem::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(StartProblem::Folder(path.to_owned(), error)),
    }
}

fn is_at(file: &File, path: &Path) -> bool {
    let (ours, theirs) = (file.metadata(), fs::metadata(path));
    matches!((ours, theirs), (Ok(ours), Ok(theirs)) if ours.ino() == theirs.ino())
}
