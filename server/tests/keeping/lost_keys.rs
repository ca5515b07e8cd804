//! Keys that are lost for good: nothing goes on without them but one command, after which everybody gets in again.

use std::path::Path;

use tokio::io::AsyncWriteExt as _;

use crate::process::{command, twofold};
use crate::support::{Said, TestApp, last_mail_to, unfolded, wait_until};
use crypto::clock::{Clock as _, SystemClock};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const RESET_ALL: &[&str] = &["user", "reset-all-two-factor", "--keys-lost"];

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
    assert!(unfolded(&last_mail_to(&app, ADA).await).contains("/sign-in#"));
}
