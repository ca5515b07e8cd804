//! The operator's settings: their types, defaults and where they come from. `table` declares each once.

mod advice;
mod check;
mod declare;
mod doubtful;
mod example;
mod found_file;
mod given;
mod key;
mod kubernetes;
mod log_level;
mod network;
mod problem;
mod protection;
mod public_url;
mod shown;
mod sources;
mod table;
mod values;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use app::types::page::Page;

use crypto::token::Token;
use storage::{Location, PostgresUrl};

pub use advice::{Advice, advice};
pub use example::{default_of, described, example};
pub use given::{Given, Origin};
pub use key::{Bounds, Key, SettingKind};
pub use network::Network;
pub use problem::SettingsProblem;
pub use protection::Unprotected;
pub use sources::{Read, SYSTEM_FILE, Sources, load, read};
pub use table::{
    Audit, HttpLimits, KEYS, Limits, Log, MAIL_LEASE, Mail, MetricsListener, PasswordHash,
    SessionLimits, Settings, Sms, meaning_of,
};
pub use values::{LogFormat, SecretSetting, SmsGatewayKind, StepUpCode};

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

impl HttpLimits {
    /// `idle_seconds` as a duration.
    pub const fn idle_patience(&self) -> Duration {
        Duration::from_secs(self.idle_seconds as u64)
    }

    /// `body_seconds` as a duration.
    pub const fn body_patience(&self) -> Duration {
        Duration::from_secs(self.body_seconds as u64)
    }

    /// `write_seconds` as a duration.
    pub const fn write_patience(&self) -> Duration {
        Duration::from_secs(self.write_seconds as u64)
    }

    /// `stop_delay_seconds` as a duration.
    pub const fn stop_delay(&self) -> Duration {
        Duration::from_secs(self.stop_delay_seconds as u64)
    }
}

impl Settings {
    /// The address that people use, without a slash at the end. Without one that is set it is where the server listens; of
    /// a server that listens at every address, this machine's own.
    pub fn public_url(&self) -> String {
        self.public_url.as_deref().map_or_else(
            || format!("http://{}", own_address(self.listen)),
            |url| url.trim_end_matches('/').to_owned(),
        )
    }

    /// Whether links lead to this machine alone though others can reach it.
    pub fn lacks_public_url(&self) -> bool {
        self.public_url.is_none() && self.listen.ip().is_unspecified()
    }

    /// Whether people come by https, so that cookies are `Secure` whatever a proxy says.
    pub fn is_https(&self) -> bool {
        self.public_url().starts_with("https://")
    }

    /// A link to a page; a token travels in the fragment, which no server and no log sees.
    pub fn link(&self, page: Page, token: Option<&Token>) -> String {
        let public_url = self.public_url();
        let path = page.path();
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
