//! Looks at owner and mode of files before what is in them is relied on; `domain::path_trust` judges them.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use crate::domain::path_trust::{Distrust, PathKind, Reader, Rights, private_group};

/// The identity map of a process that is in no user namespace (`user_namespaces(7)`).
const ALL_USERS: [&str; 3] = ["0", "0", "4294967295"];

impl Reader {
    /// This process.
    pub fn of_this_process() -> Self {
        let user = rustix::process::geteuid().as_raw();
        let text = |path| fs::read_to_string(path).unwrap_or_default();
        let map = text("/proc/self/uid_map");
        let has_all = map.split_whitespace().eq(ALL_USERS);
        Self {
            user,
            private_group: private_group(user, &text("/etc/passwd"), &text("/etc/group")),
            has_unmapped_users: !map.is_empty() && !has_all,
        }
    }
}

impl PathKind {
    /// Of a path as it was set.
    pub fn of(path: &Path) -> Self {
        if path.is_absolute() {
            Self::Named
        } else {
            Self::Found
        }
    }
}

/// The rights of a file or folder.
pub fn rights(of: &Metadata) -> Rights {
    Rights {
        owner: of.uid(),
        group: of.gid(),
        mode: of.permissions().mode(),
        is_folder: of.is_dir(),
    }
}

/// Judges what is at a path: the link, where it is one, and what it leads to. Nothing there is no reason to refuse.
///
/// # Errors
/// A sentence for the operator with path, owner and remedy; or what the system says.
pub fn judge(reader: &Reader, kind: PathKind, path: &Path) -> Result<(), String> {
    let Some(entry) = there(fs::symlink_metadata(path))? else {
        return Ok(());
    };
    let within = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let within = within.unwrap_or_else(|| Path::new("."));
    let within = there(fs::metadata(within))?.map(|folder| rights(&folder));
    if entry.is_symlink() {
        // Everybody may follow a link, whatever its mode says.
        let link = Rights {
            mode: 0,
            ..rights(&entry)
        };
        let judged = reader.judge(kind, &link, within.as_ref());
        judged.map_err(|why| sentence(why, reader, kind, path, &link))?;
    }
    let Some(found) = there(fs::metadata(path))?.map(|found| rights(&found)) else {
        return Ok(());
    };
    // The way to a data folder is not part of it: `/tmp/data` that is ours is ours.
    let within = within.filter(|_| !found.is_folder);
    let judged = reader.judge(kind, &found, within.as_ref());
    judged.map_err(|why| sentence(why, reader, kind, path, &found))
}

fn there(looked: io::Result<Metadata>) -> Result<Option<Metadata>, String> {
    match looked {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        // A file where a folder was meant: whoever uses the path says so.
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

fn sentence(why: Distrust, reader: &Reader, kind: PathKind, path: &Path, of: &Rights) -> String {
    let (path, user, mode) = (path.display(), reader.user, of.mode & 0o777);
    let found = match kind {
        PathKind::Found => ", and it was found in the folder that the program was started in",
        PathKind::Named => "",
    };
    match (why, kind) {
        (Distrust::Owner(owner), PathKind::Found) => format!(
            "{path} is of another user (id {owner}; this program runs as {user}){found}. Start it in the right folder or, \
             if this is the one that is meant, `chown -R {user} {path}`"
        ),
        (Distrust::Owner(owner), PathKind::Named) => format!(
            "{path} is of another user (id {owner}), who could change it; this program runs as {user}. `chown -R {user} {path}`, \
             or run it as {owner}"
        ),
        (Distrust::Group(group), _) => format!(
            "the group {group} can write {path} (mode {mode:03o}){found}. `chmod g-w {path}`, or set its whole path"
        ),
        (Distrust::Everybody, _) => {
            format!("every user can write {path} (mode {mode:03o}){found}. `chmod o-w {path}`")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{chown, lchown, symlink};

    use super::*;

    const STRANGER: u32 = 65_534;

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn the_sentence_names_path_owner_and_remedy() {
        let reader = Reader {
            user: 1000,
            private_group: None,
            has_unmapped_users: false,
        };
        let of = Rights {
            owner: 1001,
            group: 50,
            mode: 0o100_666,
            is_folder: false,
        };
        let path = Path::new("/srv/keys");
        let say = |why| sentence(why, &reader, PathKind::Named, path, &of);
        for (why, words) in [
            (
                Distrust::Owner(1001),
                ["/srv/keys", "id 1001", "chown -R 1000 /srv/keys"],
            ),
            (
                Distrust::Group(50),
                ["group 50", "mode 666", "chmod g-w /srv/keys"],
            ),
            (
                Distrust::Everybody,
                ["every user", "mode 666", "chmod o-w /srv/keys"],
            ),
        ] {
            let said = say(why);
            assert!(words.iter().all(|word| said.contains(word)), "{said}");
        }
    }

    #[test]
    fn nothing_ours_and_roots_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let reader = Reader::of_this_process();
        let file = folder.path().join("keys");
        for kind in [PathKind::Found, PathKind::Named] {
            assert_eq!(judge(&reader, kind, &file), Ok(()));
            assert_eq!(judge(&reader, kind, folder.path()), Ok(()));
            assert_eq!(judge(&reader, kind, Path::new("/etc/passwd")), Ok(()));
            assert_eq!(judge(&reader, kind, Path::new("/etc/passwd/x")), Ok(()));
        }
    }

    #[test]
    fn what_everybody_can_write_is_refused_through_a_link_too() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("keys"), folder.path().join("link"));
        fs::write(&file, "").unwrap();
        symlink(&file, &link).unwrap();
        let reader = Reader::of_this_process();
        for (mode, is_taken) in [(0o600, true), (0o644, true), (0o602, false), (0o666, false)] {
            set_mode(&file, mode);
            for path in [&file, &link] {
                let judged = judge(&reader, PathKind::Named, path);
                assert_eq!(judged.is_ok(), is_taken, "{mode:o} {judged:?}");
            }
        }
    }

    #[test]
    fn a_stranger_plants_nothing_where_everybody_writes() {
        let reader = Reader::of_this_process();
        if reader.user != 0 {
            // Nobody else can give a file away.
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("keys"), folder.path().join("link"));
        fs::write(&file, "").unwrap();
        symlink("/etc/passwd", &link).unwrap();
        chown(&file, Some(STRANGER), None).unwrap();
        lchown(&link, Some(STRANGER), None).unwrap();
        for (mode, is_taken) in [(0o700, true), (0o777, false), (0o1777, false)] {
            set_mode(folder.path(), mode);
            for path in [&file, &link] {
                let judged = judge(&reader, PathKind::Named, path);
                assert_eq!(judged.is_ok(), is_taken, "{mode:o} {judged:?}");
                // Found in the folder where it was started, it is refused in any case.
                assert!(judge(&reader, PathKind::Found, path).is_err());
            }
        }
    }
}
