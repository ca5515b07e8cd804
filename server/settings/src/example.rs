//! What the table says, for people: the line of `check-config`, a file of settings with everything in it, and the table
//! of docs/operating.md.

use std::fmt::Write as _;

use toml::Value;

use super::Settings;
use super::key::{Key, SettingKind};
use super::table::KEYS;

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

/// What a setting means, its bounds and its default.
pub fn described(key: &Key) -> String {
    format!("{}. Default: {}", bounded(key), usual(key))
}

/// What a setting means, and its bounds.
fn bounded(key: &Key) -> String {
    let bounds = key.bounds();
    let bounds = bounds.map_or_else(String::new, |bounds| format!(". Takes {bounds}"));
    format!("{}{bounds}", key.meaning())
}

/// What holds where nothing is set, as people read it.
fn usual(key: &Key) -> String {
    match (key.unset(), default_of(key)) {
        (Some(words), _) => words.to_owned(),
        (None, Some(Value::String(text))) if !text.is_empty() => text,
        (None, Some(value @ (Value::Integer(_) | Value::Boolean(_)))) => value.to_string(),
        (None, _) => "none".to_owned(),
    }
}

/// Every setting with its meaning and its default, each line a comment.
pub fn example() -> String {
    let mut text = String::from(
        "# Every setting of Twofold with its default; remove the # before what you change.\n\
         # Made by `twofold check-config --example`; docs/operating.md says more.\n",
    );
    let mut table = "";
    for key in KEYS.iter() {
        let (outer, name) = key.name.split_once('.').unwrap_or(("", key.name));
        if outer != table {
            table = outer;
            let _ = write!(text, "\n[{table}]\n");
        }
        let default = default_of(key);
        // The line below shows the default, where the type has one.
        let words = default
            .as_ref()
            .map_or_else(|| described(key), |_| bounded(key));
        let value = default.map_or_else(|| stand_in(key).to_owned(), |value| value.to_string());
        text.push('\n');
        wrap(&mut text, &words);
        let _ = writeln!(text, "# {name} = {value}");
    }
    text
}

/// What stands for a setting whose type has no default: nothing, or the number that holds without it.
fn stand_in(key: &Key) -> &'static str {
    match key.kind {
        SettingKind::Text | SettingKind::FileOf(_) => "\"\"",
        SettingKind::Number => {
            let words = key.unset().unwrap_or("0");
            let end = words.find(|c: char| !c.is_ascii_digit());
            &words[..end.unwrap_or(words.len())]
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
mod tests;
