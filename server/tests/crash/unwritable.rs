//! A start whose files are read-only or unreadable: it prints one line that names them, and creates no files.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;
use std::process::Output;

use tempfile::{TempDir, tempdir};
use tokio::process::Command;

use crate::process::TWOFOLD;

/// The user whom root becomes, since nothing is forbidden to root.
const NOBODY: &str = "65534";

/// Starts the server as somebody who is not root; nothing where that cannot be.
async fn start_as_nobody(folder: &Path) -> Option<Output> {
    let id = Command::new("id").arg("-u").output().await.unwrap();
    let mut command = if id.stdout == b"0\n" {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"])
            .arg(TWOFOLD.path);
        command
    } else {
        Command::new(TWOFOLD.path)
    };
    let output = command
        .env_clear()
        .current_dir("/")
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder)
        .output()
        .await
        .unwrap();
    // The shell's words for a program that cannot be run: the way to it is shut for others than root.
    (!matches!(output.status.code(), Some(126 | 127))).then_some(output)
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// A folder in which a server has been, given to whoever starts the next one.
async fn used_folder() -> TempDir {
    let folder = tempdir().unwrap();
    TWOFOLD.serve(folder.path()).await.kill().await;
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.push(folder.path().to_owned());
    for path in paths {
        let nobody: u32 = NOBODY.parse().unwrap();
        // Only root can give files away, and only root has to.
        let _ = chown(path, Some(nobody), Some(nobody));
    }
    folder
}

/// A start that finds a file read-only or unreadable says so in one line, and ends with 1.
#[tokio::test]
async fn a_start_without_the_right_to_its_files_says_which() {
    for (file, mode, word) in [
        ("", 0o555, "the folder"),
        ("lock", 0o444, "lock: Permission denied"),
        ("keys", 0o000, "keys: Permission denied"),
        ("twofold.db", 0o444, "twofold.db: Permission denied"),
        ("twofold.db", 0o000, "twofold.db: Permission denied"),
    ] {
        let folder = used_folder().await;
        if file.is_empty() {
            fs::remove_file(folder.path().join("lock")).unwrap();
        }
        set_mode(&folder.path().join(file), mode);
        let Some(output) = start_as_nobody(folder.path()).await else {
            println!("not tried: the program cannot be run by others than root");
            return;
        };
        set_mode(folder.path(), 0o700);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{file} {mode:o}: {said}");
        let said: Vec<_> = said.lines().collect();
        assert_eq!(said.len(), 1, "{said:?}");
        let start = "twofold: setting `data` cannot be used: ";
        assert!(said[0].starts_with(start), "{said:?}");
        assert!(said[0].contains(word), "{said:?}");
    }
}
