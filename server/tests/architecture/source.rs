//! Rust sources as the set of words that they use, without comments, literals and test modules.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// One source file.
pub(crate) struct Source {
    /// Its path from the workspace's root.
    pub(crate) path: String,
    /// Every word outside of comments, literals and test modules.
    pub(crate) words: BTreeSet<String>,
    /// The types that it declares: structs, enums, unions, traits and aliases.
    pub(crate) types: BTreeSet<String>,
    /// What it names of the crate `app`, by path.
    pub(crate) of_app: BTreeSet<String>,
}

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("server lies in the workspace")
        .to_owned()
}

/// Every source file below a folder, or none where the folder is missing.
pub(crate) fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

/// Every source file of the server: of the program and of the crates below it.
pub(crate) fn of_the_server() -> Vec<Source> {
    let folders = [
        "crypto", "domain", "files", "service", "settings", "storage", "webauthn", ".",
    ];
    let mut all = Vec::new();
    for folder in folders {
        let here = sources(&format!("server/{folder}/src").replace("/./", "/"));
        assert!(!here.is_empty(), "{folder} is where it was");
        all.extend(here);
    }
    all
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.map(|entry| entry.expect("sources can be read").path()) {
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                collect(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("tests.rs")
        {
            let text = fs::read_to_string(&path).expect("sources are UTF-8");
            let relative = path
                .strip_prefix(root())
                .expect("the file lies in the workspace");
            let code = code(before_tests(&text));
            found.push(Source {
                path: relative.to_string_lossy().replace('\\', "/"),
                words: words(&code),
                types: code.lines().filter_map(declared_type).collect(),
                of_app: of_app(&code),
            });
        }
    }
}

/// Test modules stand at the end of a file.
fn before_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod ").next().unwrap_or_default()
}

fn words(code: &str) -> BTreeSet<String> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The paths into `app`, those in braces one by one.
fn of_app(code: &str) -> BTreeSet<String> {
    let is_of_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let mut paths = BTreeSet::new();
    for (at, _) in code.match_indices("app::") {
        if code[..at].ends_with(is_of_path) {
            continue;
        }
        let end = code[at..].find(|c| !is_of_path(c)).unwrap_or(0);
        let (path, rest) = code[at..].split_at(end);
        let items = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let items = items.map_or("", |(items, _)| items).split(',');
        let mut items = items.filter_map(|item| item.split_whitespace().next());
        match items.next() {
            Some(first) => paths.extend(
                std::iter::once(first)
                    .chain(items)
                    .map(|item| format!("{path}{item}")),
            ),
            None => drop(paths.insert(path.to_owned())),
        }
    }
    paths
}

/// The type that a line declares. An indented `type` belongs to a trait or its implementation.
fn declared_type(line: &str) -> Option<String> {
    let item = line.trim_start();
    let item = match item.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(") ")?.1,
        Some(rest) => rest.strip_prefix(' ')?,
        None => item,
    };
    let (keyword, rest) = item.split_once(' ')?;
    let is_declaration = match keyword {
        "struct" | "enum" | "union" | "trait" => true,
        "type" => !line.starts_with(' '),
        _ => false,
    };
    let name = rest
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()?;
    (is_declaration && !name.is_empty()).then(|| name.to_owned())
}

/// The text without comments and the inside of literals.
fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("r\"") || rest.starts_with("r#") {
            raw_string(rest)
        } else if first == '"' {
            quoted(rest)
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") {
            rest.find("\"'").map_or(rest.len(), |end| end + 2)
        } else {
            code.push(first);
            first.len_utf8()
        };
        if skipped > first.len_utf8() {
            code.push(' ');
        }
        rest = &rest[skipped..];
    }
    code
}

/// Bytes of a string literal, quotes included.
fn quoted(text: &str) -> usize {
    let mut is_escaped = true;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Bytes of a raw string literal; one for what only looks like one, a raw identifier say.
fn raw_string(text: &str) -> usize {
    let hashes = text[1..].bytes().take_while(|byte| *byte == b'#').count();
    if !text[1 + hashes..].starts_with('"') {
        return 1;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    text[hashes + 2..]
        .find(&end)
        .map_or(text.len(), |at| hashes + 2 + at + end.len())
}

#[cfg(test)]
mod reading {
    use super::*;

    #[test]
    fn comments_literals_and_tests_are_not_read() {
        let text = "use a::b; // c\n/* d */ let e = \"f \\\" g\"; let h = 'i'; let j = r#\"k \" l\"#;\n\
                    let m = '\"'; let n = \"\";\n#[cfg(test)]\nmod tests { use o; }";
        let found = words(&code(before_tests(text)));
        let expected = ["use", "a", "b", "let", "e", "h", "i", "j", "m", "n"];
        assert_eq!(found, expected.into_iter().map(str::to_owned).collect());
    }

    #[test]
    fn paths_into_the_application_are_found_one_by_one() {
        let text =
            "use app::a::{B,\n  C as D};\nuse app::e::F;\nfn g(h: app::i::J) { myapp::k(); }";
        let expected = ["app::a::B", "app::a::C", "app::e::F", "app::i::J"];
        let expected = expected.into_iter().map(str::to_owned).collect();
        assert_eq!(of_app(text), expected);
    }

    #[test]
    fn a_declaration_is_told_from_what_looks_like_one() {
        let declared = [
            ("pub(crate) struct One<'a> {", Some("One")),
            ("pub enum Two {", Some("Two")),
            ("    struct Inside(u32);", Some("Inside")),
            ("trait Three: Send {", Some("Three")),
            ("type Four<T> = Result<T, Five>;", Some("Four")),
            ("    type Err = NotAnId;", None),
            ("pub struct $name(Uuid);", None),
            ("let kind = Enum::Two;", None),
            ("pub fn find_struct() {", None),
        ];
        for (line, name) in declared {
            assert_eq!(declared_type(line).as_deref(), name, "{line}");
        }
    }
}
