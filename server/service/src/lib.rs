//! Use cases: each loads, asks the rules, stores and commits, in one transaction where it writes.

pub mod accounts;
pub mod audit;
pub mod backup;
pub mod browsers;
pub mod change;
pub mod ends;
pub mod factor_set;
pub mod first_factor;
pub mod invitations;
pub mod keys;
pub mod letters;
pub mod limits;
pub mod mail_text;
pub mod metrics;
pub mod new_passwords;
pub mod own_activity;
pub mod passkeys;
pub mod passwords;
pub mod presence;
pub mod principal;
pub mod profile;
pub mod readable;
pub mod readings;
pub mod refusal;
pub mod refusal_log;
pub mod retention;
pub mod second_factor;
pub mod sessions;
pub mod setup;
pub mod sign_in;
pub mod sign_up;
pub mod sms;
pub mod step_up;
pub mod team;
pub mod two_factor;
pub mod upkeep;
pub mod users;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use app::types::timestamp::Timestamp;
use app::types::two_factor::Delivery;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::accounts::entry::NotedEntries;
use crate::keys::Keys;
use crate::metrics::Metrics;
use crate::presence::Presence;
use crate::refusal::{Refusal, Wrong};
use crate::refusal_log::RefusalLog;
use crate::sign_in::turns::Turns;
use crate::sms::SmsGateway;
use crypto::clock::Clock;
use crypto::password::{HasherBusy, PasswordHasher};
use crypto::random::Random;
use crypto::seal::{KeyId, UnsealProblem};
use domain::roles::Denial;
use settings::Settings;
use storage::{Database, StorageError};

/// Seconds after which to try again when every hashing slot and the queue are taken.
const BUSY_RETRY: u32 = 2;

/// What every use case works with.
pub struct Services {
    /// The database.
    pub database: Database,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Password hashing.
    pub hasher: PasswordHasher,
    /// Turns at addresses that strangers sign in with.
    pub turns: Turns,
    /// The keys that seal what must be readable again.
    pub keys: Keys,
    /// How codes leave by SMS, where they do.
    pub sms: Option<Box<dyn SmsGateway>>,
    /// The operator's settings.
    pub settings: Settings,
    /// Wakes the mail worker after something was queued.
    pub mail_queued: Notify,
    /// Wakes the writer of announcements after one was made.
    pub announced: Notify,
    /// What is counted for the operator.
    pub metrics: Metrics,
    /// That this server lives, and whether the database takes its writes.
    pub presence: Presence,
    /// What was told of refusals.
    pub refusals: RefusalLog,
    /// Which sessions are known to have come into which accounts.
    pub noted_entries: NotedEntries,
    /// Whether the signal to stop has come.
    pub is_stopping: AtomicBool,
    /// Cancelled when work in the background is to end with what it has in hand.
    pub leaving: CancellationToken,
}

impl Services {
    /// Waits in the background until `wake`, `at_most`, or the end: false when the server leaves.
    pub async fn rest(&self, wake: impl Future, at_most: Duration) -> bool {
        let woken = tokio::time::timeout(at_most, wake);
        let woken = self.leaving.run_until_cancelled(woken).await;
        woken.is_some()
    }

    /// What becomes of a mail once it is written, whoever it is for.
    pub fn delivery(&self) -> Delivery {
        if self.settings.mail.smtp_url.is_some() {
            Delivery::Sent
        } else {
            Delivery::Folder
        }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new identifier, in the order of time.
    pub fn new_uuid(&self) -> uuid::Uuid {
        crypto::random::new_uuid(self.random.as_ref(), self.clock.as_ref())
    }
}

/// Where a request comes from, for sessions, the audit log and limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// The client's address.
    pub address: String,
    /// What the browser says it is, cut to 256 characters.
    pub browser: String,
}

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The person can act on it.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// A fault of ours or of the database.
    #[error(transparent)]
    Fault(Fault),
}

impl Failure {
    /// Whether a value in a row is not of its type.
    pub fn is_unreadable(&self) -> bool {
        match self {
            Self::Fault(Fault::Storage(error)) => error.is_unreadable(),
            Self::Fault(_) | Self::Refused(_) => false,
        }
    }

    /// Whether the database refused a row because another one has its place.
    pub fn is_duplicate(&self) -> bool {
        match self {
            Self::Fault(Fault::Storage(error)) => error.is_duplicate(),
            Self::Fault(_) | Self::Refused(_) => false,
        }
    }
}

/// A fault, for the log only.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Something sealed does not open.
    #[error("sealed data: {0}")]
    Sealed(#[from] UnsealProblem),
    /// The database is sealed with a key that this server does not have.
    #[error(
        "key {0} seals this database and is not among the keys of this server; copy the keys to it"
    )]
    KeyMissing(KeyId),
    /// Something that cannot be, was.
    #[error("{0}")]
    Broken(&'static str),
}

impl Fault {
    /// What was said where it arose, for the log.
    pub fn detail(&self) -> String {
        match self {
            Self::Storage(error) => error.detail(),
            Self::Sealed(_) | Self::KeyMissing(_) | Self::Broken(_) => self.to_string(),
        }
    }
}

/// Shorthand for what a use case gives back.
pub type Outcome<T> = Result<T, Failure>;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Denial> for Failure {
    fn from(denial: Denial) -> Self {
        Self::Refused(denial.into())
    }
}

impl From<Wrong> for Failure {
    fn from(wrong: Wrong) -> Self {
        Self::Refused(wrong.into())
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        match error {
            // A matter of one user: refused, and told to the operator with the command that helps.
            StorageError::UnreadableFactor(user) => {
                tracing::error!(user.id = %user, "{error}");
                Self::Refused(Refusal::FactorUnreadable)
            }
            error => Self::Fault(Fault::Storage(error)),
        }
    }
}

impl From<sea_orm::DbErr> for Failure {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Fault(Fault::Storage(error.into()))
    }
}

impl From<UnsealProblem> for Failure {
    fn from(problem: UnsealProblem) -> Self {
        Self::Fault(Fault::Sealed(problem))
    }
}

impl From<HasherBusy> for Failure {
    fn from(_: HasherBusy) -> Self {
        Self::Refused(Refusal::Busy {
            retry_after: BUSY_RETRY,
        })
    }
}
