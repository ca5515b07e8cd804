//! The metrics of the server, for Prometheus. Counters are atomics. No label contains personal data, and every label has few
//! values: functions of the gate, codes of refusals, names of limits.

mod labels;
mod readings;

use prometheus_client::encoding::prometheus_text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use app::types::timestamp::Timestamp;

use crypto::password::PasswordHasher;

pub use labels::{CODE, MailFate, PASSWORD, Proof};
pub use readings::Readings;

use labels::{Build, Function, Mails, ResponseLabels, SignIn, SpentLimit};

/// The media type of what [`Metrics::print`] gives.
pub use prometheus_text::CONTENT_TYPE;

/// Seconds: from a read that the database has at hand to a sign-in that waited in the whole queue.
const LATENCIES: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0];

/// Everything that is counted from the start of the process on.
pub struct Metrics {
    sign_ins: Family<SignIn, Counter>,
    spent_limits: Family<SpentLimit, Counter>,
    answers: Family<ResponseLabels, Counter>,
    latencies: Family<Function, Histogram, fn() -> Histogram>,
    mails: Family<Mails, Counter>,
    added_lines: Counter,
    removed_lines: Counter,
    connections: Gauge,
    most_connections: Gauge,
    own: Registry,
    standard: Registry,
}

impl Metrics {
    /// Everything at zero; `database` is the kind of database.
    pub fn new(hasher: &PasswordHasher, started_at: Timestamp, database: &'static str) -> Self {
        let mut metrics = Self {
            sign_ins: Family::default(),
            spent_limits: Family::default(),
            answers: Family::default(),
            latencies: Family::new_with_constructor(latencies),
            mails: Family::default(),
            added_lines: Counter::default(),
            removed_lines: Counter::default(),
            connections: Gauge::default(),
            most_connections: Gauge::default(),
            own: Registry::with_prefix("twofold"),
            standard: Registry::default(),
        };
        metrics.register(hasher);
        metrics.begin_at_zero();
        let build = Family::<Build, Gauge>::default();
        let version = env!("CARGO_PKG_VERSION");
        build.get_or_create(&Build { version, database }).set(1);
        metrics
            .own
            .register("build_info", "What runs here; always 1", build);
        let started: Gauge = Gauge::default();
        started.set(started_at.seconds());
        metrics.standard.register(
            "process_start_time_seconds",
            "When the process started, in seconds since 1970",
            started,
        );
        metrics
    }

    fn register(&mut self, hasher: &PasswordHasher) {
        let own = &mut self.own;
        own.register(
            "sign_ins",
            "Steps of sign-ins by outcome (or code of the refusal) and factor",
            self.sign_ins.clone(),
        );
        own.register(
            "limit_refusals",
            "Tries that met a spent limit, by limit",
            self.spent_limits.clone(),
        );
        own.register(
            "requests",
            "Answers by function and class of status",
            self.answers.clone(),
        );
        own.register(
            "request_seconds",
            "Time from the head of a request to its answer, by function",
            self.latencies.clone(),
        );
        own.register(
            "mails",
            "Mails that left the queue or were put back, by what became of them",
            self.mails.clone(),
        );
        own.register(
            "audit_lines_added",
            "Lines that were written to the audit log",
            self.added_lines.clone(),
        );
        own.register(
            "audit_lines_removed",
            "Lines that were removed from the audit log because they were older than audit.keep_days",
            self.removed_lines.clone(),
        );
        own.register(
            "connections",
            "Open connections of the main listener",
            self.connections.clone(),
        );
        own.register(
            "connections_most",
            "Connections that the main listener has room for",
            self.most_connections.clone(),
        );
        own.register(
            "hash_wait_seconds",
            "Time that password hashes waited for a slot",
            hasher.waits().clone(),
        );
    }

    /// A rate can only be drawn of what was there before its first time.
    fn begin_at_zero(&self) {
        for (outcome, factor) in labels::sign_ins() {
            drop(self.sign_ins.get_or_create(&SignIn { outcome, factor }));
        }
        for fate in MailFate::ALL {
            drop(self.mails.get_or_create(&Mails { fate: fate.word() }));
        }
    }

    /// Begins the count of faults of a function at zero.
    pub fn expect_answers(&self, function: &'static str) {
        let status = labels::class_of(500);
        drop(
            self.answers
                .get_or_create(&ResponseLabels { function, status }),
        );
    }

    /// A step of a sign-in ended in `outcome`, a stable word.
    pub fn count_sign_in(&self, outcome: &'static str, factor: &'static str) {
        self.sign_ins
            .get_or_create(&SignIn { outcome, factor })
            .inc();
    }

    /// Somebody met a spent limit.
    pub fn count_spent_limit(&self, limit: &'static str) {
        self.spent_limits.get_or_create(&SpentLimit { limit }).inc();
    }

    /// What became of a mail.
    pub fn count_mail(&self, fate: MailFate) {
        self.mails.get_or_create(&Mails { fate: fate.word() }).inc();
    }

    /// A line was written to the audit log.
    pub fn count_added_line(&self) {
        self.added_lines.inc();
    }

    /// Lines were removed from the audit log.
    pub fn count_removed_lines(&self, lines: u64) {
        self.removed_lines.inc_by(lines);
    }

    /// A request was answered.
    pub fn count_answer(&self, function: &'static str, status: u16, seconds: f64) {
        let status = labels::class_of(status);
        self.answers
            .get_or_create(&ResponseLabels { function, status })
            .inc();
        self.latencies
            .get_or_create(&Function { function })
            .observe(seconds);
    }

    /// Open connections of the main listener, to be raised and lowered.
    pub const fn connections(&self) -> &Gauge {
        &self.connections
    }

    /// How many of them there is room for.
    pub fn set_most_connections(&self, most: u32) {
        self.most_connections.set(i64::from(most));
    }

    /// Everything in Prometheus's text format; without `readings` what the database knows is left out.
    pub fn print(
        &self,
        readings: Option<&Readings>,
        is_writable: bool,
        hasher: &PasswordHasher,
    ) -> String {
        let read = readings::registry(readings, is_writable, hasher);
        let mut text = String::new();
        for registry in [&self.own, &self.standard, &read] {
            // Writing to a String does not fail.
            let _ = prometheus_text::encode(&mut text, registry);
        }
        text
    }
}

fn latencies() -> Histogram {
    Histogram::new(LATENCIES)
}
