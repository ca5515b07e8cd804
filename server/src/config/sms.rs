//! Settings of SMS, the legacy factor. Off unless a gateway is named.

use serde::{Deserialize, Serialize};

use super::SecretSetting;

/// How codes leave by SMS.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default)]
pub struct Sms {
    /// What kind of gateway; none means that no code is sent.
    pub gateway: Option<SmsGatewayKind>,
    /// Where the gateway is.
    pub url: Option<String>,
    /// What signs the body of a webhook.
    pub secret: Option<SecretSetting>,
    /// The account at the gateway.
    pub account: String,
    /// The token of that account.
    pub token: Option<SecretSetting>,
    /// The number or name that messages come from.
    pub from: String,
    /// Whether users may still set up SMS; those who have it keep it either way.
    pub enrolment: bool,
    /// Seconds that handing over one message may take.
    pub timeout_seconds: u32,
}

/// The kinds of gateways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SmsGatewayKind {
    /// Our own JSON, signed.
    Webhook,
    /// The form of Twilio's API, which others speak too.
    Twilio,
    /// Files in the outbox folder, for development.
    Outbox,
}

impl Default for Sms {
    fn default() -> Self {
        Self {
            gateway: None,
            url: None,
            secret: None,
            account: String::new(),
            token: None,
            from: String::new(),
            enrolment: false,
            timeout_seconds: 10,
        }
    }
}
