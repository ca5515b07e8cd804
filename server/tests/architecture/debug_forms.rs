//! The log, letters and commands say what they say in words of ours: the Debug form of a type is for tests, and changes with its
//! name and its fields.

use std::fs;

use crate::source::of_the_server;
use crate::{assert_none, root};

/// Where a Debug form is written all the same, and why.
const ALLOWED: [(&str, &str, &str); 5] = [
    (
        "",
        "?failure",
        "a fault of ours, with all that has caused it",
    ),
    (
        "server/service/src/refusal_log.rs",
        "header = ?shown",
        "it escapes what a client has sent",
    ),
    (
        "server/service/src/lib.rs",
        "refused: {0:?}",
        "a refusal that no caller has put into words: a fault, too",
    ),
    (
        "server/service/src/limits/bucket.rs",
        "{self:?}",
        "an assertion of ours",
    ),
    (
        "server/src/cli/log/json.rs",
        "{value:?}",
        "how the library hands over a field that has words",
    ),
];

/// Whether a line writes a Debug form: in a format (`{day:?}`), or as a field of a line of the log (`day = ?day`, `?day`).
fn writes_debug(line: &str) -> bool {
    let in_format = line.contains(":?}") || line.contains(":#?}");
    let as_field = line.match_indices('?').any(|(at, _)| {
        let before = line[..at].trim_end();
        let is_first = before.is_empty() || before.ends_with(['(', ',', '=']);
        let word = &line[at + 1..];
        let end = word.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
        let (word, after) = word.split_at(end.unwrap_or(word.len()));
        let is_name = word.starts_with(|c: char| c.is_lowercase() || c == '_');
        is_first && is_name && (after.is_empty() || after.starts_with([',', ')']))
    });
    in_format || as_field
}

#[test]
fn a_line_that_writes_a_debug_form_is_known_as_one() {
    for (line, writes) in [
        ("tracing::info!(day = ?day, \"saved\");", true),
        ("    ?kind,", true),
        ("tracing::warn!(?settings.required_from, \"x\");", true),
        ("format!(\"{day:?}\")", true),
        ("#[error(\"refused: {0:?}\")]", true),
        ("let day = read(line)?;", false),
        ("(found?, other?)", false),
        ("where T: ?Sized,", false),
        ("smtp://host?tls=required", false),
        ("format!(\"=?utf-8?b?{encoded}?=\")", false),
    ] {
        assert_eq!(writes_debug(line), writes, "{line}");
    }
}

#[test]
fn nothing_is_said_in_the_debug_form_of_a_type() {
    let (mut breaches, mut met) = (Vec::new(), [false; ALLOWED.len()]);
    for source in of_the_server() {
        let path = source.path.as_str();
        let text = fs::read_to_string(root().join(path)).expect("the file is there");
        let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        for line in text.lines().filter(|line| writes_debug(line)) {
            let allowed = ALLOWED
                .iter()
                .position(|(file, form, _)| path.starts_with(file) && line.contains(form));
            match allowed {
                Some(at) => met[at] = true,
                None => breaches.push(format!("{path}: {}", line.trim())),
            }
        }
    }
    assert_none("a type says what it is in words of its own", &breaches);
    assert_eq!(met, [true; ALLOWED.len()], "each exception is needed");
}
