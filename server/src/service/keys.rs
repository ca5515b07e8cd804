//! The keys at start-up: made for a new database, and refused when they do not fit an old one.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::config::Settings;
use crate::crypto::clock::Clock;
use crate::crypto::random::Random;
use crate::crypto::seal::{KeyFileProblem, KeyRing, OpenProblem};
use crate::storage::instance::{find_instance, insert_instance};
use crate::storage::second_factors::key_ids_in_use;
use crate::storage::{Database, StorageError};

/// What is sealed to prove later that the keys still fit.
const CHECK: &[u8] = b"these keys fit this database";
const PURPOSE: &str = "key check";
const ROW: &str = "instance";

/// Why the keys cannot be used, for the operator.
#[derive(Debug, thiserror::Error)]
pub enum KeysProblem {
    /// The file cannot be read or made.
    #[error("{}: {}", .0.display(), .1)]
    File(PathBuf, io::Error),
    /// The keys do not parse.
    #[error("{0}: {1}")]
    Keys(String, KeyFileProblem),
    /// The database exists and was sealed with keys that are not there.
    #[error(
        "the keys are missing: {} does not exist, but the database was sealed with keys. \
         Restore that file from your backup; without it nobody's second factor can be checked", .0.display()
    )]
    Missing(PathBuf),
    /// A key that something in the database was sealed with is not among the keys.
    #[error(
        "key {0} is missing: the database holds data sealed with it. Add that key to the keys; \
         without it second factors cannot be checked"
    )]
    NotAmongThem(String),
    /// The key of that id is not the one that sealed.
    #[error("the keys do not fit this database: data sealed with key {0} cannot be opened")]
    Unfit(String),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Loads the keys and proves that they fit the database; makes both ends new where both are new.
///
/// # Errors
/// When keys are missing, unreadable or not the right ones. It never goes on without them.
pub async fn load_keys(
    settings: &Settings,
    database: &Database,
    random: &dyn Random,
    clock: &dyn Clock,
) -> Result<KeyRing, KeysProblem> {
    let path = settings.keys_path();
    let instance = find_instance(database.read()).await?;
    let given = if let Some(keys) = &settings.keys {
        Some(parse("setting `keys`", &keys.0)?)
    } else {
        read(&path)?
    };
    match (instance, given) {
        (None, given) => {
            let keys = match given {
                Some(keys) => keys,
                None => create(&path, random)?,
            };
            let check = keys.seal(random, PURPOSE, ROW, CHECK);
            let transaction = database.begin_write().await?;
            insert_instance(&transaction, check, clock.now()).await?;
            transaction.commit().await.map_err(StorageError::from)?;
            Ok(keys)
        }
        (Some(_), None) => Err(KeysProblem::Missing(path)),
        (Some(instance), Some(keys)) => {
            match keys.open(PURPOSE, ROW, &instance.key_check) {
                Ok(_) => {}
                Err(OpenProblem::NoSuchKey(id)) => {
                    return Err(KeysProblem::NotAmongThem(id.to_string()));
                }
                Err(OpenProblem::Tampered) => {
                    return Err(KeysProblem::Unfit(keys.current().to_string()));
                }
            }
            for id in key_ids_in_use(database.read()).await? {
                if !keys.ids().iter().any(|known| known.to_string() == id) {
                    return Err(KeysProblem::NotAmongThem(id));
                }
            }
            Ok(keys)
        }
    }
}

fn parse(place: &str, text: &str) -> Result<KeyRing, KeysProblem> {
    KeyRing::parse(text).map_err(|problem| KeysProblem::Keys(place.to_owned(), problem))
}

fn read(path: &Path) -> Result<Option<KeyRing>, KeysProblem> {
    match fs::read_to_string(path) {
        Ok(text) => parse(&path.display().to_string(), &text).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(KeysProblem::File(path.to_owned(), error)),
    }
}

/// Makes the key file, readable by its owner alone and on the disk before anything is sealed with it.
fn create(path: &Path, random: &dyn Random) -> Result<KeyRing, KeysProblem> {
    let (keys, text) = KeyRing::generate(random);
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|error| KeysProblem::File(path.to_owned(), error))?;
    Ok(keys)
}
