//! Keys that are lost for good: nothing goes on without them but one command, after which everybody gets in again.

use std::path::Path;

use tokio::io::AsyncWriteExt as _;

use crate::process::{command, twofold};
use crate::support::{Said, TestApp, unfolded, wait_until};
use crypto::clock::{Clock as _, SystemClock};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const RESET_ALL: &[&str] = &["user", "reset-all-two-factor", "--keys-lost"];

fn row_of(email: &str) -> String {
    format!("(SELECT id FROM users WHERE email = '{email}')")
}

/// Answers the question of the command.
async fn reset_all(folder: &Path, answer: &str) -> Said {
    let mut command = command(folder, RESET_ALL);
    command.stdin(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A command that refuses at once reads nothing.
    let _ = stdin.write_all(answer.as_bytes()).await;
    drop(stdin);
    let output = child.wait_with_output().await.unwrap();
    Said {
        status: output.status,
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A server that has stopped says so, on any database: no command waits for it.
#[tokio::test]
async fn a_server_that_has_stopped_holds_nothing() {
    let mut app = TestApp::start().await;
    wait_until("the server does the upkeep", async || {
        app.number("SELECT COUNT(*) FROM leases WHERE job = 'upkeep 2'")
            .await
            == 1
    })
    .await;
    app.stop().await;
    assert_eq!(app.count("leases").await, 0);
}

/// Every command names the way out, which asks first, ends what is under the lost keys, and tells those it concerns.
#[tokio::test]
async fn lost_keys_end_the_factors_under_them_by_one_command_that_asks_first() {
    let mut app = TestApp::start().await;
    app.member_with_two_factor(ADA).await;
    app.member(BOB).await;
    app.stop().await;
    let folder = app.folder().to_owned();
    reset_all(&folder, "1\n")
        .await
        .refused(&["no key is missing"]);
    std::fs::remove_file(folder.join("keys")).unwrap();
    let ways = ["keys are missing", "reset-all-two-factor --keys-lost"];
    twofold(&folder, &["user", "list"]).await.refused(&ways);
    for answer in ["2\n", "\n", "yes\n", ""] {
        reset_all(&folder, answer)
            .await
            .refused(&["nothing was done"]);
        assert!(!folder.join("keys").exists(), "{answer:?}");
    }
    // A server that was killed a moment ago may still have the keys: refused, and nothing is left behind.
    let lease = |ends_in: i64| {
        let ends_at = SystemClock.now().seconds() + ends_in;
        format!("INSERT INTO leases (job, ends_at) VALUES ('upkeep 2', {ends_at})")
    };
    app.sql(&lease(55)).await;
    let killed = reset_all(&folder, "1\n").await;
    killed.refused(&["was killed a few minutes ago", "wait for four minutes"]);
    assert!(!folder.join("keys").exists());
    app.sql("DELETE FROM leases").await;
    let said = reset_all(&folder, "1\n").await.ok();
    assert!(said.out.contains("of 1 users was reset"), "{}", said.out);
    twofold(&folder, &["keys", "check"]).await.ok();
    reset_all(&folder, "1\n")
        .await
        .refused(&["no key is missing"]);
    assert!(said.out.contains("never had a second factor: 1."));

    let app = app.restart().await;
    let reply = app.browser().sign_in(BOB).await.expect(200);
    assert_eq!(reply.json()["step"], "signed_in");
    let mut ada = app.browser();
    let reply = ada.sign_in(ADA).await.expect(200);
    assert_eq!(reply.json()["step"], "link_due");
    assert_eq!(ada.state().await, "link_due");
    let mails = app.mails().await;
    assert!(
        mails
            .iter()
            .any(|mail| unfolded(mail).contains("was reset"))
    );
    assert_eq!(app.links("/sign-in").await.len(), 1);
}

/// A key that never was is missing, too: whoever edits the database names one. It gives nobody more than a reset does, and takes
/// nothing from whom it does not concern.
#[tokio::test]
async fn an_invented_key_is_no_way_past_the_second_factor() {
    const EVE: &str = "eve@example.org";
    let mut app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    app.member(BOB).await;
    app.member_with_two_factor(EVE).await;
    // Eve's factor is taken away, and her tag names a key that never was. The row of Ada's names it, and the value the right one.
    app.sql(&format!(
        "CREATE TABLE kept AS SELECT * FROM factor_sets; \
         DELETE FROM second_factors WHERE user_id = {0}; \
         DELETE FROM factor_sets WHERE user_id = {0}; \
         INSERT INTO factor_sets SELECT * FROM kept WHERE user_id = {0}; \
         UPDATE factor_sets SET key_id = '0badc0de' WHERE user_id = {0}; \
         DROP TABLE kept; \
         UPDATE second_factors SET key_id = '0badc0de' WHERE user_id = {1}",
        row_of(EVE),
        row_of(ADA)
    ))
    .await;
    app.stop().await;
    let folder = app.folder().to_owned();
    let listed = twofold(&folder, &["user", "list"]).await.ok();
    let refused: Vec<_> = listed
        .out
        .lines()
        .filter(|line| line.contains("unreadable"))
        .collect();
    assert!(
        matches!(refused[..], [line] if line.starts_with(EVE)),
        "{}",
        listed.out
    );
    let said = reset_all(&folder, "1\n").await.ok();
    assert!(said.out.contains("of 1 users was reset"), "{}", said.out);
    let given_up = "SELECT data FROM audit_events WHERE kind = 'lost_keys_given_up'";
    assert_eq!(app.texts(given_up).await, [r#"{"users":1}"#]);
    // A rotation names Ada's row anew.
    twofold(&folder, &["keys", "rotate"]).await.ok();
    twofold(&folder, &["keys", "check"]).await.ok();

    let app = app.restart().await;
    let reply = app.browser().sign_in(EVE).await.expect(200);
    assert_eq!(reply.json()["step"], "link_due");
    let mails = app.mails().await;
    let to_eve = mails.iter().map(|mail| unfolded(mail));
    let to_eve: Vec<_> = to_eve.filter(|mail| mail.contains(EVE)).collect();
    for words in ["was reset", "/sign-in#"] {
        assert!(to_eve.iter().any(|mail| mail.contains(words)), "{words}");
    }
    let reply = app.browser().sign_in(BOB).await.expect(200);
    assert_eq!(reply.json()["step"], "signed_in");
    let mut browser = app.browser();
    let reply = browser.sign_in(ADA).await.expect(200);
    assert_eq!(reply.json()["step"], "second_factor_due");
    app.clock.advance(30);
    let code = authenticator.code(app.clock.now());
    browser.give_code(&code).await.expect(200);
}

/// Where all keys are lost, nothing but the database says who had a factor: whoever takes its row away leaves traces.
#[tokio::test]
async fn who_had_a_factor_that_was_taken_away_is_reset_where_all_keys_are_lost() {
    let mut app = TestApp::start().await;
    app.member_with_two_factor(ADA).await;
    app.member(BOB).await;
    app.sql("DELETE FROM second_factors").await;
    app.stop().await;
    let folder = app.folder().to_owned();
    std::fs::remove_file(folder.join("keys")).unwrap();
    let said = reset_all(&folder, "1\n").await.ok();
    assert!(said.out.contains("of 1 users was reset"), "{}", said.out);
    // Before the question and after it, the operator reads who is believed.
    let believed = "never had a second factor: 1. The password alone";
    let (before, after) = said.out.split_once("Type the number").unwrap();
    for said in [before, after] {
        assert!(said.contains(believed), "{said}");
    }
    let app = app.restart().await;
    for (email, step) in [(ADA, "link_due"), (BOB, "signed_in")] {
        let reply = app.browser().sign_in(email).await.expect(200);
        assert_eq!(reply.json()["step"], step, "{email}");
    }
}

/// Where the key that seals is lost and others are still here, a user of whom nothing is said any more is reset, too.
#[tokio::test]
async fn who_has_no_tag_under_keys_that_are_here_is_reset_where_the_sealing_key_is_lost() {
    let mut app = TestApp::start().await;
    app.member_with_two_factor(ADA).await;
    app.member(BOB).await;
    app.sql(&format!(
        "DELETE FROM second_factors WHERE user_id = {0}; DELETE FROM factor_sets WHERE user_id = {0}; \
         UPDATE instance SET key_check = substr(key_check, 1, 1) || x'0badc0de' || substr(key_check, 6)",
        row_of(ADA)
    ))
    .await;
    app.stop().await;
    let folder = app.folder().to_owned();
    twofold(&folder, &["user", "list"])
        .await
        .refused(&["key 0badc0de is missing"]);
    let said = reset_all(&folder, "1\n").await.ok();
    assert!(said.out.contains("of 1 users was reset"), "{}", said.out);
    let app = app.restart().await;
    let reply = app.browser().sign_in(ADA).await.expect(200);
    assert_eq!(reply.json()["step"], "link_due");
    let reply = app.browser().sign_in(BOB).await.expect(200);
    assert_eq!(reply.json()["step"], "signed_in");
}
