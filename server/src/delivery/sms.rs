//! One text message on its way: to a gateway over HTTP or, for development, into the outbox folder.
//!
//! Nothing is tried a second time: a code that comes late is no good any more, and every try costs. The person asks
//! again instead. docs/decisions/0014-sms-as-legacy.md

mod http;
mod twilio;
mod webhook;

use std::path::PathBuf;
use std::time::Duration;

use app::types::secret_text::SecretText;
use app::types::timestamp::Timestamp;
use uuid::Uuid;

use crate::config::{Settings, SmsGatewayKind};
use crate::domain::phone_number::PhoneNumber;
use crate::private_files;
use twilio::Twilio;
use webhook::Webhook;

/// How text messages leave.
pub enum SmsGateway {
    /// As signed JSON.
    Webhook(Webhook),
    /// As a form.
    Twilio(Twilio),
    /// Into a folder, one `.txt` file each.
    Outbox(PathBuf),
}

/// A text message.
pub struct TextMessage {
    /// Its id, by which a gateway can tell that it has had it.
    pub id: Uuid,
    /// Whom to.
    pub to: PhoneNumber,
    /// What it says; it holds a code.
    pub text: SecretText,
}

/// Why a message did not leave, for the log: never with the number or the text.
#[derive(Debug, thiserror::Error)]
pub enum SmsNotSent {
    /// The gateway answered with another status than success.
    #[error("the gateway answered {0}")]
    Refused(u16),
    /// The gateway did not answer in time.
    #[error("the gateway took too long")]
    TooSlow,
    /// The gateway could not be reached, or broke off.
    #[error("the gateway could not be reached: {0}")]
    Unreachable(String),
    /// The request or the file could not be made.
    #[error("the message could not be written: {0}")]
    NotWritten(String),
}

/// The SMS settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("setting `sms.{0}` cannot be used: {1}")]
pub struct SmsSettingsProblem(&'static str, &'static str);

impl SmsSettingsProblem {
    /// The setting that cannot be used.
    pub fn setting(&self) -> String {
        format!("sms.{}", self.0)
    }
}

impl SmsGateway {
    /// The gateway of these settings; none where none is named.
    ///
    /// # Errors
    /// Names the setting that is missing or no good.
    pub fn new(settings: &Settings) -> Result<Option<Self>, SmsSettingsProblem> {
        let sms = &settings.sms;
        let Some(kind) = sms.gateway else {
            return Ok(None);
        };
        let limit = Duration::from_secs(u64::from(sms.timeout_seconds));
        Ok(Some(match kind {
            SmsGatewayKind::Webhook => Self::Webhook(Webhook::new(sms, limit)?),
            SmsGatewayKind::Twilio => Self::Twilio(Twilio::new(sms, limit)?),
            SmsGatewayKind::Outbox => Self::Outbox(settings.outbox()),
        }))
    }

    /// Hands one message over, within the time limit of the settings.
    ///
    /// # Errors
    /// Says what went wrong, without the number or the text.
    pub async fn send(&self, message: &TextMessage, now: Timestamp) -> Result<(), SmsNotSent> {
        match self {
            Self::Webhook(webhook) => webhook.send(message, now).await,
            Self::Twilio(twilio) => twilio.send(message).await,
            Self::Outbox(folder) => write(folder.clone(), message)
                .await
                .map_err(|error| SmsNotSent::NotWritten(error.to_string())),
        }
    }
}

/// Writes beside and renames, so that whoever watches the folder never sees half a message.
async fn write(folder: PathBuf, message: &TextMessage) -> std::io::Result<()> {
    let name = message.id.to_string();
    let content = format!("To: {}\n\n{}\n", message.to.e164(), message.text.expose());
    let part = private_files::write_part(&folder, &name, content.into_bytes()).await?;
    tokio::fs::rename(part, folder.join(format!("{name}.txt"))).await
}
