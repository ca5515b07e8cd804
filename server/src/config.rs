//! The operator's settings: their types, defaults and where they come from.

mod advice;
mod audit;
mod check;
mod example;
mod found_file;
mod given;
mod http;
mod key;
mod kubernetes;
mod limits;
mod problem;
mod protection;
mod public_url;
mod sms;
mod sources;
mod table;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::crypto::token::Token;
use crate::http::client_address::Network;
use crate::storage::{Location, PostgresUrl, USUAL_CONNECTIONS};

pub use advice::{Advice, advice};
pub use audit::Audit;
pub use example::{default_of, example};
pub use given::{Given, Origin};
pub use http::{HttpLimits, MetricsListener};
pub use limits::Limits;
pub use problem::SettingsProblem;
pub use protection::Unprotected;
pub use sms::{Sms, SmsGatewayKind};
pub use sources::{Read, SYSTEM_FILE, Sources, load, read};
pub use table::{KEYS, Key};

/// Everything that can be set. `config::table` says what each means.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address that people use, when it is not the one to listen at.
    #[serde(rename = "public_url")]
    pub configured_public_url: Option<String>,
    /// The folder of the database, the keys and the outbox.
    pub data: PathBuf,
    /// A PostgreSQL database in place of the file.
    pub database_url: Option<SecretSetting>,
    /// Connections that a server opens to PostgreSQL at most.
    pub database_connections: u32,
    /// Whether PostgreSQL on another machine may be spoken to without TLS.
    pub database_without_tls: bool,
    /// The file of the keys.
    pub keys_file: Option<PathBuf>,
    /// The keys themselves, for platforms that hand secrets over in the environment.
    pub keys: Option<SecretSetting>,
    /// The name that pages, mails and authenticator apps show.
    pub product_name: String,
    /// Whether strangers can sign up.
    pub sign_up: bool,
    /// When a step-up asks for a code besides the password.
    pub step_up_code: StepUpCode,
    /// Proxies whose word about the client's address counts.
    pub trusted_proxies: Vec<Network>,
    /// How long sessions last.
    pub session: SessionLimits,
    /// What a password hash costs.
    pub password_hash: PasswordHash,
    /// How many tries a span of time has.
    pub limits: Limits,
    /// How long a client may take.
    pub http: HttpLimits,
    /// The operator's listener.
    pub metrics: MetricsListener,
    /// How long the audit log is kept.
    pub audit: Audit,
    /// How mail leaves.
    pub mail: Mail,
    /// How codes leave by SMS.
    pub sms: Sms,
    /// What the log looks like.
    pub log: Log,
}

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

/// How long sessions last.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(default)]
pub struct SessionLimits {
    /// Minutes without use after which a session is over.
    pub idle_minutes: u32,
    /// Hours after which a session is over in any case.
    pub absolute_hours: u32,
}

/// What a password hash costs (argon2id, RFC 9106).
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(default)]
pub struct PasswordHash {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
    /// Sign-ins that may wait for a hashing slot.
    pub queue: usize,
}

/// How mail leaves.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default)]
pub struct Mail {
    /// The mail server, as `smtps://`, `smtp://…?tls=required` or `smtp://`; none means the outbox folder.
    pub smtp_url: Option<SecretSetting>,
    /// The address that mails come from.
    pub from: String,
    /// Whether a mail server on another machine may be spoken to without TLS.
    pub without_tls: bool,
    /// Seconds that handing over one mail may take.
    pub timeout_seconds: u32,
    /// The certificate of an authority of the operator's own that the mail server's certificate is checked with, too.
    pub ca_file: Option<PathBuf>,
}

/// What the log looks like.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default)]
pub struct Log {
    /// Text for people or JSON for machines.
    pub format: LogFormat,
    /// What is logged, as a `tracing` filter.
    pub level: String,
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

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)),
            configured_public_url: None,
            data: PathBuf::from("data"),
            database_url: None,
            database_connections: USUAL_CONNECTIONS,
            database_without_tls: false,
            keys_file: None,
            keys: None,
            product_name: "Twofold".to_owned(),
            sign_up: false,
            step_up_code: StepUpCode::Stale,
            trusted_proxies: Vec::new(),
            session: SessionLimits::default(),
            password_hash: PasswordHash::default(),
            limits: Limits::default(),
            http: HttpLimits::default(),
            metrics: MetricsListener::default(),
            audit: Audit::default(),
            mail: Mail::default(),
            sms: Sms::default(),
            log: Log::default(),
        }
    }
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            idle_minutes: 60,
            absolute_hours: 24,
        }
    }
}

impl Default for PasswordHash {
    fn default() -> Self {
        Self {
            memory_kib: 19 * 1024,
            passes: 2,
            lanes: 1,
            queue: 128,
        }
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            smtp_url: None,
            from: "Twofold <twofold@localhost>".to_owned(),
            without_tls: false,
            timeout_seconds: 30,
            ca_file: None,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            level: "info".to_owned(),
        }
    }
}

impl SessionLimits {
    /// Seconds without use after which a session is over.
    pub const fn idle_seconds(&self) -> i64 {
        self.idle_minutes as i64 * 60
    }

    /// Seconds after which a session is over in any case.
    pub const fn absolute_seconds(&self) -> i64 {
        self.absolute_hours as i64 * 3600
    }
}

impl Settings {
    /// The address that people use, without a slash at the end. Without one that is set it is where the server listens; of
    /// a server that listens at every address, this machine's own.
    pub fn public_url(&self) -> String {
        self.configured_public_url.as_deref().map_or_else(
            || format!("http://{}", own_address(self.listen)),
            |url| url.trim_end_matches('/').to_owned(),
        )
    }

    /// Whether links lead to this machine alone though others can reach it.
    pub fn lacks_public_url(&self) -> bool {
        self.configured_public_url.is_none() && self.listen.ip().is_unspecified()
    }

    /// Whether people come by https, so that cookies are `Secure` whatever a proxy says.
    pub fn is_https(&self) -> bool {
        self.public_url().starts_with("https://")
    }

    /// A link to a page; a token travels in the fragment, which no server and no log sees.
    pub fn link(&self, path: &str, token: Option<&Token>) -> String {
        let public_url = self.public_url();
        token.map_or_else(
            || format!("{public_url}{path}"),
            |token| format!("{public_url}{path}#{}", token.to_text().expose()),
        )
    }

    /// Where the database is.
    pub fn location(&self) -> Location {
        self.database_url.as_ref().map_or_else(
            || Location::Sqlite(self.data.join("twofold.db")),
            |url| {
                let url = PostgresUrl::new(&url.0);
                Location::Postgres(url.with_connections(self.database_connections))
            },
        )
    }

    /// The file of the keys.
    pub fn keys_path(&self) -> PathBuf {
        self.keys_file
            .clone()
            .unwrap_or_else(|| self.data.join("keys"))
    }

    /// What the program's owner alone may read: the data folder, what is in it, and the keys.
    pub fn private_paths(&self) -> Vec<PathBuf> {
        vec![self.data.clone(), self.outbox(), self.keys_path()]
    }

    /// The folder that mail is written to when no mail server is set.
    pub fn outbox(&self) -> PathBuf {
        self.data.join("outbox")
    }
}

/// An address at which this machine reaches what listens there.
const fn own_address(listen: SocketAddr) -> SocketAddr {
    match listen {
        SocketAddr::V4(address) if address.ip().is_unspecified() => {
            SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port())
        }
        SocketAddr::V6(address) if address.ip().is_unspecified() => {
            SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), address.port())
        }
        SocketAddr::V4(_) | SocketAddr::V6(_) => listen,
    }
}
