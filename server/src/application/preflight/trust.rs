//! Whose the files are that are relied on. docs/decisions/0042-whose-files-are-read.md

use std::path::{Path, PathBuf};

use super::Obstacle;
use super::places::{BESIDE_DATABASE, DATABASE, LOCK, certificates};
use files::trusted_files::reading::special;
use files::trusted_files::{judge, this_process};
use settings::Settings;
use storage::Location;

/// What is not to be relied on.
pub(super) fn check(settings: &Settings) -> Vec<Obstacle> {
    let reader = this_process();
    let look = |(setting, path): (&'static str, PathBuf)| {
        let shown = path.display();
        // Of a device, owner and mode are not what is wrong; and one pipe is read as another would be.
        let kind =
            special(&path).map(|kind| format!("{shown} is {kind}, and neither file nor folder"));
        let reason = kind.or_else(|| judge(&reader, &path).err())?;
        Some(Obstacle::of(setting, reason))
    };
    // A folder that is not to be relied on is reason enough.
    let data = in_data(settings).into_iter().find_map(look);
    let named = named(settings).into_iter().filter_map(look);
    data.into_iter().chain(named).collect()
}

/// What is relied on and belongs to others who could change it, as sentences.
pub(super) fn warnings(settings: &Settings) -> Vec<String> {
    let reader = this_process();
    let paths = [("data", settings.data.as_path())].into_iter();
    let paths = paths.chain(keys_file(settings).map(|path| ("keys_file", path)));
    let warn = |(setting, path)| {
        let sentence = judge(&reader, path).ok().flatten()?;
        Some(format!("{setting}: {sentence}"))
    };
    paths.filter_map(warn).collect()
}

/// The data folder and what is made in it, there or not.
fn in_data(settings: &Settings) -> Vec<(&'static str, PathBuf)> {
    let mut names = vec!["outbox"];
    if matches!(settings.location(), Location::Sqlite(_)) {
        names.extend([DATABASE, LOCK]);
        names.extend(BESIDE_DATABASE);
    }
    if settings.keys.is_none() && settings.keys_file.is_none() {
        names.push("keys");
    }
    let inside = names.into_iter().map(|name| settings.data.join(name));
    [settings.data.clone()]
        .into_iter()
        .chain(inside)
        .map(|path| ("data", path))
        .collect()
}

/// Files that settings name.
fn named(settings: &Settings) -> Vec<(&'static str, PathBuf)> {
    let mail = &settings.mail;
    let ca_file = mail.ca_file.clone().filter(|_| mail.smtp_url.is_some());
    let keys = keys_file(settings).map(|path| ("keys_file", path.to_owned()));
    let of_database = certificates(settings).into_iter();
    keys.into_iter()
        .chain(ca_file.map(|path| ("mail.ca_file", path)))
        .chain(settings.icon_file.clone().map(|path| ("icon_file", path)))
        .chain(of_database.map(|(_, path)| ("database_url", path)))
        .collect()
}

/// The file of keys that is used because somebody set it.
fn keys_file(settings: &Settings) -> Option<&Path> {
    let is_used = settings.keys.is_none();
    settings.keys_file.as_deref().filter(|_| is_used)
}
