//! A setting that somebody gave, with where it came from.

use std::fmt;
use std::path::PathBuf;

use toml::Value;

use super::key::Key;
use super::shown;

/// Where a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The file of settings.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
    /// A flag.
    Flag,
    /// The content of a file that another setting names.
    ContentOf(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Flag => f.write_str("a flag"),
            Self::ContentOf(path) => write!(f, "the content of {}", path.display()),
        }
    }
}

/// A setting that somebody gave.
#[derive(Clone, Debug)]
pub struct Given {
    /// Which.
    pub key: &'static Key,
    /// Where it came from.
    pub origin: Origin,
    /// What it overrules.
    pub over: Option<Origin>,
    pub(super) value: Value,
}

impl Given {
    /// The value for people to read; a secret is not shown, and of a URL its host alone.
    pub fn shown(&self) -> String {
        if self.key.is_secret() {
            "(secret)".to_owned()
        } else {
            shown::value(&self.value)
        }
    }
}
