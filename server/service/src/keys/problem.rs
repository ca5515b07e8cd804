//! Why keys cannot be used or changed, as one line for the operator.

use std::io;
use std::path::PathBuf;

use crate::{Failure, Fault};
use crypto::seal::{KeyFileProblem, KeyId};
use storage::StorageError;

/// Why the keys cannot be used or changed, for the operator.
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
         Restore that file from your backup; without it nobody's second factor can be checked. If it is lost for \
         good, `twofold user reset-all-two-factor --keys-lost` lets everybody set up anew", .0.display()
    )]
    Missing(PathBuf),
    /// A key that something in the database was sealed with is not among the keys.
    #[error(
        "key {0} is missing: the database holds data sealed with it. Add that key to the keys; \
         without it second factors cannot be checked. If it is lost for good, `twofold user reset-all-two-factor \
         --keys-lost` lets those whom it concerns set up anew"
    )]
    NotAmongThem(String),
    /// The key of that id is not the one that sealed.
    #[error("the keys do not fit this database: data sealed with key {0} cannot be opened")]
    Unfit(String),
    /// What proves the keys is no sealed value.
    #[error("the database is damaged: what proves that the keys fit is no sealed value")]
    NoCheck,
    /// The keys are in the setting.
    #[error(
        "the keys are in the setting `keys`, which no command can change; `twofold keys add --print` prints \
         the setting with a new key, which is a secret"
    )]
    InSetting,
    /// There is no such key.
    #[error("there is no key {0} among the keys")]
    NoSuchKey(KeyId),
    /// It seals what is new.
    #[error("key {0} seals what is new; `twofold keys add` and `twofold keys rotate` come first")]
    Current(KeyId),
    /// Something is sealed with it.
    #[error("key {id} is still needed: {counts}; `twofold keys rotate` seals that anew")]
    InUse {
        /// Which key.
        id: KeyId,
        /// What is sealed with it.
        counts: String,
    },
    /// Some values stay as they are, or users have no tag that fits.
    #[error(
        "{}; `twofold keys check` names them, and `twofold user reset-two-factor` lets one user set up anew",
        in_words(*.values, *.users)
    )]
    Unreadable {
        /// How many values cannot be opened.
        values: u64,
        /// How many users are refused, since their tag is missing or is not one of their factors.
        users: u64,
    },
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A fault.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl KeysProblem {
    /// Whether the same may succeed later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Storage(error) | Self::Fault(Fault::Storage(error)) if error.is_transient())
    }
}

fn in_words(values: u64, users: u64) -> String {
    let said = [
        (
            "sealed values that cannot be opened and stay as they are",
            values,
        ),
        (
            "users whose tag is missing or is not of their second factors, who are refused",
            users,
        ),
    ];
    let said = said.iter().filter(|(_, count)| *count > 0);
    let said = said.map(|(words, count)| format!("{words}: {count}"));
    said.collect::<Vec<_>>().join("; ")
}

impl From<Failure> for KeysProblem {
    fn from(failure: Failure) -> Self {
        match failure {
            refused @ Failure::Refused(_) => Self::Other(refused.to_string()),
            Failure::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<sea_orm::DbErr> for KeysProblem {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Storage(error.into())
    }
}
