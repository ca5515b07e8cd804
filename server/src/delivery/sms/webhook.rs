//! A gateway of the operator's own: JSON, signed together with the moment, so that it can tell our requests from others'
//! and old ones from new.

use std::time::Duration;

use app::types::timestamp::Timestamp;
use async_trait::async_trait;
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{Request, Uri, header};
use serde_json::json;
use sha2::Sha256;

use super::SmsSettingsProblem;
use super::http::{HttpClient, gateway_url};
use service::sms::{SmsGateway, SmsNotSent, TextMessage};
use settings::{SecretSetting, Sms};

/// A shorter secret can be guessed from one request.
const SHORTEST_SECRET: usize = 16;

/// A gateway that takes our own JSON.
pub struct Webhook {
    client: HttpClient,
    url: Uri,
    secret: SecretSetting,
}

impl Webhook {
    /// The webhook of these settings.
    pub(super) fn new(sms: &Sms, limit: Duration) -> Result<Self, SmsSettingsProblem> {
        let url = gateway_url(sms.url.as_deref().unwrap_or_default())?;
        let secret = sms.secret.clone();
        let secret = secret.filter(|secret| secret.0.len() >= SHORTEST_SECRET);
        Ok(Self {
            client: HttpClient::new(limit),
            url,
            secret: secret.ok_or(SmsSettingsProblem(
                "secret",
                "it takes at least 16 characters".to_owned(),
            ))?,
        })
    }
}

#[async_trait]
impl SmsGateway for Webhook {
    async fn send(&self, message: &TextMessage, now: Timestamp) -> Result<(), SmsNotSent> {
        let body = json!({
            "id": message.id.to_string(),
            "to": message.to.e164(),
            "text": message.text.expose(),
        })
        .to_string();
        let moment = now.seconds().to_string();
        let request = Request::post(&self.url)
            .header(header::CONTENT_TYPE, "application/json")
            .header("twofold-timestamp", &moment)
            .header("twofold-signature", sign(&self.secret, &moment, &body))
            .body(body.into())
            .map_err(|error| SmsNotSent::NotWritten(error.to_string()))?;
        self.client.send(request).await
    }
}

/// HMAC-SHA256 over the moment, a dot and the body, in lower-case hexadecimal.
fn sign(secret: &SecretSetting, moment: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.0.as_bytes())
        .expect("HMAC takes a key of any length");
    for part in [moment, ".", body] {
        mac.update(part.as_bytes());
    }
    HEXLOWER.encode(&mac.finalize().into_bytes())
}
