//! Faults of the machine under the server: a database that another program holds, a full disk, one that may only be read.
//! What fails is refused with 503 and changes nothing; what only reads goes on; and when the fault is over, so is its effect.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use serde_json::json;
use service::presence::takes_writes;
use service::readings::readiness;
use tempfile::TempDir;

use crate::support::{Browser, PASSWORD, Reply, TestApp, wait_until};

const ADA: &str = "ada@example.org";

/// What a fault that passes looks like.
#[track_caller]
fn is_for_now(reply: Reply) {
    let reply = reply.refused(503, "busy");
    assert_eq!(reply.headers["retry-after"], "5");
    assert!(!reply.headers.contains_key("set-cookie"));
}

/// What a user with two-factor authentication has, in numbers.
async fn possessions(app: &TestApp) -> [i64; 5] {
    let mut numbers = [0; 5];
    let tables = [
        "sessions",
        "second_factors",
        "recovery_codes",
        "audit_events",
        "pending_sign_ins",
    ];
    for (number, table) in numbers.iter_mut().zip(tables) {
        *number = app.count(table).await;
    }
    numbers
}

/// Tries everything that writes, and what only reads.
async fn only_reads(app: &TestApp, browser: &mut Browser) {
    let before = possessions(app).await;
    let proof = json!({ "step_up": { "password": PASSWORD, "code": null } });
    is_for_now(app.browser().sign_in(ADA).await);
    is_for_now(browser.call("two-factor/disable", proof.clone()).await);
    let codes = browser.call("two-factor/new-recovery-codes", proof).await;
    is_for_now(codes);
    let name = json!({ "name": "Somebody" });
    is_for_now(browser.call("profile/rename", name).await);
    assert_eq!(possessions(app).await, before);
    assert_eq!(browser.overview().await["two_factor"]["state"], "on");
    assert_eq!(browser.state().await, "signed_in");
}

/// What the database could not do before works as if nothing had been.
async fn works_again(browser: &mut Browser) {
    let proof = json!({ "step_up": { "password": PASSWORD, "code": null } });
    let reply = browser.call("two-factor/new-recovery-codes", proof).await;
    let codes = reply.expect(200).json();
    assert_eq!(codes["codes"].as_array().unwrap().len(), 10);
}

/// A connection that is another program's.
async fn stranger(folder: &Path) -> sea_orm::DatabaseConnection {
    let path = folder.join("twofold.db");
    let url = format!("sqlite://{}", path.display());
    sea_orm::Database::connect(url).await.unwrap()
}

/// Another program that holds the database for longer than we wait costs a refusal, and nothing is left of it.
#[tokio::test]
async fn a_database_that_another_program_holds_is_waited_for_and_then_refused() {
    let app = TestApp::start().await;
    let (mut browser, _) = app.member_with_two_factor(ADA).await;
    app.mails().await;
    let before = possessions(&app).await;
    let other = stranger(app.folder()).await;
    let held = other.begin().await.unwrap();
    held.execute_unprepared("UPDATE users SET name = name")
        .await
        .unwrap();
    // All at once: the first waits for the database, the others for their turn.
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let mut browser = browser.clone();
        let name = json!({ "name": "Somebody" });
        tasks.spawn(async move { browser.call("profile/rename", name).await });
    }
    assert_eq!(browser.state().await, "signed_in");
    for reply in tasks.join_all().await {
        is_for_now(reply);
    }
    held.rollback().await.unwrap();
    assert_eq!(possessions(&app).await, before);
    works_again(&mut browser).await;
}

/// A database that may not grow refuses what writes, and heals.
#[tokio::test]
async fn a_database_that_is_full_loses_nothing_and_heals() {
    let app = TestApp::start().await;
    let (mut browser, _) = app.member_with_two_factor(ADA).await;
    app.mails().await;
    let full = || async {
        let pages = app.number("PRAGMA page_count").await;
        app.number(&format!("PRAGMA max_page_count = {pages}"))
            .await;
    };
    rename_until_refused(&mut browser, 5, full).await;
    works_again(&mut browser).await;
}

