//! Files and folders that cannot be used.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown, lchown, symlink};
use std::path::Path;

use super::{Case, NOBODY, nothing};

pub(super) fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

pub(super) fn folder(path: &Path) {
    fs::create_dir_all(path).unwrap();
    set_mode(path, 0o700);
}

pub(super) fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// Files and folders.
pub(super) const PLACES: [Case; 17] = [
    (
        "a file as data",
        |at| write(&at.join("data"), ""),
        &[],
        "data",
    ),
    (
        "data below a file",
        |at| write(&at.join("x"), ""),
        &["data=x/data"],
        "data",
    ),
    (
        "a link to nothing",
        |at| symlink("absent", at.join("data")).unwrap(),
        &[],
        "data",
    ),
    ("empty data", nothing, &["data="], "data"),
    (
        "a folder as database",
        |at| folder(&at.join("data/twofold.db")),
        &[],
        "data",
    ),
    (
        "a folder as lock",
        |at| folder(&at.join("data/lock")),
        &[],
        "data",
    ),
    (
        "a folder as keys",
        |at| folder(&at.join("data/keys")),
        &[],
        "data",
    ),
    (
        "a file as outbox",
        |at| {
            folder(&at.join("data"));
            write(&at.join("data/outbox"), "");
        },
        &[],
        "data",
    ),
    (
        "no keys in the file",
        |at| {
            folder(&at.join("data"));
            write(&at.join("data/keys"), "x");
        },
        &[],
        "data",
    ),
    (
        "no folder of the keys",
        nothing,
        &["keys_file=absent/keys"],
        "keys_file",
    ),
    (
        "a file as folder of the keys",
        |at| write(&at.join("x"), ""),
        &["keys_file=x/keys"],
        "keys_file",
    ),
    (
        "a folder as file of keys",
        |at| folder(&at.join("x")),
        &["keys_file=x"],
        "keys_file",
    ),
    (
        "no keys in their file",
        |at| write(&at.join("x"), "x"),
        &["keys_file=x"],
        "keys_file",
    ),
    (
        "keys that everybody writes",
        |at| {
            write(&at.join("x"), "");
            set_mode(&at.join("x"), 0o666);
        },
        &["keys_file=x"],
        "keys_file",
    ),
    (
        "data that everybody writes",
        |at| {
            folder(&at.join("data"));
            set_mode(&at.join("data"), 0o777);
        },
        &[],
        "data",
    ),
    (
        "a database that everybody writes",
        |at| {
            folder(&at.join("data"));
            write(&at.join("data/twofold.db"), "");
            set_mode(&at.join("data/twofold.db"), 0o666);
        },
        &[],
        "data",
    ),
    (
        "keys in data that everybody writes",
        |at| {
            folder(&at.join("data"));
            write(&at.join("data/keys"), "");
            set_mode(&at.join("data/keys"), 0o606);
        },
        &[],
        "data",
    ),
];

/// What another user has made; only root can give files away.
pub(super) const FOREIGN: [Case; 5] = [
    (
        "their folder",
        |at| {
            folder(&at.join("data"));
            give(&at.join("data"));
        },
        &[],
        "data",
    ),
    (
        "their database",
        |at| {
            folder(&at.join("data"));
            plant(&at.join("data/twofold.db"));
        },
        &[],
        "data",
    ),
    (
        "their keys",
        |at| {
            folder(&at.join("data"));
            plant(&at.join("data/keys"));
        },
        &[],
        "data",
    ),
    (
        "their file of keys",
        |at| plant(&at.join("x")),
        &["keys_file=x"],
        "keys_file",
    ),
    (
        "their link",
        |at| {
            symlink("/", at.join("data")).unwrap();
            lchown(at.join("data"), Some(NOBODY), None).unwrap();
        },
        &[],
        "data",
    ),
];

/// What somebody may not use who is not root.
pub(super) const FORBIDDEN: [Case; 6] = [
    (
        "data in a shut folder",
        |at| {
            folder(&at.join("x"));
            set_mode(&at.join("x"), 0o755);
        },
        &["data=x/data"],
        "data",
    ),
    (
        "data that is read-only",
        |at| {
            ours(&at.join("data"));
            set_mode(&at.join("data"), 0o555);
        },
        &[],
        "data",
    ),
    (
        "a database that is read-only",
        |at| {
            ours(&at.join("data"));
            plant(&at.join("data/twofold.db"));
            set_mode(&at.join("data/twofold.db"), 0o444);
        },
        &[],
        "data",
    ),
    (
        "keys of root's",
        |at| {
            write(&at.join("x"), "");
            set_mode(&at.join("x"), 0o600);
        },
        &["keys_file=x"],
        "keys_file",
    ),
    (
        "keys in a shut folder",
        |at| {
            folder(&at.join("x"));
            set_mode(&at.join("x"), 0o755);
        },
        &["keys_file=x/keys"],
        "keys_file",
    ),
    (
        "an outbox that is read-only",
        |at| {
            ours(&at.join("data"));
            ours(&at.join("data/outbox"));
            set_mode(&at.join("data/outbox"), 0o555);
        },
        &[],
        "data",
    ),
];

pub(super) fn give(path: &Path) {
    chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
}

pub(super) fn plant(path: &Path) {
    write(path, "");
    give(path);
}

pub(super) fn ours(path: &Path) {
    folder(path);
    give(path);
}
