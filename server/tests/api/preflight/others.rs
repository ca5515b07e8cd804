//! What other users have made, and what others may not use.

use std::os::unix::fs::{lchown, symlink};

use super::places::{folder, give, ours, plant, set_mode, write};
use super::{Case, NOBODY, nothing};

/// What another user has made; only root can give files away.
pub(super) const FOREIGN: [Case; 13] = [
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
    (
        "their link, with a slash behind it",
        |at| {
            symlink("/", at.join("data")).unwrap();
            lchown(at.join("data"), Some(NOBODY), None).unwrap();
        },
        &["data=data/"],
        "data",
    ),
    (
        "the same with a dot",
        |at| {
            symlink("/", at.join("data")).unwrap();
            lchown(at.join("data"), Some(NOBODY), None).unwrap();
        },
        &["data=./data/."],
        "data",
    ),
    (
        "a link of ours to what they have",
        |at| {
            ours(&at.join("theirs"));
            symlink("theirs", at.join("data")).unwrap();
        },
        &[],
        "data",
    ),
    (
        "their link on the way",
        |at| {
            folder(&at.join("own/data"));
            symlink("own", at.join("x")).unwrap();
            lchown(at.join("x"), Some(NOBODY), None).unwrap();
        },
        &["data=x/data"],
        "data",
    ),
    (
        "their file of a secret",
        |at| {
            plant(&at.join("x"));
            write(&at.join("x"), "postgres://a:b@127.0.0.1:1/x");
        },
        &["database_url_file=./x"],
        "database_url_file",
    ),
    (
        "their authority of the mail server",
        |at| plant(&at.join("x")),
        &["mail.smtp_url=smtps://localhost", "mail.ca_file=x"],
        "mail.ca_file",
    ),
    (
        "their certificate of the database",
        |at| plant(&at.join("x")),
        &["database_url=postgres://a:b@127.0.0.1:1/x?sslmode=verify-full&sslrootcert=x"],
        "database_url",
    ),
    (
        "their outbox",
        |at| {
            folder(&at.join("data"));
            ours(&at.join("data/outbox"));
        },
        &[],
        "data",
    ),
];

/// What somebody may not use who is not root.
pub(super) const FORBIDDEN: [Case; 16] = [
    (
        "a link of their own to a database in a folder that they cannot write",
        |at| {
            let (shut, data) = (at.join("shut"), at.join("data"));
            folder(&shut);
            set_mode(&shut, 0o755);
            write(&shut.join("twofold.db"), "");
            give(&shut.join("twofold.db"));
            folder(&data);
            symlink(shut.join("twofold.db"), data.join("twofold.db")).unwrap();
            lchown(data.join("twofold.db"), Some(NOBODY), None).unwrap();
            give(&data);
        },
        &[],
        "data",
    ),
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
    (
        "wal of root's",
        |at| {
            ours(&at.join("data"));
            write(&at.join("data/twofold.db-wal"), "");
            set_mode(&at.join("data/twofold.db-wal"), 0o600);
        },
        &[],
        "data",
    ),
    (
        "shm of root's",
        |at| {
            ours(&at.join("data"));
            write(&at.join("data/twofold.db-shm"), "");
            set_mode(&at.join("data/twofold.db-shm"), 0o600);
        },
        &[],
        "data",
    ),
    (
        "journal of root's",
        |at| {
            ours(&at.join("data"));
            write(&at.join("data/twofold.db-journal"), "");
            set_mode(&at.join("data/twofold.db-journal"), 0o600);
        },
        &[],
        "data",
    ),
    (
        "a lock of root's",
        |at| {
            ours(&at.join("data"));
            write(&at.join("data/lock"), "");
            set_mode(&at.join("data/lock"), 0o600);
        },
        &[],
        "data",
    ),
    (
        "a folder in the middle that is shut",
        |at| {
            folder(&at.join("x/data"));
            set_mode(&at.join("x"), 0o700);
        },
        &["data=x/data"],
        "data",
    ),
    (
        "data in a folder of the system",
        nothing,
        &["data=/data-of-nobody/x"],
        "data",
    ),
    (
        "a folder of the system as data",
        nothing,
        &["data=/var/lib"],
        "data",
    ),
    (
        "keys in a folder of the system",
        nothing,
        &["keys_file=/etc/keys-of-nobody"],
        "keys_file",
    ),
    (
        "what a stranger left where new keys are written",
        |at| {
            folder(&at.join("data"));
            write(&at.join("data/.keys.new"), "");
            set_mode(&at.join("data"), 0o1777);
        },
        &["keys_file=@/data/keys"],
        "keys_file",
    ),
];
