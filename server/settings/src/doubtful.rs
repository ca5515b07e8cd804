//! Settings of which nothing can be said, since a value was refused that they come from.

use super::problem::SettingsProblem;
use super::sources::Read;
use super::table::{KEYS, either_or};

/// What decides which files the data folder holds.
const DECIDE_ON_DATA: [&str; 5] = [
    "data",
    "database_url",
    "keys",
    "mail.smtp_url",
    "sms.gateway",
];

impl Read {
    /// Whether a setting has a value that was refused: what is used in its place is nobody's wish, and a second message about
    /// it would be untrue.
    pub fn is_doubtful(&self, setting: &str) -> bool {
        let is_refused = |name: &str| self.problems.iter().any(|one| is_about(one, name));
        let is_given = self.given.iter().any(|one| one.key.name == setting);
        let is_file_lost = self.problems.iter().any(|problem| {
            matches!(
                problem,
                SettingsProblem::File(..) | SettingsProblem::Toml(..)
            )
        });
        let is_indirect = setting == "data" && DECIDE_ON_DATA.iter().any(|name| is_refused(name));
        is_refused(setting) || is_indirect || (is_file_lost && !is_given)
    }
}

/// Whether a problem is of a setting, or of the file that its value is in.
fn is_about(problem: &SettingsProblem, setting: &str) -> bool {
    let value_of = |name: &str| {
        let pair = either_or().find(|(_, file)| *file == name);
        let known = KEYS.iter().find(|key| key.variable() == name);
        match (pair, known) {
            (Some((value, _)), _) => value == setting,
            (None, Some(key)) => key.name == setting,
            (None, None) => false,
        }
    };
    // `keys` and its file are one thing here.
    let is_one_of = |name: &str| {
        name == setting
            || value_of(name)
            || (name.starts_with("keys") && setting.starts_with("keys"))
    };
    match problem {
        SettingsProblem::Value { name, .. } => is_one_of(name),
        SettingsProblem::Both(one, other) => [one, other].into_iter().any(|name| is_one_of(name)),
        SettingsProblem::File(..)
        | SettingsProblem::NoFileNamed
        | SettingsProblem::Toml(..)
        | SettingsProblem::Unknown { .. } => false,
    }
}
