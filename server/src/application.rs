//! The application put together: the same for `main` and for tests, which bring a clock and randomness
//! of their own.

use std::fs::{self, File, TryLockError};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::config::Settings;
use crate::crypto::clock::Clock;
use crate::crypto::password::{HashParams, PasswordHasher};
use crate::crypto::random::Random;
use crate::crypto::token::Token;
use crate::delivery::mail::{MailSettingsProblem, Mailer};
use crate::delivery::sms::{SmsGateway, SmsSettingsProblem};
use crate::delivery::worker;
use crate::http;
use crate::service::accounts::announcements;
use crate::service::keys::{KeysProblem, load_keys};
use crate::service::{Failure, Services, setup, upkeep};
use crate::storage::{Database, Location, OpenProblem};

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
    Database(#[from] OpenProblem),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeysProblem),
    /// The mail settings.
    #[error(transparent)]
    Mail(#[from] MailSettingsProblem),
    /// The SMS settings.
    #[error(transparent)]
    Sms(#[from] SmsSettingsProblem),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// What commands and the server work with.
///
/// # Errors
/// When the folder, the database or the keys cannot be used.
pub async fn build_services(
    settings: Settings,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<Arc<Services>, StartProblem> {
    make_folder(&settings.data)?;
    let sms = SmsGateway::new(&settings)?;
    let database = Database::open(&settings.location()).await?;
    let keys = load_keys(&settings, &database, random.as_ref(), clock.as_ref()).await?;
    let hash = settings.password_hash;
    let params = HashParams {
        memory_kib: hash.memory_kib,
        passes: hash.passes,
        lanes: hash.lanes,
    };
    let slots = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let hasher = PasswordHasher::new(params, slots, hash.queue, random.clone());
    Ok(Arc::new(Services {
        database,
        clock,
        random,
        hasher,
        keys,
        sms,
        settings,
        mail_queued: Notify::new(),
        announced: Notify::new(),
    }))
}

/// A server that listens but does not answer yet.
pub struct Application {
    services: Arc<Services>,
    listener: TcpListener,
    mailer: Mailer,
    setup_link: Option<Token>,
    _lock: Option<File>,
}

impl Application {
    /// Takes the data folder and the port, and opens the database.
    ///
    /// # Errors
    /// Says in one line what is in the way.
    pub async fn build(
        mut settings: Settings,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, StartProblem> {
        make_folder(&settings.data)?;
        let lock = match settings.location() {
            Location::Sqlite(_) => Some(lock(&settings.data.join("lock"))?),
            Location::Postgres(_) => None,
        };
        let asked = settings.listen;
        let listener = TcpListener::bind(asked)
            .await
            .map_err(|error| StartProblem::Listen(asked, error))?;
        settings.listen = listener
            .local_addr()
            .map_err(|error| StartProblem::Listen(asked, error))?;
        let mailer = Mailer::new(&settings)?;
        let services = build_services(settings, clock, random).await?;
        let setup_link = setup::new_link(&services).await.map_err(other)?;
        Ok(Self {
            services,
            listener,
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

    /// Answers until `stop` resolves, then lets requests finish for ten seconds.
    ///
    /// # Errors
    /// When the listener breaks.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let mail = tokio::spawn(worker::run(self.services.clone(), self.mailer));
        let announcements = tokio::spawn(announcements::run(self.services.clone()));
        let upkeep = tokio::spawn(keep_up(self.services.clone()));
        let (draining, drained) = tokio::sync::oneshot::channel();
        let router = http::router(self.services);
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let server = axum::serve(self.listener, service).with_graceful_shutdown(async move {
            stop.await;
            let _ = draining.send(());
        });
        let limit = async move {
            match drained.await {
                Ok(()) => tokio::time::sleep(DRAIN).await,
                Err(_) => std::future::pending().await,
            }
        };
        let result = tokio::select! {
            result = async { server.await } => result,
            () = limit => Ok(()),
        };
        mail.abort();
        announcements.abort();
        upkeep.abort();
        result
    }
}

async fn keep_up(services: Arc<Services>) {
    loop {
        if let Err(failure) = upkeep::remove_expired(&services).await {
            tracing::error!(?failure, "what has run out could not be removed");
        }
        tokio::time::sleep(UPKEEP_EVERY).await;
    }
}

fn other(failure: Failure) -> StartProblem {
    StartProblem::Other(match failure {
        Failure::Refused(error) => error.to_string(),
        Failure::Fault(fault) => fault.to_string(),
    })
}

fn make_folder(path: &Path) -> Result<(), StartProblem> {
    fs::create_dir_all(path).map_err(|error| StartProblem::Folder(path.to_owned(), error))
}

/// One server for a file of SQLite: the lock dies with the process, however that dies.
fn lock(path: &Path) -> Result<File, StartProblem> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path);
    let file = file.map_err(|error| StartProblem::Folder(path.to_owned(), error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartProblem::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(StartProblem::Folder(path.to_owned(), error)),
    }
}
