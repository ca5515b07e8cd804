//! Every setting in one table: its key, what kind of value it takes and what it means. The names of
//! environment variables, the check for unknown keys and the operator's documentation come from here.

pub use super::key::{Key, SettingKind};

/// `keys` is the exception: its file setting is `keys_file`, and the file is created if missing.
const KEYS_OR_FILE: (&str, &str) = ("keys", "keys_file");
const fn key(name: &'static str, kind: SettingKind, meaning: &'static str) -> Key {
    Key {
        name,
        kind,
        meaning,
    }
}

/// Every setting.
pub const KEYS: &[Key] = &[
    key(
        "listen",
        SettingKind::Text,
        "Address and port to listen at. Default: 127.0.0.1:3000",
    ),
    key(
        "public_url",
        SettingKind::Text,
        "The address that people use, as https://security.example.org. Default: http:// and `listen`",
    ),
    key(
        "data",
        SettingKind::Text,
        "Folder of the database, the keys and the outbox. Default: data",
    ),
    key(
        "database_url",
        SettingKind::Text,
        "A PostgreSQL database in place of the file in `data`",
    ),
    key(
        "database_url_file",
        SettingKind::FileOf("database_url"),
        "File that holds database_url",
    ),
    key(
        "database_connections",
        SettingKind::Number,
        "Connections that a server opens to PostgreSQL at most, 2 to 1000. Default: 16",
    ),
    key(
        "database_without_tls",
        SettingKind::Switch,
        "Whether PostgreSQL on another machine may be spoken to without TLS (sslmode=require, verify-ca or verify-full). Default: false",
    ),
    key(
        "keys_file",
        SettingKind::Text,
        "File of the keys. Default: keys in `data`",
    ),
    key(
        "keys",
        SettingKind::Text,
        "The keys themselves, in place of a file; meant for the environment",
    ),
    key(
        "product_name",
        SettingKind::Text,
        "The name that mails and authenticator apps show, 1 to 60 characters. Default: Twofold",
    ),
    key(
        "sign_up",
        SettingKind::Switch,
        "Whether strangers can sign up. Default: false",
    ),
    key(
        "step_up_code",
        SettingKind::Text,
        "When sensitive acts ask for a code besides the password: never, stale (older than 15 minutes) or always. Default: stale",
    ),
    key(
        "trusted_proxies",
        SettingKind::List,
        "Addresses or networks of proxies whose X-Forwarded-For counts. Default: none",
    ),
    key(
        "session.idle_minutes",
        SettingKind::Number,
        "Minutes without use after which a session is over, 1 to 525600. Default: 60",
    ),
    key(
        "session.absolute_hours",
        SettingKind::Number,
        "Hours after which a session is over in any case, 1 to 87600. Default: 24",
    ),
    key(
        "password_hash.memory_kib",
        SettingKind::Number,
        "Memory of a password hash in KiB (argon2id), 8192 to 1048576. Default: 19456",
    ),
    key(
        "password_hash.passes",
        SettingKind::Number,
        "Passes of a password hash, 1 to 64. Default: 2",
    ),
    key(
        "password_hash.lanes",
        SettingKind::Number,
        "Lanes of a password hash, 1 to 16. Default: 1",
    ),
    key(
        "password_hash.queue",
        SettingKind::Number,
        "Sign-ins that may wait for a hashing slot. Default: 128",
    ),
    key(
        "limits.wrong_passwords_per_client",
        SettingKind::Number,
        "Wrong passwords from one client address in 15 minutes. Default: 50",
    ),
    key(
        "limits.wrong_passwords_of_strangers",
        SettingKind::Number,
        "Wrong passwords for one user in 15 minutes from browsers that have not signed in as them. Default: 10",
    ),
    key(
        "limits.wrong_passwords_per_browser",
        SettingKind::Number,
        "Wrong passwords in 15 minutes from a browser that has signed in as the user before. Default: 20",
    ),
    key(
        "limits.acts_per_user",
        SettingKind::Number,
        "Acts of one user in 15 minutes that change or log something; each session has 30 of them whatever the others do. Default: 600",
    ),
    key(
        "limits.sign_ins_per_browser",
        SettingKind::Number,
        "Sign-ins of one user in 15 minutes from one browser, or from one client address where the browser is not known. Default: 200",
    ),
    key(
        "limits.sign_ups_per_client",
        SettingKind::Number,
        "Sign-ups from one client address in an hour. Default: 20",
    ),
    key(
        "limits.password_resets_per_client",
        SettingKind::Number,
        "Requests for a link that sets a password, from one client address in an hour. Default: 20",
    ),
    key(
        "limits.invitations_per_client",
        SettingKind::Number,
        "Openings and acceptances of invitations from one client address in an hour. Default: 60",
    ),
    key(
        "limits.mails_per_address",
        SettingKind::Number,
        "Mails of one kind that anyone can ask for, to one e-mail address from one client network in 15 minutes. Default: 3",
    ),
    key(
        "limits.mails_per_address_an_hour",
        SettingKind::Number,
        "The same from all client networks together, in an hour; a network that has not asked that day gets one. Default: 20",
    ),
    key(
        "limits.sign_in_links_per_user",
        SettingKind::Number,
        "Mails with the link that finishes a sign-in, to one user from one client network in 15 minutes. Default: 5",
    ),
    key(
        "limits.mails_per_mailbox_a_day",
        SettingKind::Number,
        "Mails to one mailbox in a day that strangers cause, and as many that people of its accounts do; those beyond wait until the next day, or are refused where a link for a new address was asked for. Default: 20",
    ),
    key(
        "limits.invitations_per_mailbox_a_day",
        SettingKind::Number,
        "How many of them may be invitations. Default: 5",
    ),
    key(
        "limits.invitations_per_mailbox_and_user",
        SettingKind::Number,
        "How many of them may be invitations that one user sends, from whichever account. Default: 2",
    ),
    key(
        "limits.invitations_per_user",
        SettingKind::Number,
        "Invitations that one user sends in a day from all their accounts. Default: 200",
    ),
    key(
        "limits.accounts_per_user",
        SettingKind::Number,
        "Accounts that one user creates in a day. Default: 10",
    ),
    key(
        "limits.email_changes_per_user",
        SettingKind::Number,
        "Changes of address that one user asks for in an hour. Default: 5",
    ),
    key(
        "limits.sms_codes",
        SettingKind::Number,
        "Codes by SMS in 10 minutes to one number, to one user and from one client address. Default: 3",
    ),
    key(
        "http.idle_seconds",
        SettingKind::Number,
        "Seconds that a connection may wait for its next request, 1 to 3600; longer than the proxy keeps idle connections. Default: 75",
    ),
    key(
        "http.body_seconds",
        SettingKind::Number,
        "Seconds that the body of a request may take, 1 to 3600. Default: 10",
    ),
    key(
        "http.write_seconds",
        SettingKind::Number,
        "Seconds in which a client must have taken some more of an answer, 1 to 3600. Default: 30",
    ),
    key(
        "http.connections",
        SettingKind::Number,
        "Connections that people and proxies may have open at once, 16 to 1000000, or 0 for as many as a quarter of the memory and the descriptors have room for. Default: 0",
    ),
    key(
        "http.stop_delay_seconds",
        SettingKind::Number,
        "Seconds for which a server that was told to stop still takes requests while /readyz says 503, 0 to 8. Default: 0",
    ),
    key(
        "http.hsts_subdomains",
        SettingKind::Switch,
        "Whether browsers are told to use https for every host below public_url's, too, for a year (includeSubDomains). Default: false",
    ),
    key(
        "metrics.listen",
        SettingKind::Text,
        "Address and port of /metrics, /readyz and /healthz, for the operator's machines alone, as 127.0.0.1:9464. Default: none",
    ),
    key(
        "audit.keep_days",
        SettingKind::Number,
        "Days that lines of the audit log are kept, 91 to 36500, or 0 for all of them. Default: 400; all of them in a database that an earlier version began",
    ),
    key(
        "mail.smtp_url",
        SettingKind::Text,
        "The mail server: smtps://user:password@host, smtp://host?tls=required, or smtp://host. Default: none, mail goes to the outbox folder in `data`",
    ),
    key(
        "mail.smtp_url_file",
        SettingKind::FileOf("mail.smtp_url"),
        "File that holds mail.smtp_url",
    ),
    key(
        "mail.from",
        SettingKind::Text,
        "The address that mails come from. Default: Twofold <twofold@localhost>",
    ),
    key(
        "mail.without_tls",
        SettingKind::Switch,
        "Whether a mail server on another machine may be spoken to without TLS (smtps:// or ?tls=required). Default: false",
    ),
    key(
        "mail.timeout_seconds",
        SettingKind::Number,
        "Seconds that handing over one mail may take, 1 to 59. Default: 30",
    ),
    key(
        "mail.ca_file",
        SettingKind::Text,
        "Certificate (PEM) of an authority of your own that the mail server's certificate is checked with, too. Default: none",
    ),
    key(
        "sms.gateway",
        SettingKind::Text,
        "Gateway for codes by SMS, a legacy factor: webhook, twilio or outbox (files in `data`, for development). Default: none, no codes by SMS",
    ),
    key(
        "sms.url",
        SettingKind::Text,
        "Where the gateway is: https, or http on this machine. Default: none; for twilio https://api.twilio.com",
    ),
    key(
        "sms.secret",
        SettingKind::Text,
        "What signs the body of a webhook (HMAC-SHA256), at least 16 characters",
    ),
    key(
        "sms.secret_file",
        SettingKind::FileOf("sms.secret"),
        "File that holds sms.secret",
    ),
    key(
        "sms.account",
        SettingKind::Text,
        "The account at a gateway of the kind twilio",
    ),
    key("sms.token", SettingKind::Text, "The token of that account"),
    key(
        "sms.token_file",
        SettingKind::FileOf("sms.token"),
        "File that holds sms.token",
    ),
    key(
        "sms.from",
        SettingKind::Text,
        "The number or name that messages of the kind twilio come from",
    ),
    key(
        "sms.enrolment",
        SettingKind::Switch,
        "Whether users may still set up SMS. Default: false, only those who have it keep it",
    ),
    key(
        "sms.timeout_seconds",
        SettingKind::Number,
        "Seconds that handing over one message may take, 1 to 30. Default: 10",
    ),
    key(
        "log.format",
        SettingKind::Text,
        "text or json. Default: text",
    ),
    key(
        "log.level",
        SettingKind::Text,
        "What is logged, as error, warn, info, debug or a tracing filter. Default: info",
    ),
];

/// Settings that say the same thing in two ways, the value and its file: only one of the two can be given.
pub(super) fn either_or() -> impl Iterator<Item = (&'static str, &'static str)> {
    let files = KEYS.iter().filter_map(|key| match key.kind {
        SettingKind::FileOf(value) => Some((value, key.name)),
        SettingKind::Text | SettingKind::Number | SettingKind::Switch | SettingKind::List => None,
    });
    files.chain([KEYS_OR_FILE])
}
