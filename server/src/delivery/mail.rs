//! One mail on its way: MIME by lettre, to a mail server or into the outbox folder.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::response::Category;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use url::Url;
use uuid::Uuid;

use super::refused::{RefusedFor, refused_for};
use super::smtp_url::check_smtp;
use super::subject::PlainSubject;
use super::usual::UsualTimes;
use crypto::clock::Stopwatch;
use files::private_files;
use files::trusted_files::reading::{ContentSource, read};
use service::mail_text::MailText;
use settings::{Mail, Settings};

/// How mail leaves.
pub enum Mailer {
    /// To a mail server.
    Smtp {
        /// The connection, made when it is needed.
        transport: AsyncSmtpTransport<Tokio1Executor>,
        /// Who it is from.
        from: Mailbox,
        /// The most that handing over one mail may take, all steps together.
        limit: Duration,
        /// How long the last ones took, by domain.
        took: Box<Mutex<UsualTimes>>,
    },
    /// Into a folder, one `.eml` file each.
    Outbox {
        /// The folder.
        folder: PathBuf,
        /// Who it is from.
        from: Mailbox,
    },
}

/// Why a mail did not leave.
#[derive(Debug, thiserror::Error)]
pub enum MailNotSent {
    /// Another try can succeed: the server was not there, was busy, or the disk was full.
    #[error("not now: {0}")]
    Later(String),
    /// No try can succeed: the mail was refused for good, by what it is or says.
    #[error("never: {0}")]
    Never(String),
    /// No try can succeed, nor would one with another mail: there is no such mailbox, or it takes nothing.
    #[error("no mailbox: {0}")]
    NoMailbox(String),
}

