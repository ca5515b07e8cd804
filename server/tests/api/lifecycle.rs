//! Graceful shutdown, and clients that are slow on purpose.

mod process;

use std::time::Duration;

use serde_json::json;
use settings::Settings;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Browser, TestApp, wait_until};

/// Reads until the server closes; fails the test when it never does.
async fn until_closed(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let read = stream.read_to_end(&mut text);
    let read = tokio::time::timeout(Duration::from_secs(30), read).await;
    // A reset is an end, too.
    let _ = read.expect("the server closes the connection");
    String::from_utf8(text).unwrap()
}

async fn connect(app: &TestApp) -> TcpStream {
    TcpStream::connect(app.base.strip_prefix("http://").unwrap())
        .await
        .unwrap()
}

fn impatient(settings: &mut Settings) {
    settings.http.idle_seconds = 1;
    settings.http.body_seconds = 1;
    settings.http.write_seconds = 1;
}

#[tokio::test]
async fn a_client_that_never_ends_its_head_is_cut_off() {
    let app = TestApp::start_with(impatient).await;
    let mut stream = connect(&app).await;
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n")
        .await
        .unwrap();
    let answer = until_closed(&mut stream).await;
    assert!(!answer.contains(" 200 "), "{answer}");
}

#[tokio::test]
async fn a_client_that_never_ends_its_body_is_told_and_cut_off() {
    let app = TestApp::start_with(impatient).await;
    let mut stream = connect(&app).await;
    let head = "POST /api/session/state HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                Accept: application/json\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 100\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = until_closed(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    for header in ["content-security-policy: ", "cache-control: no-store"] {
        assert!(answer.contains(header), "{answer}");
    }
}

/// A connection between two requests is as idle as one before the first.
#[tokio::test]
async fn a_connection_that_asks_for_nothing_more_is_closed() {
    let app = TestApp::start_with(impatient).await;
    let mut stream = connect(&app).await;
    let request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let answer = until_closed(&mut stream).await;
    assert!(answer.ends_with("ok\n"), "{answer}");
}

/// The server does not wait for ever for room in the client's window.
#[tokio::test]
async fn a_client_that_takes_no_answer_is_cut_off() {
    let app = TestApp::start_with(|settings| {
        impatient(settings);
        // What ends the connection is that nothing is taken.
        settings.http.idle_seconds = 60;
    })
    .await;
    let mut stream = connect(&app).await;
    let request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1000);
    // Far more answers than the buffers of both sides hold; then neither side goes on, until one gives up.
    let asking = async { while stream.write_all(&request).await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(30), asking)
        .await
        .expect("the server closes the connection");
}

#[tokio::test]
async fn a_server_that_leaves_says_so_first_and_answers_what_it_has_begun() {
    let mut app = TestApp::start_with(|settings| {
        settings.metrics.listen = "127.0.0.1:0".parse().ok();
        settings.http.stop_delay_seconds = 2;
    })
    .await;
    app.set_clock_by_database().await;
    let address = app.services.settings.metrics.listen.unwrap();
    let mut operator = Browser::new(&format!("http://{address}"));
    let mut browser = app.browser();
    operator.get("/readyz").await.expect(200);
    let kept = browser.get("/healthz").await.expect(200);
    assert!(!kept.headers.contains_key("connection"));
    let base = app.base.clone();
    let ((), ()) = tokio::join!(app.stop(), async {
        wait_until("the server says that it leaves", async || {
            operator.get("/readyz").await.status != 200
        })
        .await;
        let unready = operator.get("/readyz").await.expect(503).json();
        assert_eq!(unready["running"], json!(false));
        let mut late = Browser::new(&base);
        let reply = late.get("/healthz").await.expect(200);
        assert_eq!(reply.headers["connection"], "close");
    });
    let refused = TcpStream::connect(base.strip_prefix("http://").unwrap()).await;
    assert!(refused.is_err(), "nobody listens any more");
}

/// An open connection without a request holds up nobody.
#[tokio::test]
async fn idle_connections_end_at_once_when_the_server_leaves() {
    let mut app = TestApp::start().await;
    let mut stream = connect(&app).await;
    let request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut byte = [0];
    stream.read_exact(&mut byte).await.unwrap();
    let stopped = tokio::time::timeout(Duration::from_secs(5), app.stop()).await;
    stopped.expect("the server has left before its time");
    until_closed(&mut stream).await;
}

/// Whatever the umask: the database holds hashes, the outbox links that set passwords.
#[cfg(unix)]
#[tokio::test]
async fn what_the_server_writes_is_its_owners_alone() {
    let app = TestApp::start().await;
    app.member("ada@example.org").await;
    let mut browser = app.browser();
    let forgotten = serde_json::json!({ "email": "ada@example.org" });
    browser.call("password/forgot", forgotten).await.expect(200);
    assert!(!app.mails().await.is_empty());
    let paths = [app.folder().to_owned(), app.folder().join("outbox")];
    let mut found = files::private_files::open_to_others(&paths);
    // The test has made the folder itself.
    found.retain(|(path, _)| path != app.folder());
    assert_eq!(found, []);
}
