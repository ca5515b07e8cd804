//! Why settings cannot be used, and which name was probably meant.

use std::path::{Path, PathBuf};

use super::given::Origin;

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsProblem {
    /// The file cannot be read.
    #[error("the file of settings {} cannot be read: {}", .0.display(), .1)]
    File(PathBuf, std::io::Error),
    /// An empty name is none.
    #[error(
        "no file of settings is named: `--config` or the variable `TWOFOLD_CONFIG` is there and empty. Name the file, or \
         leave it out (in a shell: `unset TWOFOLD_CONFIG`)"
    )]
    NoFileNamed,
    /// The file is not TOML.
    #[error("{0}: {1}")]
    Toml(PathBuf, String),
    /// Nothing has that key.
    #[error("unknown setting `{name}` {place}{hint}")]
    Unknown {
        /// The key as given.
        name: String,
        /// Where.
        place: String,
        /// What was probably meant, where that can be told.
        hint: String,
    },
    /// A value and its file.
    #[error("settings `{0}` and `{1}` are both given; remove one of them")]
    Both(&'static str, &'static str),
    /// A value of the wrong kind.
    #[error("setting `{name}` {reason}{}", from(.origin.as_ref()))]
    Value {
        /// The key.
        name: String,
        /// What is wrong.
        reason: String,
        /// Where it was set.
        origin: Option<Origin>,
    },
}

/// Where something was set, to be put behind a sentence about it.
pub(super) fn from(origin: Option<&Origin>) -> String {
    origin.map_or_else(String::new, |origin| format!("  (from {origin})"))
}

impl SettingsProblem {
    /// What is wrong with a file, by line and column: the line itself may hold a secret, and is not shown.
    pub(super) fn toml(file: &Path, text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        let what = error.message();
        Self::Toml(
            file.to_owned(),
            format!("line {line}, column {column}: {what}"),
        )
    }

    /// A value that cannot be used.
    pub(super) fn value(name: &str, reason: impl Into<String>) -> Self {
        Self::Value {
            name: name.to_owned(),
            reason: reason.into(),
            origin: None,
        }
    }

    /// The same with where it was set, unless that is known already.
    #[must_use]
    pub(super) fn at(mut self, place: &Origin) -> Self {
        if let Self::Value { origin, .. } = &mut self {
            origin.get_or_insert_with(|| place.clone());
        }
        self
    }
}

/// What to say of the known name that takes the fewest edits (Levenshtein distance); nothing where none is near.
pub(super) fn hint(name: &str, known: impl Iterator<Item = String>) -> String {
    let near = name.chars().count().div_ceil(3);
    known
        .map(|candidate| (distance(name, &candidate), candidate))
        .min()
        .filter(|(edits, _)| *edits <= near)
        .map_or_else(String::new, |(_, nearest)| {
            format!("; did you mean `{nearest}`?")
        })
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