/// The mail settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("setting `mail.{0}` cannot be used: {1}")]
pub struct MailSettingsProblem(&'static str, String);

impl MailSettingsProblem {
    /// The setting that cannot be used.
    pub fn setting(&self) -> String {
        format!("mail.{}", self.0)
    }
}

/// How a certificate begins (RFC 7468).
const CERTIFICATE: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// What `from` is.
const FROM: &str = "it takes an address, or a name and an address as Twofold <twofold@example.org>; a name with a comma or \
                    other punctuation stands in quotation marks";
/// What `smtp_url` is. Nothing of what was given is said: it holds a password.
const SMTP_URL: &str = "it takes smtps://user:password@host, smtp://host?tls=required or smtp://host; characters such as \
                        # / ? @ in the password are written as %23 %2F %3F %40";

impl Mailer {
    /// The mailer of these settings.
    ///
    /// # Errors
    /// Names the setting that is no mail server or no address.
    pub fn new(settings: &Settings) -> Result<Self, MailSettingsProblem> {
        let from = sender(&settings.mail)?;
        let Some(transport) = transport(&settings.mail)? else {
            return Ok(Self::Outbox {
                folder: settings.outbox(),
                from,
            });
        };
        let limit = Duration::from_secs(u64::from(settings.mail.timeout_seconds));
        let transport = transport.timeout(Some(limit)).build();
        Ok(Self::Smtp {
            transport,
            from,
            limit,
            took: Box::default(),
        })
    }

    /// Everything that is wrong with the settings, for who mends them in one go.
    pub fn problems(settings: &Settings) -> Vec<MailSettingsProblem> {
        let sender = sender(&settings.mail).err();
        let transport = transport(&settings.mail).err();
        sender.into_iter().chain(transport).collect()
    }

    /// Sends one mail. The message id is made of `id`, so that a mail server that gets it a second
    /// time after a crash can tell.
    ///
    /// # Errors
    /// Says whether another try can succeed.
    pub async fn send(&self, id: Uuid, letter: &MailText) -> Result<(), MailNotSent> {
        match self {
            Self::Smtp {
                transport,
                from,
                limit,
                took,
            } => {
                let message = message(id, from, &letter.to, letter)?;
                let since = Stopwatch::start();
                let handed = tokio::time::timeout(*limit, transport.send(message)).await;
                if is_answered(&handed) {
                    let time = Duration::from_secs_f64(since.seconds());
                    lock(took).add(&letter.domain(), time);
                }
                match handed {
                    Ok(Ok(_)) => Ok(()),
                    Ok(Err(error)) if is_for_good(&error) => Err(for_good(&error, letter)),
                    Ok(Err(error)) => Err(MailNotSent::Later(error.to_string())),
                    Err(_) => Err(MailNotSent::Later(
                        "the mail server took too long".to_owned(),
                    )),
                }
            }
            Self::Outbox { folder, from } => {
                let message = message(id, from, &letter.to, letter)?.formatted();
                write(folder.clone(), id, message, Stays::Yes)
                    .await
                    .map_err(|error| MailNotSent::Later(error.to_string()))
            }
        }
    }

    /// How long a mail to nobody takes: as long as those to its domain usually do. It is not as long as the last mail took: whoever has
    /// one go to a domain that is slow would make all of them as slow, and see by it which go to nobody.
    pub fn usual(&self, letter: &MailText) -> Duration {
        match self {
            Self::Smtp { took, .. } => lock(took).of(&letter.domain()),
            Self::Outbox { .. } => Duration::ZERO,
        }
    }

    /// Does with a mail to nobody what `send` does with one to somebody, but it goes nowhere, in the same time, which
    /// somebody could measure from outside. The mail server is not asked: the wait is as long as it usually takes for a mail to that
    /// domain.
    ///
    /// # Errors
    /// As `send`.
    pub async fn rehearse(&self, id: Uuid, letter: &MailText) -> Result<(), MailNotSent> {
        match self {
            Self::Smtp { from, .. } => {
                message(id, from, from.email.as_ref(), letter)?;
                tokio::time::sleep(self.usual(letter)).await;
                Ok(())
            }
            Self::Outbox { folder, from } => {
                let message = message(id, from, from.email.as_ref(), letter)?.formatted();
                write(folder.clone(), id, message, Stays::No)
                    .await
                    .map_err(|error| MailNotSent::Later(error.to_string()))
            }
        }
    }
}

/// Nobody panics while they hold it; what is in it would be good all the same.
fn lock(took: &Mutex<UsualTimes>) -> MutexGuard<'_, UsualTimes> {
    took.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the mail server has said yes or no to a mail. How long one took that it has not answered says nothing of its domain.
fn is_answered<T, E>(handed: &Result<Result<T, lettre::transport::smtp::Error>, E>) -> bool {
    match handed {
        Ok(Ok(_)) => true,
        Ok(Err(error)) => error.status().is_some(),
        Err(_) => false,
    }
}

/// Whether the mail server refuses this mail itself: a status 5yz about mailbox or mail system (RFC 5321 §4.2.1).
/// A password or a command that it refuses is the operator's to mend, and the mail waits for that.
fn is_for_good(error: &lettre::transport::smtp::Error) -> bool {
    error.is_permanent()
        && error
            .status()
            .is_some_and(|code| code.category == Category::MailSystem)
}

/// What a refusal for good is about.
///
/// A status without an enhanced code may be about what the mail says: that tells nothing of the mailbox where other people's
/// words stand in it.
fn for_good(error: &lettre::transport::smtp::Error, letter: &MailText) -> MailNotSent {
    let said = std::error::Error::source(error).map(ToString::to_string);
    let status = error.status().map_or(0, u16::from);
    let about = refused_for(status, said.as_deref().unwrap_or_default());
    if about == RefusedFor::Mailbox || (about == RefusedFor::MailboxOrMail && letter.is_all_ours) {
        MailNotSent::NoMailbox(error.to_string())
    } else {
        MailNotSent::Never(error.to_string())
    }
}

fn sender(mail: &Mail) -> Result<Mailbox, MailSettingsProblem> {
    let refuse = |_| MailSettingsProblem("from", FROM.to_owned());
    mail.from.parse().map_err(refuse)
}

/// The way to the mail server, where one is set.
fn transport(mail: &Mail) -> Result<Option<AsyncSmtpTransportBuilder>, MailSettingsProblem> {
    let Some(url) = &mail.smtp_url else {
        return Ok(None);
    };
    let refuse = || MailSettingsProblem("smtp_url", SMTP_URL.to_owned());
    let parsed = Url::parse(&url.0).map_err(|_| refuse())?;
    // A password with one of these characters in it still parses where what is before it looks like a port.
    let query = parsed.query().unwrap_or_default();
    if parsed.fragment().is_some() || parsed.path().contains('@') || query.contains('@') {
        return Err(refuse());
    }
    check_smtp(&url.0, &parsed).map_err(|why| MailSettingsProblem("smtp_url", why))?;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url.0).map_err(|_| refuse())?;
    let tls = own_tls(mail, &parsed)?;
    Ok(Some(match tls {
        Some(tls) => transport.tls(tls),
        None => transport,
    }))
}

