//! Keys that change while several servers work.

use std::process::Command;

use crypto::clock::Clock as _;
use serde_json::json;

use crate::cluster::Cluster;
use crate::support::{PASSWORD, START, TestApp};

fn keys(app: &TestApp, arguments: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_twofold"))
        .arg("--data")
        .arg(app.folder())
        .envs(app.database_variable())
        .arg("keys")
        .args(arguments)
        .output()
        .unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    let problem = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success(), "{arguments:?}: {problem}");
    said
}

/// Nobody is refused while a key is added and everything is sealed with it, and the servers learn of it by themselves.
#[tokio::test(flavor = "multi_thread")]
async fn servers_go_on_while_keys_are_rotated_beside_them() {
    let cluster = Cluster::start().await;
    let app = &cluster.app;
    let mut people = Vec::new();
    for n in 0..12 {
        let email = format!("ada{n}@example.org");
        let (_, authenticator) = app.member_with_two_factor(&email).await;
        people.push((email, authenticator));
    }
    keys(app, &["add"]);
    let folder = app.folder().to_owned();
    let url = app.database_variable();
    let rotating = tokio::task::spawn_blocking(move || {
        let rotate = Command::new(env!("CARGO_BIN_EXE_twofold"))
            .arg("--data")
            .arg(folder)
            .envs(url)
            .args(["keys", "rotate"])
            .status();
        rotate.unwrap().success()
    });
    let mut rounds = 0;
    // At least once after the end, at both servers.
    let mut after = 0;
    while after < 2 {
        after += usize::from(rotating.is_finished());
        rounds += 1;
        app.clock.set(START + 30 * rounds);
        for (email, authenticator) in &people {
            let mut browser = app.browser();
            browser.sign_in(email).await.expect(200);
            let code = authenticator.code(app.clock.now());
            browser.give_code(&code).await.expect(200);
        }
        let mut new = app.member(&format!("new{rounds}@example.org")).await;
        let authenticator = new.enable_two_factor(app).await;
        let proof = json!({ "step_up": { "password": PASSWORD, "code": null } });
        new.call("two-factor/new-recovery-codes", proof)
            .await
            .expect(200);
        drop(authenticator);
    }
    assert!(rotating.await.unwrap());
    // What was sealed while a server had not heard of the new key yet.
    keys(app, &["rotate"]);
    assert_eq!(
        app.texts("SELECT DISTINCT key_id FROM second_factors")
            .await
            .len(),
        1
    );
    keys(app, &["check"]);
}
