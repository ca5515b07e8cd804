use super::*;
use crate::{Sources, read};

fn said(flags: &[(&str, &str)]) -> Vec<String> {
    let flags = flags
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let read = read(&Sources {
        flags: flags.collect(),
        ..Sources::default()
    });
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    let found = advice(&read.settings.unwrap(), &read.given);
    found.iter().map(ToString::to_string).collect()
}

const GOOD: [(&str, &str); 4] = [
    ("public_url", "https://security.example.org"),
    ("trusted_proxies", "127.0.0.1"),
    ("mail.smtp_url", "smtps://user:secret@mail.example.org"),
    ("mail.from", "Twofold <security@example.org>"),
];

#[test]
fn a_usual_set_up_has_nothing_worth_a_look() {
    assert_eq!(said(&GOOD), Vec::<String>::new());
}

#[test]
fn what_nobody_can_mean_is_said() {
    for (flags, about) in [
        (
            &[("trusted_proxies", "")] as &[(&str, &str)],
            "trusted_proxies names no proxy",
        ),
        (
            &[("public_url", "http://security.example.org")],
            "cookies are not Secure",
        ),
        (
            &[("public_url", "http://security.example.org")],
            "read on the way",
        ),
        (&[("mail.from", "Twofold <twofold@localhost>")], "mail.from"),
        (
            &[("mail.smtp_url", "smtp://mail.example.org")],
            "tls=required",
        ),
        (&[("trusted_proxies", "0.0.0.0/0")], "names every address"),
        (
            &[("database_url", "postgres://db/x?sslmode=require&pool=1")],
            "passed over",
        ),
        (&[("sms.enrolment", "true")], "nobody can set up SMS"),
        (
            &[("sms.url", "https://gateway.example.org")],
            "sms.gateway is not set",
        ),
        (&[("sms.gateway", "outbox")], "for development"),
        (&[("metrics.listen", "0.0.0.0:9464")], "every address"),
        (&[("http.stop_delay_seconds", "5")], "/readyz"),
        (&[("password_hash.memory_kib", "8192")], "weaker"),
        (&[("session.idle_minutes", "3000")], "session.idle_minutes"),
        (
            &[("database_url", "postgres://db/x?sslmode=disable")],
            "does not require TLS",
        ),
    ] {
        let said = said(&[&GOOD, flags].concat());
        assert!(
            said.iter().any(|line| line.contains(about)),
            "{about}: {said:?}"
        );
    }
    let everywhere = said(&[("listen", "0.0.0.0:3000")]);
    assert!(
        everywhere
            .iter()
            .any(|line| line.contains("public_url is not set")),
        "{everywhere:?}"
    );
    let nothing = said(&[]);
    assert!(
        nothing.iter().any(|line| line.contains("outbox folder")),
        "{nothing:?}"
    );
}

#[test]
fn a_secret_that_everybody_can_read_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("url");
    std::fs::write(&path, "smtps://user:secret@mail.example.org\n").unwrap();
    let name = path.display().to_string();
    let flags: Vec<_> = GOOD
        .into_iter()
        .filter(|(key, _)| *key != "mail.smtp_url")
        .chain([("mail.smtp_url_file", name.as_str())])
        .collect();
    let mode = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode));
    mode(0o644).unwrap();
    let found = said(&flags);
    assert!(found.iter().any(|line| line.contains(&name)), "{found:?}");
    mode(0o600).unwrap();
    assert_eq!(said(&flags), Vec::<String>::new());
}
