//! Every setting, once: its name, type and default, what it takes and what it means. From here come the types, the
//! names of environment variables, the check of keys and bounds, `--help`, the example file and the table of
//! docs/operating.md.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::check::{database_url, log_level, path, public_url, sender, shown, socket};
use super::declare::{Group, settings};
use super::key::{ANY, Key, characters, checked, unset, within};
use super::values::{LogFormat, SecretSetting, SmsGatewayKind, StepUpCode};
use crate::network::Network;
use crypto::password::{MOST_MEMORY_KIB, MOST_PASSES};
use domain::retention::{FEWEST_DAYS, MOST_DAYS};
use storage::USUAL_CONNECTIONS;

/// Seconds for which one server has a mail to itself.
pub const MAIL_LEASE: i64 = 60;
/// The most of what can be counted: more than any server sees, for whoever wants no limit.
const MANY: i64 = 1_000_000;

settings! {
    /// Everything that can be set.
    Settings "" {
        /// Address and port to listen at.
        listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 3000)), checked(socket);
        /// The address that people use, as `https://security.example.org`.
        public_url: Option<String> = None, checked(public_url).unset("`http://` and `listen`");
        /// Folder of the database, the keys and the outbox.
        data: PathBuf = PathBuf::from("data"), checked(path);
        /// A PostgreSQL database in place of the file in `data`.
        database_url: Option<SecretSetting> = None, checked(database_url);
        /// Connections that a server opens to PostgreSQL at most; fewer are used, with a warning, where PostgreSQL gives
        /// fewer.
        database_connections: u32 = USUAL_CONNECTIONS, within(2, 1000);
        /// Whether PostgreSQL on another machine may be spoken to without TLS (`sslmode=require`, `verify-ca` or
        /// `verify-full`).
        database_without_tls: bool = false;
        /// File of the keys; it is made where there is none.
        keys_file: Option<PathBuf> = None, checked(path).unset("`keys` in `data`");
        /// The keys themselves, in place of a file; for platforms that hand secrets over in the environment.
        keys: Option<SecretSetting> = None;
        /// The name that pages, mails, text messages and authenticator apps show: one line that shows something, without
        /// control characters and characters that turn text around.
        product_name: String = "Twofold".to_owned(), characters(1, 60).checked(shown);
        /// Whom people ask for help, at the foot of every page and mail: an e-mail address, an https address, or one line of
        /// words as `IT help desk, extension 4711`; for it holds what holds for `product_name`.
        support: Option<String> = None, characters(1, 120).checked(shown).unset("none, nobody is named");
        /// An icon of your own in place of Twofold's, in the pages and in the browser's tabs: a square PNG of 64 to 1024 pixels
        /// and at most 256 KiB.
        icon_file: Option<PathBuf> = None, checked(path).unset("none, Twofold's");
        /// Whether strangers can sign up.
        sign_up: bool = false;
        /// When sensitive acts ask for a code besides the password: `never`, `stale` (older than 15 minutes) or `always`.
        step_up_code: StepUpCode = StepUpCode::Stale;
        /// Addresses or networks of proxies whose `X-Forwarded-For` counts; commas between them in the environment, or a
        /// list as in the file.
        trusted_proxies: Vec<Network> = Vec::new();
        ..session: SessionLimits;
        ..password_hash: PasswordHash;
        ..limits: Limits;
        ..http: HttpLimits;
        ..metrics: MetricsListener;
        ..audit: Audit;
        ..mail: Mail;
        ..sms: Sms;
        ..log: Log;
    }

    /// How long sessions last.
    #[derive(Copy)]
    SessionLimits "session." {
        /// Minutes without use after which a session is over.
        idle_minutes: u32 = 60, within(1, 525_600);
        /// Hours after which a session is over in any case.
        absolute_hours: u32 = 24, within(1, 87_600);
    }

    /// What a password hash costs (argon2id, RFC 9106).
    #[derive(Copy)]
    PasswordHash "password_hash." {
        /// Memory of a password hash (argon2id) in KiB.
        memory_kib: u32 = 19 * 1024, within(8 * 1024, MOST_MEMORY_KIB as i64);
        /// Passes of a password hash.
        passes: u32 = 2, within(1, MOST_PASSES as i64);
        /// Lanes of a password hash.
        lanes: u32 = 1, within(1, 16);
        /// Sign-ins that may wait for a hash; beyond it the answer is 503.
        queue: usize = 128, within(0, MANY);
    }

    /// Rate limits: tries in a window. The windows are in `service::limits`.
    #[derive(Copy)]
    Limits "limits." {
        // A whole office behind one address mistypes less often; with a list of leaked passwords it is two tries an hour
        // for each of a hundred users.
        /// Wrong passwords from one client address in 15 minutes.
        wrong_passwords_per_client: u32 = 50, within(0, MANY);
        // Only strangers are slowed by it, so it can be tight without shutting the user out.
        /// Wrong passwords for one user in 15 minutes from browsers that have not signed in as them.
        wrong_passwords_of_strangers: u32 = 10, within(0, MANY);
        /// Wrong passwords in 15 minutes from a browser that has signed in as the user before.
        wrong_passwords_per_browser: u32 = 20, within(0, MANY);
        // Each is a line of the log or a row; people do a few.
        /// Acts of one user in 15 minutes that change or log something. Each session has 30 of them whatever the others do, all
        /// of them together 240.
        acts_per_user: u32 = 600, within(0, MANY);
        /// Sign-ins of one user in 15 minutes from one browser, or from one client address where the browser is not known.
        sign_ins_per_browser: u32 = 200, within(0, MANY);
        // With several devices and scripts nobody comes near it, and the audit log grows by what is left.
        /// Sign-ins of one user in 15 minutes from all browsers: so many by the password alone, and so many with a code or
        /// a mailed link. Browsers known for a day have 30 more by the password, and those that have proven the mailbox or a
        /// second factor 30.
        sign_ins_per_user: u32 = 300, within(0, MANY);
        // A team at a table, not a script.
        /// Sign-ups from one client address in an hour.
        sign_ups_per_client: u32 = 20, within(0, MANY);
        /// Requests for a link that sets a password, from one client address in an hour.
        password_resets_per_client: u32 = 20, within(0, MANY);
        /// Openings and acceptances of invitations from one client address in an hour.
        invitations_per_client: u32 = 60, within(0, MANY);
        /// Mails of one kind that anyone can ask for, to one e-mail address from one client network in 15 minutes.
        mails_per_address: u32 = 3, within(0, MANY);
        /// The same from all client networks together, in an hour; a network that has not asked that day gets one.
        mails_per_address_an_hour: u32 = 20, within(0, MANY);
        // Who asks for one has the password.
        /// Mails with the link that finishes a sign-in, to one user from one client network in 15 minutes.
        sign_in_links_per_user: u32 = 5, within(0, MANY);
        /// Mails to one mailbox in a day that strangers cause, and as many that people of its accounts do; those beyond
        /// wait until the next day, or are refused where a link for a new address was asked for.
        mails_per_mailbox_a_day: u32 = 20, within(0, MANY);
        /// How many of them may be invitations.
        invitations_per_mailbox_a_day: u32 = 5, within(0, MANY);
        /// How many of them may be invitations that one user sends, from whichever account.
        invitations_per_mailbox_and_user: u32 = 2, within(0, MANY);
        /// Invitations that one user sends in a day from all their accounts.
        invitations_per_user: u32 = 200, within(0, MANY);
        /// Accounts that one user creates in a day.
        accounts_per_user: u32 = 10, within(0, MANY);
        /// Changes of address that one user asks for in an hour.
        email_changes_per_user: u32 = 5, within(0, MANY);
        // A message costs the operator, and a phone that does not stop ringing costs its owner.
        /// Codes by SMS in 10 minutes to one number, and from one client address; and to one user from browsers that are not
        /// known, from known ones, and while signed in, as many each. Known browsers and sessions at one client address share
        /// eight times as many.
        sms_codes: u32 = 3, within(0, MANY);
    }

    /// How long a client may take with each phase of a request, and how a server leaves.
    #[derive(Copy)]
    HttpLimits "http." {
        // Longer than nginx keeps an idle connection to us (60 s): whoever closes first should be the proxy.
        /// Seconds that a connection may wait for the whole head of its next request; longer than the proxy keeps idle
        /// connections.
        idle_seconds: u32 = 75, within(1, 3600);
        /// Seconds that the body of a request may take; then the answer is 408.
        body_seconds: u32 = 10, within(1, 3600);
        /// Seconds in which a client must have taken some more of an answer.
        write_seconds: u32 = 30, within(1, 3600);
        // Fewer than a browser and a proxy open by themselves would be none.
        /// Connections that people and proxies may have open at once; by default a quarter of the memory and the
        /// descriptors decides.
        connections: u32 = 0, within(16, MANY).or_zero("for as many as there is room for");
        /// Seconds for which a server that was told to stop still takes requests while `/readyz` says 503.
        stop_delay_seconds: u32 = 0, within(0, 8);
        // RFC 6797 §6.1.2.
        /// Whether `Strict-Transport-Security` has `includeSubDomains`: browsers then use https, for a year, for every host
        /// below that of `public_url`, whoever runs it.
        hsts_subdomains: bool = false;
    }

    /// The operator's listener.
    #[derive(Copy)]
    MetricsListener "metrics." {
        /// Address and port of `/metrics`, `/readyz` and `/healthz`, for the operator's machines alone, as `127.0.0.1:9464`.
        listen: Option<SocketAddr> = None, checked(socket);
    }

    /// How long the audit log is kept.
    #[derive(Copy)]
    Audit "audit." {
        /// Days that lines of the audit log are kept.
        keep_days: Option<u32> = None, within(FEWEST_DAYS as i64, MOST_DAYS as i64)
            .or_zero("for all of them")
            .unset("400; all of them in a database that an earlier version began");
    }

    /// How mail leaves.
    Mail "mail." {
        /// The mail server: `smtps://user:password@host`, `smtp://host?tls=required` or `smtp://host`.
        smtp_url: Option<SecretSetting> = None, unset("none, mails are files in the folder `outbox` in `data`");
        /// The address that mails come from, with a name before it as `Twofold <twofold@example.org>`; for the name holds
        /// what holds for `product_name`.
        from: String = "Twofold <twofold@localhost>".to_owned(), checked(sender);
        /// Whether a mail server on another machine may be spoken to without TLS (`smtps://` or `?tls=required`).
        without_tls: bool = false;
        // Below the lease of a mail: by then another server may take it over.
        /// Seconds that handing over one mail may take.
        timeout_seconds: u32 = 30, within(1, MAIL_LEASE - 1);
        /// Certificate (PEM) of an authority of your own that the mail server's certificate is checked with, too.
        ca_file: Option<PathBuf> = None, checked(path);
    }

    /// How codes leave by SMS, the legacy factor; off unless a gateway is named.
    Sms "sms." {
        /// Gateway for codes by SMS, a legacy factor: `webhook`, `twilio` or `outbox` (files in `data`, for development).
        gateway: Option<SmsGatewayKind> = None, unset("none, no codes by SMS");
        /// Where the gateway is: https, or http on this machine.
        url: Option<String> = None, checked(shown).unset("none; for `twilio` `https://api.twilio.com`");
        /// What signs the body of a webhook (HMAC-SHA256), at least 16 characters.
        secret: Option<SecretSetting> = None;
        /// The account at a gateway of the kind `twilio`.
        account: String = String::new(), checked(shown);
        /// The token of that account.
        token: Option<SecretSetting> = None;
        /// The number or name that messages of the kind `twilio` come from; for a name holds what holds for `product_name`.
        from: String = String::new(), checked(shown);
        /// Whether users may still set up SMS; those who have it keep it either way.
        enrolment: bool = false;
        // Somebody waits for it at the sign-in page.
        /// Seconds that handing over one message may take.
        timeout_seconds: u32 = 10, within(1, 30);
    }

    /// What the log looks like.
    Log "log." {
        /// Lines for people, `text`, or one JSON object a line, `json`.
        format: LogFormat = LogFormat::Text;
        /// What is logged: `error`, `warn`, `info`, `debug`, `trace`, `off`, or a filter of the `tracing` crate as
        /// `info,server::delivery=debug`.
        level: String = "info".to_owned(), checked(log_level);
    }
}

/// Every setting; behind each secret the one that names its file.
pub static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let groups = [Settings::KEYS]
        .into_iter()
        .chain(Settings::INNER.iter().copied());
    let declared: Vec<_> = groups.flatten().collect();
    // `keys_file` is declared by itself, since its file is created if missing.
    let stands = |name| declared.iter().any(|[key, _]| key.name == name);
    let with_file = |[key, file]: &&[Key; 2]| {
        let has_file = key.is_secret() && !stands(file.name);
        [Some(*key), has_file.then_some(*file)]
    };
    declared.iter().flat_map(with_file).flatten().collect()
});

/// What a setting means, for the help of its flag; nothing where there is no such setting.
pub fn meaning_of(name: &str) -> &'static str {
    let key = KEYS.iter().find(|key| key.name == name);
    key.map_or("", Key::meaning)
}

/// Settings that say the same thing in two ways, the value and its file: only one of the two can be given.
pub(super) fn either_or() -> impl Iterator<Item = (&'static str, &'static str)> {
    let groups = [Settings::KEYS]
        .into_iter()
        .chain(Settings::INNER.iter().copied());
    let secrets = groups.flatten().filter(|[key, _]| key.is_secret());
    secrets.map(|[key, file]| (key.name, file.name))
}
