//! The tests of the tree, read from the sources: file and name, as the register gives them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Where there are tests.
const FOLDERS: [&str; 10] = [
    "app/src",
    "end2end/tests",
    "server/settings/src",
    "server/crypto/src",
    "server/domain/src",
    "server/files/src",
    "server/service/src",
    "server/src",
    "server/storage/src",
    "server/tests",
];

/// A test that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Test {
    /// It is compiled, and passed over when the others run.
    pub(crate) is_ignored: bool,
    /// No module of a test binary leads to its file.
    pub(crate) is_orphaned: bool,
}

/// The tests of the tree, as `faults/replay: name`, `server/domain/src/ends: name` or `end2end/owner: title`.
#[derive(Clone, Default)]
pub(crate) struct Tree {
    pub(crate) tests: BTreeMap<String, Test>,
    /// The text of each file that has tests.
    files: BTreeMap<String, String>,
    /// The numbers of faults that comments of tests begin with, each with the test.
    pub(crate) numbers: Vec<(String, String)>,
}

impl Tree {
    /// Reads the tree.
    pub(crate) fn read() -> Self {
        let mut tree = Self::default();
        for folder in FOLDERS {
            let mut paths = Vec::new();
            files(&root().join(folder), &mut paths);
            for path in paths {
                let text = fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(root()).unwrap();
                let is_orphaned = !is_reached(path);
                tree.add(&place(path), &text, is_orphaned);
            }
        }
        assert!(tree.tests.len() > 700, "the tests are where they were");
        tree
    }

    /// Takes in a file.
    pub(crate) fn add(&mut self, place: &str, content: &str, is_orphaned: bool) {
        let is_browser = place.starts_with("end2end/");
        let lines: Vec<_> = content.lines().map(str::trim).collect();
        let mut named = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            named.extend(numbers(line).into_iter().flatten());
            let found = if is_browser {
                browser_test(line)
            } else {
                rust_test(&lines[..at], line)
            };
            let Some((name, is_ignored)) = found else {
                continue;
            };
            let name = format!("{place}: {name}");
            let numbered = named
                .drain(..)
                .map(|number| (format!("F{number}"), name.clone()));
            self.numbers.extend(numbered);
            let test = Test {
                is_ignored,
                is_orphaned,
            };
            self.tests.insert(name, test);
        }
        self.files.insert(place.to_owned(), content.to_owned());
    }

    /// Whether the file of a test names one of these words.
    pub(crate) fn names(&self, test: &str, words: &[&str]) -> bool {
        let file = test
            .split_once(": ")
            .and_then(|(file, _)| self.files.get(file));
        file.is_some_and(|text| words.iter().any(|word| text.contains(word)))
    }
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

/// How a file is called: without what all have in common.
fn place(path: &Path) -> String {
    let place = path.with_extension("");
    let place = place.to_string_lossy().replace(".spec", "");
    let place = place.strip_suffix("/tests").unwrap_or(&place).to_owned();
    let place = place.replace("end2end/tests/", "end2end/");
    place.replace("server/tests/", "")
}

/// Whether the modules of a test binary lead to a file of `server/tests`; other files are compiled, or nothing builds.
fn is_reached(path: &Path) -> bool {
    let Ok(inner) = path.strip_prefix("server/tests") else {
        return true;
    };
    let names: Vec<_> = inner
        .with_extension("")
        .iter()
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    let [binary, modules @ ..] = &names[..] else {
        return false;
    };
    let folder = root().join("server/tests").join(binary);
    let main = folder.join("main.rs");
    let main = if main.exists() {
        main
    } else {
        folder.with_extension("rs")
    };
    let mut parent = fs::read_to_string(main).unwrap();
    let mut at = folder;
    for module in modules.iter().filter(|module| *module != "main") {
        if !declares(&parent, module) {
            return false;
        }
        at = at.join(module);
        parent = fs::read_to_string(at.with_extension("rs")).unwrap_or_default();
    }
    true
}

/// Whether a file has a module of this name in another file.
fn declares(text: &str, module: &str) -> bool {
    let declared = format!("mod {module};");
    text.lines()
        .any(|line| line.trim().trim_start_matches("pub(crate) ") == declared)
}

/// The comments and attributes that stand directly above, the nearest first.
fn above<'a>(lines: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    let starts = ["#[", "//", ")]", "reason", "clippy::"];
    let is_above = move |line: &&&str| starts.iter().any(|start| line.starts_with(start));
    lines.iter().rev().take_while(is_above).copied()
}

/// The name of a test function and whether it is ignored.
fn rust_test(before: &[&str], line: &str) -> Option<(String, bool)> {
    let declared = line.strip_prefix("async ").unwrap_or(line);
    let (name, _) = declared.strip_prefix("fn ")?.split_once('(')?;
    let is = |start: &str| above(before).any(|line| line.starts_with(start));
    (is("#[test]") || is("#[tokio::test")).then(|| (name.to_owned(), is("#[ignore")))
}

/// The title of a browser test and whether it is passed over.
fn browser_test(line: &str) -> Option<(String, bool)> {
    let (start, tail) = line.split_once('(')?;
    let is_ignored = match start {
        "test" | "test.only" => false,
        "test.skip" | "test.fixme" | "test.fail" => true,
        _ => return None,
    };
    let quote = tail
        .chars()
        .next()
        .filter(|first| "'`\"".contains(*first))?;
    let (title, _) = tail[1..].split_once(quote)?;
    Some((title.to_owned(), is_ignored))
}

/// The numbers that a comment begins with: `F01, F02: why`.
fn numbers(line: &str) -> Option<Vec<&str>> {
    let text = line.strip_prefix("//")?.trim_start_matches('/');
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
