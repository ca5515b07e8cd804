//! One mail on its way: MIME by lettre, to a mail server or into the outbox folder.

use std::path::PathBuf;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use uuid::Uuid;

use crate::config::Settings;
use crate::service::letters::Letter;

/// How mail leaves.
pub enum Mailer {
    /// To a mail server.
    Smtp {
        /// The connection, made when it is needed.
        transport: AsyncSmtpTransport<Tokio1Executor>,
        /// Who it is from.
        from: Mailbox,
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
pub enum NotSent {
    /// Another try can succeed: the server was not there, was busy, or the disk was full.
    #[error("not now: {0}")]
    Later(String),
    /// No try can succeed: the address or the mail was refused for good.
    #[error("never: {0}")]
    Never(String),
}

/// The mail settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("setting `mail.{0}` cannot be used")]
pub struct MailSettingsProblem(&'static str);

impl Mailer {
    /// The mailer of these settings.
    ///
    /// # Errors
    /// Names the setting that is no mail server or no address.
    pub fn new(settings: &Settings) -> Result<Self, MailSettingsProblem> {
        let from: Mailbox = settings
            .mail
            .from
            .parse()
            .map_err(|_| MailSettingsProblem("from"))?;
        let Some(url) = &settings.mail.smtp_url else {
            return Ok(Self::Outbox {
                folder: settings.outbox(),
                from,
            });
        };
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url.0)
            .map_err(|_| MailSettingsProblem("smtp_url"))?
            .timeout(Some(std::time::Duration::from_secs(20)))
            .build();
        Ok(Self::Smtp { transport, from })
    }

    /// Sends one mail. The message id is made of `id`, so that a mail server that gets it a second
    /// time after a crash can tell.
    ///
    /// # Errors
    /// Says whether another try can succeed.
    pub async fn send(&self, id: Uuid, letter: &Letter) -> Result<(), NotSent> {
        match self {
            Self::Smtp { transport, from } => {
                let message = message(id, from, letter)?;
                match transport.send(message).await {
                    Ok(_) => Ok(()),
                    Err(error) if error.is_permanent() => Err(NotSent::Never(error.to_string())),
                    Err(error) => Err(NotSent::Later(error.to_string())),
                }
            }
            Self::Outbox { folder, from } => {
                let message = message(id, from, letter)?.formatted();
                write(folder.clone(), id, message)
                    .await
                    .map_err(|error| NotSent::Later(error.to_string()))
            }
        }
    }
}

fn message(id: Uuid, from: &Mailbox, letter: &Letter) -> Result<Message, NotSent> {
    let never = |error: &dyn std::fmt::Display| NotSent::Never(error.to_string());
    let to: Mailbox = letter.to.parse().map_err(|error| never(&error))?;
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    Message::builder()
        .from(from.clone())
        .to(to)
        .subject(letter.subject.clone())
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
        .multipart(MultiPart::alternative_plain_html(
            letter.text(),
            letter.html(),
        ))
        .map_err(|error| never(&error))
}

/// Writes beside and renames, so that whoever watches the folder never sees half a mail.
async fn write(folder: PathBuf, id: Uuid, message: Vec<u8>) -> std::io::Result<()> {
    tokio::fs::create_dir_all(&folder).await?;
    let part = folder.join(format!(".{id}.part"));
    tokio::fs::write(&part, message).await?;
    tokio::fs::rename(part, folder.join(format!("{id}.eml"))).await
}
