//! Files and folders that cannot be used.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, mknodat};

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
pub(super) const PLACES: [Case; 48] = [
    (
        "data where nobody makes anything",
        nothing,
        &["data=/proc/x"],
        "data",
    ),
    (
        "the same in a folder that is there",
        nothing,
        &["data=/proc/sys"],
        "data",
    ),
    (
        "keys where nobody makes anything",
        nothing,
        &["keys_file=/proc/no-such-keys"],
        "keys_file",
    ),
    (
        "keys in the place of the database",
        nothing,
        &["keys_file=data/twofold.db"],
        "keys_file",
    ),
    (
        "the same by a link, with the database there",
        |at| {
            folder(&at.join("data"));
            rusqlite::Connection::open(at.join("data/twofold.db")).unwrap();
            symlink("data/twofold.db", at.join("x")).unwrap();
        },
        &["keys_file=x"],
        "keys_file",
    ),
    (
        "keys in the place of the database's log",
        |at| folder(&at.join("data")),
        &["keys_file=@/data/twofold.db-wal"],
        "keys_file",
    ),
    (
        "keys in the place of the lock",
        nothing,
        &["keys_file=./data/lock"],
        "keys_file",
    ),
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
    (
        "a folder as twofold.db-wal",
        |at| {
            folder(&at.join("data/twofold.db-wal"));
        },
        &[],
        "data",
    ),
    (
        "a folder as twofold.db-shm",
        |at| {
            folder(&at.join("data/twofold.db-shm"));
        },
        &[],
        "data",
    ),
    (
        "a folder as twofold.db-journal",
        |at| {
            folder(&at.join("data/twofold.db-journal"));
        },
        &[],
        "data",
    ),
    (
        "a folder where new keys are written",
        |at| {
            folder(&at.join("data/.keys.new"));
        },
        &[],
        "data",
    ),
    (
        "the same beside a file of keys",
        |at| {
            folder(&at.join(".x.new"));
        },
        &["keys_file=x"],
        "keys_file",
    ),
    (
        "a link to nothing as twofold.db",
        |at| {
            folder(&at.join("data"));
            symlink("absent", at.join("data/twofold.db")).unwrap();
        },
        &[],
        "data",
    ),
    (
        "a link to nothing as lock",
        |at| {
            folder(&at.join("data"));
            symlink("absent", at.join("data/lock")).unwrap();
        },
        &[],
        "data",
    ),
    (
        "a link to nothing as outbox",
        |at| {
            folder(&at.join("data"));
            symlink("absent", at.join("data/outbox")).unwrap();
        },
        &[],
        "data",
    ),
    (
        "a link to nothing as twofold.db-wal",
        |at| {
            folder(&at.join("data"));
            symlink("absent", at.join("data/twofold.db-wal")).unwrap();
        },
        &[],
        "data",
    ),
    (
        "no database in the file",
        |at| {
            folder(&at.join("data"));
            write(
                &at.join("data/twofold.db"),
                "It is something else, and long enough.",
            );
        },
        &[],
        "data",
    ),
    (
        "a shorter one",
        |at| {
            folder(&at.join("data"));
            write(&at.join("data/twofold.db"), "SQLite");
        },
        &[],
        "data",
    ),
    (
        "a database of another program",
        |at| {
            folder(&at.join("data"));
            let made = rusqlite::Connection::open(at.join("data/twofold.db")).unwrap();
            made.execute("CREATE TABLE theirs (a)", ()).unwrap();
        },
        &[],
        "data",
    ),
    (
        "the beginning of a database, and then something else",
        |at| {
            folder(&at.join("data"));
            let text = format!("SQLite format 3\0{}", "x".repeat(5000));
            write(&at.join("data/twofold.db"), &text);
        },
        &[],
        "data",
    ),
    (
        "a pipe as keys",
        |at| {
            folder(&at.join("data"));
            pipe(&at.join("data/keys"), 0o600);
        },
        &[],
        "data",
    ),
    (
        "a pipe as twofold.db",
        |at| {
            folder(&at.join("data"));
            pipe(&at.join("data/twofold.db"), 0o600);
        },
        &[],
        "data",
    ),
    (
        "a pipe as lock",
        |at| {
            folder(&at.join("data"));
            pipe(&at.join("data/lock"), 0o600);
        },
        &[],
        "data",
    ),
    (
        "a pipe as twofold.db-wal",
        |at| {
            folder(&at.join("data"));
            pipe(&at.join("data/twofold.db-wal"), 0o600);
        },
        &[],
        "data",
    ),
    (
        "a pipe as outbox",
        |at| {
            folder(&at.join("data"));
            pipe(&at.join("data/outbox"), 0o600);
        },
        &[],
        "data",
    ),
    (
        "a pipe as data",
        |at| pipe(&at.join("data"), 0o600),
        &[],
        "data",
    ),
    (
        "a pipe as file of keys",
        |at| pipe(&at.join("x"), 0o600),
        &["keys_file=x"],
        "keys_file",
    ),
    (
        "a device as file of keys",
        nothing,
        &["keys_file=/dev/null"],
        "keys_file",
    ),
    (
        "a device as file of a secret",
        nothing,
        &["database_url_file=/dev/null"],
        "database_url_file",
    ),
    (
        "a pipe as authority of the mail server",
        |at| pipe(&at.join("x"), 0o600),
        &["mail.smtp_url=smtps://localhost", "mail.ca_file=x"],
        "mail.ca_file",
    ),
    (
        "a pipe as certificate of the database",
        |at| pipe(&at.join("x"), 0o600),
        &["database_url=postgres://a:b@127.0.0.1:1/x?sslmode=verify-full&sslrootcert=x"],
        "database_url",
    ),
];

/// A pipe that nobody writes.
pub(super) fn pipe(path: &Path, mode: u32) {
    mknodat(CWD, path, FileType::Fifo, Mode::RUSR, 0).unwrap();
    set_mode(path, mode);
}

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
