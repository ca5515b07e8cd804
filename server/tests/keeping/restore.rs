//! `twofold restore`: what comes back, and what does not.

use std::path::Path;
use std::sync::Arc;

use crypto::random::SeededRandom;
use serde_json::{Value, json};
use server::application::restore;
use service::backup::{AtHand, back_up};
use service::upkeep::remove_expired;

use crate::process::twofold;
use crate::support::{OWNER, PASSWORD, START, Team, TestApp};

const ADA: &str = "ada@example.org";

pub(crate) fn at_hand(app: &TestApp, seed: u64) -> AtHand {
    AtHand {
        settings: app.settings(),
        clock: app.clock.clone(),
        random: Arc::new(SeededRandom::new(seed)),
    }
}

/// The server on a backup, in the same folder and with the same clock.
async fn restored(mut app: TestApp, file: &Path) -> TestApp {
    app.stop().await;
    for name in ["twofold.db", "twofold.db-wal", "twofold.db-shm"] {
        let _ = std::fs::remove_file(app.folder().join(name));
    }
    let _ = std::fs::remove_dir_all(app.folder().join("outbox"));
    restore::restore(&at_hand(&app, 8), file).await.unwrap();
    app.restart().await
}

/// F151: whatever was open then may have been ended since, so that it is ended now.
#[tokio::test]
async fn nothing_that_was_open_in_a_backup_is_open_after_it_is_restored() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let invitation = team.invite(&app, "new@example.org", &["admin"]).await;
    let (mut session, authenticator) = app.member_with_two_factor(ADA).await;
    let mut trusted = app.browser();
    trusted.sign_in(ADA).await.expect(200);
    app.clock.set(START + 60);
    let code = authenticator.code(START + 60);
    trusted.give_code_and_trust(&code).await.expect(200);
    let mut pending = app.browser();
    pending.sign_in(ADA).await.expect(200);
    let forget = json!({ "email": OWNER });
    app.browser()
        .call("password/forgot", forget)
        .await
        .expect(200);
    let reset = app.links("/reset-password").await.pop().unwrap();
    let mut enrolling = app.browser();
    enrolling.sign_in(OWNER).await.expect(200);
    app.prove_mailbox(OWNER).await;
    enrolling.begin("enable", None).await.expect(200);

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    let made = back_up(&at_hand(&app, 7), &file).await.unwrap();
    assert_eq!(made.manifest.made_at, START + 60);
    // A code and a recovery code that are used after the backup.
    let mut browser = app.browser();
    app.clock.set(START + 90);
    browser.sign_in(ADA).await.expect(200);
    let taken = authenticator.code(START + 90);
    browser.give_code(&taken).await.expect(200);

    let app = restored(app, &file).await;
    let now = |browser: &crate::support::Browser| {
        let mut fresh = app.browser();
        fresh.cookies = browser.cookies.clone();
        fresh
    };
    for browser in [
        &mut session,
        &mut trusted,
        &mut pending,
        &mut enrolling,
        &mut team.owner,
    ] {
        assert_eq!(now(browser).state().await, "signed_out");
    }
    let mut again = now(&trusted);
    let reply = again.sign_in(ADA).await.expect(200);
    assert_eq!(reply.json()["step"], "second_factor_due");
    // The code was used before the restore, though the database does not know.
    again.give_code(&taken).await.refused(422, "wrong_code");
    let early = authenticator.code(START + 120);
    again.give_code(&early).await.refused(422, "wrong_code");
    let mut other = app.browser();
    let arguments = json!({ "token": reset, "password": "violet-sofa-7-drum" });
    other
        .call("password/reset", arguments)
        .await
        .refused(409, "link_over");
    let user = json!({ "name": "Grace", "password": PASSWORD });
    let join = json!({ "token": invitation, "user": user });
    other
        .call("invitation/join", join)
        .await
        .refused(409, "link_over");
    for table in [
        "sessions",
        "enrolments",
        "trusted_browsers",
        "password_resets",
        "reset_offers",
        "transfer_offers",
    ] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    app.clock.set(START + 150);
    again
        .give_code(&authenticator.code(START + 150))
        .await
        .expect(200);
    let events = app.events().await;
    assert!(
        events.iter().any(|event| event.starts_with("restored 18")),
        "{events:?}"
    );
    let told = "Look at your password and your second factor";
    assert_eq!(app.count_mails(told).await, 2);
}

