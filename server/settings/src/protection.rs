//! Whether somebody between here and the mail server or the database could read along.

use url::Url;

use super::Settings;
use storage::{PostgresUrl, is_this_machine};

/// What speaks without TLS, by the name of the setting that allows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unprotected {
    /// The mail server.
    Mail,
    /// PostgreSQL.
    Database,
}

impl Unprotected {
    /// Whether the settings leave it so without saying that it is meant.
    pub fn is_so(self, settings: &Settings) -> bool {
        match self {
            Self::Mail => !settings.mail.without_tls && !is_mail_protected(settings),
            Self::Database => !settings.database_without_tls && !is_database_protected(settings),
        }
    }

    /// The setting that leads there.
    pub const fn setting(self) -> &'static str {
        match self {
            Self::Mail => "mail.smtp_url",
            Self::Database => "database_url",
        }
    }

    /// What to do about it, for the operator.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Mail => {
                "`mail.smtp_url` does not require TLS, and the mail server is on another machine: use smtps:// or add \
                 ?tls=required; `mail.without_tls = true` allows it all the same"
            }
            Self::Database => {
                "`database_url` does not require TLS, and PostgreSQL is on another machine: add sslmode=require, better \
                 verify-full; `database_without_tls = true` allows it all the same"
            }
        }
    }
}

/// Whether mail leaves under TLS, or does not leave this machine by us.
pub(super) fn is_mail_protected(settings: &Settings) -> bool {
    settings.mail.smtp_url.as_ref().is_none_or(|url| {
        // What is no URL is refused elsewhere.
        Url::parse(&url.0).map_or(true, |url| {
            let needs_tls = url.scheme() == "smtps"
                || url
                    .query_pairs()
                    .any(|(name, value)| name == "tls" && value == "required");
            needs_tls || url.host_str().is_some_and(is_this_machine)
        })
    })
}

/// The same of what is stored.
pub(super) fn is_database_protected(settings: &Settings) -> bool {
    settings.database_url.as_ref().is_none_or(|url| {
        let address = PostgresUrl::new(&url.0).check();
        address.map_or(true, |address| address.is_protected())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SecretSetting;

    #[test]
    fn mail_is_protected_by_tls_that_is_required_or_by_staying_here() {
        for (url, is) in [
            (None, true),
            (Some("smtps://user:x@mail.example.org"), true),
            (Some("smtp://mail.example.org?tls=required"), true),
            (Some("smtp://mail.example.org?tls=opportunistic"), false),
            (Some("smtp://mail.example.org"), false),
            (Some("smtp://localhost.example.org"), false),
            (Some("smtp://user:localhost@mail.example.org"), false),
            (Some("smtp://localhost:25"), true),
            (Some("smtp://127.0.0.2"), true),
            (Some("smtp://[::1]:25"), true),
            (Some("smtp://127.1"), true),
            (Some("smtp://0x7f.1:25"), true),
            (Some("smtp://localhost.:25"), true),
            (Some("smtp://128.1"), false),
            (Some("smtp://localhost.example.org."), false),
        ] {
            let mut settings = Settings::default();
            settings.mail.smtp_url = url.map(|url| SecretSetting(url.to_owned()));
            assert_eq!(is_mail_protected(&settings), is, "{url:?}");
            assert_eq!(Unprotected::Mail.is_so(&settings), !is, "{url:?}");
            settings.mail.without_tls = true;
            assert!(!Unprotected::Mail.is_so(&settings));
        }
    }
}