/// TLS that trusts the operator's own authority, where one is set; how it is used follows the URL.
fn own_tls(mail: &Mail, url: &Url) -> Result<Option<Tls>, MailSettingsProblem> {
    let Some(file) = &mail.ca_file else {
        return Ok(None);
    };
    let problem = |reason: &dyn std::fmt::Display| {
        MailSettingsProblem("ca_file", format!("{}: {reason}", file.display()))
    };
    let pem = read(file, ContentSource::File).map_err(|error| problem(&error))?;
    // The parser takes a file without any.
    if !pem
        .windows(CERTIFICATE.len())
        .any(|part| part == CERTIFICATE)
    {
        return Err(problem(&"there is no certificate (PEM) in it"));
    }
    let authority = Certificate::from_pem(&pem).map_err(|error| problem(&error))?;
    let host = url.host_str();
    let host = host.ok_or_else(|| MailSettingsProblem("smtp_url", SMTP_URL.to_owned()))?;
    let parameters = TlsParameters::builder(host.to_owned())
        .add_root_certificate(authority)
        .build()
        .map_err(|error| problem(&error))?;
    let mut parameters_of_url = url.query_pairs();
    let is_required = parameters_of_url.any(|(name, value)| name == "tls" && value == "required");
    if url.scheme() == "smtps" {
        Ok(Some(Tls::Wrapper(parameters)))
    } else if is_required {
        Ok(Some(Tls::Required(parameters)))
    } else {
        Ok(None)
    }
}

fn message(id: Uuid, from: &Mailbox, to: &str, letter: &MailText) -> Result<Message, MailNotSent> {
    let never = |error: &dyn std::fmt::Display| MailNotSent::Never(error.to_string());
    // An address and no name, which would be text of its own.
    let to: Address = to.parse().map_err(|error: lettre::address::AddressError| {
        MailNotSent::NoMailbox(error.to_string())
    })?;
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    Message::builder()
        .from(from.clone())
        .to(to.into())
        .header(PlainSubject(letter.subject.clone()))
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
        .multipart(MultiPart::alternative_plain_html(
            letter.text(),
            letter.html(),
        ))
        .map_err(|error| never(&error))
}

/// Whether what is written stays.
#[derive(Clone, Copy)]
enum Stays {
    /// It does.
    Yes,
    /// It is gone as soon as it was written.
    No,
}

/// Writes beside and renames, so that whoever watches the folder never sees half a mail.
async fn write(folder: PathBuf, id: Uuid, message: Vec<u8>, stays: Stays) -> std::io::Result<()> {
    let part = private_files::write_part(&folder, &id.to_string(), message).await?;
    match stays {
        Stays::Yes => tokio::fs::rename(part, folder.join(format!("{id}.eml"))).await,
        Stays::No => tokio::fs::remove_file(part).await,
    }
}
