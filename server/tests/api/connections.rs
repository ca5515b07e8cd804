//! More connections than the limit: active clients are not cut off, and the operator's listener has a limit of its own.

use std::net::SocketAddr;

use crypto::clock::Stopwatch;
use settings::Settings;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Browser, TestApp};

const ADA: &str = "ada@example.org";
const MOST: u32 = 16;
const LONGEST_SECONDS: f64 = 120.0;

fn small(settings: &mut Settings) {
    settings.metrics.listen = "127.0.0.1:0".parse().ok();
    settings.http.connections = MOST;
    // Nothing here ends by running out of time.
    settings.http.idle_seconds = 3_600;
    settings.http.body_seconds = 3_600;
}

fn operator(app: &TestApp) -> Browser {
    let address = app.services.settings.metrics.listen.unwrap();
    Browser::new(&format!("http://{address}"))
}

async fn connect(app: &TestApp) -> TcpStream {
    let address: SocketAddr = app.services.settings.listen;
    TcpStream::connect(address).await.unwrap()
}

/// Asks for something small and reads the whole answer; the connection is kept.
async fn ask(stream: &mut TcpStream) -> std::io::Result<String> {
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        .await?;
    read_to(stream, "ok\n").await
}

async fn read_to(stream: &mut TcpStream, end: &str) -> std::io::Result<String> {
    let mut text = String::new();
    while !text.ends_with(end) {
        let mut bytes = [0; 4096];
        let read = stream.read(&mut bytes).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        text.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
    }
    Ok(text)
}

async fn open(app: &TestApp, expected: i64) {
    let began = Stopwatch::start();
    while app.services.metrics.connections().get() != expected {
        let open = app.services.metrics.connections().get();
        assert!(began.seconds() < LONGEST_SECONDS, "{open} are open");
        tokio::task::yield_now().await;
    }
}

/// The attack: far more connections than there is room for, which send nothing or half a head.
#[tokio::test]
async fn connections_that_send_nothing_shut_nobody_out_and_leave_the_operator_alone() {
    let app = TestApp::start_with(small).await;
    app.set_clock_by_database().await;
    let mut kept = connect(&app).await;
    ask(&mut kept).await.unwrap();
    let mut flood = Vec::new();
    for n in 0..5 * MOST {
        let mut stream = connect(&app).await;
        if n % 2 == 0 {
            let half = b"GET /healthz HTTP/1.1\r\nX-Half: ";
            // Some have been closed for those after them by now.
            let _ = stream.write_all(half).await;
        }
        flood.push(stream);
    }
    open(&app, i64::from(MOST)).await;
    let mut operator = operator(&app);
    for path in ["/healthz", "/readyz"] {
        operator.get(path).await.expect(200);
    }
    let metrics = operator.get("/metrics").await.expect(200).text;
    assert!(metrics.contains("\ntwofold_connections 16\n"), "{metrics}");
    let most = "\ntwofold_connections_most 16\n";
    assert!(metrics.contains(most), "{metrics}");
    // Who was there goes on, on the connection that they had, and who comes is let in.
    ask(&mut kept).await.unwrap();
    let mut newcomer = app.member(ADA).await;
    assert_eq!(newcomer.state().await, "signed_in");
    ask(&mut kept).await.unwrap();
    drop(flood);
    ask(&mut connect(&app).await).await.unwrap();
    ask(&mut kept).await.unwrap();
}

/// Between two requests a connection gives way to one that comes, the one that has waited longest first.
#[tokio::test]
async fn idle_connections_give_way_in_the_order_in_which_they_became_idle() {
    let app = TestApp::start_with(small).await;
    let mut streams = Vec::new();
    for _ in 0..MOST {
        let mut stream = connect(&app).await;
        ask(&mut stream).await.unwrap();
        streams.push(stream);
    }
    ask(&mut streams[0]).await.unwrap();
    ask(&mut connect(&app).await).await.unwrap();
    let gone = ask(&mut streams[1]).await;
    assert!(gone.is_err(), "{gone:?}");
    for n in [0, 2] {
        ask(&mut streams[n]).await.unwrap();
    }
}

/// A request under way is never broken off for another: who comes waits, and is answered when the first one is done.
#[tokio::test]
async fn a_request_under_way_goes_before_who_comes() {
    let app = TestApp::start_with(small).await;
    let mut working = Vec::new();
    for _ in 0..MOST {
        let mut stream = connect(&app).await;
        let head = b"POST /api/session/state HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                     Accept: application/json\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 2\r\n\
                     Expect: 100-continue\r\n\r\n";
        stream.write_all(head).await.unwrap();
        // It is the server that asks for the body: the request is under way.
        read_to(&mut stream, "100 Continue\r\n\r\n").await.unwrap();
        working.push(stream);
    }
    let mut late = connect(&app).await;
    let request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    late.write_all(request).await.unwrap();
    operator(&app).get("/healthz").await.expect(200);
    let unanswered = late.try_read(&mut [0; 64]);
    let kind = unanswered.map_err(|error| error.kind());
    assert_eq!(kind, Err(std::io::ErrorKind::WouldBlock));
    for stream in &mut working {
        stream.write_all(b"{}").await.unwrap();
        let answer = read_to(stream, "}").await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    read_to(&mut late, "ok\n").await.unwrap();
}
