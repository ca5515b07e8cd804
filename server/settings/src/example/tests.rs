use std::path::{Path, PathBuf};

use super::*;
use crate::{Sources, load};

/// What stands around the table of settings in docs/operating.md.
const BEGIN: &str = "<!-- settings -->\n";
const END: &str = "<!-- end of settings -->\n";

fn docs(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(file)
}

fn assert_is(file: &str, expected: &str) {
    let path = docs(file);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, expected).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).unwrap() == expected,
        "docs/{file} is out of date: UPDATE_DOCS=1 cargo test -p server --features app/ssr --lib settings::example"
    );
}

/// The table of settings as Markdown.
fn markdown() -> String {
    let mut text =
        String::from("| key | environment | default | meaning |\n| --- | --- | --- | --- |\n");
    for key in KEYS.iter() {
        let default = match usual(key) {
            words if words == "none" || key.unset().is_some() => words,
            value => format!("`{value}`"),
        };
        let (variable, meaning) = (key.variable(), bounded(key));
        let _ = writeln!(
            text,
            "| `{}` | `{variable}` | {default} | {meaning} |",
            key.name
        );
    }
    text
}

#[test]
fn the_example_in_the_docs_is_this_one() {
    assert_is("twofold.example.toml", &example());
}

#[test]
fn the_table_in_the_docs_is_this_one() {
    let page = std::fs::read_to_string(docs("operating.md")).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let expected = format!("{before}{BEGIN}{}{END}{after}", markdown());
    assert_is("operating.md", &expected);
}

/// Also with every `#` removed: what it shows is what there is.
#[test]
fn the_example_can_be_used_as_it_is_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("twofold.toml");
    let is_setting = |line: &&str| !line.starts_with("# ") || line.contains(" = ");
    let without = KEYS.iter().filter(|key| default_of(key).is_none());
    let without: Vec<_> = without
        .map(|key| {
            let name = key.name.rsplit('.').next().unwrap_or_default();
            format!("# {name} = {}", stand_in(key))
        })
        .collect();
    let has_value = |line: &&str| !without.iter().any(|shown| shown == line);
    let lines = example();
    let lines = lines.lines().filter(is_setting).filter(has_value);
    let lines: Vec<_> = lines.map(|line| line.trim_start_matches("# ")).collect();
    std::fs::write(&path, lines.join("\n")).unwrap();
    let sources = Sources {
        file: Some(path),
        ..Sources::default()
    };
    let settings = load(&sources).unwrap();
    assert_eq!(
        format!("{settings:?}"),
        format!("{:?}", Settings::default())
    );
}

/// The end of a meaning that is given by hand would be given twice.
#[test]
fn no_meaning_says_again_what_the_table_knows() {
    for key in KEYS.iter() {
        let meaning = key.meaning();
        assert!(
            !meaning.is_empty() && !meaning.contains("Default"),
            "{}",
            key.name
        );
        if let Some(bounds) = key.bounds() {
            let number = bounds.most.to_string();
            assert!(!meaning.contains(&number), "{}: {number}", key.name);
        }
    }
}
