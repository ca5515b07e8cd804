//! Starts the program as an operator does, and kills it.

use std::path::Path;
use std::process::Stdio;

use app::types::setup::NewUser;
use crypto::random::{Random as _, SeededRandom, bytes};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_twofold");

/// What is left to chance, but the same for the same seed.
pub(crate) struct Chance(SeededRandom);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SeededRandom::new(seed))
    }

    /// A number below another.
    pub(crate) fn below(&self, end: u64) -> u64 {
        u64::from_be_bytes(bytes(&self.0)) % end
    }

    /// One of several.
    pub(crate) fn one_of<T: Copy>(&self, all: &[T]) -> T {
        let at = self.below(all.len() as u64);
        all[usize::try_from(at).unwrap()]
    }

    /// Another source, for another task.
    pub(crate) fn split(&self) -> Self {
        let mut seed = [0; 8];
        self.0.fill(&mut seed);
        Self::new(u64::from_be_bytes(seed))
    }

    /// Goes round and round for up to some milliseconds: no clock, so nothing that a test waits for.
    pub(crate) fn dawdle(&self) {
        for _ in 0..self.below(300_000) {
            std::hint::spin_loop();
        }
    }
}

/// A command on a data folder; nothing of the tests' surroundings reaches it.
fn command(folder: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .args(["--data", ".", "--set", "password_hash.memory_kib=8192"])
        .args(["--set", "password_hash.passes=1"])
        // However long it takes, the password is enough.
        .args(["--set", "step_up_code=never"])
        // A try that is taken when the server is killed is not given back.
        .args(["--set", "limits.wrong_passwords_per_client=1000000"])
        .args(["--set", "limits.wrong_passwords_of_strangers=1000000"])
        // People do here in seconds what others do in days.
        .args(["--set", "limits.acts_per_user=1000000"])
        .args(["--set", "limits.sign_ins_per_browser=1000000"])
        .args(["--set", "limits.sign_ins_per_user=1000000"]);
    command
}

/// A server that was started; it may not answer yet.
pub(crate) fn spawn(folder: &Path) -> Child {
    command(folder)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Ends a process as a power cut or the kernel's killer does: it has no say in it.
pub(crate) async fn kill(child: &mut Child) {
    child.start_kill().unwrap();
    child.wait().await.unwrap();
}

/// A server that answers.
pub(crate) struct Server {
    child: Child,
    /// Its address.
    pub(crate) base: String,
    // Closed, the next line that the server prints would end it.
    _lines: BufReader<ChildStdout>,
}

impl Server {
    /// Starts the program on a folder.
    pub(crate) async fn start(folder: &Path) -> Self {
        let mut child = spawn(folder);
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut errors = child.stderr.take().unwrap();
        let mut line = String::new();
        lines.read_line(&mut line).await.unwrap();
        let Some(base) = line.strip_prefix("Twofold is at ") else {
            let mut said = String::new();
            errors.read_to_string(&mut said).await.unwrap();
            panic!("it does not start: {said}");
        };
        let base = base.trim().to_owned();
        // Read on, so that a full pipe stops nobody.
        tokio::spawn(async move { tokio::io::copy(&mut errors, &mut tokio::io::sink()).await });
        Self {
            child,
            base,
            _lines: lines,
        }
    }

    /// The end without a warning.
    pub(crate) async fn kill(mut self) {
        kill(&mut self.child).await;
    }
}

/// Creates a user by the operator's command.
pub(crate) async fn create_user(folder: &Path, user: &NewUser) {
    let mut child = command(folder)
        .args(["user", "create", "--password-stdin"])
        .args(["--name", &user.name, "--email", &user.email])
        .args(["--account", &user.account_name])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let line = format!("{}\n", user.password.expose());
    input.write_all(line.as_bytes()).await.unwrap();
    drop(input);
    assert!(child.wait().await.unwrap().success());
}
