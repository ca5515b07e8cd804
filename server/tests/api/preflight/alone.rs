//! Settings that cannot be used wherever they are.

use super::{Case, nothing};

/// Settings alone.
pub(super) const SETTINGS: [Case; 40] = [
    ("kind", nothing, &["sign_up=perhaps"], "sign_up"),
    (
        "bounds",
        nothing,
        &["session.idle_minutes=0"],
        "session.idle_minutes",
    ),
    ("address", nothing, &["listen=here"], "listen"),
    (
        "name",
        nothing,
        &["metrics.listen=localhost:3998"],
        "metrics.listen",
    ),
    ("empty path", nothing, &["keys_file="], "keys_file"),
    (
        "no certificate in the file",
        nothing,
        &[
            "mail.smtp_url=smtps://localhost",
            "mail.ca_file=/etc/passwd",
        ],
        "mail.ca_file",
    ),
    (
        "empty token",
        nothing,
        &[
            "sms.gateway=twilio",
            "sms.account=a",
            "sms.from=b",
            "sms.token=",
        ],
        "sms.token",
    ),
    (
        "same port",
        nothing,
        &["listen=127.0.0.1:3999", "metrics.listen=127.0.0.1:3999"],
        "metrics.listen",
    ),
    (
        "same port of all",
        nothing,
        &["listen=0.0.0.0:3999", "metrics.listen=127.0.0.1:3999"],
        "metrics.listen",
    ),
    (
        "same port in the form of IPv6",
        nothing,
        &[
            "listen=[::ffff:127.0.0.1]:3999",
            "metrics.listen=127.0.0.1:3999",
        ],
        "metrics.listen",
    ),
    (
        "the keys in the place of their file",
        nothing,
        &["keys_file=SHVudGVyMnB3SHVudGVyMnB3SHVudGVyMnB3SHVudGU="],
        "keys_file",
    ),
    (
        "a secret in the place of its file",
        nothing,
        &["sms.secret_file=0123456789abcdef"],
        "sms.secret_file",
    ),
    ("a URL as data", nothing, &["data=https://x/data"], "data"),
    (
        "user and password of a gateway",
        nothing,
        &[
            "sms.gateway=webhook",
            "sms.secret=0123456789abcdef",
            "sms.url=https://a:b@sms.example.org/",
        ],
        "sms.url",
    ),
    (
        "no gateway at all",
        nothing,
        &[
            "sms.gateway=webhook",
            "sms.secret=0123456789abcdef",
            "sms.url=sms.example.org",
        ],
        "sms.url",
    ),
    (
        "address with a path",
        nothing,
        &["public_url=https://x.example/app"],
        "public_url",
    ),
    (
        "address without scheme",
        nothing,
        &["public_url=x.example"],
        "public_url",
    ),
    (
        "no network",
        nothing,
        &["trusted_proxies=proxy"],
        "trusted_proxies",
    ),
    ("no level", nothing, &["log.level=loud"], "log.level"),
    ("no format", nothing, &["log.format=xml"], "log.format"),
    ("no name", nothing, &["product_name= "], "product_name"),
    ("no PNG", nothing, &["icon_file=/etc/passwd"], "icon_file"),
    (
        "other database",
        nothing,
        &["database_url=mysql://a:b@localhost/x"],
        "database_url",
    ),
    (
        "no file of a secret",
        nothing,
        &["database_url_file=absent"],
        "database_url_file",
    ),
    (
        "no certificate",
        nothing,
        &["database_url=postgres://a:b@127.0.0.1:1/x?sslmode=verify-full&sslrootcert=/absent"],
        "database_url",
    ),
    ("no keys", nothing, &["keys=none"], "keys"),
    (
        "no mail server",
        nothing,
        &["mail.smtp_url=mail.example.org"],
        "mail.smtp_url",
    ),
    (
        "mail server at no port",
        nothing,
        &["mail.smtp_url=smtps://localhost:0"],
        "mail.smtp_url",
    ),
    (
        "mail server with half a code in its password",
        nothing,
        &["mail.smtp_url=smtps://u:p%@localhost"],
        "mail.smtp_url",
    ),
    (
        "mail server with TLS that is none",
        nothing,
        &["mail.smtp_url=smtps://localhost/path?tls=none"],
        "mail.smtp_url",
    ),
    (
        "address of no host",
        nothing,
        &["public_url=https://a..b"],
        "public_url",
    ),
    (
        "address that reads as another",
        nothing,
        &["public_url=https://0x7f.1"],
        "public_url",
    ),
    (
        "database at no port",
        nothing,
        &["database_url=postgres://a:b@127.0.0.1:0/x"],
        "database_url",
    ),
    (
        "gateway at no host",
        nothing,
        &[
            "sms.gateway=webhook",
            "sms.secret=0123456789abcdef",
            "sms.url=https://a..b/",
        ],
        "sms.url",
    ),
    ("no sender", nothing, &["mail.from=nobody"], "mail.from"),
    (
        "no authority",
        nothing,
        &["mail.smtp_url=smtps://localhost", "mail.ca_file=absent"],
        "mail.ca_file",
    ),
    (
        "mail in the clear",
        nothing,
        &["mail.smtp_url=smtp://mail.example.org"],
        "mail.smtp_url",
    ),
    (
        "gateway without address",
        nothing,
        &["sms.gateway=webhook"],
        "sms.url",
    ),
    (
        "gateway in the clear",
        nothing,
        &[
            "sms.gateway=webhook",
            "sms.secret=0123456789abcdef",
            "sms.url=http://sms.example.org",
        ],
        "sms.url",
    ),
    (
        "gateway without account",
        nothing,
        &["sms.gateway=twilio"],
        "sms.account",
    ),
];
