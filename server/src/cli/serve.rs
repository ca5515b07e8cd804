//! `twofold serve`.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::types::timestamp::Timestamp;
use clap::Args;
use listenfd::ListenFd;
use sd_notify::NotifyState;

use super::output::print_text;
use super::{Ended, Options, log, sources};
use crate::application::preflight::check_read;
use crate::application::{Application, SetupAddress, Sockets};
use crypto::clock::SystemClock;
use crypto::random::SystemRandom;
use settings::{LogFormat, Settings, meaning_of, read};

#[derive(Args)]
pub(super) struct Serve {
    #[arg(long, value_name = "ADDRESS:PORT", help = meaning_of("listen"))]
    listen: Option<String>,
    #[arg(long, value_name = "URL", help = meaning_of("public_url"))]
    public_url: Option<String>,
    #[arg(long, value_name = "URL", help = meaning_of("database_url"))]
    database_url: Option<String>,
}

pub(super) async fn run(options: Options, serve: Serve) -> Ended {
    let extra = [
        ("listen", serve.listen.as_ref()),
        ("public_url", serve.public_url.as_ref()),
        ("database_url", serve.database_url.as_ref()),
    ];
    let read = read(&sources(&options, &extra)?);
    let checked = check_read(&read).await.map_err(|lines| each_told(&lines))?;
    log::start(&read.usable.log)?;
    for variable in read.passed_over {
        tracing::debug!(variable, "passed over: Kubernetes makes it for a Service");
    }
    let sockets = handed_over()?;
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let application = Application::build_on(sockets, checked, clock, random)
        .await
        .map_err(|problem| problem.to_string())?;
    say_where(&application);
    tell(NotifyState::Ready);
    application.run(stop_signal()).await;
    Ok(())
}

/// All that is in the way, one line each, in the form of the one line of a command that failed.
fn each_told(lines: &[String]) -> String {
    lines.join("\ntwofold: ")
}

/// Says that it serves, where, and how the first user is made: to whoever sits at the terminal, else in the log, all of which
/// is JSON where it is asked to be.
fn say_where(application: &Application) {
    let settings = &application.services().settings;
    let public_url = settings.public_url();
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        public_url,
        listen = %settings.listen,
        database = settings.location().kind(),
        data = %absolute(&settings.data).display(),
        mail = %mail_goes(settings),
        "serving"
    );
    if settings.lacks_public_url() {
        tracing::warn!(
            "`public_url` is not set, and `listen` is on every address: links lead to this machine, and pages that are \
             opened by another name are refused as cross_site"
        );
    }
    let is_terminal = std::io::stdout().is_terminal();
    if is_terminal || settings.log.format == LogFormat::Text {
        let places = places(settings).join("\n");
        let product = &settings.product_name;
        say(&format!("{product} is at {public_url}\n{places}"));
    }
    // The last of what a start says.
    if let Some(setup) = application.setup_link() {
        say_setup_link(&setup, application.services().now(), is_terminal);
    }
}

fn say_setup_link(setup: &SetupAddress, now: Timestamp, is_terminal: bool) {
    let SetupAddress { link, ends_at } = setup;
    let within = within(ends_at.since(now));
    // A filter that keeps warnings back must not keep the link back.
    if is_terminal {
        say(&format!(
            "\nThere is no user yet. Create the first one, {within}, at\n\n    {link}\n"
        ));
    } else if !tracing::enabled!(tracing::Level::WARN) {
        say(&format!(
            "There is no user yet. Create the first one, {within}, at {link}"
        ));
    } else {
        tracing::warn!("there is no user yet; create the first one, {within}, at {link}");
    }
}

/// How long a link is good yet, rounded down, so that nobody comes too late.
fn within(seconds: i64) -> String {
    let whole = |unit: i64, name: &str| match seconds / unit {
        1 => format!("within one {name}"),
        count => format!("within {count} {name}s"),
    };
    match seconds {
        ..60 => "within a minute".to_owned(),
        60..3_600 => whole(60, "minute"),
        _ => whole(3_600, "hour"),
    }
}

/// Says something to whoever started the server, who need not listen: a server serves on.
fn say(text: &str) {
    if let Err(problem) = print_text(text) {
        tracing::warn!("{problem}");
    }
}

/// Where data, mails and the log are, for who starts it the first time.
fn places(settings: &Settings) -> Vec<String> {
    let mut lines = vec![
        format!("Data is in {}", absolute(&settings.data).display()),
        format!("Mail {}", mail_goes(settings)),
        "The log is on standard error".to_owned(),
    ];
    let support = settings.support.as_ref();
    lines.extend(support.map(|support| format!("Pages and mails name for help: {support}")));
    lines
}

fn mail_goes(settings: &Settings) -> String {
    if settings.mail.smtp_url.is_some() {
        return "goes by the mail server of `mail.smtp_url`".to_owned();
    }
    let folder = absolute(&settings.outbox());
    let folder = folder.display();
    format!("stays in {folder}: no mail server is set (`mail.smtp_url`), so nobody gets any")
}

/// As seen from anywhere; as it is where the working directory is gone.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
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

#[cfg(test)]
mod tests {
    use super::*;
    use settings::SecretSetting;

    #[test]
    fn the_time_that_is_left_of_the_link_is_never_said_too_long() {
        for (seconds, said) in [
            (86_400, "within 24 hours"),
            (7_199, "within one hour"),
            (3_600, "within one hour"),
            (3_599, "within 59 minutes"),
            (119, "within one minute"),
            (59, "within a minute"),
        ] {
            assert_eq!(within(seconds), said);
        }
    }

    #[test]
    fn the_start_says_where_data_mails_and_log_are() {
        let mut settings = Settings {
            data: PathBuf::from("/srv/twofold"),
            ..Settings::default()
        };
        let without = places(&settings).join("\n");
        assert!(without.contains("Data is in /srv/twofold\n"), "{without}");
        assert!(
            without.contains("Mail stays in /srv/twofold/outbox"),
            "{without}"
        );
        assert!(without.contains("standard error"), "{without}");
        let url = "smtps://post:secret@mail.example.org";
        settings.mail.smtp_url = Some(SecretSetting(url.to_owned()));
        let with = places(&settings).join("\n");
        assert!(with.contains("Mail goes by the mail server"), "{with}");
        assert!(!with.contains("secret"), "{with}");
    }
}
