//! Prints lines to standard output; a closed pipe is not an error.

use std::io::{ErrorKind, Write};

/// Prints a line: false when nobody reads any more.
pub(super) fn print(line: &str) -> Result<bool, String> {
    match writeln!(std::io::stdout().lock(), "{line}") {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(format!("standard output cannot be written to: {error}")),
    }
}
