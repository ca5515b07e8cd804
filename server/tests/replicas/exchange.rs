//! Servers that are exchanged one after the other behind a proxy which asks each of them whether it is ready.

use std::collections::HashSet;
use std::net::{SocketAddr, TcpListener};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::proxy::Proxy;
use crate::support::{Browser, PASSWORD, TestApp};

const PATIENCE: Duration = Duration::from_mins(1);
/// Answers that the clients get between two exchanges.
const BETWEEN: usize = 60;
const CLIENTS: usize = 3;

/// Where a server listens, whichever process that is.
#[derive(Clone, Copy)]
struct Place {
    listen: SocketAddr,
    operator: SocketAddr,
}

impl Place {
    fn new() -> Self {
        // Free until the server takes them, in all likelihood.
        let free = || TcpListener::bind("127.0.0.1:0").unwrap();
        let (listen, operator) = (free(), free());
        Self {
            listen: listen.local_addr().unwrap(),
            operator: operator.local_addr().unwrap(),
        }
    }

    /// Starts a server and waits until it says that it is ready.
    async fn start(self, app: &TestApp) -> Child {
        let child = Command::new(env!("CARGO_BIN_EXE_twofold"))
            .arg("serve")
            .arg("--data")
            .arg(app.folder())
            .envs(app.database_variable())
            .env("TWOFOLD_LISTEN", self.listen.to_string())
            .env("TWOFOLD_METRICS_LISTEN", self.operator.to_string())
            .env("TWOFOLD_HTTP_STOP_DELAY_SECONDS", "1")
            .env("TWOFOLD_PASSWORD_HASH_MEMORY_KIB", "8192")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut operator = Browser::new(&format!("http://{}", self.operator));
        let ready = async {
            loop {
                let request = operator.file("/readyz").body("".into()).unwrap();
                let answer = operator.try_send(request).await;
                if answer.is_ok_and(|answer| answer.status == 200) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, ready)
            .await
            .expect("the server gets ready");
        child
    }
}

/// Tells a server to stop and waits until it has.
async fn stop(mut child: Child) {
    let id = child.id().unwrap().to_string();
    let told = Command::new("kill").args(["-TERM", &id]).status().await;
    assert!(told.unwrap().success());
    let ended = tokio::time::timeout(PATIENCE, child.wait()).await;
    assert!(ended.expect("the server ends").unwrap().success());
}

/// What the clients met.
#[derive(Default)]
struct Met {
    answers: AtomicUsize,
    failures: Mutex<Vec<String>>,
    is_over: AtomicBool,
}

impl Met {
    /// Sends a call: the cookies of the browser go on as from any other.
    async fn call(&self, browser: &mut Browser, endpoint: &str, body: Value) {
        let request = browser.request(endpoint);
        let request = request.body(body.to_string().into()).unwrap();
        let answer = tokio::time::timeout(PATIENCE, browser.try_send(request)).await;
        match answer {
            Ok(Ok(reply)) if reply.status == 200 => {
                self.answers.fetch_add(1, Ordering::Relaxed);
            }
            other => {
                let failure = match other {
                    Ok(Ok(reply)) => format!("{} {}", reply.status, reply.text),
                    Ok(Err(error)) => error,
                    Err(_) => "no answer".to_owned(),
                };
                let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
                failures.push(format!("{endpoint}: {failure}"));
            }
        }
    }

    async fn more_answers(&self) {
        let until = self.answers.load(Ordering::Relaxed) + BETWEEN;
        while self.answers.load(Ordering::Relaxed) < until && !self.has_failures() {
            tokio::task::yield_now().await;
        }
    }

    fn has_failures(&self) -> bool {
        let failures = self.failures.lock();
        !failures.unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

/// Signs in, looks, writes and signs out, over and over; never tries a thing again.
async fn client(base: String, email: String, met: Arc<Met>) {
    let mut browser = Browser::new(&base);
    while !met.is_over.load(Ordering::Relaxed) {
        let who = json!({ "email": email, "password": PASSWORD });
        met.call(&mut browser, "sign-in/password", who).await;
        met.call(&mut browser, "session/state", json!({})).await;
        let name = json!({ "name": "Ada L." });
        met.call(&mut browser, "profile/rename", name).await;
        met.call(&mut browser, "session/sign-out", json!({})).await;
    }
}

/// Waits until the proxy sends requests to this many servers.
async fn serves_by(base: &str, servers: usize) {
    let mut browser = Browser::new(base);
    let mut seen = HashSet::new();
    let both = async {
        while seen.len() < servers {
            let reply = browser.get("/healthz").await;
            seen.insert(reply.headers["x-server"].clone());
        }
    };
    tokio::time::timeout(PATIENCE, both)
        .await
        .expect("the proxy finds every server");
}

/// docs/operating.md, "With several servers": nobody who comes meanwhile is refused or has to try again.
#[tokio::test(flavor = "multi_thread")]
async fn exchanging_replicas_one_after_the_other_loses_no_request() {
    let mut app = TestApp::start().await;
    assert!(app.is_postgres(), "run this by scripts/with-postgres");
    app.set_clock_by_database().await;
    for n in 0..CLIENTS {
        app.create_user(&format!("ada{n}@example.org")).await;
    }
    app.stop().await;
    let places = [Place::new(), Place::new()];
    let mut servers = Vec::new();
    for place in places {
        servers.push(place.start(&app).await);
    }
    let proxy = Proxy::that_checks(&places.map(|place| (place.listen, place.operator))).await;
    serves_by(&proxy.base, 2).await;
    let met = Arc::new(Met::default());
    let clients: Vec<_> = (0..CLIENTS)
        .map(|n| {
            let email = format!("ada{n}@example.org");
            tokio::spawn(client(proxy.base.clone(), email, met.clone()))
        })
        .collect();
    for place in places {
        met.more_answers().await;
        stop(servers.remove(0)).await;
        servers.push(place.start(&app).await);
        serves_by(&proxy.base, 2).await;
    }
    met.more_answers().await;
    met.is_over.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    let failures = met.failures.lock().unwrap();
    assert_eq!(*failures, Vec::<String>::new(), "of {:?}", met.answers);
}
