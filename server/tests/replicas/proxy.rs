//! A load balancer that is not ours: haproxy, one request to each server in turn.

use std::fmt::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::process::Stdio;

use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::support::wait_until;

/// A running haproxy.
pub(crate) struct Proxy {
    pub(crate) base: String,
    _folder: TempDir,
    _process: Child,
}

impl Proxy {
    /// Before these servers.
    pub(crate) async fn start(servers: &[&str]) -> Self {
        let mut lines = String::new();
        for (number, server) in servers.iter().enumerate() {
            let server = server.trim_start_matches("http://");
            writeln!(lines, " server s{number} {server}").unwrap();
        }
        Self::run(&lines).await
    }

    /// Before servers that it asks whether they are ready, at their other address. It tries nothing again, and says which
    /// of them answered.
    pub(crate) async fn that_checks(servers: &[(SocketAddr, SocketAddr)]) -> Self {
        let mut lines =
            " option httpchk GET /readyz\n default-server check inter 500ms fall 1 rise 1\n \
                         http-response set-header x-server %s\n"
                .to_owned();
        for (number, (listen, operator)) in servers.iter().enumerate() {
            writeln!(
                lines,
                " server s{number} {listen} addr {} port {}",
                operator.ip(),
                operator.port()
            )
            .unwrap();
        }
        Self::run(&lines).await
    }

    async fn run(lines: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // The port is free until haproxy takes it, in all likelihood.
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let settings = format!(
            "defaults\n mode http\n option forwardfor\n timeout connect 5s\n timeout client 60s\n timeout server 60s\n\
             listen twofold\n bind {address}\n balance roundrobin\n{lines}"
        );
        let file = folder.path().join("haproxy.cfg");
        std::fs::write(&file, settings).unwrap();
        let process = Command::new("haproxy")
            .arg("-db")
            .arg("-f")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("haproxy is installed by scripts/install-test-tools");
        let answers = async || TcpStream::connect(address).await.is_ok();
        wait_until("the proxy answers", answers).await;
        Self {
            base: format!("http://{address}"),
            _folder: folder,
            _process: process,
        }
    }
}
