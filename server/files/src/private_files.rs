//! Creates files and folders that only this user can read: 0600 and 0700, whatever the umask. They contain the database,
//! keys, mailed links and codes.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Of a file: read and written by its owner.
const FILE_MODE: u32 = 0o600;
/// Of a folder: entered by its owner too.
const FOLDER_MODE: u32 = 0o700;
/// What anybody but the owner may.
const OTHERS: u32 = 0o077;
/// What everybody may who may do all in a folder.
const ALL_OF_EVERYBODY: u32 = 0o007;
/// What an operator does where others may use something.
pub const REMEDY: &str = "chmod go-rwx it or, on a volume that keeps no modes (Azure Files, WSL, NFS with all_squash), mount \
                          it for the user of this program alone";

/// Makes a folder, and those above it that are missing. One that is there stays as it is.
///
/// # Errors
/// As the system says.
pub fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(path)
}

/// How to write a new file that its owner alone reads; the caller says whether it may be there.
pub fn to_write() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).mode(FILE_MODE);
    options
}

/// Writes a file, in place of one that is there.
///
/// # Errors
/// As the system says.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = to_write().create(true).truncate(true).open(path)?;
    file.write_all(content)
}

/// Writes a file and makes the folder of it, on a thread that may wait for the disk.
///
/// # Errors
/// As the system says.
pub async fn write_in_turn(path: PathBuf, content: Vec<u8>) -> io::Result<()> {
    let written = tokio::task::spawn_blocking(move || {
        path.parent().map_or(Ok(()), make_folder)?;
        write(&path, &content)
    });
    written.await.map_err(io::Error::other)?
}

/// Writes what is not in its place yet into a folder, under a name that no other try has: two servers or two tries may write
/// the same thing at once, and the one must not take the other's file away. Gives where it is.
///
/// # Errors
/// As the system says.
pub async fn write_part(folder: &Path, name: &str, content: Vec<u8>) -> io::Result<PathBuf> {
    static TRIES: AtomicU64 = AtomicU64::new(0);
    let (server, try_of_it) = (std::process::id(), TRIES.fetch_add(1, Ordering::Relaxed));
    let part = folder.join(format!(".{name}.{server}-{try_of_it}.part"));
    write_in_turn(part.clone(), content).await?;
    Ok(part)
}

/// Makes an empty file where there is none, for whoever opens it by its name: what it makes beside it takes its mode.
///
/// # Errors
/// As the system says.
pub fn make_file(path: &Path) -> io::Result<()> {
    match to_write().create_new(true).open(path) {
        // Whether it can be used is for whoever opens it.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

/// Which of these paths, and of what lies directly in those that are folders, others than the owner may read or write,
/// with the mode that they have. Of a folder where everybody may do everything, what is inside is not listed: on volumes
/// that keep no modes it is all like this.
pub fn open_to_others(paths: &[PathBuf]) -> Vec<(PathBuf, u32)> {
    let inside = paths
        .iter()
        .filter(|path| !is_everybodys(path))
        .filter_map(|path| fs::read_dir(path).ok())
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let mut all: Vec<_> = paths.iter().cloned().chain(inside).collect();
    all.sort();
    all.dedup();
    all.into_iter()
        .filter_map(|path| {
            let mode = fs::symlink_metadata(&path).ok()?;
            // A device is not this program's.
            let is_owned = mode.is_file() || mode.is_dir();
            let mode = is_owned.then(|| mode.permissions().mode() & 0o777)?;
            (mode & OTHERS != 0).then_some((path, mode))
        })
        .collect()
}

fn is_everybodys(path: &Path) -> bool {
    let found = fs::metadata(path);
    found.is_ok_and(|found| found.permissions().mode() & ALL_OF_EVERYBODY == ALL_OF_EVERYBODY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn folders_and_files_are_the_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (outer, inner) = (folder.path().join("a"), folder.path().join("a/b"));
        make_folder(&inner).unwrap();
        assert_eq!((mode(&outer), mode(&inner)), (0o700, 0o700));
        let (written, made) = (inner.join("written"), inner.join("made"));
        write(&written, b"1").unwrap();
        make_file(&made).unwrap();
        assert_eq!((mode(&written), mode(&made)), (0o600, 0o600));
        fs::write(&made, "kept").unwrap();
        make_file(&made).unwrap();
        assert_eq!(fs::read_to_string(&made).unwrap(), "kept");
        assert_eq!(open_to_others(&[inner]), []);
    }

    #[tokio::test]
    async fn what_is_written_twice_at_once_is_two_files_until_it_is_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let one = write_part(folder.path(), "1", b"one".to_vec())
            .await
            .unwrap();
        let other = write_part(folder.path(), "1", b"other".to_vec())
            .await
            .unwrap();
        assert_ne!(one, other);
        assert_eq!(fs::read(&one).unwrap(), b"one");
        assert_eq!((mode(&one), mode(&other)), (0o600, 0o600));
    }

    #[test]
    fn what_others_can_read_is_found() {
        assert_eq!(open_to_others(&["/dev/null".into()]), []);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("twofold.db");
        fs::write(&file, "").unwrap();
        for (bits, is_found) in [(0o600, false), (0o604, true), (0o640, true), (0o644, true)] {
            fs::set_permissions(&file, fs::Permissions::from_mode(bits)).unwrap();
            let found = open_to_others(&[folder.path().to_owned()]);
            assert_eq!(found.contains(&(file.clone(), bits)), is_found, "{bits:o}");
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let found = open_to_others(&[folder.path().to_owned()]);
        assert_eq!(found, [(folder.path().to_owned(), 0o777)]);
    }
}
