//! The program as systemd runs it: on a socket that outlives it, told to stop by a signal, saying how it is.

use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::support::Browser;

const PATIENCE: Duration = Duration::from_mins(1);
/// How often the server is exchanged while clients go on.
const EXCHANGES: usize = 4;

/// Hands the socket over as systemd does: as the third descriptor, with the number of the process that gets it.
const HAND_OVER: &str =
    "exec 3<&0 </dev/null; export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$0\" serve --data \"$1\"";

struct Machine {
    folder: tempfile::TempDir,
    socket: TcpListener,
    told: tokio::net::UnixDatagram,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let told = UnixDatagram::bind(folder.path().join("notify")).unwrap();
        told.set_nonblocking(true).unwrap();
        let told = tokio::net::UnixDatagram::from_std(told).unwrap();
        Self {
            folder,
            socket,
            told,
        }
    }

    fn address(&self) -> SocketAddr {
        self.socket.local_addr().unwrap()
    }

    fn data(&self) -> &Path {
        self.folder.path()
    }

    /// Starts the server and waits until it says that it is ready.
    async fn start(&self) -> Child {
        let socket = self.socket.try_clone().unwrap();
        let mut command = Command::new("sh");
        command
            .args(["-c", HAND_OVER, env!("CARGO_BIN_EXE_twofold")])
            .arg(self.data().join("data"))
            .env("NOTIFY_SOCKET", self.data().join("notify"))
            .env("TWOFOLD_PASSWORD_HASH_MEMORY_KIB", "8192")
            .stdin(Stdio::from(std::os::fd::OwnedFd::from(socket)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let child = command.spawn().unwrap();
        self.is_told("READY=1").await;
        child
    }

    async fn is_told(&self, expected: &str) {
        let mut message = [0; 256];
        let length = tokio::time::timeout(PATIENCE, self.told.recv(&mut message));
        let length = length.await.expect("systemd is told").unwrap();
        assert_eq!(
            std::str::from_utf8(&message[..length]).unwrap().trim(),
            expected
        );
    }

    /// Tells the server to stop and waits until it has.
    async fn stop(&self, mut child: Child) {
        let id = child.id().unwrap().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(told.unwrap().success());
        self.is_told("STOPPING=1").await;
        let ended = tokio::time::timeout(PATIENCE, child.wait()).await;
        assert!(ended.expect("the server ends").unwrap().success());
    }
}

#[tokio::test]
async fn a_server_takes_the_socket_it_is_given_and_says_when_it_is_ready_and_when_it_stops() {
    let machine = Machine::new();
    let child = machine.start().await;
    let mut browser = Browser::new(&format!("http://{}", machine.address()));
    browser.get("/healthz").await.expect(200);
    assert_eq!(browser.state().await, "signed_out");
    machine.stop(child).await;
}

/// What clients met while servers were exchanged.
#[derive(Default)]
struct Met {
    answers: AtomicUsize,
    failures: AtomicUsize,
    is_over: AtomicBool,
}

impl Met {
    fn count(&self, is_good: bool) {
        let counter = if is_good {
            &self.answers
        } else {
            &self.failures
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// Makes a connection for every request, as some proxies do.
async fn reconnecting(address: SocketAddr, met: Arc<Met>) {
    let request = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    while !met.is_over.load(Ordering::Relaxed) {
        let asked = async {
            let mut stream = TcpStream::connect(address).await?;
            stream.write_all(request).await?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await?;
            std::io::Result::Ok(answer)
        };
        let answer = tokio::time::timeout(PATIENCE, asked).await;
        met.count(matches!(answer, Ok(Ok(text)) if text.starts_with("HTTP/1.1 200 ")));
    }
}

/// Keeps its connection until the server says that it closes it.
async fn keeping(address: SocketAddr, met: Arc<Met>) {
    let mut browser = Browser::new(&format!("http://{address}"));
    while !met.is_over.load(Ordering::Relaxed) {
        let request = browser.request("session/state").body("{}".into()).unwrap();
        let answer = tokio::time::timeout(PATIENCE, browser.try_send(request)).await;
        met.count(matches!(answer, Ok(Ok(reply)) if reply.json()["state"] == json!("signed_out")));
    }
}

/// A restart under a socket that stays open loses no request: what comes meanwhile waits in the socket's queue.
#[tokio::test]
async fn exchanging_servers_loses_no_request() {
    let machine = Machine::new();
    let mut child = machine.start().await;
    let met = Arc::new(Met::default());
    let mut clients = Vec::new();
    for _ in 0..2 {
        clients.push(tokio::spawn(reconnecting(machine.address(), met.clone())));
        clients.push(tokio::spawn(keeping(machine.address(), met.clone())));
    }
    for round in 1..=EXCHANGES {
        // Each server answers some before it goes.
        while met.answers.load(Ordering::Relaxed) < round * 100 {
            tokio::task::yield_now().await;
        }
        machine.stop(child).await;
        child = machine.start().await;
    }
    met.is_over.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    machine.stop(child).await;
    let (answers, failures) = (&met.answers, &met.failures);
    assert_eq!(failures.load(Ordering::Relaxed), 0, "of {answers:?}");
}
