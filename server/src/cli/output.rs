//! What commands write to the terminal. A reader who has gone away (`| head -1`) is no error, and ends no act; nothing here
//! panics, as `println!` and `eprintln!` do.

use std::io::{ErrorKind, Write};

/// Prints a line to standard output: false when nobody reads any more.
///
/// # Errors
/// A line for the operator where it cannot be written for another reason, such as a full disk.
pub(super) fn print(line: &str) -> Result<bool, String> {
    print_to(&mut std::io::stdout().lock(), line)
}

/// Writes a line to standard error. Where that cannot be written to, nobody is left to be told.
pub(super) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

fn print_to(output: &mut impl Write, line: &str) -> Result<bool, String> {
    match writeln!(output, "{line}").and_then(|()| output.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(format!("standard output cannot be written to: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    struct Failing(ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn a_reader_who_has_gone_is_no_error_and_a_full_disk_is() {
        assert_eq!(print_to(&mut Vec::new(), "line"), Ok(true));
        let gone = print_to(&mut Failing(ErrorKind::BrokenPipe), "line");
        assert_eq!(gone, Ok(false));
        let full = print_to(&mut Failing(ErrorKind::StorageFull), "line").unwrap_err();
        assert!(full.contains("standard output"), "{full}");
    }
}
