//! Gauges that are read at each scrape: the state of the hashing workers, and counts from the database.

use app::types::factors::FactorKind;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crypto::password::PasswordHasher;

/// What the database knows, read by one statement each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readings {
    /// Users.
    pub users: u64,
    /// Users who have a second factor of each kind.
    pub with_factor: [(FactorKind, u64); FactorKind::ALL.len()],
    /// Accounts.
    pub accounts: u64,
    /// Accounts that require two-factor authentication, now or from a day on.
    pub requiring_accounts: u64,
    /// Sessions that are not over.
    pub sessions: u64,
    /// Mails in the queue.
    pub queued_mails: u64,
    /// Seconds since the oldest of them was put in.
    pub oldest_mail_seconds: i64,
    /// Bytes that the database takes, what is free in it included.
    pub database_bytes: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FactorLabels {
    factor: &'static str,
}

/// A registry of one scrape.
pub(super) fn registry(
    readings: Option<&Readings>,
    is_writable: bool,
    hasher: &PasswordHasher,
) -> Registry {
    let mut registry = Registry::with_prefix("twofold");
    let mut gauge = |name: &str, help: &str, value: i64| {
        let gauge: Gauge = Gauge::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    };
    let load = hasher.load();
    gauge(
        "hash_queue_length",
        "Password hashes that wait for a slot",
        count(load.waiting as u64),
    );
    gauge(
        "hashes_running",
        "Password hashes in a slot",
        count(load.running as u64),
    );
    gauge(
        "database_up",
        "Whether the database answered this scrape",
        i64::from(readings.is_some()),
    );
    gauge(
        "database_writable",
        "Whether the database took the last write that was tried, of at most a second before this scrape",
        i64::from(is_writable),
    );
    let Some(read) = readings else {
        return registry;
    };
    gauge("users", "Users", count(read.users));
    gauge("accounts", "Accounts", count(read.accounts));
    gauge(
        "requiring_accounts",
        "Accounts that require two-factor authentication, now or from a day on",
        count(read.requiring_accounts),
    );
    gauge(
        "sessions",
        "Sessions that are not over",
        count(read.sessions),
    );
    gauge(
        "mail_queue_length",
        "Mails that wait",
        count(read.queued_mails),
    );
    gauge(
        "mail_queue_oldest_seconds",
        "Seconds since the oldest waiting mail was put in",
        read.oldest_mail_seconds,
    );
    gauge(
        "database_bytes",
        "Bytes that the database takes; of SQLite without its write-ahead log",
        read.database_bytes,
    );
    let with_factor = Family::<FactorLabels, Gauge>::default();
    for (kind, users) in read.with_factor {
        let labels = FactorLabels {
            factor: kind.word(),
        };
        with_factor.get_or_create(&labels).set(count(users));
    }
    registry.register(
        "two_factor_users",
        "Users with two-factor authentication, by factor",
        with_factor,
    );
    registry
}

fn count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
