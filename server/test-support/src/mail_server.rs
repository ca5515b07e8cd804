//! An independent mail server: Python's aiosmtpd, in a process of its own.

use std::net::TcpListener;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::in_time;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/smtp/server.py");
/// Debian's, which has the Debian package; another one on the PATH would not.
const PYTHON: &str = "/usr/bin/python3";

/// A running mail server; it ends with the test.
pub struct MailServer {
    port: u64,
    mails: UnboundedReceiver<Value>,
    _process: Child,
}

impl MailServer {
    /// A mail server at a free port, in one of the modes of the script.
    pub async fn start(mode: &str) -> Self {
        Self::start_at(0, mode).await
    }

    /// A mail server at this port.
    pub async fn start_at(port: u16, mode: &str) -> Self {
        let mut process = Command::new(PYTHON)
            .args([SCRIPT, &port.to_string(), mode])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = lines.next_line().await.unwrap();
        let first = first.expect("python3-aiosmtpd is not installed: scripts/install-test-tools");
        let first: Value = serde_json::from_str(&first).unwrap();
        let (taken, mails) = unbounded_channel();
        // Read as they come: a full pipe would stop the mail server.
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                let _ = taken.send(serde_json::from_str(&line).unwrap());
            }
        });
        Self {
            port: first["port"].as_u64().unwrap(),
            mails,
            _process: process,
        }
    }

    /// Its URL as in the setting `mail.smtp_url`.
    pub fn url(&self, scheme: &str, options: &str) -> String {
        format!("{scheme}://localhost:{}{options}", self.port)
    }

    /// The next mail that it took.
    pub async fn next_mail(&mut self) -> Value {
        in_time("a mail is handed over", self.mails.recv())
            .await
            .unwrap()
    }

    /// A port at which nobody listens.
    pub fn unused_port() -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    }
}
