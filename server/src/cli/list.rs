//! Lines on standard output, which may be a pipe that somebody closes.

use std::io::{ErrorKind, Write};

/// Prints a line: false when nobody reads any more.
pub(super) fn print(line: &str) -> Result<bool, String> {
    match writeln!(std::io::stdout().lock(), "{line}") {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(format!("standard output cannot be written to: {error}")),
    }
}