/// Renames while `fill` takes what room there is, until so many were refused; gives the last name that was acknowledged.
async fn rename_until_refused(browser: &mut Browser, times: u32, fill: impl AsyncFn()) -> String {
    let (mut acknowledged, mut refused) = ("Ada".to_owned(), 0);
    for number in 0..2_000 {
        fill().await;
        let name = format!("Ada {number}");
        let rename = json!({ "name": name });
        let reply = browser.call("profile/rename", rename).await;
        if reply.status == 200 {
            acknowledged = name;
        } else {
            is_for_now(reply);
            refused += 1;
        }
        assert_eq!(name_of(browser).await, acknowledged);
        if refused == times {
            return acknowledged;
        }
    }
    panic!("it was never full");
}

async fn name_of(browser: &mut Browser) -> String {
    let reply = browser.call("profile/overview", json!({})).await;
    reply.expect(200).json()["name"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// A database that has become read-only is read, and writes are refused until it is not.
#[tokio::test]
async fn a_database_that_may_only_be_read_is_read() {
    let app = TestApp::start().await;
    let (mut browser, _) = app.member_with_two_factor(ADA).await;
    app.mails().await;
    // What SQLite says is the same as of a file or disk that has become read-only; only a new connection writes again.
    app.sql("PRAGMA query_only = ON").await;
    only_reads(&app, &mut browser).await;
    let cookies = browser.cookies.clone();
    let app = app.restart().await;
    works_again(&mut app.browser().with(&cookies)).await;
}

/// A disk of its own, of a few megabytes.
struct SmallDisk {
    path: PathBuf,
    _folder: TempDir,
}

impl SmallDisk {
    /// Nothing where this process may not mount.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_owned();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"])
            .arg(&path)
            .output();
        let is_mounted = mount.is_ok_and(|output| output.status.success());
        is_mounted.then_some(Self {
            path,
            _folder: folder,
        })
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.path).status();
    }
}

impl SmallDisk {
    /// Takes all that is left of it.
    fn take_all(&self) -> PathBuf {
        let path = self.path.join("ballast");
        let file = std::fs::File::options()
            .create(true)
            .append(true)
            .open(&path);
        let mut file = file.unwrap();
        for size in [4096, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
        path
    }
}

/// A full disk, where the tests may mount one: what is acknowledged is kept, the rest refused; it heals, and a restart finds all.
#[tokio::test]
async fn a_full_disk_loses_nothing_and_heals() {
    let Some(disk) = SmallDisk::mount() else {
        println!("not tried: this process may not mount a small disk");
        return;
    };
    let path = disk.path.clone();
    let app = TestApp::start_with(move |settings| settings.data = path.clone()).await;
    let (mut browser, _) = app.member_with_two_factor(ADA).await;
    app.mails().await;
    // The log of SQLite's writes can be written over while there is room in it: some calls succeed on a full disk.
    let full = || async {
        disk.take_all();
    };
    let acknowledged = rename_until_refused(&mut browser, 5, full).await;
    assert!(!takes_writes(&app.services).await, "a probe learns of it");
    assert!(!readiness(&app.services).await.ready);
    std::fs::remove_file(disk.take_all()).unwrap();
    works_again(&mut browser).await;
    wait_until("the disk takes writes", async || {
        takes_writes(&app.services).await
    })
    .await;
    assert!(readiness(&app.services).await.ready);
    let cookies = browser.cookies.clone();
    let app = app.restart().await;
    let mut browser = app.browser().with(&cookies);
    assert_eq!(name_of(&mut browser).await, acknowledged);
    assert_eq!(browser.overview().await["two_factor"]["state"], "on");
    let sound = "SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'";
    assert_eq!(app.number(sound).await, 1);
}
