//! The form API of Twilio's shape, which other providers speak too.

use std::time::Duration;

use app::types::timestamp::Timestamp;
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Request, Uri, header};

use super::SmsSettingsProblem;
use super::http::{HttpClient, gateway_url};
use service::sms::{SmsGateway, SmsNotSent, TextMessage};
use settings::Sms;

/// Twilio's own address.
const DEFAULT_URL: &str = "https://api.twilio.com";

/// A provider that takes Twilio's form.
pub struct Twilio {
    client: HttpClient,
    url: Uri,
    authorization: HeaderValue,
    from: String,
}

impl Twilio {
    /// The provider of these settings.
    pub(super) fn new(sms: &Sms, limit: Duration) -> Result<Self, SmsSettingsProblem> {
        let missing =
            |name| SmsSettingsProblem(name, "a gateway of the kind twilio needs it".to_owned());
        let is_of_a_path = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if sms.account.is_empty() || !sms.account.chars().all(is_of_a_path) {
            return Err(missing("account"));
        }
        if sms.from.is_empty() {
            return Err(missing("from"));
        }
        let token = sms.token.as_ref().filter(|token| !token.0.is_empty());
        let token = token.ok_or_else(|| missing("token"))?;
        let base = sms.url.as_deref().unwrap_or(DEFAULT_URL);
        let base = base.trim_end_matches('/');
        let url = format!("{base}/2010-04-01/Accounts/{}/Messages.json", sms.account);
        let credentials = STANDARD.encode(format!("{}:{}", sms.account, token.0));
        let mut authorization =
            HeaderValue::from_str(&format!("Basic {credentials}")).map_err(|_| missing("token"))?;
        authorization.set_sensitive(true);
        Ok(Self {
            client: HttpClient::new(limit),
            url: gateway_url(&url)?,
            authorization,
            from: sms.from.clone(),
        })
    }
}

#[async_trait]
impl SmsGateway for Twilio {
    async fn send(&self, message: &TextMessage, _: Timestamp) -> Result<(), SmsNotSent> {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("To", message.to.e164())
            .append_pair("From", &self.from)
            .append_pair("Body", message.text.expose())
            .finish();
        let request = Request::post(&self.url)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::AUTHORIZATION, &self.authorization)
            .body(body.into())
            .map_err(|error| SmsNotSent::NotWritten(error.to_string()))?;
        self.client.send(request).await
    }
}
