//! What settings say together that nobody can mean: no reason not to start, but worth a look.

use std::fmt;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::given::{Given, Origin};
use super::protection::{is_database_protected, is_mail_protected};
use super::{Settings, SmsGatewayKind};
use crate::network::Network;
use files::private_files;
use storage::PostgresUrl;

/// One thing worth a look, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice(String);

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Everything that is worth a look.
pub fn advice(settings: &Settings, given: &[Given]) -> Vec<Advice> {
    let mut found = Vec::new();
    let mut when = |is_so: bool, sentence: &str| {
        if is_so {
            found.push(Advice(sentence.to_owned()));
        }
    };
    addresses(settings, &mut when);
    delivery(settings, &mut when);
    keys(settings, &mut when);
    costs(settings, &mut when);
    found.extend(readable_secrets(given));
    found.extend(open_to_others(settings));
    found
}

fn addresses(settings: &Settings, when: &mut impl FnMut(bool, &str)) {
    let has_proxies = !settings.trusted_proxies.is_empty();
    let url = settings.public_url();
    let is_here = ["http://127.", "http://localhost", "http://[::1]"]
        .iter()
        .any(|start| url.starts_with(start));
    when(
        settings.is_https() && !has_proxies,
        "public_url is https, but trusted_proxies names no proxy: its address stands for everybody's in limits, \
         mails and logs",
    );
    when(
        has_proxies && !settings.is_https(),
        "trusted_proxies is set, but public_url is not https: cookies are not Secure",
    );
    when(
        !settings.is_https() && !is_here,
        "public_url is not https: passwords and codes can be read on the way",
    );
    when(
        settings.lacks_public_url(),
        "listen is on every address, but public_url is not set: links lead to this machine, and pages that are opened by \
         another name are refused as cross_site; set public_url to the address that people use",
    );
    when(
        settings.trusted_proxies.iter().any(Network::is_everybody),
        "trusted_proxies names every address: whoever sends X-Forwarded-For chooses their own in limits, mails and logs",
    );
    let metrics = settings.metrics.listen;
    when(
        metrics.is_some_and(|address| address.ip().is_unspecified()),
        "metrics.listen is on every address: whoever reaches it reads the metrics",
    );
    when(
        settings.http.stop_delay_seconds > 0 && metrics.is_none(),
        "http.stop_delay_seconds waits for somebody to look at /readyz, but metrics.listen is not set",
    );
}

fn delivery(settings: &Settings, when: &mut impl FnMut(bool, &str)) {
    let (mail, sms) = (&settings.mail, &settings.sms);
    let smtp = mail.smtp_url.as_ref().map(|url| url.0.as_str());
    when(
        smtp.is_none(),
        "mail.smtp_url is not set: mails are files in the outbox folder, and nobody gets them",
    );
    when(
        smtp.is_none() && mail.ca_file.is_some(),
        "mail.smtp_url is not set, so mail.ca_file does nothing",
    );
    when(
        smtp.is_some() && mail.from.ends_with("@localhost>"),
        "mail.from is at localhost: mail servers refuse such a sender",
    );
    when(
        !mail.without_tls && !is_mail_protected(settings),
        "mail.smtp_url does not require TLS: links in mails can be read on the way, and a new installation does not start; \
         add ?tls=required, or set mail.without_tls",
    );
    when(
        sms.enrolment && sms.gateway.is_none(),
        "sms.enrolment is on, but sms.gateway is not set: nobody can set up SMS",
    );
    when(
        sms.gateway == Some(SmsGatewayKind::Outbox) && settings.is_https(),
        "sms.gateway is outbox, which is for development: nobody gets the codes",
    );
    when(
        sms.gateway.is_none() && (sms.url.is_some() || sms.secret.is_some() || sms.token.is_some()),
        "sms.gateway is not set, so the other settings of SMS do nothing",
    );
}

fn keys(settings: &Settings, when: &mut impl FnMut(bool, &str)) {
    let path = settings.keys_path();
    when(
        settings.keys.is_some() && path.exists(),
        "keys is set, so the file of keys in the data folder is not read",
    );
    when(
        !settings.database_without_tls && !is_database_protected(settings),
        "database_url does not require TLS: what it stores can be read on the way, and a new installation does not start; \
         add sslmode=require, better verify-full, or set database_without_tls",
    );
    let address = settings.database_url.as_ref();
    let address = address.and_then(|url| PostgresUrl::new(&url.0).check().ok());
    when(
        address.is_some_and(|address| !address.passed_over.is_empty() || address.unknown > 0),
        "database_url has parameters that are not known here and are passed over",
    );
}

fn costs(settings: &Settings, when: &mut impl FnMut(bool, &str)) {
    let (hash, usual) = (settings.password_hash, super::PasswordHash::default());
    when(
        hash.memory_kib < usual.memory_kib && hash.passes <= usual.passes,
        "password_hash is weaker than the default, which is the least that OWASP asks for",
    );
    let session = settings.session;
    when(
        session.idle_seconds() > session.absolute_seconds(),
        "session.idle_minutes is longer than session.absolute_hours, which then decides alone",
    );
}

/// Files with secrets that others than their owner can read.
fn readable_secrets(given: &[Given]) -> Vec<Advice> {
    let paths = given.iter().filter(|one| one.key.is_secret());
    let mut paths: Vec<_> = paths
        .filter_map(|one| match &one.origin {
            Origin::File(path) | Origin::ContentOf(path) => Some(path),
            Origin::Variable(_) | Origin::Flag => None,
        })
        .collect();
    paths.dedup();
    paths
        .into_iter()
        .filter(|path| is_readable_by_all(path))
        .map(|path| {
            Advice(format!(
                "{} holds a secret and can be read by every user of this machine",
                path.display()
            ))
        })
        .collect()
}

/// Data that others than the owner can use.
fn open_to_others(settings: &Settings) -> impl Iterator<Item = Advice> {
    let found = private_files::open_to_others(&settings.private_paths());
    found.into_iter().map(|(path, mode)| {
        let path = path.display();
        Advice(format!(
            "{path} has mode {mode:04o}: others than its owner can use it; {}",
            private_files::REMEDY
        ))
    })
}

fn is_readable_by_all(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|metadata| metadata.permissions().mode() & 0o004 != 0)
}

#[cfg(test)]
mod tests;
