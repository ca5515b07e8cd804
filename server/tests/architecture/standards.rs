//! docs/standards.md: every requirement has its row, with a test that is there or a reason to have none.

use std::fs;

use crate::{assert_none, root};

/// Every requirement, in the order of its table.
const REQUIREMENTS: &str = "\
    V6.1.1 V6.1.2 V6.1.3 V6.2.1 V6.2.2 V6.2.3 V6.2.4 V6.2.5 V6.2.6 V6.2.7 V6.2.8 V6.2.9 V6.2.10 V6.2.11 V6.2.12 \
    V6.3.1 V6.3.2 V6.3.3 V6.3.4 V6.3.5 V6.3.6 V6.3.7 V6.3.8 V6.4.1 V6.4.2 V6.4.3 V6.4.4 V6.4.5 V6.4.6 V6.5.1 \
    V6.5.2 V6.5.3 V6.5.4 V6.5.5 V6.5.6 V6.5.7 V6.5.8 V6.6.1 V6.6.2 V6.6.3 V6.6.4 V6.7.1 V6.7.2 V6.8.1 V6.8.2 \
    V6.8.3 V6.8.4 \
    V7.1.1 V7.1.2 V7.1.3 V7.2.1 V7.2.2 V7.2.3 V7.2.4 V7.3.1 V7.3.2 V7.4.1 V7.4.2 V7.4.3 V7.4.4 V7.4.5 V7.5.1 \
    V7.5.2 V7.5.3 V7.6.1 V7.6.2 \
    V2.3.1 V2.3.3 V2.3.4 V2.4.1 V3.3.1 V3.3.2 V3.3.3 V3.3.4 V3.3.5 V3.4.1 V3.4.2 V3.4.3 V3.4.4 V3.4.5 V3.4.6 \
    V3.4.7 V3.4.8 V3.5.1 V3.5.2 V3.5.3 V3.7.2 V11.1.1 V11.2.2 V11.2.4 V11.4.2 V13.3.1 V14.2.1 V14.3.1 V14.3.2 \
    V14.3.3 V16.2.1 V16.2.2 V16.2.5 V16.3.1 V16.3.2 V16.3.3 V16.4.1 V16.4.2 V16.5.3 \
    MFA-1 MFA-2 MFA-3 MFA-4 MFA-5 MFA-6 MFA-7 MFA-8 MFA-9 MFA-10 MFA-11 \
    63B-2.2.1 63B-2.2.2 63B-2.2.3 63B-3.1.1 63B-3.1.2 63B-3.1.3 63B-3.1.3.3 63B-3.1.4 63B-3.2.2 63B-3.2.7 63B-4.1 \
    63B-4.1.2.1 63B-4.1.2.2 63B-4.2.1.1 63B-4.2.1.2 63B-4.2.2.2 63B-4.2.3 63B-4.5 63B-4.6 63B-5.1";

/// One row of a table.
struct Row<'a> {
    id: &'a str,
    status: &'a str,
    /// What Twofold does, or why it does not.
    said: &'a str,
    /// Each as `file: name`.
    tests: Vec<&'a str>,
}

/// The rows of all tables but their heads, and but the tables of another width.
fn rows(docs: &str) -> Vec<Row<'_>> {
    docs.lines()
        .filter_map(|line| {
            let cells = line.strip_prefix("| ")?.strip_suffix(" |")?;
            let cells: Vec<_> = cells.split(" | ").collect();
            let [id, _, _, status, said, shown] = cells[..] else {
                return None;
            };
            let tests = shown.split('`').skip(1).step_by(2).collect();
            let row = Row {
                id,
                status,
                said,
                tests,
            };
            (id != "id" && id != "---").then_some(row)
        })
        .collect()
}

/// Whether a file of Rust has a test of this name: a function with an attribute above it that makes it one.
fn has_rust_test(text: &str, name: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let start = format!("fn {name}(");
    let is_it = |line: &str| {
        let declared = line.strip_prefix("async ").unwrap_or(line);
        declared.starts_with(start.as_str())
    };
    let Some(at) = lines.iter().position(|line| is_it(line)) else {
        return false;
    };
    lines[..at]
        .iter()
        .rev()
        .take_while(|line| line.starts_with("#[") || line.starts_with("//"))
        .any(|line| *line == "#[test]" || line.starts_with("#[tokio::test"))
}

/// Whether a test that is named as `file: name` is there.
fn is_there(test: &str) -> bool {
    let Some((file, name)) = test.split_once(": ") else {
        return false;
    };
    let Ok(content) = fs::read_to_string(root().join(file)) else {
        return false;
    };
    if file.starts_with("end2end/") {
        content.contains(&format!("test('{name}'"))
    } else {
        has_rust_test(&content, name)
    }
}

/// What is wrong with a row.
fn breach(row: &Row<'_>) -> Option<String> {
    let id = row.id;
    if let Some(test) = row.tests.iter().find(|test| !is_there(test)) {
        return Some(format!("{id}: there is no `{test}`"));
    }
    match row.status {
        _ if row.said.trim().is_empty() => Some(format!("{id} says nothing")),
        "met" if row.tests.is_empty() => Some(format!("{id} is met, and no test shows it")),
        "met" | "deviation" | "not met" | "does not apply" => None,
        other => Some(format!("{id}: `{other}` is no status")),
    }
}

#[test]
fn every_requirement_of_the_standards_has_a_test_or_a_reason() {
    let docs = fs::read_to_string(root().join("docs/standards.md"));
    let docs = docs.expect("docs/standards.md is there");
    let rows = rows(&docs);
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let expected: Vec<_> = REQUIREMENTS.split_whitespace().collect();
    assert_eq!(ids, expected, "the rows of docs/standards.md");
    let breaches: Vec<_> = rows.iter().filter_map(breach).collect();
    assert_none("docs/standards.md names what is there", &breaches);
}

#[test]
fn a_function_is_a_test_by_its_attribute_alone() {
    let text =
        "#[tokio::test]\n// why\nasync fn one() {}\n\n#[test]\n\nfn two() {}\nfn one_more() {}\n";
    assert!(has_rust_test(text, "one"));
    assert!(!has_rust_test(text, "two"), "a blank line is between");
    assert!(!has_rust_test(text, "one_more"));
    assert!(!has_rust_test(text, "on"));
}
