//! A file of settings with everything in it, made from the table and the types' own defaults.

use std::fmt::Write as _;

use toml::Value;

use super::Settings;
use super::table::{KEYS, Key, SettingKind};

/// Characters of a line, so that it can be read beside another window.
const WIDTH: usize = 100;

/// The default of a setting, where there is one.
pub fn default_of(key: &Key) -> Option<Value> {
    let mut value = Value::try_from(Settings::default()).ok()?;
    for part in key.name.split('.') {
        value = value.as_table_mut()?.remove(part)?;
    }
    Some(value)
}

/// Every setting with its meaning and its default, each line a comment.
pub fn example() -> String {
    let mut text = String::from(
        "# Every setting of Twofold with its default; remove the # before what you change.\n\
         # Made by `twofold check-config --example`; docs/operating.md says more.\n",
    );
    let mut table = "";
    for key in KEYS {
        let (outer, name) = key.name.split_once('.').unwrap_or(("", key.name));
        if outer != table {
            table = outer;
            let _ = write!(text, "\n[{table}]\n");
        }
        text.push('\n');
        wrap(&mut text, &meaning(key));
        let value =
            default_of(key).map_or_else(|| usual(key).to_owned(), |value| value.to_string());
        let _ = writeln!(text, "# {name} = {value}");
    }
    text
}

/// What a setting means, without the default where the line below shows it.
fn meaning(key: &Key) -> String {
    match key.meaning.split_once(". Default: ") {
        Some((meaning, _)) if default_of(key).is_some() => meaning.to_owned(),
        Some(_) | None => key.meaning.to_owned(),
    }
}

/// What stands for a setting whose type has no default: nothing, or the number that its meaning names.
fn usual(key: &Key) -> &'static str {
    match key.kind {
        SettingKind::Text | SettingKind::FileOf(_) => "\"\"",
        SettingKind::Number => {
            let named = key.meaning.split_once("Default: ");
            let end = |text: &str| text.find(|c: char| !c.is_ascii_digit());
            named.map_or("0", |(_, text)| &text[..end(text).unwrap_or(text.len())])
        }
        SettingKind::Switch => "false",
        SettingKind::List => "[]",
    }
}

fn wrap(text: &mut String, words: &str) {
    let mut length = 0;
    for word in words.split_whitespace() {
        if length == 0 || length + 1 + word.len() > WIDTH {
            if length > 0 {
                text.push('\n');
            }
            text.push('#');
            length = 1;
        }
        text.push(' ');
        text.push_str(word);
        length += 1 + word.len();
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::config::{Sources, load};

    fn docs(file: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../docs")
            .join(file)
    }

    #[test]
    fn the_example_in_the_docs_is_this_one() {
        let path = docs("twofold.example.toml");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, example()).unwrap();
        }
        assert!(
            std::fs::read_to_string(path).unwrap() == example(),
            "docs/twofold.example.toml is out of date: UPDATE_DOCS=1 cargo test -p server --features app/ssr --lib example"
        );
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
                format!("# {name} = {}", usual(key))
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

    /// A default as people read it.
    fn shown(default: &Value) -> String {
        match default {
            Value::String(text) => text.clone(),
            Value::Array(_) => "none".to_owned(),
            other => other.to_string(),
        }
    }

    #[test]
    fn the_meaning_of_a_setting_names_the_default_of_its_type() {
        for key in KEYS {
            let Some(default) = default_of(key) else {
                continue;
            };
            let shown = shown(&default);
            if shown.is_empty() {
                continue;
            }
            let expected = format!("Default: {shown}");
            assert!(key.meaning.contains(&expected), "{}: {expected}", key.name);
        }
    }

    /// The least and the most that a meaning states, as `1 to 64`.
    fn bounds_in(meaning: &str) -> Option<String> {
        let words: Vec<_> = meaning.split([' ', ',', '.', ';']).collect();
        let is_number = |word: &str| word.parse::<u32>().is_ok();
        words.windows(3).find_map(|three| match three {
            [least, "to", most] if is_number(least) && is_number(most) => Some(three.join(" ")),
            _ => None,
        })
    }

    #[test]
    fn every_setting_stands_in_the_docs_with_variable_default_and_bounds() {
        let text = std::fs::read_to_string(docs("operating.md")).unwrap();
        for key in KEYS {
            let start = format!("| `{}` | `{}` | ", key.name, key.variable());
            let row = text.lines().find_map(|line| line.strip_prefix(&start));
            let row = row.unwrap_or_else(|| panic!("docs/operating.md lacks {start}"));
            let (default, meaning) = row.split_once(" | ").unwrap();
            if let Some(shown) = default_of(key).map(|value| shown(&value))
                && !shown.is_empty()
            {
                assert_eq!(default.replace('`', ""), shown, "{}", key.name);
            }
            if let Some(bounds) = bounds_in(key.meaning) {
                assert!(meaning.contains(&bounds), "{}: {bounds}", key.name);
            }
        }
    }
}
