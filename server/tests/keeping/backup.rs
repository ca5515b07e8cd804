//! `twofold backup`: while a server works, and what it refuses.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::bulk_users::{OWNER, crowd, sign_in};
use crate::process::{TWOFOLD, command, twofold};
use crate::support::{Browser, TestApp};

/// Makes one change after another until it is told to stop, and gives how many.
async fn keep_writing(mut browser: Browser, is_done: Arc<AtomicBool>) -> u32 {
    let mut changes = 0;
    while !is_done.load(Ordering::Relaxed) {
        changes += 1;
        let name = json!({ "name": format!("Olga {changes}") });
        browser.call("profile/rename", name).await.expect(200);
    }
    changes
}

/// F151: the backup says which keys it needs, and a server from it asks for the code as the one before.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_comes_back_as_a_server_that_asks_for_the_code() {
    let mut app = TestApp::start().await;
    let people = crowd(&app, 20).await;
    app.stop().await;
    let server = TWOFOLD.serve(app.folder()).await;
    let mut writers = Vec::new();
    for person in people.iter().filter(|one| one.app.is_some()).take(4) {
        writers.push(sign_in(&server.base, person).await);
    }
    let is_done = Arc::new(AtomicBool::new(false));
    let mut tasks = tokio::task::JoinSet::new();
    for browser in &writers {
        tasks.spawn(keep_writing(browser.clone(), is_done.clone()));
    }
    let elsewhere = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for n in 0..3 {
        let file = elsewhere.path().join(format!("backup-{n}"));
        let path = file.to_str().unwrap().to_owned();
        let said = twofold(app.folder(), &["backup", &path]).await.ok();
        let keys = std::fs::read_to_string(app.folder().join("keys")).unwrap();
        let id = keys
            .lines()
            .last()
            .unwrap()
            .split(' ')
            .next()
            .unwrap()
            .to_owned();
        assert!(said.out.contains(&id), "{}", said.out);
        twofold(app.folder(), &["backup", &path])
            .await
            .refused(&["exists"]);
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        files.push(path);
    }
    is_done.store(true, Ordering::Relaxed);
    while let Some(changes) = tasks.join_next().await {
        assert!(changes.unwrap() > 0);
    }
    server.kill().await;
    let left = std::fs::read_dir(elsewhere.path()).unwrap().count();
    assert_eq!(left, 3, "nothing unfinished is left");
    let events = app.events().await;
    let backups = events.iter().filter(|event| *event == "backed_up");
    assert_eq!(backups.count(), 3);

    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(app.folder().join("keys"), folder.path().join("keys")).unwrap();
    let said = twofold(folder.path(), &["restore", &files[2]]).await.ok();
    assert!(said.out.contains("signed out"), "{}", said.out);
    let server = TWOFOLD.serve(folder.path()).await;
    let mut old = Browser::new(&server.base);
    old.cookies = writers.first().unwrap().cookies.clone();
    assert_eq!(old.state().await, "signed_out");
    let mut browser = Browser::new(&server.base);
    let email = people.first().unwrap().user.email.shown();
    let reply = browser.sign_in(email).await.expect(200);
    assert_eq!(reply.json()["step"], "second_factor_due");
    browser
        .call("two-factor/overview", json!({}))
        .await
        .refused(401, "signed_out");
    server.kill().await;
    let check = twofold(folder.path(), &["keys", "check"]).await.ok().out;
    assert!(check.contains("second factors 21"), "{check}");
}

#[tokio::test]
async fn what_cannot_be_backed_up_is_said_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    let path = file.to_str().unwrap();
    twofold(folder.path(), &["backup", path])
        .await
        .refused(&["there is no database"]);
    let postgres = [
        "--set",
        "database_url=postgres://localhost/x",
        "backup",
        path,
    ];
    twofold(folder.path(), &postgres)
        .await
        .refused(&["pg_dump"]);
    let mut app = TestApp::start().await;
    app.create_user(OWNER).await;
    app.stop().await;
    let keys = std::fs::read(app.folder().join("keys")).unwrap();
    std::fs::remove_file(app.folder().join("keys")).unwrap();
    twofold(app.folder(), &["backup", path])
        .await
        .refused(&["the keys are missing"]);
    std::fs::write(app.folder().join("keys"), keys).unwrap();
    let nowhere = folder.path().join("no/folder");
    twofold(app.folder(), &["backup", nowhere.to_str().unwrap()])
        .await
        .refused(&["no/folder"]);
    assert!(!file.exists());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// Starts a backup and kills it as soon as it writes; true when it has left something.
async fn backup_and_kill(app: &TestApp, folder: &Path) -> bool {
    let file = folder.join("killed");
    let arguments = ["backup", file.to_str().unwrap()];
    let mut child = command(app.folder(), &arguments).spawn().unwrap();
    while names(folder).is_empty() && child.try_wait().unwrap().is_none() {
        tokio::task::yield_now().await;
    }
    let _ = child.start_kill();
    child.wait().await.unwrap();
    let _ = std::fs::remove_file(file);
    !names(folder).is_empty()
}

#[tokio::test]
async fn what_a_killed_backup_leaves_is_removed_by_the_next_one_of_any_name() {
    let mut app = TestApp::start().await;
    crowd(&app, 200).await;
    app.stop().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = elsewhere.path();
    let mut kills = 0;
    while !backup_and_kill(&app, folder).await {
        kills += 1;
        assert!(kills < 50, "it is always quicker than the kill");
    }
    let left = names(folder);
    assert!(left[0].starts_with(".killed."), "{left:?}");
    let theirs = ".theirs.1.partial";
    std::fs::write(folder.join(theirs), "x").unwrap();
    let back_up = |name: &str| {
        let path = folder.join(name).to_str().unwrap().to_owned();
        async { twofold(app.folder(), &["backup", &{ path }]).await.ok().out }
    };
    // As long as one is at work there, it may be its own.
    let at_work = std::fs::File::open(folder).unwrap();
    at_work.lock_shared().unwrap();
    let said = back_up("first").await;
    assert!(
        said.contains(&left[0]) && said.contains("and stays"),
        "{said}"
    );
    assert!(names(folder).contains(&left[0]));
    at_work.unlock().unwrap();
    let said = back_up("second").await;
    assert!(
        said.contains(&format!("Removed {}", folder.join(&left[0]).display())),
        "{said}"
    );
    assert_eq!(names(folder), [theirs, "first", "second"]);
    let said = back_up("third").await;
    assert!(
        !said.contains("Removed") && !said.contains("stays"),
        "{said}"
    );
}
