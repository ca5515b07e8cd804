//! The program, as an operator starts it.

use std::path::Path;
use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;

const PROGRAM: &str = env!("CARGO_BIN_EXE_twofold");

/// What a command said and how it ended.
pub(crate) struct Said {
    pub(crate) status: ExitStatus,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// Fails the test unless the command succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert!(self.status.success(), "{}{}", self.out, self.err);
        self
    }

    /// Fails the test unless the command failed with one line that has these words.
    #[track_caller]
    pub(crate) fn refused(self, words: &[&str]) -> Self {
        assert_eq!(self.status.code(), Some(1), "{}{}", self.out, self.err);
        assert_eq!(self.err.lines().count(), 1, "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "no `{word}`: {}", self.err);
        }
        self
    }
}

/// A command on a data folder; nothing of the tests' surroundings reaches it.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .args(["--data", ".", "--set", "password_hash.memory_kib=8192"])
        .args(["--set", "password_hash.passes=1"])
        .args(arguments);
    command
}

/// Runs a command to its end.
pub(crate) async fn twofold(folder: &Path, arguments: &[&str]) -> Said {
    let output = command(folder, arguments).output().await.unwrap();
    Said {
        status: output.status,
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A server that answers.
pub(crate) struct Server {
    child: Child,
    pub(crate) base: String,
    log: JoinHandle<String>,
    // Open, as a terminal is.
    _lines: BufReader<ChildStdout>,
}

impl Server {
    pub(crate) async fn start(folder: &Path) -> Self {
        let arguments = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--set",
            "log.level=debug",
        ];
        let mut child = command(folder, &arguments).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut errors = child.stderr.take().unwrap();
        let log = tokio::spawn(async move {
            let mut log = Vec::new();
            errors.read_to_end(&mut log).await.unwrap();
            String::from_utf8_lossy(&log).into_owned()
        });
        let mut line = String::new();
        lines.read_line(&mut line).await.unwrap();
        let Some(base) = line.strip_prefix("Twofold is at ") else {
            panic!("it does not start: {}", log.await.unwrap());
        };
        Self {
            child,
            base: base.trim().to_owned(),
            log,
            _lines: lines,
        }
    }

    /// Ends it, and gives its log.
    pub(crate) async fn end(mut self) -> String {
        self.child.start_kill().unwrap();
        self.child.wait().await.unwrap();
        self.log.await.unwrap()
    }
}
