//! The program that is killed, what is left to chance, and how users are created.

use std::path::Path;
use std::process::Stdio;

use app::types::setup::NewUser;
use crypto::random::{Random as _, SeededRandom, bytes};
use tokio::io::AsyncWriteExt as _;

use crate::support::Program;

pub(crate) const TWOFOLD: Program = Program {
    path: env!("CARGO_BIN_EXE_twofold"),
    settings: &[
        // However long it takes, the password is enough.
        "step_up_code=never",
        // A try that is taken when the server is killed is not given back.
        "limits.wrong_passwords_per_client=1000000",
        "limits.wrong_passwords_of_strangers=1000000",
        "limits.wrong_passwords_per_browser=1000000",
        // People do here in seconds what others do in days.
        "limits.acts_per_user=1000000",
        "limits.sign_ins_per_browser=1000000",
        "limits.sign_ins_per_user=1000000",
    ],
};

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

/// Creates a user by the operator's command.
pub(crate) async fn create_user(folder: &Path, user: &NewUser) {
    let create = ["user", "create", "--password-stdin", "--name", &user.name];
    let mut child = TWOFOLD
        .command(folder, &create)
        .args(["--email", &user.email, "--account", &user.account_name])
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
