//! Where settings come from: a TOML file, then the environment, then flags; each overrules the one before. Secrets can
//! also be the content of files that settings name.

mod content;
mod values;

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

use super::Settings;
use super::found_file;
use super::given::{Given, Origin};
use super::key::{Key, SettingKind};
use super::kubernetes::is_of_service;
use super::problem::{SettingsProblem, hint};
use super::shown;
use super::table::{KEYS, either_or};
use content::{content, text_of, without_mark};
use files::trusted_files::reading::ContentSource;
use values::{flatten, is_of_kind, parse, put, wrong_kind};

/// The file that is read when none is named, if it is there.
const DEFAULT_FILE: &str = "twofold.toml";
/// The file of a packaged server, which is read when there is no other.
pub const SYSTEM_FILE: &str = "/etc/twofold/twofold.toml";
/// The variable that names the file.
const FILE_VARIABLE: &str = "TWOFOLD_CONFIG";

/// What the process was started with.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The file named by a flag.
    pub file: Option<PathBuf>,
    /// The file that is read when none is named and none is in the folder that the program is started in.
    pub system_file: Option<PathBuf>,
    /// All environment variables.
    pub variables: Vec<(String, String)>,
    /// Names of variables whose values are no text.
    pub unreadable: Vec<String>,
    /// Settings given as flags: key and value.
    pub flags: Vec<(String, String)>,
}

/// What was read, good or not.
pub struct Read {
    /// Every setting that was given and could be understood.
    pub given: Vec<Given>,
    /// What is wrong.
    pub problems: Vec<SettingsProblem>,
    /// The settings, when nothing is wrong.
    pub settings: Option<Settings>,
    /// What there is where something is wrong: the rest, to be looked at further.
    pub usable: Settings,
    /// Variables that Kubernetes makes for a Service, which mean nothing here.
    pub passed_over: Vec<String>,
}

/// Puts the settings together.
///
/// # Errors
/// Names the first key or value that cannot be used; an unknown key is an error.
pub fn load(sources: &Sources) -> Result<Settings, SettingsProblem> {
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
    problems: Vec<SettingsProblem>,
    passed_over: Vec<String>,
}

impl Gathered {
    /// Notes a problem, or gives what there is instead.
    fn good<T>(&mut self, result: Result<T, SettingsProblem>) -> Option<T> {
        result.map_err(|problem| self.problems.push(problem)).ok()
    }

