//! The types of settings that have few values, or a secret one.

use serde::{Deserialize, Serialize};

/// When a step-up asks for a code besides the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepUpCode {
    /// The password alone suffices.
    Never,
    /// When the session's second factor is older than 15 minutes.
    Stale,
    /// Every time.
    Always,
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

/// The shape of a line of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// A setting that is not shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct SecretSetting(pub String);

impl Serialize for SecretSetting {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("…")
    }
}

impl std::fmt::Debug for SecretSetting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}
