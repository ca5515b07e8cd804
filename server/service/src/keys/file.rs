//! The key file on disk: read as a whole, and replaced atomically, so that a crash leaves the old one or the new one.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::KeysProblem;
use crypto::random::Random;
use crypto::seal::KeyRing;
use files::trusted_files::reading::{self, ContentSource};

/// What the owner may do, and what the group may where the operator let it.
const OWNER: u32 = 0o600;
const MOST: u32 = 0o640;

/// Held by whoever changes the file: the lock is of its folder, since the file itself is replaced.
pub struct Locked {
    path: PathBuf,
    _folder: File,
}

/// Waits until nobody else changes the file.
///
/// # Errors
/// When its folder cannot be opened.
pub fn lock(path: &Path) -> Result<Locked, KeysProblem> {
    let lock = || -> io::Result<Locked> {
        // What is changed is the file that a link leads to.
        let path = match fs::canonicalize(path) {
            Ok(path) => path,
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(error),
        };
        let folder = reading::open_folder(folder_of(&path))?;
        folder.lock()?;
        Ok(Locked {
            path,
            _folder: folder,
        })
    };
    lock().map_err(|error| KeysProblem::File(path.to_owned(), error))
}

/// Reads the keys; none where there is no file.
///
/// # Errors
/// When it cannot be read or is no file of keys.
pub fn read(path: &Path) -> Result<Option<KeyRing>, KeysProblem> {
    let Some(text) = read_text(path)? else {
        return Ok(None);
    };
    KeyRing::parse(&text)
        .map(Some)
        .map_err(|problem| KeysProblem::Keys(path.display().to_string(), problem))
}

/// Reads the text; none where there is no file.
///
/// # Errors
/// When it cannot be read.
pub fn read_text(path: &Path) -> Result<Option<Zeroizing<String>>, KeysProblem> {
    match reading::read_text(path, ContentSource::File) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(KeysProblem::File(path.to_owned(), error)),
    }
}

/// Makes the file with one new key, on the disk before anything is sealed with it. A file that somebody else has made
/// meanwhile is taken as it is.
///
/// # Errors
/// When it cannot be made.
pub fn create(path: &Path, random: &dyn Random) -> Result<KeyRing, KeysProblem> {
    let locked = lock(path)?;
    if let Some(keys) = read(path)? {
        return Ok(keys);
    }
    let (keys, text) = KeyRing::generate(random);
    locked.replace(&Zeroizing::new(text))?;
    Ok(keys)
}

impl Locked {
    /// Puts this text in the place of the file.
    ///
    /// # Errors
    /// When it cannot be written; the file is as it was then.
    pub fn replace(&self, text: &str) -> Result<(), KeysProblem> {
        // What is said is of the file that it happened to.
        let new = write_beside(&self.path, text)
            .map_err(|error| KeysProblem::File(beside(&self.path), error))?;
        let replaced = fs::rename(&new, &self.path)
            .and_then(|()| reading::open_folder(folder_of(&self.path))?.sync_all());
        replaced.map_err(|error| KeysProblem::File(self.path.clone(), error))
    }
}

/// Where the text is written that takes the place of the file.
pub fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.new"))
}

/// Writes a file that can take the place of another: same owner, same group, open to nobody else.
fn write_beside(path: &Path, text: &str) -> io::Result<PathBuf> {
    let new = beside(path);
    // Left by a crash: whoever holds the lock is alone.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            let reason = format!(
                "{error}; it is in the way of new keys, which are written there before they become {} (settings \
                 `keys_file` and `data`). Remove it as its owner or as root",
                path.display()
            );
            return Err(io::Error::new(error.kind(), reason));
        }
        Ok(()) | Err(_) => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(OWNER)
        .open(&new)?;
    if let Ok(old) = fs::metadata(path) {
        let now = file.metadata()?;
        if (now.uid(), now.gid()) != (old.uid(), old.gid()) {
            fchown(&file, Some(old.uid()), Some(old.gid()))?;
        }
        let mode = (old.permissions().mode() & MOST) | OWNER;
        file.set_permissions(Permissions::from_mode(mode))?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(new)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::random::SystemRandom;

    #[test]
    fn what_is_in_the_way_of_new_keys_is_named_with_setting_and_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        // Nobody can remove a folder as a file.
        fs::create_dir(beside(&path)).unwrap();
        let refused = create(&path, &SystemRandom).err().unwrap().to_string();
        for word in [
            ".keys.new: ",
            "in the way",
            "`keys_file` and `data`",
            "as root",
        ] {
            assert!(refused.contains(word), "{refused}");
        }
    }
}
