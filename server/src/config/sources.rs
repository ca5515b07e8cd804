//! Where settings come from: a TOML file, then the environment, then flags; each overrules the one before.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

use super::Settings;
use super::table::{KEYS, Key, Kind};

/// The file that is read when none is named, if it is there.
const DEFAULT_FILE: &str = "twofold.toml";
/// The variable that names the file.
const FILE_VARIABLE: &str = "TWOFOLD_CONFIG";

/// What the process was started with.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The file named by a flag.
    pub file: Option<PathBuf>,
    /// All environment variables.
    pub variables: Vec<(String, String)>,
    /// Settings given as flags: key and value.
    pub flags: Vec<(String, String)>,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The file cannot be read.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// The file is not TOML.
    #[error("{0}: {1}")]
    Toml(PathBuf, String),
    /// Nothing has that key.
    #[error("unknown setting `{name}` {place}; did you mean `{nearest}`?")]
    Unknown {
        /// The key as given.
        name: String,
        /// Where.
        place: String,
        /// The nearest that exists.
        nearest: String,
    },
    /// A value of the wrong kind.
    #[error("setting `{name}` {reason}")]
    Value {
        /// The key.
        name: String,
        /// What is wrong.
        reason: String,
    },
}

/// Puts the settings together.
///
/// # Errors
/// Names the first key or value that cannot be used; an unknown key is an error.
pub fn load(sources: &Sources) -> Result<Settings, Problem> {
    let mut merged = Table::new();
    if let Some(path) = file(sources) {
        read_file(&path, &mut merged)?;
    }
    for (name, value) in &sources.variables {
        if name == FILE_VARIABLE || !name.starts_with("TWOFOLD_") {
            continue;
        }
        let key = KEYS
            .iter()
            .find(|key| key.variable() == *name)
            .ok_or_else(|| Problem::Unknown {
                name: name.clone(),
                place: "in the environment".to_owned(),
                nearest: nearest(name, KEYS.iter().map(Key::variable)),
            })?;
        put(&mut merged, key.name, parse(key, value)?);
    }
    for (name, value) in &sources.flags {
        let key = find(name, "among the flags")?;
        put(&mut merged, key.name, parse(key, value)?);
    }
    let settings = Settings::deserialize(Value::Table(merged)).map_err(|error| Problem::Value {
        name: error
            .to_string()
            .lines()
            .last()
            .unwrap_or_default()
            .trim()
            .to_owned(),
        reason: "cannot be used".to_owned(),
    })?;
    check(settings)
}

fn file(sources: &Sources) -> Option<PathBuf> {
    let named = sources
        .variables
        .iter()
        .find(|(name, _)| name == FILE_VARIABLE);
    sources
        .file
        .clone()
        .or_else(|| named.map(|(_, path)| PathBuf::from(path)))
        .or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.exists()))
}

fn read_file(path: &Path, merged: &mut Table) -> Result<(), Problem> {
    let text =
        std::fs::read_to_string(path).map_err(|error| Problem::File(path.to_owned(), error))?;
    let table: Table = text
        .parse()
        .map_err(|error: toml::de::Error| Problem::Toml(path.to_owned(), error.to_string()))?;
    for (name, value) in flatten("", &table) {
        let key = find(&name, &format!("in {}", path.display()))?;
        let is_right = match key.kind {
            Kind::Text => value.is_str(),
            Kind::Number => value.is_integer(),
            Kind::Switch => value.is_bool(),
            Kind::List => value.is_array(),
        };
        if !is_right {
            return Err(wrong_kind(key));
        }
        put(merged, key.name, value);
    }
    Ok(())
}

fn flatten(prefix: &str, table: &Table) -> Vec<(String, Value)> {
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

fn find(name: &str, place: &str) -> Result<&'static Key, Problem> {
    KEYS.iter()
        .find(|key| key.name == name)
        .ok_or_else(|| Problem::Unknown {
            name: name.to_owned(),
            place: place.to_owned(),
            nearest: nearest(name, KEYS.iter().map(|key| key.name.to_owned())),
        })
}

