//! CSV (RFC 4180) whose cells a spreadsheet reads as text, never as formulas.

use std::fmt::Write as _;

/// A line of these cells, with its end.
pub fn line(cells: &[&str]) -> String {
    let mut line = String::new();
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        push_cell(&mut line, cell);
    }
    line.push_str("\r\n");
    line
}

/// What a spreadsheet takes for the beginning of a formula: the ASCII signs, and their full-width and small forms
/// (Unicode, U+FF00 and U+FE50), which East Asian versions read alike.
const BEGINS_FORMULA: [char; 14] = [
    '=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫',
];

/// What divides cells for a spreadsheet of some country or setting, whatever we write: where a comma is the decimal sign it is
/// the semicolon. Quotes do not help there, since they are quotes only at the beginning of what it takes for a cell.
const MAY_DIVIDE: [char; 6] = [',', ';', '\t', '|', '\r', '\n'];

/// Whatever begins as a formula gets an apostrophe before it: spreadsheets run it otherwise, and what stands in it was typed
/// by somebody else (OWASP, CSV Injection). White space and quotes before it do not hide it.
fn push_cell(line: &mut String, cell: &str) {
    let mut guarded = String::with_capacity(cell.len());
    for part in cell.split_inclusive(MAY_DIVIDE) {
        let hidden = |c: char| c.is_whitespace() || c == '"';
        if part.starts_with(BEGINS_FORMULA)
            || part.trim_start_matches(hidden).starts_with(BEGINS_FORMULA)
        {
            guarded.push('\'');
        }
        guarded.push_str(part);
    }
    if cell.contains(['"', ',', ';', '\r', '\n']) {
        let _ = write!(line, "\"{}\"", guarded.replace('"', "\"\""));
    } else {
        line.push_str(&guarded);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_and_never_formulas() {
        for (cells, expected) in [
            (&["a", "", "b c"][..], "a,,b c\r\n"),
            (&["a,b", "say \"hi\""], "\"a,b\",\"say \"\"hi\"\"\"\r\n"),
            (&["a\r\nb"], "\"a\r\nb\"\r\n"),
            (
                &["=1+1", "+1", "-1", "@x", "\tx", "\rx"],
                "'=1+1,'+1,'-1,'@x,'\tx,\"'\rx\"\r\n",
            ),
            (
                &["=HYPERLINK(\"http://x\",\"y\")"],
                "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"\r\n",
            ),
            (&["'=1", "a=1"], "'=1,a=1\r\n"),
            (
                &[
                    "x;=cmd|' /C calc'!A0;y",
                    "a,=1",
                    "b|+1",
                    "c\t@d",
                    "e;\"=1\"",
                    "f; g",
                ],
                "\"x;'=cmd|' /C calc'!A0;y\",\"a,'=1\",b|'+1,c\t'@d,\"e;'\"\"=1\"\"\",\"f; g\"\r\n",
            ),
            (
                &[
                    "＝1",
                    "＋1",
                    "－1",
                    "＠x",
                    "﹦1",
                    " =1",
                    "\u{3000}＝1",
                    "1＝",
                ],
                "'＝1,'＋1,'－1,'＠x,'﹦1,' =1,'\u{3000}＝1,1＝\r\n",
            ),
        ] {
            assert_eq!(line(cells), expected);
        }
    }
}
