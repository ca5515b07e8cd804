//! A server that dies in the middle costs whoever spoke to it one more try.

use serde_json::{Value, json};
use storage::ConnectionTrait as _;

use crate::cluster::{Cluster, Replica};
use crate::support::{Authenticator, Browser, PASSWORD, START, wait_until};

const ADA: &str = "ada@example.org";
const NEW_PASSWORD: &str = "violet-sofa-7-drum";
/// What a server waits for inside a transaction.
const WAITING: &str = "SELECT count(*) FROM pg_stat_activity
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";

/// Makes a call at a server that is killed while the call waits in the middle of its transaction, then at the other one.
async fn killed_in(cluster: &Cluster, browser: &mut Browser, endpoint: &str, body: Value) -> Value {
    let app = &cluster.app;
    let mut dying = Replica::beside(app, 3).await;
    let mut there = Browser::new(&dying.base);
    there.cookies.clone_from(&browser.cookies);
    let held = app.services.database.begin_write().await.unwrap();
    let lock = "SELECT id FROM users FOR UPDATE";
    held.execute_unprepared(lock).await.unwrap();
    let (path, arguments) = (endpoint.to_owned(), body.clone());
    let running = tokio::spawn(async move {
        let request = there.request(&path).body(arguments.to_string().into());
        there.try_send(request.unwrap()).await
    });
    wait_until("the request waits for the user", async || {
        assert!(
            !running.is_finished(),
            "{endpoint} does not wait for the user"
        );
        app.number(WAITING).await > 0
    })
    .await;
    dying.kill();
    assert!(running.await.unwrap().is_err(), "{endpoint}");
    drop(held);
    browser.call(endpoint, body).await.expect(200).json()
}

fn step_up(password: &str) -> Value {
    json!({ "password": password, "code": null })
}

/// At every step of a life with two-factor authentication: what was not answered is not done, codes are still good, and the
/// same again is taken.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_in_the_middle_of_a_step_costs_a_retry() {
    let cluster = Cluster::start().await;
    let app = &cluster.app;
    app.create_user(ADA).await;
    let mut ada = app.browser();
    let password = json!({ "email": ADA, "password": PASSWORD });
    let step = killed_in(&cluster, &mut ada, "sign-in/password", password.clone()).await;
    assert_eq!(step["step"], "signed_in");
    app.prove_mailbox(ADA).await;
    let begin = json!({ "purpose": "enable", "step_up": step_up(PASSWORD) });
    let enrolment = killed_in(&cluster, &mut ada, "two-factor/begin", begin).await;
    let authenticator = Authenticator::new(enrolment["key"].as_str().unwrap());
    let confirm = json!({ "enrolment": enrolment["id"], "code": authenticator.code(START) });
    killed_in(&cluster, &mut ada, "two-factor/confirm", confirm).await;
    let mut ada = app.browser();
    let step = killed_in(&cluster, &mut ada, "sign-in/password", password).await;
    assert_eq!(step["step"], "second_factor_due");
    let code = json!({ "code": authenticator.code(START + 30), "trust_browser": true });
    killed_in(&cluster, &mut ada, "sign-in/code", code).await;
    let proof = json!({ "step_up": step_up(PASSWORD) });
    let codes = "two-factor/new-recovery-codes";
    let codes = killed_in(&cluster, &mut ada, codes, proof.clone()).await;
    let rename = json!({ "name": "Ada L." });
    killed_in(&cluster, &mut ada, "profile/rename", rename).await;
    let mut other = app.browser();
    other.sign_in(ADA).await.expect(200);
    let recovery_code = codes["codes"][0].as_str().unwrap();
    let recovery_code = json!({ "code": recovery_code });
    killed_in(&cluster, &mut other, "sign-in/recovery-code", recovery_code).await;
    killed_in(&cluster, &mut other, "sessions/end-others", json!({})).await;
    assert_eq!(ada.state().await, "signed_out");
    let change = json!({ "password": NEW_PASSWORD, "step_up": step_up(PASSWORD) });
    killed_in(&cluster, &mut other, "password/change", change).await;
    let proof = json!({ "step_up": step_up(NEW_PASSWORD) });
    killed_in(&cluster, &mut other, "two-factor/disable", proof).await;
    let used = "SELECT count(*) FROM audit_events WHERE kind = 'two_factor_disabled'";
    // The user's own, and that of their account.
    assert_eq!(app.number(used).await, 2);
    assert_eq!(other.overview().await["two_factor"]["state"], "off");
}
