//! Where settings come from: a TOML file, then the environment, then flags; each overrules the one before. Secrets can
//! also be the content of files that settings name.

mod values;

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

use super::Settings;
use super::check::check;
use super::given::{Given, Origin};
use super::problem::{Problem, nearest};
use super::table::{KEYS, Key, Kind, either_or};
use values::{flatten, is_of_kind, parse, put, wrong_kind};

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

/// What was read, good or not.
pub struct Read {
    /// Every setting that was given and could be understood.
    pub given: Vec<Given>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// The settings, when nothing is wrong.
    pub settings: Option<Settings>,
}

/// Puts the settings together.
///
/// # Errors
/// Names the first key or value that cannot be used; an unknown key is an error.
pub fn load(sources: &Sources) -> Result<Settings, Problem> {
    let read = read(sources);
    match read.problems.into_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(read.settings.unwrap_or_default()),
    }
}

/// Puts the settings together and gives everything that is wrong.
pub fn read(sources: &Sources) -> Read {
    let mut gathered = Gathered::default();
    gathered.file(sources);
    gathered.variables(sources);
    for (name, text) in &sources.flags {
        let key = find(name, "among the flags");
        gathered.take(key, text, &Origin::Flag);
    }
    gathered.contents();
    gathered.finish()
}

#[derive(Default)]
struct Gathered {
    given: Vec<Given>,
    problems: Vec<Problem>,
}

impl Gathered {
    /// Notes a problem, or gives what there is instead.
    fn good<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.problems.push(problem)).ok()
    }

    fn take(&mut self, key: Result<&'static Key, Problem>, text: &str, origin: &Origin) {
        let value = key.and_then(|key| Ok((key, parse(key, text)?)));
        if let Some((key, value)) = self.good(value) {
            self.put(key, value, origin.clone());
        }
    }

    /// What comes later is stronger.
    fn put(&mut self, key: &'static Key, value: Value, origin: Origin) {
        let before = self.given.iter().position(|one| one.key.name == key.name);
        let over = before.map(|index| self.given.remove(index).origin);
        self.given.push(Given {
            key,
            origin,
            over,
            value,
        });
    }

    fn file(&mut self, sources: &Sources) {
        let Some(path) = file(sources) else { return };
        let table = read_table(&path);
        let Some(table) = self.good(table) else {
            return;
        };
        for (name, value) in flatten("", &table) {
            let found = find(&name, &format!("in {}", path.display()));
            let right = found.and_then(|key| {
                if is_of_kind(key, &value) {
                    Ok(key)
                } else {
                    Err(wrong_kind(key))
                }
            });
            if let Some(key) = self.good(right) {
                self.put(key, value, Origin::File(path.clone()));
            }
        }
    }

    fn variables(&mut self, sources: &Sources) {
        for (name, text) in &sources.variables {
            if name == FILE_VARIABLE || !name.starts_with("TWOFOLD_") {
                continue;
            }
            let key = KEYS.iter().find(|key| key.variable() == *name);
            let key = key.ok_or_else(|| Problem::Unknown {
                name: name.clone(),
                place: "in the environment".to_owned(),
                nearest: nearest(name, KEYS.iter().map(Key::variable)),
            });
            self.take(key, text, &Origin::Variable(name.clone()));
        }
    }

    /// Puts the contents of files in the place of their names.
    fn contents(&mut self) {
        let has = |given: &[Given], name| given.iter().any(|one| one.key.name == name);
        for (value, file) in either_or() {
            if has(&self.given, value) && has(&self.given, file) {
                self.problems.push(Problem::Both(value, file));
            }
        }
        for one in std::mem::take(&mut self.given) {
            let (Kind::FileOf(name), Some(path)) = (one.key.kind, one.value.as_str()) else {
                self.given.push(one);
                continue;
            };
            let path = PathBuf::from(path);
            let found = find(name, "in the table").and_then(|key| Ok((key, content(key, &path)?)));
            if let Some((key, text)) = self.good(found) {
                self.put(key, Value::String(text), Origin::ContentOf(path));
            }
        }
    }

    fn finish(mut self) -> Read {
        let mut merged = Table::new();
        for one in &self.given {
            put(&mut merged, one.key.name, one.value.clone());
        }
        let settings = Settings::deserialize(Value::Table(merged)).ok();
        if settings.is_none() {
            let problems: Vec<_> = self.given.iter().filter_map(cannot_be_used).collect();
            self.problems.extend(problems);
        }
        let settings = settings.and_then(|settings| self.good(check(settings)));
        let is_good = self.problems.is_empty();
        Read {
            given: self.given,
            problems: self.problems,
            settings: settings.filter(|_| is_good),
        }
    }
}

/// What the type of a setting says of its value, looked at alone.
fn cannot_be_used(one: &Given) -> Option<Problem> {
    let mut alone = Table::new();
    put(&mut alone, one.key.name, one.value.clone());
    let error = Settings::deserialize(Value::Table(alone)).err()?;
    // What the value is belongs to no message: it can be a secret.
    let text = error.to_string();
    let reason = text.lines().next().unwrap_or_default().trim();
    let reason = if one.key.is_secret() {
        "cannot be used".to_owned()
    } else {
        format!("cannot be used: {reason}")
    };
    Some(Problem::Value {
        name: one.key.name.to_owned(),
        reason,
    })
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

fn read_text(path: &Path) -> Result<String, Problem> {
    std::fs::read_to_string(path).map_err(|error| Problem::File(path.to_owned(), error))
}

fn read_table(path: &Path) -> Result<Table, Problem> {
    read_text(path)?
        .parse()
        .map_err(|error: toml::de::Error| Problem::Toml(path.to_owned(), error.to_string()))
}

/// The content of a file without the line's end that editors put there.
fn content(key: &Key, path: &Path) -> Result<String, Problem> {
    let text = read_text(path)?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        let reason = format!("cannot be used: {} is empty", path.display());
        let name = key.name.to_owned();
        return Err(Problem::Value { name, reason });
    }
    Ok(text.to_owned())
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

#[cfg(test)]
mod tests;
