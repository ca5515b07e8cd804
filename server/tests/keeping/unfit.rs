//! `twofold restore`: what is refused, and what a kill leaves.

use std::path::{Path, PathBuf};

use crypto::random::SeededRandom;
use service::backup::back_up;
use storage::schema::steps;

use crate::bulk_users::crowd;
use crate::process::{command, twofold};
use crate::restore::at_hand;
use crate::support::TestApp;

/// A folder for a restore, with the keys in it.
fn folder_with_keys(app: &TestApp) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(app.folder().join("keys"), folder.path().join("keys")).unwrap();
    folder
}

async fn backed_up(app: &TestApp) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    back_up(&at_hand(app, 7), &file).await.unwrap();
    (folder, file)
}

/// Refused with one line, and nothing is left of the try.
async fn refused(folder: &Path, file: &Path, words: &[&str]) {
    let path = file.to_str().unwrap();
    twofold(folder, &["restore", path]).await.refused(words);
    let names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("db"))
        .collect();
    assert!(names.is_empty(), "{names:?}");
}

#[tokio::test]
async fn a_backup_that_is_damaged_cut_changed_foreign_or_newer_is_refused_in_one_line() {
    let app = TestApp::start().await;
    crowd(&app, 5).await;
    let (folder, file) = backed_up(&app).await;
    let good = std::fs::read(&file).unwrap();
    let target = folder_with_keys(&app);
    let bad = folder.path().join("bad");
    let whole = good.len();
    for at in [
        0,
        1,
        20,
        27,
        100,
        4_095,
        4_096,
        9_000,
        whole / 2,
        whole - 400,
        whole - 200,
    ] {
        let mut flipped = good.clone();
        flipped[at] ^= 0x10;
        std::fs::write(&bad, flipped).unwrap();
        refused(target.path(), &bad, &["bad"]).await;
    }
    for length in [0, 1, 100, 4_096, whole / 2, whole - 100, whole - 1] {
        std::fs::write(&bad, &good[..length]).unwrap();
        refused(target.path(), &bad, &["not a whole backup"]).await;
    }
    // The line of one backup under the pages of another.
    let line_at = good
        .windows(16)
        .rposition(|some| some == b"\ntwofold backup ")
        .unwrap();
    let longer = [&good[..line_at], &[0; 4_096], &good[line_at..]].concat();
    std::fs::write(&bad, longer).unwrap();
    refused(target.path(), &bad, &["changed"]).await;
    let line = String::from_utf8(good[line_at..].to_vec()).unwrap();
    let schema = format!("schema={}", steps().pop().unwrap());
    for (from, to, words) in [
        (schema.as_str(), "schema=m9999_future", "newer version"),
        ("twofold backup 1", "twofold backup 2", "newer version"),
        ("made=1", "made=2", "changed"),
    ] {
        let line = line.replace(from, to);
        std::fs::write(&bad, [&good[..line_at], line.as_bytes()].concat()).unwrap();
        refused(target.path(), &bad, &[words]).await;
    }
    std::fs::write(&bad, "a letter\n".repeat(3_000)).unwrap();
    refused(target.path(), &bad, &["not a whole backup"]).await;
    // A database of SQLite that is no backup: our own, as it lies there.
    let database = app.folder().join("twofold.db");
    refused(target.path(), &database, &["not a whole backup"]).await;
    let nowhere = folder.path().join("nowhere");
    refused(target.path(), &nowhere, &["nowhere"]).await;
    twofold(target.path(), &["restore", file.to_str().unwrap()])
        .await
        .ok();
}

/// F151: the keys that are needed are named before anything is done.
#[tokio::test]
async fn a_restore_wants_the_right_keys_an_empty_folder_and_no_server() {
    let mut app = TestApp::start().await;
    crowd(&app, 5).await;
    let (_folder, file) = backed_up(&app).await;
    let path = file.to_str().unwrap();
    twofold(app.folder(), &["restore", path])
        .await
        .refused(&["a server, or a command like this one, is using"]);
    app.stop().await;
    twofold(app.folder(), &["restore", path])
        .await
        .refused(&["twofold.db exists"]);
    let keys = std::fs::read_to_string(app.folder().join("keys")).unwrap();
    let id = keys.lines().last().unwrap().split(' ').next().unwrap();
    let target = tempfile::tempdir().unwrap();
    refused(target.path(), &file, &["needs key", id, "keys"]).await;
    let (_, others) = crypto::seal::KeyRing::generate(&SeededRandom::new(99));
    std::fs::write(target.path().join("keys"), &others).unwrap();
    refused(target.path(), &file, &["needs key", id]).await;
    std::fs::write(target.path().join("keys"), others + &keys).unwrap();
    let postgres = [
        "--set",
        "database_url=postgres://localhost/x",
        "restore",
        path,
    ];
    twofold(target.path(), &postgres)
        .await
        .refused(&["pg_restore"]);
    twofold(target.path(), &["restore", path]).await.ok();
    twofold(target.path(), &["restore", path])
        .await
        .refused(&["exists"]);
}

/// Kills come after none and after more and more spinning: there is no database, or the whole of it.
#[tokio::test]
async fn a_restore_that_is_killed_leaves_no_database_or_the_whole_of_it() {
    let app = TestApp::start().await;
    crowd(&app, 5).await;
    let (_folder, file) = backed_up(&app).await;
    let path = file.to_str().unwrap();
    let target = folder_with_keys(&app);
    let database = target.path().join("twofold.db");
    for kill in 0..20_u64 {
        let mut child = command(target.path(), &["restore", path]).spawn().unwrap();
        for _ in 0..kill * 1_000_000 {
            std::hint::spin_loop();
        }
        let _ = child.start_kill();
        child.wait().await.unwrap();
        if database.exists() {
            break;
        }
    }
    if !database.exists() {
        twofold(target.path(), &["restore", path]).await.ok();
    }
    let check = twofold(target.path(), &["keys", "check"]).await.ok().out;
    assert!(check.contains("second factors 6"), "{check}");
    assert!(check.contains("waiting mails 6"), "{check}");
}
