//! Assembles the application, for `main` and for tests, which pass their own clock and randomness.

mod lock;
pub mod lost_keys;
pub mod restore;

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use prometheus_client::metrics::gauge::Gauge;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use lock::DataLock;
use lock::lock;

use crate::config::{Settings, Unprotected};
use crate::crypto::clock::Clock;
use crate::crypto::password::{HashParams, PasswordHasher};
use crate::crypto::random::Random;
use crate::crypto::token::Token;
use crate::delivery::mail::{MailSettingsProblem, Mailer};
use crate::delivery::sms::{SmsGateway, SmsSettingsProblem};
use crate::delivery::worker;
use crate::domain::retention::{Keep, USUAL_DAYS};
use crate::http::{
    self,
    capacity::{OF_OPERATOR, most_connections},
    room::Room,
    serve::{Deadline, serve},
};
use crate::metrics::Metrics;
use crate::private_files;
use crate::service::accounts::announcements;
use crate::service::keys::{Keys, KeysProblem, load_keys};
use crate::service::presence::{self, Presence};
use crate::service::refusal_log::RefusalLog;
use crate::service::sign_in::turns::Turns;
use crate::service::{Failure, Fault, Outcome, Services, retention, setup, upkeep};
use crate::storage::instance::requires_tls;
use crate::storage::{Database, DatabaseProblem, Location};

/// Seconds that requests have to finish after the signal to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// How often what has run out is removed.
const UPKEEP_EVERY: Duration = Duration::from_mins(1);

/// Why the application does not start, in one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum StartProblem {
    /// The data folder.
    #[error("the data folder {} cannot be used: {}", .0.display(), .1)]
    Folder(PathBuf, io::Error),
    /// Another server.
    #[error("another server is using {}; stop it first, or give this one another `data`", .0.display())]
    InUse(PathBuf),
    /// The port.
    #[error("cannot listen at {0}: {1}; stop what is there, or set another `listen`")]
    Listen(SocketAddr, io::Error),
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
    /// What would be spoken without TLS.
    #[error("{}", .0.remedy())]
    Unprotected(Unprotected),
    /// Anything else.
    #[error("{0}")]
    Other(String),
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
    make_folder(&settings.data)?;
    let database = Database::open(&settings.location()).await?;
    let services = services_on(database, settings, clock, random).await?;
    require_tls(&services, Unprotected::Database).await?;
    Ok(services)
}

/// Refuses connections without TLS. A database that an earlier version created is accepted with a warning at each start:
/// an upgrade must not stop a server that worked before. docs/decisions/0030-tls-for-new-installations.md
async fn require_tls(services: &Services, way: Unprotected) -> Result<(), StartProblem> {
    if !way.is_so(&services.settings) {
        return Ok(());
    }
    let is_new = requires_tls(services.database.read()).await;
    if is_new.map_err(|error| other(error.into()))? {
        return Err(StartProblem::Unprotected(way));
    }
    tracing::warn!("{}", way.remedy());
    Ok(())
}

/// Warns when the audit log grows without bound, because no retention is set.
async fn tell_of_whole_log(services: &Services) -> Outcome<()> {
    if retention::kept(services).await? == Keep::AllUntilSet {
        tracing::warn!(
            "the audit log is kept whole, since an earlier version began this database; `audit.keep_days` says for how many \
             days its lines are kept (new installations: {USUAL_DAYS}), 0 that all of them are meant to be"
        );
    }
    Ok(())
}

/// The same on a database that is open.
///
/// # Errors
/// When the keys or other settings cannot be used.
pub async fn services_on(
    database: Database,
    settings: Settings,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<Arc<Services>, StartProblem> {
    let keys = load_keys(&settings, &database, random.as_ref(), clock.as_ref()).await?;
    services_with(keys, database, settings, (clock, random))
}

/// The same with keys at hand.
fn services_with(
    keys: Keys,
    database: Database,
    settings: Settings,
    (clock, random): (Arc<dyn Clock>, Arc<dyn Random>),
) -> Result<Arc<Services>, StartProblem> {
    let sms = SmsGateway::new(&settings)?;
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
    http::request_log::functions().for_each(|function| metrics.expect_answers(function));
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
        is_stopping: AtomicBool::new(false),
        leaving: CancellationToken::new(),
    }))
}

/// Sockets that somebody else has opened; what is missing is opened as the settings say.
#[derive(Debug, Default)]
pub struct Sockets {
    /// The main listener.
    pub main: Option<std::net::TcpListener>,
    /// The operator's.
    pub metrics: Option<std::net::TcpListener>,
}

/// A server that listens but does not answer yet.
pub struct Application {
    services: Arc<Services>,
    listener: TcpListener,
    metrics_listener: Option<TcpListener>,
    mailer: Mailer,
    setup_link: Option<Token>,
    _lock: Option<DataLock>,
}