    fn take(&mut self, key: Result<&'static Key, SettingsProblem>, text: &str, origin: &Origin) {
        let read = |key| Ok((key, parse(key, text).map_err(|problem| problem.at(origin))?));
        let value = key.and_then(read);
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
        let Some((path, chosen)) = file(sources) else {
            return;
        };
        if path.as_os_str().is_empty() {
            self.problems.push(SettingsProblem::NoFileNamed);
            return;
        }
        let table = read_table(&path, chosen);
        let Some(table) = self.good(table) else {
            return;
        };
        for (name, value) in flatten("", &table) {
            let found = find(&name, &format!("in {}", path.display()));
            let right = found.and_then(|key| {
                if is_of_kind(key, &value) {
                    Ok(key)
                } else {
                    Err(wrong_kind(key).at(&Origin::File(path.clone())))
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
            if key.is_none() && is_of_service(name, text) {
                self.passed_over.push(name.clone());
                continue;
            }
            let key = key.ok_or_else(|| SettingsProblem::Unknown {
                name: name.clone(),
                place: "in the environment".to_owned(),
                hint: hint(name, KEYS.iter().map(Key::variable)),
            });
            self.take(key, text, &Origin::Variable(name.clone()));
        }
        for name in sources
            .unreadable
            .iter()
            .filter(|name| name.starts_with("TWOFOLD_"))
        {
            let problem = SettingsProblem::value(name, "in the environment is no text (UTF-8)");
            self.problems.push(problem);
        }
    }

    /// Puts the contents of files in the place of their names.
    fn contents(&mut self) {
        let has = |given: &[Given], name| given.iter().any(|one| one.key.name == name);
        for (value, file) in either_or() {
            if has(&self.given, value) && has(&self.given, file) {
                self.problems.push(SettingsProblem::Both(value, file));
            }
        }
        for one in std::mem::take(&mut self.given) {
            let (SettingKind::FileOf(name), Some(path)) = (one.key.kind, one.value.as_str()) else {
                self.given.push(one);
                continue;
            };
            let path = PathBuf::from(path);
            let read = content(one.key.name, &path).map_err(|problem| problem.at(&one.origin));
            let found = find(name, "in the table").and_then(|key| Ok((key, read?)));
            if let Some((key, text)) = self.good(found) {
                self.put(key, Value::String(text), Origin::ContentOf(path));
            }
        }
    }

    fn finish(mut self) -> Read {
        let mut merged = Table::new();
        for one in &self.given {
            match usable(one) {
                Ok(value) => put(&mut merged, one.key.name, value),
                Err(problem) => self.problems.push(problem.at(&one.origin)),
            }
        }
        // Each was read alone, so all can be read together.
        let usable = Settings::deserialize(Value::Table(merged)).unwrap_or_default();
        let is_good = self.problems.is_empty();
        Read {
            given: self.given,
            problems: self.problems,
            settings: is_good.then(|| usable.clone()),
            usable,
            passed_over: self.passed_over,
        }
    }
}

/// The value of a setting in its one spelling.
///
/// # Errors
/// What the table or the type of the setting says of the value, looked at alone.
fn usable(one: &Given) -> Result<Value, SettingsProblem> {
    let refuse = |reason: String| SettingsProblem::value(one.key.name, reason);
    let value = one.key.check(&one.value).map_err(refuse)?;
    let mut alone = Table::new();
    put(&mut alone, one.key.name, value.clone());
    let Err(error) = Settings::deserialize(Value::Table(alone)) else {
        return Ok(value);
    };
    // What the value is belongs to no message: it can be a secret.
    let text = error.to_string();
    let said = text.lines().next().unwrap_or_default().trim();
    let is_hidden = one.shown() != one.value.to_string();
    Err(refuse(match said.rsplit_once(", expected ") {
        _ if one.key.is_secret() || is_hidden => "cannot be used".to_owned(),
        Some((_, words)) if said.starts_with("unknown variant") => {
            format!("takes {}", words.trim_start_matches("one of "))
        }
        Some(_) | None => format!("cannot be used: {said}"),
    }))
}

/// How a file came to be the one that is read.
#[derive(Clone, Copy)]
enum Chosen {
    /// It was named, or it is the system's.
    Named,
    /// It was found where the program was started.
    Found,
}

fn file(sources: &Sources) -> Option<(PathBuf, Chosen)> {
    let named = sources
        .variables
        .iter()
        .find(|(name, _)| name == FILE_VARIABLE);
    let named = sources
        .file
        .clone()
        .or_else(|| named.map(|(_, path)| PathBuf::from(path)));
    let here = PathBuf::from(DEFAULT_FILE);
    let system = || sources.system_file.clone().filter(|path| path.exists());
    match named {
        Some(path) => Some((path, Chosen::Named)),
        None if here.exists() => Some((here, Chosen::Found)),
        None => system().map(|path| (path, Chosen::Named)),
    }
}

fn read_table(path: &Path, chosen: Chosen) -> Result<Table, SettingsProblem> {
    let text = match chosen {
        Chosen::Named => text_of(path, ContentSource::Device),
        Chosen::Found => found_file::read(path).map(without_mark),
    };
    let text = text.map_err(|error| SettingsProblem::File(path.to_owned(), error))?;
    text.parse()
        .map_err(|error| SettingsProblem::toml(path, &text, &error))
}

fn find(name: &str, place: &str) -> Result<&'static Key, SettingsProblem> {
    KEYS.iter()
        .find(|key| key.name == name)
        .ok_or_else(|| SettingsProblem::Unknown {
            name: shown::text(name),
            place: place.to_owned(),
            hint: hint(name, KEYS.iter().map(|key| key.name.to_owned())),
        })
}

#[cfg(test)]
mod tests;
