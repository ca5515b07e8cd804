//! The program, as an operator starts it, and its end.

use std::path::Path;
use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;

/// A built program.
#[derive(Clone, Copy)]
pub struct Program {
    /// Where it is.
    pub path: &'static str,
    /// Settings of its servers, as the flag `--set` takes them.
    pub settings: &'static [&'static str],
}

impl Program {
    /// A command on a data folder; nothing of the tests' surroundings reaches it.
    pub fn command(self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.path);
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
    pub async fn run(self, folder: &Path, arguments: &[&str]) -> Said {
        let output = self.command(folder, arguments).output().await.unwrap();
        Said {
            status: output.status,
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// A server that was started; it may not answer yet.
    pub fn spawn_server(self, folder: &Path) -> Child {
        let arguments = ["serve", "--listen", "127.0.0.1:0"];
        let mut command = self.command(folder, &arguments);
        for setting in self.settings {
            command.args(["--set", setting]);
        }
        command.spawn().unwrap()
    }

    /// A server that answers.
    pub async fn serve(self, folder: &Path) -> ServerProcess {
        let mut child = self.spawn_server(folder);
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut errors = child.stderr.take().unwrap();
        // Read on, so that a full pipe stops nobody.
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
        ServerProcess {
            child,
            base: base.trim().to_owned(),
            log,
            _lines: lines,
        }
    }
}

/// What a command said and how it ended.
pub struct Said {
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl Said {
    /// Fails the test unless the command succeeded.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert!(self.status.success(), "{}{}", self.out, self.err);
        self
    }

    /// Fails the test unless the command failed with one line that has these words.
    #[track_caller]
    pub fn refused(self, words: &[&str]) -> Self {
        assert_eq!(self.status.code(), Some(1), "{}{}", self.out, self.err);
        assert_eq!(self.err.lines().count(), 1, "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "no `{word}`: {}", self.err);
        }
        self
    }
}

/// A server in a process of its own.
pub struct ServerProcess {
    child: Child,
    /// Its address.
    pub base: String,
    log: JoinHandle<String>,
    // Closed, the next line that the server prints would end it.
    _lines: BufReader<ChildStdout>,
}

impl ServerProcess {
    /// Ends it as a power cut or the kernel's killer does, without a warning; gives its log.
    pub async fn kill(mut self) -> String {
        kill(&mut self.child).await;
        self.log.await.unwrap()
    }
}

/// Ends a process as a power cut or the kernel's killer does: it has no say in it.
pub async fn kill(child: &mut Child) {
    child.start_kill().unwrap();
    child.wait().await.unwrap();
}
