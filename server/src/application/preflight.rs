//! Everything that a start would stop at, as far as settings and machine tell before anything is made. `serve` begins with
//! it and `check-config` shows it, so that both say the same. docs/decisions/0043-one-list-of-checks.md

mod addresses;
mod database;
mod delivery;
mod places;
mod protection;
mod trust;

use std::fmt;

use crate::http::branding::Branding;
use settings::{Given, Read, Settings};

/// One thing that a start stops at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// The setting that is to be changed.
    setting: String,
    /// A sentence that names it.
    sentence: String,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl Obstacle {
    /// A setting that cannot be used, and why.
    fn of(setting: &str, reason: impl fmt::Display) -> Self {
        Self::said(
            setting,
            format!("setting `{setting}` cannot be used: {reason}"),
        )
    }

    /// The same in a whole sentence, which names the setting.
    fn said(setting: &str, sentence: impl fmt::Display) -> Self {
        Self {
            setting: setting.to_owned(),
            sentence: sentence.to_string(),
        }
    }
}

/// A check of settings and machine. It leaves nothing behind, and asks nobody over a network.
type PreflightCheck = fn(&Settings) -> Vec<Obstacle>;

/// All of them.
const CHECKS: [PreflightCheck; 10] = [
    addresses::check,
    addresses::check_ports,
    addresses::check_own,
    trust::check,
    places::check_data,
    places::check_keys,
    places::check_certificates,
    delivery::check_mail,
    delivery::check_sms,
    check_icon,
];

/// Settings with which a start stops at nothing that is known beforehand.
#[derive(Debug)]
pub struct StartableSettings(Settings);

impl StartableSettings {
    /// The settings.
    pub fn into_settings(self) -> Settings {
        self.0
    }
}

/// Looks at settings that were put together by hand.
///
/// # Errors
/// Everything that a start would stop at.
pub async fn check(settings: Settings) -> Result<StartableSettings, Vec<Obstacle>> {
    let found = obstacles(&settings).await;
    if found.is_empty() {
        Ok(StartableSettings(settings))
    } else {
        Err(found)
    }
}

/// Looks at settings that were read, good or not.
///
/// # Errors
/// Everything that a start would stop at, as lines that say where each setting was given.
pub async fn check_read(read: &Read) -> Result<StartableSettings, Vec<String>> {
    let mut lines: Vec<_> = read.problems.iter().map(ToString::to_string).collect();
    let mut found = obstacles(&read.usable).await;
    found.retain(|one| !read.is_doubtful(&one.setting));
    lines.extend(found.iter().map(|one| with_origin(one, &read.given)));
    if lines.is_empty() {
        Ok(StartableSettings(read.usable.clone()))
    } else {
        Err(lines)
    }
}

/// Looks at whose files the settings lead to: what every command relies on.
///
/// # Errors
/// The first that somebody else could have written.
pub fn check_trust(settings: &Settings) -> Result<(), Obstacle> {
    trust::check(settings)
        .into_iter()
        .next()
        .map_or(Ok(()), Err)
}

/// Looks at the files of a database that is there: what every command that writes to it relies on.
///
/// # Errors
/// What keeps them from being written, with path and remedy.
pub fn check_database_files(settings: &Settings) -> Result<(), Obstacle> {
    places::check_database(settings).map_or(Ok(()), Err)
}

/// What no start stops at, and an operator should know: whose the files are that are relied on.
pub fn warnings(settings: &Settings) -> Vec<String> {
    trust::warnings(settings)
}

/// The same of what is in the database, which a start says once it has opened it.
pub async fn warnings_of_database(settings: &Settings) -> Option<String> {
    database::warnings(settings).await
}

async fn obstacles(settings: &Settings) -> Vec<Obstacle> {
    let mut found: Vec<Obstacle> = Vec::new();
    for check in CHECKS {
        // What one check says of a setting has one cause with what the next would say of it.
        let is_known = |one: &Obstacle| found.iter().any(|other| other.setting == one.setting);
        let mut more = check(settings);
        more.retain(|one| !is_known(one));
        found.extend(more);
    }
    // A database that is not ours or cannot be used is not asked how old it is.
    let is_of_data = |one: &Obstacle| one.setting.starts_with("data");
    if !found.iter().any(is_of_data) {
        found.extend(database::check(settings).await);
    }
    if !found.iter().any(is_of_data) {
        let mut open = protection::check(settings).await;
        let is_known = |one: &Obstacle| found.iter().any(|other| other.setting == one.setting);
        open.retain(|one| !is_known(one));
        found.extend(open);
    }
    found
}

fn check_icon(settings: &Settings) -> Vec<Obstacle> {
    let problem = Branding::of(settings).err().into_iter();
    let said = problem.map(|problem| Obstacle::of("icon_file", problem));
    said.collect()
}

fn with_origin(obstacle: &Obstacle, given: &[Given]) -> String {
    let one = given.iter().find(|one| one.key.name == obstacle.setting);
    one.map_or_else(
        || obstacle.to_string(),
        |one| format!("{obstacle}  (from {})", one.origin),
    )
}
