//! Requests that no HTTP library makes, byte by byte.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::TestApp;

const HEAD: &str = "host: x\r\ncontent-type: application/json\r\nsec-fetch-site: same-origin\r\nconnection: close\r\n";

/// The status line and what follows; empty when the connection ends without an answer.
async fn send(app: &TestApp, request: &str) -> String {
    let address = app.base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that has refused already may have hung up.
    let _ = stream.write_all(request.as_bytes()).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> u16 {
    let status = answer.split(' ').nth(1).unwrap_or_default();
    status.parse().unwrap_or_default()
}

/// F141: a body that does not say how long it is ends at 16 KiB too.
#[tokio::test]
async fn a_body_in_pieces_is_measured_as_it_comes() {
    let app = TestApp::start().await;
    let hashes = app.services.hasher.hashes();
    let piece = format!("400\r\n{}\r\n", "x".repeat(1024));
    for (pieces, expected) in [(1, 400), (15, 400), (17, 413), (200, 413)] {
        let body = piece.repeat(pieces);
        let request = format!(
            "POST /api/sign-in/password HTTP/1.1\r\n{HEAD}transfer-encoding: chunked\r\n\r\n{body}0\r\n\r\n"
        );
        let found = status(&send(&app, &request).await);
        assert_eq!(found, expected, "{pieces} KiB");
    }
    assert_eq!(app.services.hasher.hashes(), hashes);
}

/// F107, F110: what is ambiguous is refused or read in one way only: one request has one answer, which is no redirect and no fault.
#[tokio::test]
async fn an_ambiguous_request_is_one_request_or_none() {
    let app = TestApp::start().await;
    let call = "POST /api/session/state HTTP/1.1\r\n";
    let smuggled = format!("{call}{HEAD}content-length: 2\r\n\r\n{{}}");
    for request in [
        format!("{call}{HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\n{{}} "),
        format!("{call}{HEAD}content-length: -1\r\n\r\n{{}}"),
        format!(
            "{call}{HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"
        ),
        format!("{call}{HEAD}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n{smuggled}"),
        format!("{call}{HEAD}transfer-encoding: xchunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n"),
        format!("{call}{HEAD} folded: x\r\ncontent-length: 2\r\n\r\n{{}}"),
        format!("{call}{HEAD}x y: z\r\ncontent-length: 2\r\n\r\n{{}}"),
        format!("{call}{HEAD}x: a\0b\r\ncontent-length: 2\r\n\r\n{{}}"),
        format!("{call}{HEAD}content-encoding: gzip\r\ncontent-length: 2\r\n\r\n{{}}"),
        format!(
            "POST http://evil.example/api/session/state HTTP/1.1\r\n{HEAD}content-length: 2\r\n\r\n{{}}"
        ),
        format!("POST /api/session/state HTTP/1.0\r\n{HEAD}content-length: 2\r\n\r\n{{}}"),
        format!("POST /api/session/state\0 HTTP/1.1\r\n{HEAD}content-length: 2\r\n\r\n{{}}"),
        format!("POST \\api\\session\\state HTTP/1.1\r\n{HEAD}content-length: 2\r\n\r\n{{}}"),
        format!("CONNECT evil.example:443 HTTP/1.1\r\n{HEAD}\r\n"),
        format!("OPTIONS * HTTP/1.1\r\n{HEAD}\r\n"),
        format!("GET /{} HTTP/1.1\r\n{HEAD}\r\n", "x".repeat(70_000)),
        format!("GET / HTTP/1.1\r\n{HEAD}x: {}\r\n\r\n", "x".repeat(1 << 20)),
        format!("GET / HTTP/1.1\r\n{HEAD}{}\r\n", "x: y\r\n".repeat(1_000)),
        "\u{16}\u{3}\u{1}\0\0\r\n\r\n".to_owned(),
    ] {
        let answer = send(&app, &request).await;
        let shown: String = request.chars().take(160).collect();
        let found = status(&answer);
        assert!(
            answer.is_empty() || found == 200 || (400..500).contains(&found),
            "{shown:?}: {answer}"
        );
        assert!(
            answer.matches("HTTP/1.").count() <= 1,
            "{shown:?}: {answer}"
        );
        assert!(!answer.to_lowercase().contains("\nlocation:"), "{shown:?}");
        assert!(!answer.contains("evil.example"), "{shown:?}");
    }
    assert_eq!(app.browser().state().await, "signed_out");
}
