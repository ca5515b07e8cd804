//! One text message on its way: to a gateway over HTTP or, for development, into the outbox folder.
//!
//! Nothing is tried a second time: a code that comes late is no good any more, and every try costs. The person asks
//! again instead. docs/decisions/0014-sms-as-legacy.md

mod http;
mod twilio;
mod webhook;

use std::path::PathBuf;
use std::time::Duration;

use app::types::timestamp::Timestamp;
use async_trait::async_trait;

use files::private_files;
use service::sms::{SmsGateway, SmsNotSent, TextMessage};
use settings::{Settings, SmsGatewayKind};
use twilio::Twilio;
use webhook::Webhook;

/// The SMS settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("setting `sms.{0}` cannot be used: {1}")]
pub struct SmsSettingsProblem(&'static str, String);

impl SmsSettingsProblem {
    /// The setting that cannot be used.
    pub fn setting(&self) -> String {
        format!("sms.{}", self.0)
    }
}

/// The gateway of these settings; none where none is named.
///
/// # Errors
/// Names the setting that is missing or no good.
pub fn gateway(settings: &Settings) -> Result<Option<Box<dyn SmsGateway>>, SmsSettingsProblem> {
    let sms = &settings.sms;
    let Some(kind) = sms.gateway else {
        return Ok(None);
    };
    let limit = Duration::from_secs(u64::from(sms.timeout_seconds));
    Ok(Some(match kind {
        SmsGatewayKind::Webhook => Box::new(Webhook::new(sms, limit)?),
        SmsGatewayKind::Twilio => Box::new(Twilio::new(sms, limit)?),
        SmsGatewayKind::Outbox => Box::new(TextFolder(settings.outbox())),
    }))
}

/// A folder that takes each message as a `.txt` file.
struct TextFolder(PathBuf);

#[async_trait]
impl SmsGateway for TextFolder {
    async fn send(&self, message: &TextMessage, _: Timestamp) -> Result<(), SmsNotSent> {
        let written = write(self.0.clone(), message).await;
        written.map_err(|error| SmsNotSent::NotWritten(error.to_string()))
    }
}

/// Writes beside and renames, so that whoever watches the folder never sees half a message.
async fn write(folder: PathBuf, message: &TextMessage) -> std::io::Result<()> {
    let name = message.id.to_string();
    let content = format!("To: {}\n\n{}\n", message.to.e164(), message.text.expose());
    let part = private_files::write_part(&folder, &name, content.into_bytes()).await?;
    tokio::fs::rename(part, folder.join(format!("{name}.txt"))).await
}