/// A backup may be restored for an account that was deleted by mistake: its week begins anew, or the first upkeep erases it.
#[tokio::test]
async fn a_deleted_account_of_a_backup_has_a_new_week_and_comes_back() {
    const WEEK: i64 = 7 * 24 * 60 * 60;
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let entered = team.owner.of_account("enter", "any").await;
    let account = entered.expect(200).json();
    let (id, name) = (account["id"].clone(), account["name"].clone());
    let step_up = json!({ "password": PASSWORD, "code": null });
    let deletion = json!({ "account": id, "name": name, "step_up": step_up });
    team.owner
        .call("account/delete", deletion)
        .await
        .expect(200);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    back_up(&at_hand(&app, 7), &file).await.unwrap();

    let restored_at = START + 3 * WEEK;
    app.clock.set(restored_at);
    let app = restored(app, &file).await;
    remove_expired(&app.services).await.unwrap();
    let mut owner = app.browser();
    owner.sign_in(OWNER).await.expect(200);
    let listed = owner.call("accounts/list", json!({})).await;
    let listed = listed.expect(200).json();
    assert_eq!(listed["deleted"][0]["erased_at"], (restored_at + WEEK).0);
    app.clock.set(restored_at + WEEK - 1);
    remove_expired(&app.services).await.unwrap();
    let mut owner = app.browser();
    owner.sign_in(OWNER).await.expect(200);
    let restore = json!({ "account": id, "step_up": step_up });
    owner.call("accounts/restore", restore).await.expect(200);
    owner
        .of_account("enter", id.as_str().unwrap())
        .await
        .expect(200);
}

/// A page of before the restore may still be open, and whoever signs in over it would save what it shows. The database counts
/// from an earlier version, and would come to the same number with other settings.
#[tokio::test]
async fn no_version_of_settings_that_was_seen_before_a_restore_comes_again() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let id = team.owner.own_account().await;
    let deleted = format!("INSERT INTO deleted_accounts (id, name, created_at, owner_id, trusted_browsers_allowed, sms_counts,
        settings_version, deleted_at, deleted_by_name, expires_at) SELECT owner_id, 'Gone', created_at, owner_id, 1, 0, 5, {now}, '', {now}
        FROM accounts", now = START.0);
    app.sql(&deleted).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    back_up(&at_hand(&app, 7), &file).await.unwrap();
    let mut pages = Vec::new();
    for zone in ["Europe/Berlin", "Europe/Paris", "Europe/Rome"] {
        pages.push(team.owner.change(&id, false, None).await);
        let call = json!({ "account": id, "zone": zone });
        let set = team.owner.call("account/set-zone", call).await;
        set.expect(200);
    }
    let app = restored(app, &file).await;
    let mut owner = app.browser();
    owner.sign_in(OWNER).await.expect(200);
    for (page, zone) in pages.iter().zip(["Asia/Tokyo", "Asia/Seoul", "Asia/Dubai"]) {
        owner
            .save(&id, page, Value::Null)
            .await
            .refused(409, "stale");
        let call = json!({ "account": id, "zone": zone });
        owner.call("account/set-zone", call).await.expect(200);
    }
    let versions = "SELECT CAST(settings_version AS TEXT) FROM deleted_accounts";
    assert_eq!(app.texts(versions).await, [START.0.to_string()]);
    // And once more, on a clock that is behind.
    let made = owner.settings(&id).await["version"].as_i64().unwrap();
    let again = folder.path().join("again");
    app.clock.set(START - 60);
    back_up(&at_hand(&app, 9), &again).await.unwrap();
    let app = restored(app, &again).await;
    let mut owner = app.browser();
    owner.sign_in(OWNER).await.expect(200);
    assert_eq!(owner.settings(&id).await["version"], made + 1);
}

