//! Volumes as platforms hand them out, played by folders.

use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;

use super::NOBODY;
use super::places::{folder, set_mode, write};

/// What it is, how it is made, the data folder in it, and whether an operator is warned.
type Volume = (&'static str, fn(&Path), &'static str, bool);

/// A user of whom the program knows nothing.
const OTHER: u32 = 4_000_001;

/// The program is of the user and the group `NOBODY`.
pub(super) const VOLUMES: [Volume; 6] = [
    ("emptyDir", |at| make(&at.join("v"), 0, 0, 0o777), "v", true),
    (
        "fsGroup",
        |at| make(&at.join("v"), 0, NOBODY, 0o2775),
        "v",
        false,
    ),
    (
        "fsGroup, a subfolder that a pod of another user has made",
        |at| {
            make(&at.join("v"), 0, NOBODY, 0o2775);
            make(&at.join("v/data"), OTHER, NOBODY, 0o2770);
            file(&at.join("v/data/lock"), OTHER, 0o660);
        },
        "v/data",
        false,
    ),
    (
        "Azure Files",
        |at| {
            make(&at.join("v"), 0, 0, 0o777);
            make(&at.join("v/data"), 0, 0, 0o777);
            file(&at.join("v/data/lock"), 0, 0o777);
        },
        "v/data",
        true,
    ),
    (
        "WSL",
        |at| {
            make(&at.join("v"), NOBODY, NOBODY, 0o777);
            file(&at.join("v/lock"), NOBODY, 0o777);
        },
        "v",
        true,
    ),
    (
        "NFS with all_squash",
        |at| {
            make(&at.join("v"), OTHER, OTHER, 0o777);
            file(&at.join("v/lock"), OTHER, 0o777);
        },
        "v",
        true,
    ),
];

fn make(path: &Path, owner: u32, group: u32, mode: u32) {
    folder(path);
    chown(path, Some(owner), Some(group)).unwrap();
    set_mode(path, mode);
}

fn file(path: &Path, owner: u32, mode: u32) {
    write(path, "");
    chown(path, Some(owner), Some(NOBODY)).unwrap();
    set_mode(path, mode);
    assert!(fs::metadata(path).is_ok());
}