impl Application {
    /// Takes the data folder and the ports, and opens the database.
    ///
    /// # Errors
    /// Says in one line what is in the way.
    pub async fn build(
        settings: Settings,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, StartProblem> {
        Self::build_on(Sockets::default(), settings, clock, random).await
    }

    /// The same on sockets that are open already.
    ///
    /// # Errors
    /// Says in one line what is in the way.
    pub async fn build_on(
        sockets: Sockets,
        mut settings: Settings,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, StartProblem> {
        let lock = lock_data(&settings)?;
        warn_of_wide_modes(&settings);
        let (listener, address) = listen(sockets.main, settings.listen).await?;
        settings.listen = address;
        let metrics_listener = match (sockets.metrics, settings.metrics.listen) {
            (None, None) => None,
            (given, asked) => {
                let (listener, address) = listen(given, asked.unwrap_or(address)).await?;
                settings.metrics.listen = Some(address);
                Some(listener)
            }
        };
        let mailer = Mailer::new(&settings)?;
        let services = build_services(settings, clock, random).await?;
        require_tls(&services, Unprotected::Mail).await?;
        tell_of_whole_log(&services).await.map_err(other)?;
        let setup_link = setup::current_link(&services).await.map_err(other)?;
        Ok(Self {
            services,
            listener,
            metrics_listener,
            mailer,
            setup_link,
            _lock: lock,
        })
    }

    /// What the server works with.
    pub const fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// The address of the link that leads to the first user, while there is none.
    pub fn setup_link(&self) -> Option<String> {
        self.setup_link
            .as_ref()
            .map(|token| self.services.settings.link("/setup", Some(token)))
    }

    /// The token of that link.
    pub const fn setup_token(&self) -> Option<&Token> {
        self.setup_link.as_ref()
    }

    /// Answers until `stop` resolves; then `/readyz` says so, and after the delay of the settings no connection is
    /// taken any more and requests have what is left of ten seconds to finish.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let services = self.services;
        let mut background = JoinSet::new();
        background.spawn(worker::run(services.clone(), self.mailer));
        background.spawn(announcements::run(services.clone()));
        background.spawn(keep_up(services.clone()));
        background.spawn(presence::run(services.clone()));
        let operators = self
            .metrics_listener
            .map(|listener| tokio::spawn(answer_operator(listener, services.clone())));
        let (limits, metrics) = (services.settings.http, &services.metrics);
        let stop = async {
            stop.await;
            let end = Deadline::after(DRAIN);
            services.is_stopping.store(true, Ordering::Relaxed);
            tokio::time::sleep(limits.stop_delay()).await;
            services.leaving.cancel();
            end
        };
        let router = http::router(services.clone());
        let most = most_connections(&limits);
        metrics.set_most_connections(most);
        let room = Room::new(most, metrics.connections().clone());
        let mut end = serve(self.listener, router, limits, room, stop).await;
        tokio::select! {
            () = async { while background.join_next().await.is_some() {} } => {}
            // A mail to a mail server that does not answer by then is sent by the next server.
            () = end.passed() => {}
        }
        operators.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

/// Answers on the operator's listener to the end: while requests finish, `/readyz` says that the server leaves.
async fn answer_operator(listener: TcpListener, services: Arc<Services>) {
    let limits = services.settings.http;
    let router = http::probes::router(services);
    // Room of its own: whoever fills the main listener takes none of it.
    let room = Room::new(OF_OPERATOR, Gauge::default());
    let _ = serve(listener, router, limits, room, pending()).await;
}

async fn listen(
    given: Option<std::net::TcpListener>,
    asked: SocketAddr,
) -> Result<(TcpListener, SocketAddr), StartProblem> {
    let listener = match given {
        Some(given) => given
            .set_nonblocking(true)
            .and_then(|()| TcpListener::from_std(given)),
        None => TcpListener::bind(asked).await,
    };
    let listener = listener.map_err(|error| StartProblem::Listen(asked, error))?;
    let address = listener
        .local_addr()
        .map_err(|error| StartProblem::Listen(asked, error))?;
    Ok((listener, address))
}

async fn keep_up(services: Arc<Services>) {
    loop {
        if let Err(failure) = upkeep::in_turn(&services).await {
            tracing::error!(?failure, "what has run out could not be removed");
        }
        if !services.rest(pending::<()>(), UPKEEP_EVERY).await {
            return;
        }
    }
}

fn other(failure: Failure) -> StartProblem {
    StartProblem::Other(match failure {
        Failure::Refused(error) => error.to_string(),
        Failure::Fault(Fault::Storage(error)) => format!("the database cannot be used: {error}"),
        Failure::Fault(fault) => fault.to_string(),
    })
}

/// Says which files others can read, from before they were made for their owner alone, or by other hands.
fn warn_of_wide_modes(settings: &Settings) {
    for (path, mode) in private_files::open_to_others(&settings.private_paths()) {
        tracing::warn!(
            path = %path.display(),
            mode = format!("{mode:04o}"),
            "others than the owner can use this; chmod go-rwx it"
        );
    }
}

fn make_folder(path: &Path) -> Result<(), StartProblem> {
    private_files::make_folder(path).map_err(|error| StartProblem::Folder(path.to_owned(), error))
}

/// Takes the data folder, made where it is missing; on PostgreSQL there is nothing to take.
///
/// # Errors
/// When a server has it, or it cannot be used.
pub fn lock_data(settings: &Settings) -> Result<Option<DataLock>, StartProblem> {
    make_folder(&settings.data)?;
    match settings.location() {
        Location::Sqlite(_) => lock(&settings.data.join("lock")).map(Some),
        Location::Postgres(_) => Ok(None),
    }
}
