//! Texts and tables as values of settings.

use toml::{Table, Value};

use crate::key::{Key, SettingKind};
use crate::problem::SettingsProblem;

/// Every value of a table and of those inside it, by its key with dots.
pub(super) fn flatten(prefix: &str, table: &Table) -> Vec<(String, Value)> {
    let mut flat = Vec::new();
    for (name, value) in table {
        let name = format!("{prefix}{name}");
        match value {
            Value::Table(inner) => flat.extend(flatten(&format!("{name}."), inner)),
            other => flat.push((name, other.clone())),
        }
    }
    flat
}

/// Whether a value of the file is of the kind that the setting takes.
pub(super) fn is_of_kind(key: &Key, value: &Value) -> bool {
    match key.kind {
        SettingKind::Text | SettingKind::FileOf(_) => value.is_str(),
        SettingKind::Number => value.is_integer(),
        SettingKind::Switch => value.is_bool(),
        SettingKind::List => value.is_array(),
    }
}

/// The value of a text from the environment or a flag.
pub(super) fn parse(key: &Key, text: &str) -> Result<Value, SettingsProblem> {
    match key.kind {
        SettingKind::Text | SettingKind::FileOf(_) => Some(Value::String(text.to_owned())),
        SettingKind::Number => text.trim().parse().ok().map(Value::Integer),
        SettingKind::Switch => text.trim().parse().ok().map(Value::Boolean),
        SettingKind::List if text.trim_start().starts_with('[') => {
            let read = format!("list = {text}").parse::<Table>().ok();
            read.and_then(|mut table| table.remove("list"))
                .filter(Value::is_array)
        }
        SettingKind::List => {
            let items = text
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty());
            Some(Value::Array(
                items.map(|item| Value::String(item.to_owned())).collect(),
            ))
        }
    }
    .ok_or_else(|| wrong_kind(key))
}

/// The problem of a value of another kind.
pub(super) fn wrong_kind(key: &Key) -> SettingsProblem {
    let takes = match key.kind {
        SettingKind::Text => "takes text",
        SettingKind::Number => "takes a whole number",
        SettingKind::Switch => "takes true or false",
        SettingKind::List => "takes a list of texts",
        SettingKind::FileOf(_) => "takes the path of a file",
    };
    let bounds = key.bounds();
    let bounds = bounds.map_or_else(String::new, |bounds| format!(", {bounds}"));
    SettingsProblem::value(key.name, format!("{takes}{bounds}"))
}

/// Puts a value where its key with dots says.
pub(super) fn put(table: &mut Table, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            table.insert(name.to_owned(), value);
        }
        Some((outer, inner)) => {
            let entry = table
                .entry(outer)
                .or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(nested) = entry {
                put(nested, inner, value);
            }
        }
    }
}
