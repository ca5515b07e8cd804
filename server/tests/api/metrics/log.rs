//! The id of a request in the log, in the answer and on the page of a fault.

use serde_json::json;

use crate::support::{Lines, PASSWORD, TestApp};

const ADA: &str = "ada@example.org";
const CLIENTS: &str = "the-clients-own-id";

#[tokio::test]
async fn the_id_in_the_log_is_that_of_the_answer_and_never_the_clients() {
    let lines = Lines::default();
    let _guard = lines.collect();
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let request = browser
        .request("session/state")
        .header("x-request-id", CLIENTS);
    let reply = browser.send(request.body("{}".into()).unwrap()).await;
    let id = reply.headers["x-request-id"].to_str().unwrap().to_owned();
    assert_ne!(id, CLIENTS);
    let line = lines.find("answered");
    assert_eq!(line["span"]["id"], id);
    assert_eq!(line["span"]["function"], "session/state");
    assert!(!lines.text().contains(CLIENTS));
    let other = browser.get("/").await;
    assert_ne!(other.headers["x-request-id"], id);
}

#[tokio::test]
async fn the_reference_of_a_fault_is_the_id_of_its_request() {
    use storage::ConnectionTrait as _;
    let lines = Lines::default();
    let _guard = lines.collect();
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    let transaction = app.services.database.begin_write().await.unwrap();
    let gone = "ALTER TABLE audit_events RENAME TO gone";
    transaction.execute_unprepared(gone).await.unwrap();
    transaction.commit().await.unwrap();
    let reply = browser.call("sessions/activity", json!({})).await;
    let reply = reply.expect(500);
    let reference = reply.json()["reference"].as_str().unwrap().to_owned();
    assert_eq!(reply.headers["x-request-id"], reference);
    let line = lines.find("a request failed");
    assert_eq!(line["span"]["id"], reference);
    assert_eq!(line["reference"], reference);
}

#[tokio::test]
async fn the_log_holds_neither_passwords_nor_tokens_nor_codes() {
    let lines = Lines::default();
    let _guard = lines.collect();
    let app = TestApp::start().await;
    let (browser, authenticator) = app.member_with_two_factor(ADA).await;
    app.mails().await;
    let text = lines.text();
    let tokens = browser.cookies.values();
    for secret in tokens.chain(&authenticator.recovery_codes) {
        assert!(!text.contains(secret.as_str()));
    }
    assert!(!text.contains(PASSWORD));
}
