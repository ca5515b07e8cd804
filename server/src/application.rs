//! Assembles the application, for `main` and for tests, which pass their own clock and randomness.

mod lock;
pub mod lost_keys;
pub mod preflight;
pub mod restore;
mod start;

use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use app::types::page::Page;
use app::types::timestamp::Timestamp;
use prometheus_client::metrics::gauge::Gauge;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

pub use lock::DataLock;
pub use start::{FolderUse, StartProblem, build_services, lock_data, services_on};
use start::{
    other, require_tls, services_with, tell_of_missing_keys, tell_of_whole_log, warn_of_others,
};

use self::preflight::StartableSettings;
use crate::delivery::mail::Mailer;
use crate::delivery::worker;
use crate::http::{
    self,
    branding::Branding,
    capacity::{OF_OPERATOR, most_connections},
    room::Room,
    serve::{DrainEnd, serve},
    static_files::StaticFiles,
};
use crypto::clock::Clock;
use crypto::random::Random;
use crypto::token::Token;
use service::accounts::announcements;
use service::setup::CurrentSetupLink;
use service::{Services, presence, setup, upkeep};
use settings::{Settings, Unprotected};

/// Seconds that requests have to finish after the signal to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// How often what has run out is removed.
const UPKEEP_EVERY: Duration = Duration::from_mins(1);

/// Sockets that somebody else has opened; what is missing is opened as the settings say.
#[derive(Debug, Default)]
pub struct Sockets {
    /// The main listener.
    pub main: Option<std::net::TcpListener>,
    /// The operator's.
    pub metrics: Option<std::net::TcpListener>,
}

/// Where the first user is created.
pub struct SetupAddress {
    /// The whole address.
    pub link: String,
    /// Until when it is good.
    pub ends_at: Timestamp,
}

/// A server that listens but does not answer yet.
pub struct Application {
    services: Arc<Services>,
    listener: TcpListener,
    metrics_listener: Option<TcpListener>,
    mailer: Mailer,
    setup_link: Option<CurrentSetupLink>,
    files: StaticFiles,
    answer_step: Duration,
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
        let checked = preflight::check(settings).await;
        let checked = checked.map_err(StartProblem::Obstacles)?;
        Self::build_on(Sockets::default(), checked, clock, random).await
    }

    /// The same on sockets that are open already, with settings that were looked at.
    ///
    /// # Errors
    /// Says in one line what is in the way.
    pub async fn build_on(
        sockets: Sockets,
        checked: StartableSettings,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, StartProblem> {
        let mut settings = checked.into_settings();
        let lock = lock_data(&settings, FolderUse::ByServer)?;
        warn_of_others(&settings);
        let (listener, address) = listen(sockets.main, settings.listen, "listen").await?;
        settings.listen = address;
        let metrics_listener = match (sockets.metrics, settings.metrics.listen) {
            (None, None) => None,
            (given, asked) => {
                let (listener, address) =
                    listen(given, asked.unwrap_or(address), "metrics.listen").await?;
                settings.metrics.listen = Some(address);
                Some(listener)
            }
        };
        let mailer = Mailer::new(&settings)?;
        let files = StaticFiles::new(&Branding::of(&settings)?);
        let services = build_services(settings, clock, random).await?;
        require_tls(&services, Unprotected::Mail).await?;
        tell_of_missing_keys(&services).await?;
        tell_of_whole_log(&services)
            .await
            .map_err(|failure| other(&failure))?;
        let setup_link = setup::current_link(&services)
            .await
            .map_err(|failure| other(&failure))?;
        Ok(Self {
            services,
            listener,
            metrics_listener,
            mailer,
            setup_link,
            files,
            answer_step: http::pace::STEP,
            _lock: lock,
        })
    }

    /// The same with another step for the answers that leave in steps.
    #[must_use]
    pub fn answering_every(self, step: Duration) -> Self {
        Self {
            answer_step: step,
            ..self
        }
    }

    /// What the server works with.
    pub const fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// The link that leads to the first user, while there is none.
    pub fn setup_link(&self) -> Option<SetupAddress> {
        self.setup_link.as_ref().map(|setup| SetupAddress {
            link: self.services.settings.link(Page::Setup, Some(&setup.token)),
            ends_at: setup.ends_at,
        })
    }

    /// The token of that link.
    pub fn setup_token(&self) -> Option<&Token> {
        self.setup_link.as_ref().map(|setup| &setup.token)
    }

    /// Answers until `stop` resolves; then `/readyz` says so, and after the delay of the settings no connection is
    /// taken any more and requests have what is left of ten seconds to finish.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let services = self.services;
        let mut background = JoinSet::new();
        background.spawn(worker::run(services.clone(), self.mailer));
        background.spawn(announcements::run(services.clone()));
        background.spawn(stay(services.clone()));
        let operators = self
            .metrics_listener
            .map(|listener| tokio::spawn(answer_operator(listener, services.clone())));
        let (limits, metrics) = (services.settings.http, &services.metrics);
        let stop = async {
            stop.await;
            let end = DrainEnd::after(DRAIN);
            services.is_stopping.store(true, Ordering::Relaxed);
            tokio::time::sleep(limits.stop_delay()).await;
            services.leaving.cancel();
            end
        };
        let router = http::router(services.clone(), self.files, self.answer_step);
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
    setting: &'static str,
) -> Result<(TcpListener, SocketAddr), StartProblem> {
    let listener = match given {
        Some(given) => given
            .set_nonblocking(true)
            .and_then(|()| TcpListener::from_std(given)),
        None => TcpListener::bind(asked).await,
    };
    let listener = listener.map_err(|error| StartProblem::Listen(asked, error, setting))?;
    let address = listener
        .local_addr()
        .map_err(|error| StartProblem::Listen(asked, error, setting))?;
    Ok((listener, address))
}

/// Says that this server lives and does its upkeep until it leaves; and that it has left, when neither can say otherwise
/// any more.
async fn stay(services: Arc<Services>) {
    tokio::join!(keep_up(services.clone()), presence::run(services.clone()));
    presence::say_left(&services).await;
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
