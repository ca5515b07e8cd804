//! Disks that are full, and files that the file system keeps as they are: the cause is told in words.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{end, folder, reasons, starts};

/// A small disk, until it is dropped; none where it cannot be had.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path, options: &str) -> Option<Self> {
        folder(at);
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", options, "none"]).arg(at);
        let is_there = command.output().is_ok_and(|ended| ended.status.success());
        is_there.then(|| Self(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Makes files until there is no more room.
fn fill(disk: &Path, content: &[u8]) {
    for number in 0..20_000 {
        if fs::write(disk.join(number.to_string()), content).is_err() {
            return;
        }
    }
    panic!("{} has no end", disk.display());
}

#[tokio::test]
async fn a_full_disk_is_called_full() {
    for (options, content, words) in [
        ("size=8m", &[b'x'; 4096][..], "the disk is full"),
        ("size=64m,nr_inodes=40", &[][..], "no inodes left"),
    ] {
        let at = tempfile::tempdir().unwrap();
        let place = at.path().join("disk");
        let Some(_disk) = SmallDisk::mount(&place, options) else {
            println!("not tried: nothing can be mounted");
            return;
        };
        let data = format!("data={}", place.join("data").display());
        starts(at.path(), &[&data], false).await;
        for beside in ["twofold.db-wal", "twofold.db-shm"] {
            let _ = fs::remove_file(place.join("data").join(beside));
        }
        fill(&place, content);
        let said = reasons(&end("serve", at.path(), &[&data], false).await);
        assert_eq!(said.len(), 1, "{said:?}");
        for word in [words, "twofold.db", "`data`"] {
            assert!(said.iter().all(|line| line.contains(word)), "{said:?}");
        }
    }
}

/// Of a file that may only grow, the right to write it tells nothing.
#[tokio::test]
async fn a_database_that_may_only_grow_is_told_with_its_remedy() {
    let at = tempfile::tempdir().unwrap();
    starts(at.path(), &[], false).await;
    let database = at.path().join("data/twofold.db");
    let change = |flag: &str| {
        let mut command = Command::new("chattr");
        let ended = command.arg(flag).arg(&database).output();
        ended.is_ok_and(|ended| ended.status.success())
    };
    if !change("+a") {
        println!("not tried: the file system has no such attribute");
        return;
    }
    let checked = reasons(&end("check-config", at.path(), &[], false).await);
    let served = reasons(&end("serve", at.path(), &[], false).await);
    let mut commands = Vec::new();
    for words in [
        "user list",
        "account list",
        "keys add",
        "migrate",
        "backup out",
        "restore --in-place",
        "user reset-all-two-factor --keys-lost",
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_twofold"));
        let command = command.current_dir(at.path()).args(words.split(' '));
        commands.push((words, command.env_clear().output().unwrap()));
    }
    assert!(change("-a"));
    for (words, ended) in commands {
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(said.contains("chattr -a -i "), "{words}: {said}");
        assert!(said.contains("data/twofold.db: "), "{words}: {said}");
    }
    assert_eq!(checked, served);
    assert_eq!(served.len(), 1, "{served:?}");
    for word in ["setting `data`", "twofold.db: ", "chattr -a -i "] {
        assert!(served.iter().all(|line| line.contains(word)), "{served:?}");
    }
}
