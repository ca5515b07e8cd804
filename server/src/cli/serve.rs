//! `twofold serve`.

use std::sync::Arc;

use clap::Args;
use listenfd::ListenFd;
use sd_notify::NotifyState;

use super::{Ended, Options, log, settings};
use crate::application::{Application, Sockets};
use crate::crypto::clock::SystemClock;
use crate::crypto::random::SystemRandom;

#[derive(Args)]
pub(super) struct Serve {
    /// Address and port to listen at
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// The address that people use, as `https://security.example.org`
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// A PostgreSQL database in place of the file
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

pub(super) async fn run(options: Options, serve: Serve) -> Ended {
    let extra = [
        ("listen", serve.listen.as_ref()),
        ("public_url", serve.public_url.as_ref()),
        ("database_url", serve.database_url.as_ref()),
    ];
    let settings = settings(&options, &extra)?;
    log::start(&settings.log)?;
    let sockets = handed_over()?;
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let application = Application::build_on(sockets, settings, clock, random)
        .await
        .map_err(|problem| problem.to_string())?;
    println!(
        "Twofold is at {}",
        application.services().settings.public_url()
    );
    if let Some(link) = application.setup_link() {
        println!("Create the first user at {link}");
    }
    tell(NotifyState::Ready);
    application.run(stop_signal()).await;
    Ok(())
}

/// Sockets that systemd has opened (`sd_listen_fds(3)`): the first is the main listener, the second the operator's.
fn handed_over() -> Result<Sockets, String> {
    let mut given = ListenFd::from_env();
    let mut take = |index| {
        if index >= given.len() {
            return Ok(None);
        }
        given
            .take_tcp_listener(index)
            .map_err(|error| format!("socket {index} of LISTEN_FDS cannot be used: {error}"))
    };
    Ok(Sockets {
        main: take(0)?,
        metrics: take(1)?,
    })
}

/// Tells systemd, where it asked to be told (`sd_notify(3)`).
fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd could not be told");
    }
}

/// Resolves when the process is told to stop.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
    tell(NotifyState::Stopping);
    tracing::info!("stopping: requests have ten seconds to finish");
}
