//! Folders and files: whose they are, and whether they can be read, written and made.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};
use url::Url;

use super::Obstacle;
use crate::config::{Settings, SmsGatewayKind};
use crate::crypto::seal::KeyRing;
use crate::domain::path_trust::{PathKind, Reader};
use crate::service::keys::keys_at_hand;
use crate::storage::{Location, OF_CERTIFICATES};
use crate::trusted_files::judge;

/// What the data folder holds beside the keys.
const LOCK: &str = "lock";
const DATABASE: &str = "twofold.db";
const BESIDE_DATABASE: [&str; 3] = ["twofold.db-wal", "twofold.db-shm", "twofold.db-journal"];

/// Whose the files are that are relied on.
pub(super) fn check_trust(settings: &Settings) -> Vec<Obstacle> {
    let reader = Reader::of_this_process();
    let look = |setting: &'static str, path: &Path| {
        // What is no file and no folder is refused for that.
        let is_special = fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
        if is_special {
            return None;
        }
        let judged = judge(&reader, PathKind::of(path), path);
        judged.err().map(|reason| Obstacle::of(setting, reason))
    };
    // A folder that is not to be relied on is reason enough.
    let inside = || {
        relied_on(settings)
            .into_iter()
            .find_map(|path| look("data", &path))
    };
    let data = look("data", &settings.data).or_else(inside);
    let keys = keys_file(settings).and_then(|path| look("keys_file", path));
    data.into_iter().chain(keys).collect()
}

/// Files of the data folder, there or not.
fn relied_on(settings: &Settings) -> Vec<PathBuf> {
    let mut names = vec!["outbox"];
    if matches!(settings.location(), Location::Sqlite(_)) {
        names.extend([DATABASE, LOCK]);
        names.extend(BESIDE_DATABASE);
    }
    if settings.keys.is_none() && settings.keys_file.is_none() {
        names.push("keys");
    }
    names
        .into_iter()
        .map(|name| settings.data.join(name))
        .collect()
}

/// The file of keys that is used because somebody set it.
fn keys_file(settings: &Settings) -> Option<&Path> {
    let is_used = settings.keys.is_none();
    settings.keys_file.as_deref().filter(|_| is_used)
}

/// The data folder and what is made in it.
pub(super) fn check_data(settings: &Settings) -> Vec<Obstacle> {
    let refused = data_folder(settings).or_else(|| data_files(settings));
    let said = refused.map(|reason| Obstacle::of("data", reason));
    said.into_iter().collect()
}

fn data_folder(settings: &Settings) -> Option<String> {
    let data = settings.data.as_path();
    if !data.exists() {
        return not_makeable(data);
    }
    // On PostgreSQL a folder that holds what is needed may be read-only.
    let is_written = matches!(settings.location(), Location::Sqlite(_))
        || (settings.keys.is_none() && !settings.keys_path().exists());
    not_usable_folder(data, is_written)
}

fn data_files(settings: &Settings) -> Option<String> {
    let is_sqlite = matches!(settings.location(), Location::Sqlite(_));
    let files = [DATABASE, LOCK].into_iter().filter(|_| is_sqlite);
    let mut files = files.map(|name| settings.data.join(name));
    let to_outbox = settings.sms.gateway == Some(SmsGatewayKind::Outbox);
    let outbox = (settings.mail.smtp_url.is_none() || to_outbox).then(|| settings.outbox());
    let outbox = outbox.filter(|path| path.exists());
    let in_file = files.find_map(|path| not_usable_file(&path, Access::READ_OK | Access::WRITE_OK));
    in_file.or_else(|| outbox.and_then(|path| not_usable_folder(&path, true)))
}

/// The keys, from wherever they come.
pub(super) fn check_keys(settings: &Settings) -> Vec<Obstacle> {
    let setting = match (&settings.keys, &settings.keys_file) {
        (Some(_), _) => "keys",
        (None, Some(_)) => "keys_file",
        (None, None) => "data",
    };
    let path = settings.keys_path();
    let in_way = (setting != "keys").then(|| not_usable_keys(&path, &settings.data));
    let refused = in_way.flatten().or_else(|| unreadable_keys(settings));
    let said = refused.map(|reason| Obstacle::of(setting, reason));
    said.into_iter().collect()
}

fn unreadable_keys(settings: &Settings) -> Option<String> {
    match &settings.keys {
        Some(keys) => KeyRing::parse(&keys.0)
            .err()
            .map(|problem| problem.to_string()),
        None => keys_at_hand(settings)
            .err()
            .map(|problem| problem.to_string()),
    }
}

/// A file of keys that is missing is made, but its folder is not, unless it is the data folder.
fn not_usable_keys(path: &Path, data: &Path) -> Option<String> {
    if path.exists() {
        return not_usable_file(path, Access::READ_OK);
    }
    let folder = path.parent()?;
    // Which is looked at and made by itself.
    if folder == data {
        return None;
    }
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    if !folder.exists() {
        let (path, folder) = (path.display(), folder.display());
        return Some(format!(
            "{path} cannot be made: there is no folder {folder}"
        ));
    }
    not_usable_folder(folder, true)
}

/// Files with certificates and keys that `database_url` names.
pub(super) fn check_certificates(settings: &Settings) -> Vec<Obstacle> {
    let url = settings.database_url.as_ref();
    let Some(url) = url.and_then(|url| Url::parse(&url.0).ok()) else {
        return Vec::new();
    };
    let refuse = |(name, path): (Cow<'_, str>, Cow<'_, str>)| {
        // The driver takes the text itself, too.
        let is_file = OF_CERTIFICATES.contains(&&*name) && !path.contains("-----BEGIN");
        let path = Path::new(&*path);
        let reason = if path.exists() {
            not_usable_file(path, Access::READ_OK)
        } else {
            Some("there is no such file".to_owned())
        };
        let reason = reason.filter(|_| is_file)?;
        Some(Obstacle::of("database_url", format!("{name}: {reason}")))
    };
    url.query_pairs().filter_map(refuse).collect()
}

/// Why a folder that is missing cannot be made, with those above it.
fn not_makeable(path: &Path) -> Option<String> {
    if fs::symlink_metadata(path).is_ok() {
        let path = path.display();
        return Some(format!("{path} is a link that leads nowhere"));
    }
    let mut above = path.ancestors().skip(1).map(|folder| {
        if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        }
    });
    let above = above.find(|folder| fs::symlink_metadata(folder).is_ok())?;
    let reason = not_usable_folder(above, true)?;
    Some(format!("{} cannot be made: {reason}", path.display()))
}

fn not_usable_folder(path: &Path, is_written: bool) -> Option<String> {
    let shown = path.display();
    match fs::metadata(path) {
        Ok(found) if !found.is_dir() => return Some(format!("{shown} is no folder")),
        Ok(_) => {}
        Err(error) => return Some(format!("{shown}: {error}")),
    }
    let writing = if is_written {
        Access::WRITE_OK
    } else {
        Access::empty()
    };
    let refused = access(path, Access::EXEC_OK | writing).err()?;
    Some(format!("the folder {shown} cannot be written: {refused}"))
}

/// Why a file that is there cannot be used.
fn not_usable_file(path: &Path, wanted: Access) -> Option<String> {
    let shown = path.display();
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => return Some(format!("{shown} is no file")),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => return Some(format!("{shown}: {error}")),
    }
    let refused = access(path, wanted).err()?;
    Some(format!("{shown}: {refused}"))
}
