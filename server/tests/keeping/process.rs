//! The program, as an operator starts it.

use std::path::Path;

use tokio::process::Command;

use crate::support::{Program, Said};

pub(crate) const TWOFOLD: Program = Program {
    path: env!("CARGO_BIN_EXE_twofold"),
    settings: &["log.level=debug"],
};

pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    TWOFOLD.command(folder, arguments)
}

/// Runs a command to its end.
pub(crate) async fn twofold(folder: &Path, arguments: &[&str]) -> Said {
    TWOFOLD.run(folder, arguments).await
}
