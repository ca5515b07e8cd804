//! Two PostgreSQL nodes of a test: a primary, and a standby that takes over when it is told to. What was acknowledged is on both.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement};
use tempfile::TempDir;

use crate::support::wait_until;

/// Nothing but the nodes themselves reads what they write.
const SETTINGS: &str =
    "-c fsync=off -c full_page_writes=off -c shared_buffers=16MB -c max_connections=60";

/// One node; stopped at the end.
pub(crate) struct Node {
    folder: PathBuf,
    pub(crate) address: SocketAddr,
}

/// A primary, and a standby that every commit waits for.
pub(crate) struct Pair {
    pub(crate) primary: Node,
    pub(crate) standby: Node,
    _folder: TempDir,
}

/// Where the programs of the newest PostgreSQL are.
fn programs() -> PathBuf {
    let versions =
        std::fs::read_dir("/usr/lib/postgresql").expect("run this by scripts/with-postgres");
    let newest = versions.filter_map(|entry| {
        let path = entry.ok()?.path();
        let version: u32 = path.file_name()?.to_str()?.parse().ok()?;
        Some((version, path))
    });
    newest.max().unwrap().1.join("bin")
}

/// Runs a program of PostgreSQL, which refuses to be root.
fn run(folder: &Path, program: &str, arguments: &[&str]) -> bool {
    let program = programs().join(program);
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args([
            "--reuid",
            "postgres",
            "--regid",
            "postgres",
            "--clear-groups",
        ]);
        command.arg(&program);
        command
    } else {
        Command::new(&program)
    };
    let status = command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

impl Node {
    /// One that has a folder already.
    fn start(folder: PathBuf) -> Self {
        // Free until PostgreSQL takes it, in all likelihood.
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let options = format!("-h 127.0.0.1 -p {} -k '' {SETTINGS}", address.port());
        let node = Self { folder, address };
        assert!(node.control(&["start", "-w", "-l", "log", "-o", &options]));
        node
    }

    fn control(&self, arguments: &[&str]) -> bool {
        let folder = self.folder.to_str().unwrap();
        let all = [arguments, &["-s", "-D", folder][..]].concat();
        run(&self.folder, "pg_ctl", &all)
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://twofold@{}/postgres", self.address)
    }

    pub(crate) async fn client(&self) -> DatabaseConnection {
        Database::connect(self.url()).await.unwrap()
    }

    /// Becomes the primary.
    pub(crate) fn promote(&self) {
        assert!(self.control(&["promote", "-w"]));
    }

    /// Lives on as a node that only reads, with all its connections.
    pub(crate) async fn become_read_only(&self) {
        let client = self.client().await;
        for sql in [
            "ALTER SYSTEM SET default_transaction_read_only = on",
            "ALTER SYSTEM SET synchronous_standby_names = ''",
            "SELECT pg_reload_conf()",
        ] {
            client.execute_unprepared(sql).await.unwrap();
        }
    }

    /// How many connections of servers of ours there are.
    pub(crate) async fn connections(&self) -> i64 {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'twofold'";
        number(&self.client().await, sql).await
    }
}

async fn number(client: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(client.get_database_backend(), sql);
    let row = client.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

impl Drop for Node {
    fn drop(&mut self) {
        self.control(&["stop", "-m", "immediate"]);
    }
}

impl Pair {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        if is_root() {
            let given = Command::new("chown")
                .arg("postgres")
                .arg(folder.path())
                .status();
            assert!(given.unwrap().success());
        }
        let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
        let rules = [
            "-U",
            "twofold",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ];
        let target = ["-D", first.to_str().unwrap()];
        let all = [&target[..], &rules[..]].concat();
        assert!(run(folder.path(), "initdb", &all));
        let primary = Node::start(first);
        let copy = [
            "-d",
            &primary.url(),
            "-D",
            second.to_str().unwrap(),
            "-R",
            "-c",
            "fast",
            "--no-sync",
        ];
        assert!(run(folder.path(), "pg_basebackup", &copy));
        let standby = Node::start(second);
        let client = primary.client().await;
        for sql in [
            "ALTER SYSTEM SET synchronous_standby_names = '*'",
            "SELECT pg_reload_conf()",
        ] {
            client.execute_unprepared(sql).await.unwrap();
        }
        let in_step = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
        let is_in_step = async || number(&client, in_step).await > 0;
        wait_until("the standby is in step", is_in_step).await;
        Self {
            primary,
            standby,
            _folder: folder,
        }
    }
}
