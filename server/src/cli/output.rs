//! What commands write to the terminal. A reader who has gone away (`| head -1`) is no error, and ends no act; nothing here
//! panics, as `println!` and `eprintln!` do.

use std::io::{ErrorKind, Write};

/// A text of several lines as a terminal may have it: each as [`shown`], but for the tabs in it.
fn shown_in_lines(text: &str) -> String {
    let lines = text.split('\n');
    let lines = lines.map(|line| line.split('\t').map(shown).collect::<Vec<_>>().join("\t"));
    lines.collect::<Vec<_>>().join("\n")
}

/// One line, or one field of it, as a terminal may have it. What a mail server or a database has said stands in lines, too:
/// what steers a terminal, ends a line or a column, or turns the direction of writing is shown as its code point, and nothing
/// else changes.
fn shown(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    for c in line.chars() {
        let steers = c.is_control();
        let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if steers || turns {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Prints a line to standard output: false when nobody reads any more.
///
/// # Errors
/// A line for the operator where it cannot be written for another reason, such as a full disk.
pub(super) fn print(line: &str) -> Result<bool, String> {
    print_to(&mut std::io::stdout().lock(), &shown(line))
}

/// Prints a line of a list: its fields with a tab between each two, whatever is in them.
///
/// # Errors
/// As [`print`].
pub(super) fn print_row(fields: &[&str]) -> Result<bool, String> {
    print_to(&mut std::io::stdout().lock(), &row(fields))
}

/// Prints a text of ours that has several lines.
///
/// # Errors
/// As [`print`].
pub(super) fn print_text(text: &str) -> Result<bool, String> {
    print_to(&mut std::io::stdout().lock(), &shown_in_lines(text))
}

/// How a list ends: with an error where rows of it could not be read, which it has shown by their ids.
///
/// # Errors
/// Says of how many.
pub(super) fn complete(unreadable: usize, of: &str) -> Result<(), String> {
    if unreadable == 0 {
        return Ok(());
    }
    Err(format!(
        "{unreadable} of the {of} cannot be read and stand above by their ids alone: their rows, or rows that they rest on, hold \
         what Twofold never writes. Mend them in the database, or restore a backup of before"
    ))
}

/// Writes a complaint, which may have several lines, to standard error. Where that cannot be written to, nobody is left to be
/// told.
pub(super) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", shown_in_lines(text));
}

fn row(fields: &[&str]) -> String {
    let fields: Vec<_> = fields.iter().map(|field| shown(field)).collect();
    fields.join("\t")
}

fn print_to(output: &mut impl Write, shown: &str) -> Result<bool, String> {
    match writeln!(output, "{shown}").and_then(|()| output.flush()) {
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
    fn what_others_have_said_steers_no_terminal_and_ends_no_line_or_column() {
        let said =
            "Ada\tZo\u{eb} \u{1f469}\u{200d}\u{1f4bb}\n550 \u{1b}[2J\u{9b}1A\r\u{7}\u{202e}done";
        let words = "Zo\u{eb} \u{1f469}\u{200d}\u{1f4bb}";
        let rest = "550 \\u{1b}[2J\\u{9b}1A\\u{d}\\u{7}\\u{202e}done";
        let one = format!("Ada\\u{{9}}{words}\\u{{a}}{rest}");
        assert_eq!(shown(said), one);
        assert_eq!(row(&["7", said, ""]), format!("7\t{one}\t"));
        assert_eq!(shown_in_lines(said), format!("Ada\t{words}\n{rest}"));
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
