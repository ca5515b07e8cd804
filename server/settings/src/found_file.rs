//! A file of settings that nobody has named: it was found in the folder that the program is started in, which may be
//! anybody's, such as `/tmp`. It is read only where no other user can have written it.

use std::fs;
use std::io;
use std::path::Path;

use zeroize::Zeroizing;

use domain::path_trust::{Distrust, Reader, Rights};
use files::trusted_files::{reading, rights, this_process};

/// The text of such a file.
///
/// # Errors
/// As the system says, and where the file or a link to it is of another user, or others can write it.
pub(super) fn read(path: &Path) -> io::Result<Zeroizing<String>> {
    let reader = this_process();
    let entry = fs::symlink_metadata(path)?;
    if entry.is_symlink() {
        judge(&reader, &rights(&entry), path)?;
    }
    // Asked of the open file: another one may have its name by now.
    let (file, found) = reading::open_file(path)?;
    judge(&reader, &rights(&found), path)?;
    reading::text_of(file, &found)
}

fn judge(reader: &Reader, found: &Rights, path: &Path) -> io::Result<()> {
    let judged = reader.judge_found(found);
    judged.map_err(|why| refused(sentence(why, found.mode & 0o777, path)))
}

fn sentence(why: Distrust, mode: u32, path: &Path) -> String {
    let path = path.display();
    match why {
        Distrust::Owner(owner) | Distrust::Planted(owner) => format!(
            "it is of another user (id {owner}), and it was found in this folder without being named. Start the program \
             in another folder, or name the file with --config or TWOFOLD_CONFIG"
        ),
        Distrust::Group(group) => format!(
            "others can write it (mode {mode:03o}): those in the group {group}, and it was found in this folder without \
             being named. Take that from them (`chmod go-w {path}`), or name it with --config or TWOFOLD_CONFIG"
        ),
        Distrust::Everybody => format!(
            "others can write it (mode {mode:03o}), and it was found in this folder without being named. Take that from \
             them (`chmod go-w {path}`), or name it with --config or TWOFOLD_CONFIG"
        ),
    }
}

fn refused(reason: String) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, reason)
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt as _, chown, lchown, symlink};

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;

    #[test]
    fn what_others_can_write_is_refused_and_what_they_can_read_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("twofold.toml");
        fs::write(&file, "sign_up = true").unwrap();
        if rustix::process::geteuid().is_root() {
            // A group that is not the user's own.
            chown(&file, None, Some(65_534)).unwrap();
        }
        let group = rights(&fs::metadata(&file).unwrap()).group;
        let is_own = this_process().private_group == Some(group);
        for (mode, is_read) in [
            (0o600, true),
            (0o640, true),
            (0o644, true),
            (0o660, is_own),
            (0o664, is_own),
            (0o602, false),
        ] {
            fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
            match read(&file) {
                Ok(text) => assert!(is_read && *text == "sign_up = true", "{mode:o}"),
                Err(error) => {
                    assert!(!is_read, "{mode:o}: {error}");
                    assert!(error.to_string().contains("chmod go-w"), "{error}");
                }
            }
        }
    }

    #[test]
    fn a_pipe_makes_nobody_wait() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("twofold.toml");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR, 0).unwrap();
        let refused = read(&pipe).unwrap_err().to_string();
        assert!(refused.contains("it is a pipe, and no file"), "{refused}");
    }

    #[test]
    fn a_file_or_link_of_another_user_is_refused() {
        if !rustix::process::geteuid().is_root() {
            // Nobody else can give a file away.
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (
            folder.path().join("other.toml"),
            folder.path().join("twofold.toml"),
        );
        fs::write(&file, "").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        symlink(&file, &link).unwrap();
        assert_eq!(*read(&link).unwrap(), "");
        // A stranger's link leads to a file of root's that was not meant.
        lchown(&link, Some(65_534), None).unwrap();
        let refused = read(&link).unwrap_err().to_string();
        assert!(refused.contains("another user (id 65534)"), "{refused}");
        lchown(&file, Some(65_534), None).unwrap();
        let refused = read(&file).unwrap_err().to_string();
        assert!(refused.contains("another user (id 65534)"), "{refused}");
    }
}
