//! The id of a request in the log, in the answer and on the page of a fault.

use std::io::{self, Write};
use std::sync::{Arc, LazyLock, Mutex};

use serde_json::{Value, json};
use tracing::{Dispatch, subscriber::NoSubscriber};

use crate::support::{PASSWORD, TestApp};

const ADA: &str = "ada@example.org";
const CLIENTS: &str = "the-clients-own-id";

/// What was logged.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A second subscriber beside that of a test, kept for good. While there is only one, whatever is
/// logged for the first time by the thread of another test is asked of that thread, which has none
/// and says "never", and from then on nobody sees that line.
static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::new()));

impl Lines {
    /// Collects what this thread logs, which is where a test's server runs.
    pub(crate) fn collect(&self) -> tracing::subscriber::DefaultGuard {
        LazyLock::force(&SECOND);
        let lines = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .with_max_level(tracing::Level::DEBUG)
            .with_writer(move || lines.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn find(&self, message: &str) -> Value {
        let found = self.all(message).pop();
        found.unwrap_or_else(|| panic!("no line `{message}` in {}", self.text()))
    }

    /// Every line of this message, in order.
    pub(crate) fn all(&self, message: &str) -> Vec<Value> {
        let text = self.text();
        let lines = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["message"] == message).collect()
    }
}

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
    use server::storage::ConnectionTrait as _;
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
