//! Settings of the listeners: how long a client may take, and how a server leaves.

use std::net::SocketAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long a client may take with each phase of a request.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(default)]
pub struct HttpLimits {
    /// Seconds from the last answer, or from the connection, to the whole head of the next request.
    pub idle_seconds: u32,
    /// Seconds from the head of a request to the end of its body.
    pub body_seconds: u32,
    /// Seconds in which at least some of an answer must have been taken.
    pub write_seconds: u32,
    /// Connections that the main listener has at once; 0 for as many as memory and descriptors have room for.
    pub connections: u32,
    /// Seconds between the signal to stop and the last connection that is taken.
    pub stop_delay_seconds: u32,
    /// Whether browsers are told to use https for every host below the public one, too (RFC 6797 §6.1.2).
    pub hsts_subdomains: bool,
}

/// The operator's listener.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct MetricsListener {
    /// Where to listen; none means that there is no such listener.
    pub listen: Option<SocketAddr>,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            // Longer than nginx keeps an idle connection to us (60 s): whoever closes first should be the proxy.
            idle_seconds: 75,
            body_seconds: 10,
            write_seconds: 30,
            connections: 0,
            stop_delay_seconds: 0,
            hsts_subdomains: false,
        }
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
