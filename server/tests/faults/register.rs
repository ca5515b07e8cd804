//! The register of faults in docs/security.md: each has a test that names it, or a reason why it has none.
//! `UPDATE_DOCS=1` writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Every number of the list.
const ALL: &str = "\
    01 02 03 04 05 08 09 11 12 13 15 16 17 18 19 20 21 24 25 29 30 31 32 34 35 37 38 40 41 42 43 45 46 51 52 55 56 58 \
    59 60 62 63 65 66 67 69 71 72 73 74 75 77 78 79 80 81 85 86 87 88 91 92 93 94 96 97 100 101 102 105 107 108 109 \
    110 112 114 115 119 120 121 123 124 125 126 128 129 130 132 133 135 136 138 141 143 144 145 146 147 149 151 152 \
    153 155";

/// Those without a test, and why.
const WITHOUT: &[(&str, &str)] = &[
    ("41", "no sign-in by other sites"),
    ("92", "no API tokens"),
    (
        "132",
        "one algorithm, length and period, which nothing can change",
    ),
    (
        "135",
        "no clock offset is learnt; a clock that is off is said",
    ),
    (
        "136",
        "moments are counted in seconds of UTC; no time zone is ever reckoned with",
    ),
];

const BEGIN: &str = "## Faults that others had\n";
const FOLDERS: [&str; 5] = [
    "server/tests",
    "server/src",
    "app/src",
    "end2end/tests",
    "end2end/support",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path
            .extension()
            .is_some_and(|kind| kind == "rs" || kind == "ts")
        {
            found.push(path);
        }
    }
}

/// The numbers that a comment begins with: `F01, F02: why`.
fn numbers(line: &str) -> Option<Vec<&str>> {
    let text = line.trim().strip_prefix("//")?.trim_start_matches('/');
    let (numbers, _) = text.split_once(": ")?;
    numbers
        .split(", ")
        .map(|number| {
            let digits = number.trim().strip_prefix('F')?;
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then_some(digits)
        })
        .collect()
}

/// The name of a test, in words.
fn name(line: &str) -> Option<String> {
    if let Some((_, tail)) = line.split_once("fn ") {
        return Some(tail.split_once('(')?.0.replace('_', " "));
    }
    let (_, tail) = line.split_once("test(")?;
    let quote = tail.chars().next()?;
    Some(tail[1..].split_once(quote)?.0.to_owned())
}

/// Which tests name which fault.
fn tests() -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::<String, BTreeSet<String>>::new();
    let mut paths = Vec::new();
    for folder in FOLDERS {
        files(&root().join(folder), &mut paths);
    }
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<_> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let Some(numbers) = numbers(line) else {
                continue;
            };
            let named = lines[at..].iter().find_map(|line| name(line));
            let place = path.strip_prefix(root()).unwrap().with_extension("");
            let place = place.to_string_lossy().replace(".spec", "");
            let place = place.replace("server/tests/", "").replace("/tests", "");
            for number in numbers {
                let shown = format!("{place}: {}", named.clone().unwrap());
                all.entry(number.to_owned()).or_default().insert(shown);
            }
        }
    }
    all
}

fn section() -> String {
    let tests = tests();
    let without: BTreeMap<_, _> = WITHOUT.iter().copied().collect();
    let mut text = format!(
        "{BEGIN}\nFaults of other systems of this kind that were made public, by the number in the comments of our tests, \
         with the tests that\nwould show them here, or the reason why there is none. Made from those comments; \
         `UPDATE_DOCS=1 cargo test` writes it anew.\n\n| fault | where it would show |\n| --- | --- |\n"
    );
    for number in ALL.split_whitespace() {
        let shown = match (tests.get(number), without.get(number)) {
            (Some(tests), None) => tests.iter().cloned().collect::<Vec<_>>().join("; "),
            (None, Some(reason)) => format!("no test: {reason}"),
            (Some(_), Some(_)) => panic!("F{number} has a test and a reason to have none"),
            (None, None) => panic!("F{number} has neither a test nor a reason"),
        };
        let _ = writeln!(text, "| F{number} | {shown} |");
    }
    let known: BTreeSet<_> = ALL.split_whitespace().collect();
    let unknown: Vec<_> = tests
        .keys()
        .filter(|number| !known.contains(number.as_str()))
        .collect();
    assert!(
        unknown.is_empty(),
        "tests name faults that are none: {unknown:?}"
    );
    text.push('\n');
    text
}

/// F155: every fault of the list keeps its test.
#[test]
fn every_fault_has_its_tests_or_a_reason_to_have_none() {
    let path = root().join("docs/security.md");
    let docs = fs::read_to_string(&path).unwrap();
    let (before, rest) = docs.split_once(BEGIN).expect("the section stands there");
    let (_, after) = rest.split_once("\n## ").expect("it is not the last");
    let after = format!("## {after}");
    let expected = format!("{before}{}{after}", section());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    assert!(
        fs::read_to_string(path).unwrap() == expected,
        "docs/security.md is out of date: UPDATE_DOCS=1 cargo test -p server --test faults"
    );
}

/// Every fault of the machine that the operator can read of has the test that is named there.
#[test]
fn every_fault_of_the_machine_has_its_test() {
    let docs = fs::read_to_string(root().join("docs/operating.md")).unwrap();
    let (_, section) = docs.split_once("## When the machine fails\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let rows: Vec<_> = section
        .lines()
        .filter(|line| line.starts_with("| "))
        .collect();
    let rows = &rows[2..];
    assert!(rows.len() > 9);
    for row in rows {
        let shown = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let (file, test) = shown.split_once(": ").unwrap();
        let path = root().join("server/tests").join(file).with_extension("rs");
        let test = format!("fn {}()", test.replace(' ', "_"));
        assert!(fs::read_to_string(&path).unwrap().contains(&test), "{row}");
    }
}