/// A database that the operator copied by hand, or that PostgreSQL's own tools restored.
#[tokio::test]
async fn a_database_put_in_place_by_another_tool_is_settled_by_a_flag() {
    let mut app = TestApp::start().await;
    let (browser, _) = app.member_with_two_factor(ADA).await;
    let settle = ["restore", "--in-place"];
    twofold(app.folder(), &settle)
        .await
        .refused(&["a server, or a command like this one, is using", "lock"]);
    app.stop().await;
    let said = twofold(app.folder(), &settle).await.ok().out;
    assert!(said.contains("15 January 2027"), "{said}");
    let app = app.restart().await;
    let mut again = app.browser();
    again.cookies = browser.cookies.clone();
    assert_eq!(again.state().await, "signed_out");
    let reply = again.sign_in(ADA).await.expect(200);
    assert_eq!(reply.json()["step"], "second_factor_due");
    let nowhere = tempfile::tempdir().unwrap();
    twofold(nowhere.path(), &settle)
        .await
        .refused(&["there is no database"]);
    assert!(!nowhere.path().join("lock").exists());
}

/// Whoever keeps backups wants to know that they are some, without a database to restore them into.
#[tokio::test]
async fn a_backup_is_checked_where_it_lies() {
    let app = TestApp::start().await;
    app.member_with_two_factor(ADA).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    back_up(&at_hand(&app, 7), &file).await.unwrap();
    let path = file.to_str().unwrap();
    let said = twofold(app.folder(), &["backup", path, "--check"])
        .await
        .ok()
        .out;
    assert!(
        said.contains("is whole") && said.contains("15 January 2027"),
        "{said}"
    );
    let names = |folder: &Path| -> Vec<_> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name()).collect()
    };
    assert_eq!(names(folder.path()).len(), 1);
    let left = names(app.folder());
    assert!(
        left.iter()
            .all(|name| !name.to_str().unwrap().contains("checked")),
        "{left:?}"
    );
    let whole = std::fs::read(&file).unwrap();
    let mut changed = whole.clone();
    changed[5_000] ^= 1;
    std::fs::write(&file, &changed).unwrap();
    let check = ["backup", path, "--check"];
    twofold(app.folder(), &check)
        .await
        .refused(&["somebody has changed it"]);
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    twofold(app.folder(), &check)
        .await
        .refused(&["not a whole backup"]);
    std::fs::write(&file, &whole).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    twofold(elsewhere.path(), &check)
        .await
        .refused(&["needs key"]);
}

#[tokio::test]
async fn a_backup_into_no_folder_and_a_restore_of_nothing_say_what_to_do() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    twofold(app.folder(), &["backup", "missing/backup"])
        .await
        .refused(&["there is no folder missing", "install -d -m 700 -o"]);
    let empty = tempfile::tempdir().unwrap();
    let file = empty.path().join("none");
    let restore = ["restore", file.to_str().unwrap()];
    twofold(empty.path(), &restore).await.refused(&["none"]);
    assert!(!empty.path().join("lock").exists());
}

#[tokio::test]
async fn a_backup_is_a_file_and_no_stream() {
    let app = TestApp::start().await;
    let commands: [&[&str]; 3] = [
        &["backup", "-"],
        &["backup", "-", "--check"],
        &["restore", "-"],
    ];
    for command in commands {
        let said = twofold(app.folder(), command).await;
        said.refused(&["A backup is a file: name one."]);
    }
    assert!(!app.folder().join("-").exists());
}
