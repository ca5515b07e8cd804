//! `twofold serve`.

use std::sync::Arc;

use clap::Args;

use super::{Ended, Options, log, settings};
use crate::application::Application;
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
    let application = Application::build(settings, Arc::new(SystemClock), Arc::new(SystemRandom))
        .await
        .map_err(|problem| problem.to_string())?;
    println!(
        "Twofold is at {}",
        application.services().settings.public_url()
    );
    if let Some(link) = application.setup_link() {
        println!("Create the first user at {link}");
    }
    application
        .run(stop_signal())
        .await
        .map_err(|error| error.to_string())
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
    tracing::info!("stopping: requests have ten seconds to finish");
}
