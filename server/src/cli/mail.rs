//! `twofold mail …`.

use app::types::email::EmailAddress;
use clap::{Args, Subcommand};
use url::Url;

use super::output::{complain, print};
use super::{Ended, Options, settings};
use crate::delivery::mail::{MailNotSent, Mailer};
use crypto::clock::SystemClock;
use crypto::random::{SystemRandom, new_uuid};
use service::letters::text::test_letter;
use settings::{Settings, Unprotected};

#[derive(Subcommand)]
pub(super) enum MailCommand {
    /// Send one letter to an address now, as the settings say, and tell what the mail server answered
    Test(Test),
}

#[derive(Args)]
pub(super) struct Test {
    /// Where it goes, such as your own mailbox
    #[arg(value_name = "ADDRESS")]
    to: String,
}

pub(super) async fn run(options: &Options, command: MailCommand) -> Ended {
    match command {
        MailCommand::Test(Test { to }) => test(options, &to).await,
    }
}

/// Needs no database: whoever sets a server up looks at the mail first.
async fn test(options: &Options, to: &str) -> Ended {
    let to = EmailAddress::parse(to)
        .map_err(|_| "ADDRESS is no e-mail address; it takes one as ada@example.org")?;
    let settings = settings(options, &[])?;
    let mailer = Mailer::new(&settings).map_err(|problem| problem.to_string())?;
    let Some(server) = mail_server(&settings) else {
        return Err(format!(
            "no mail server is set (`mail.smtp_url`): mails stay in {} and nobody gets them",
            settings.outbox().display()
        ));
    };
    if Unprotected::Mail.is_so(&settings) {
        complain(&format!("warning: {}", Unprotected::Mail.remedy()));
    }
    let from = &settings.mail.from;
    let id = new_uuid(&SystemRandom, &SystemClock);
    match mailer.send(id, &test_letter(&to, &settings)).await {
        Ok(()) => {
            print(&format!(
                "{server} has taken a letter from {from} to {}. Look whether it is in the mailbox and not among the spam; the links \
                 in letters lead to {}.",
                to.as_str(),
                settings.public_url()
            ))?;
            Ok(())
        }
        Err(problem) => Err(format!(
            "{server} has not taken a letter from {from} to {}: {}",
            to.as_str(),
            said(&problem)
        )),
    }
}

/// Host and port, without the password beside them.
fn mail_server(settings: &Settings) -> Option<String> {
    let url = settings.mail.smtp_url.as_ref()?;
    // One that does not parse was refused before.
    let url = Url::parse(&url.0).ok()?;
    let host = url.host_str().unwrap_or_default();
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// What became of it, and what would become of a letter of the server.
fn said(problem: &MailNotSent) -> String {
    match problem {
        MailNotSent::Later(reason) => {
            format!("{reason} (the server would try again for three days)")
        }
        MailNotSent::Never(reason) => {
            format!("{reason} (refused for good; the server would give it up)")
        }
        MailNotSent::NoMailbox(reason) => {
            format!("{reason} (refused for good, as there is no such mailbox)")
        }
    }
}
