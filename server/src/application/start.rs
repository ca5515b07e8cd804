//! The services that commands and the server use, built from the settings; and why that fails.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::lock::{DataLock, lock};
use super::preflight::{Obstacle, check_trust, warnings};
use crate::delivery::mail::MailSettingsProblem;
use crate::delivery::sms::{self, SmsSettingsProblem};
use crate::http::{self, branding::IconProblem};
use crypto::clock::Clock;
use crypto::password::{HashParams, PasswordHasher};
use crypto::random::Random;
use domain::retention::{Keep, USUAL_DAYS};
use files::private_files;
use service::accounts::entry::NotedEntries;
use service::keys::{Keys, KeysProblem, load_keys, under_missing_keys};
use service::metrics::Metrics;
use service::presence::Presence;
use service::refusal_log::RefusalLog;
use service::sign_in::turns::Turns;
use service::{Failure, Outcome, Services, retention};
use settings::{Settings, Unprotected};
use storage::instance::requires_tls;
use storage::{Database, DatabaseProblem, Location, StorageError};

/// Why the application does not start, in one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum StartProblem {
    /// What is known before anything is made.
    #[error("{}", lines(.0))]
    Obstacles(Vec<Obstacle>),
    /// The data folder.
    #[error("the data folder {} cannot be used: {}", .0.display(), .1)]
    Folder(PathBuf, io::Error),
    /// Another server.
    #[error("another server is using {}; stop it first, or give this one another `data`", .0.display())]
    InUse(PathBuf),
    /// The same, for a command that works where no server does.
    #[error("a server, or a command like this one, is using {}; stop the server first, or wait for the command", .0.display())]
    InUseByServer(PathBuf),
    /// The port.
    #[error("cannot listen at {0}: {1}; stop what is there, or set another `{2}`")]
    Listen(SocketAddr, io::Error, &'static str),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseProblem),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeysProblem),
    /// The mail settings.
    #[error(transparent)]
    Mail(#[from] MailSettingsProblem),
    /// The SMS settings.
    #[error(transparent)]
    Sms(#[from] SmsSettingsProblem),
    /// The icon of the operator.
    #[error("setting `icon_file` cannot be used: {0}")]
    Icon(#[from] IconProblem),
    /// What would be spoken without TLS.
    #[error("{}", .0.remedy())]
    Unprotected(Unprotected),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

fn lines(obstacles: &[Obstacle]) -> String {
    let lines: Vec<_> = obstacles.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// Builds the services that commands and the server use.
///
/// # Errors
/// When the folder, the database or the keys cannot be used.
pub async fn build_services(
    settings: Settings,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<Arc<Services>, StartProblem> {
    make_data(&settings)?;
    let database = Database::open(&settings.location()).await?;
    let services = services_on(database, settings, clock, random).await?;
    require_tls(&services, Unprotected::Database).await?;
    Ok(services)
}

/// Refuses connections without TLS. A database that an earlier version created is accepted with a warning at each start:
/// an upgrade must not stop a server that worked before. docs/decisions/0030-tls-for-new-installations.md
pub(super) async fn require_tls(services: &Services, way: Unprotected) -> Result<(), StartProblem> {
    if !way.is_so(&services.settings) {
        return Ok(());
    }
    let is_new = requires_tls(services.database.read()).await;
    if is_new.map_err(|error| in_database(error, &services.settings))? {
        return Err(StartProblem::Unprotected(way));
    }
    tracing::warn!("{}", way.remedy());
    Ok(())
}

/// Warns when the audit log grows without bound, because no retention is set.
pub(super) async fn tell_of_whole_log(services: &Services) -> Outcome<()> {
    if retention::kept(services).await? == Keep::AllUntilSet {
        tracing::warn!(
            "the audit log is kept whole, since an earlier version began this database; `audit.keep_days` says for how many \
             days its lines are kept (new installations: {USUAL_DAYS}), 0 that all of them are meant to be"
        );
    }
    Ok(())
}

/// Says what names a key that is not here: `check-config` warns of the same.
pub(super) async fn tell_of_missing_keys(services: &Services) -> Result<(), StartProblem> {
    let said = under_missing_keys(&services.database, &services.keys.ring()).await;
    if let Some(sentence) = said.map_err(|error| in_database(error, &services.settings))? {
        tracing::error!("{sentence}");
    }
    Ok(())
}

/// As [`build_services`], on a database that is open.
///
/// # Errors
/// When the keys or other settings cannot be used.
pub async fn services_on(
    database: Database,
    settings: Settings,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<Arc<Services>, StartProblem> {
    let keys = load_keys(&settings, &database, random.as_ref(), clock.as_ref()).await;
    let keys = keys.map_err(|problem| match problem {
        KeysProblem::Storage(error) => in_database(error, &settings),
        problem => problem.into(),
    })?;
    services_with(keys, database, settings, (clock, random))
}

/// The same with keys at hand.
pub(super) fn services_with(
    keys: Keys,
    database: Database,
    settings: Settings,
    (clock, random): (Arc<dyn Clock>, Arc<dyn Random>),
) -> Result<Arc<Services>, StartProblem> {
    let sms = sms::gateway(&settings)?;
    let hash = settings.password_hash;
    let params = HashParams {
        memory_kib: hash.memory_kib,
        passes: hash.passes,
        lanes: hash.lanes,
    };
    let slots = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let hasher = PasswordHasher::new(params, slots, hash.queue, random.clone());
    let kind = settings.location().kind();
    let metrics = Metrics::new(&hasher, clock.now(), kind);
    http::endpoint::labels().for_each(|function| metrics.expect_answers(function));
    let presence = Presence::new(&settings);
    Ok(Arc::new(Services {
        database,
        clock,
        random,
        hasher,
        turns: Turns::default(),
        keys,
        sms,
        settings,
        mail_queued: Notify::new(),
        announced: Notify::new(),
        metrics,
        presence,
        refusals: RefusalLog::default(),
        noted_entries: NotedEntries::default(),
        is_stopping: AtomicBool::new(false),
        leaving: CancellationToken::new(),
    }))
}

/// With path, setting, and in words what the database says by a number.
fn in_database(error: StorageError, settings: &Settings) -> StartProblem {
    DatabaseProblem::Storage(error)
        .at(&settings.location())
        .into()
}

pub(super) fn other(failure: &Failure) -> StartProblem {
    StartProblem::Other(failure.to_string())
}

/// Says whose files are relied on, and which others can read, from before they were made for their owner alone, or by other
/// hands.
pub(super) fn warn_of_others(settings: &Settings) {
    for sentence in warnings(settings) {
        tracing::warn!("{sentence}");
    }
    for (path, mode) in private_files::open_to_others(&settings.private_paths()) {
        tracing::warn!(
            path = %path.display(),
            mode = format!("{mode:04o}"),
            "others than the owner can use this; {}",
            private_files::REMEDY
        );
    }
}

/// Makes the data folder where it is missing. One that was there by then is looked at, whichever command comes here.
fn make_data(settings: &Settings) -> Result<(), StartProblem> {
    let path = &settings.data;
    let made = private_files::make_folder(path);
    made.map_err(|error| StartProblem::Folder(path.clone(), error))?;
    check_trust(settings).map_err(|obstacle| StartProblem::Obstacles(vec![obstacle]))
}

/// Who takes the data folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FolderUse {
    /// A server.
    ByServer,
    /// A command that works where no server does.
    ByCommand,
}

/// Takes the data folder, made where it is missing; on PostgreSQL there is nothing to take.
///
/// # Errors
/// When a server has it, or it cannot be used.
pub fn lock_data(settings: &Settings, by: FolderUse) -> Result<Option<DataLock>, StartProblem> {
    make_data(settings)?;
    match settings.location() {
        Location::Sqlite(_) => {
            lock(&settings.data.join("lock"))
                .map(Some)
                .map_err(|problem| match (problem, by) {
                    (StartProblem::InUse(path), FolderUse::ByCommand) => {
                        StartProblem::InUseByServer(path)
                    }
                    (problem, _) => problem,
                })
        }
        Location::Postgres(_) => Ok(None),
    }
}
