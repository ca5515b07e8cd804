//! Files that are written under a temporary name and get their own name once they are complete.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{BackupProblem, sync_folder};
use files::trusted_files::reading::open_file;

/// Bytes that are read at once.
const PIECE: usize = 256 * 1024;

/// Suffix of a file that is not complete yet.
pub(super) const PARTIAL: &str = ".twofold-partial";
/// Suffixes of the files SQLite keeps beside a database; the empty one is the database itself.
pub(super) const BESIDE: [&str; 4] = ["", "-journal", "-wal", "-shm"];

/// A temporary file beside its target, readable by its owner alone. It is removed unless it is published.
pub(super) struct Partial(PathBuf);

impl Partial {
    /// An empty file beside `target`. The process is in its name: two backups do not share one.
    pub(super) fn beside(target: &Path) -> Result<Self, BackupProblem> {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let name = format!(".{name}.{}{PARTIAL}", std::process::id());
        let path = target.with_file_name(name);
        let made = remove(&path).and_then(|()| {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true).mode(0o600).open(&path)
        });
        made.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => {
                BackupProblem::Folder(target.to_owned(), error, folder_of(target).to_owned())
            }
            _ => BackupProblem::File(target.to_owned(), error),
        })?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Adds the last line and brings all of it to the disk.
    pub(super) fn append(&self, line: &str) -> Result<(), BackupProblem> {
        let append = || -> io::Result<()> {
            let mut file = OpenOptions::new().append(true).open(&self.0)?;
            file.write_all(line.as_bytes())?;
            file.sync_all()
        };
        append().map_err(|error| BackupProblem::File(self.0.clone(), error))
    }

    /// Gives the file its name, which must be free.
    pub(super) fn publish(self, target: &Path) -> Result<(), BackupProblem> {
        // Unlike a renamed file, a link never takes the place of another; not every file system has links.
        let published = match fs::hard_link(&self.0, target) {
            Ok(()) => fs::remove_file(&self.0),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            Err(_) if target.symlink_metadata().is_ok() => {
                Err(io::Error::from(io::ErrorKind::AlreadyExists))
            }
            Err(_) => fs::rename(&self.0, target),
        };
        published
            .and_then(|()| sync_folder(target))
            .map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => BackupProblem::Exists(target.to_owned()),
                _ => BackupProblem::File(target.to_owned(), error),
            })
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // With what SQLite may have put beside it.
        for end in BESIDE {
            let mut path = self.0.clone().into_os_string();
            path.push(end);
            let _ = fs::remove_file(path);
        }
    }
}

/// The hash of all bytes of a file.
pub(super) fn hash_of(path: &Path) -> Result<[u8; 32], BackupProblem> {
    let hash = || -> io::Result<[u8; 32]> {
        let (file, found) = open_file(path)?;
        copy_hashed(file, found.len(), &mut io::sink())
    };
    hash().map_err(|error| BackupProblem::File(path.to_owned(), error))
}

/// Copies the first bytes of a file, and gives their hash.
pub(super) fn copy_hashed(
    mut from: File,
    length: u64,
    to: &mut impl io::Write,
) -> io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE];
    let mut left = length;
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        let read = from.read(piece.get_mut(..most).unwrap_or_default())?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let bytes = piece.get(..read).unwrap_or_default();
        hash.update(bytes);
        to.write_all(bytes)?;
        left -= read as u64;
    }
    Ok(hash.finalize().into())
}

/// Removes a file that a crash may have left.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The folder of a file.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    }
}