fn parse(key: &Key, text: &str) -> Result<Value, Problem> {
    match key.kind {
        Kind::Text => Some(Value::String(text.to_owned())),
        Kind::Number => text.trim().parse().ok().map(Value::Integer),
        Kind::Switch => text.trim().parse().ok().map(Value::Boolean),
        Kind::List => {
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

fn wrong_kind(key: &Key) -> Problem {
    let takes = match key.kind {
        Kind::Text => "takes text",
        Kind::Number => "takes a whole number",
        Kind::Switch => "takes true or false",
        Kind::List => "takes a list of texts",
    };
    Problem::Value {
        name: key.name.to_owned(),
        reason: takes.to_owned(),
    }
}

fn put(table: &mut Table, name: &str, value: Value) {
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

fn check(settings: Settings) -> Result<Settings, Problem> {
    let refuse = |name: &str, reason: &str| {
        Err(Problem::Value {
            name: name.to_owned(),
            reason: reason.to_owned(),
        })
    };
    let url = settings.public_url();
    let host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    if host.is_none_or(|host| host.is_empty() || host.contains(['/', '?', '#', '@', ' '])) {
        return refuse(
            "public_url",
            "takes http:// or https:// and a host, nothing after it",
        );
    }
    if settings.session.idle_minutes == 0 || settings.session.absolute_hours == 0 {
        return refuse("session", "limits are at least 1");
    }
    if settings.password_hash.memory_kib < 8 * 1024 || settings.password_hash.passes == 0 {
        return refuse("password_hash", "takes at least 8192 KiB and one pass");
    }
    if settings.password_hash.lanes == 0 || settings.password_hash.lanes > 16 {
        return refuse("password_hash.lanes", "takes 1 to 16");
    }
    if settings.product_name.trim().is_empty() || settings.product_name.chars().count() > 60 {
        return refuse("product_name", "takes 1 to 60 characters");
    }
    Ok(settings)
}

/// The known name that takes the fewest edits (Levenshtein distance).
fn nearest(name: &str, known: impl Iterator<Item = String>) -> String {
    known
        .min_by_key(|candidate| distance(name, candidate))
        .unwrap_or_default()
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(flags: &[(&str, &str)]) -> Sources {
        let flags = flags
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Sources {
            flags: flags.collect(),
            ..Sources::default()
        }
    }

    #[test]
    fn flags_overrule_the_environment_and_the_environment_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.toml");
        std::fs::write(
            &file,
            "product_name = \"file\"\nsign_up = true\n[session]\nidle_minutes = 5\n",
        )
        .unwrap();
        let mut sources = flags(&[("session.idle_minutes", "7")]);
        sources.file = Some(file);
        sources.variables = vec![
            ("TWOFOLD_PRODUCT_NAME".into(), "environment".into()),
            ("TWOFOLD_SESSION_IDLE_MINUTES".into(), "6".into()),
            ("HOME".into(), "/".into()),
        ];
        let settings = load(&sources).unwrap();
        assert_eq!(settings.product_name, "environment");
        assert_eq!(settings.session.idle_minutes, 7);
        assert!(settings.sign_up);
        assert_eq!(settings.session.absolute_hours, 24);
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_the_nearest() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.toml");
        std::fs::write(&file, "[session]\nidle_minute = 5\n").unwrap();
        let sources = Sources {
            file: Some(file),
            ..Sources::default()
        };
        let problem = load(&sources).unwrap_err().to_string();
        assert!(problem.contains("`session.idle_minute`"), "{problem}");
        assert!(
            problem.contains("did you mean `session.idle_minutes`"),
            "{problem}"
        );
        let variables = vec![("TWOFOLD_LISTN".to_owned(), String::new())];
        let problem = load(&Sources {
            variables,
            ..Sources::default()
        })
        .unwrap_err()
        .to_string();
        assert!(problem.contains("TWOFOLD_LISTEN"), "{problem}");
    }

    #[test]
    fn values_that_cannot_be_used_are_refused_by_name() {
        for (key, value) in [
            ("session.idle_minutes", "soon"),
            ("sign_up", "yes"),
            ("public_url", "ftp://x"),
            ("public_url", "https://x/path"),
            ("session.idle_minutes", "0"),
            ("password_hash.memory_kib", "10"),
            ("listen", "nowhere"),
            ("step_up_code", "sometimes"),
            ("trusted_proxies", "10.0.0.0/99"),
        ] {
            let problem = load(&flags(&[(key, value)])).unwrap_err().to_string();
            let word = key.split('.').next().unwrap();
            assert!(problem.contains("setting `"), "{key}: {problem}");
            assert!(
                problem.contains(word) || problem.contains(value),
                "{key}: {problem}"
            );
        }
    }

    #[test]
    fn every_key_of_the_table_is_a_setting() {
        for key in KEYS {
            let value = match key.kind {
                Kind::Number => "9000",
                Kind::Switch => "true",
                Kind::List => "127.0.0.1",
                Kind::Text => match key.name {
                    "listen" => "127.0.0.1:1",
                    "public_url" => "https://x",
                    "step_up_code" => "always",
                    "log.format" => "json",
                    "sms.gateway" => "outbox",
                    _ => "text",
                },
            };
            let value = if key.name == "password_hash.lanes" {
                "2"
            } else {
                value
            };
            let before = format!("{:?}", Settings::default());
            let after = load(&flags(&[(key.name, value)])).unwrap();
            assert_ne!(before, format!("{after:?}"), "{} changes nothing", key.name);
        }
    }
}
