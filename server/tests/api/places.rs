//! Locations of the database: folders with odd names, missing folders, and a connection without TLS.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use crypto::clock::FixedClock;
use crypto::random::SeededRandom;
use server::application::Application;
use settings::{SecretSetting, Settings};

use crate::support::{Lines, START, TestApp};

async fn build(settings: Settings) -> Result<Application, String> {
    let clock = Arc::new(FixedClock::new(START));
    let random = Arc::new(SeededRandom::new(1));
    let application = Application::build(settings, clock, random).await;
    application.map_err(|problem| problem.to_string())
}

fn in_folder(folder: &Path) -> Settings {
    let mut settings = Settings {
        data: folder.to_owned(),
        ..Settings::default()
    };
    settings.listen = "127.0.0.1:0".parse().unwrap();
    settings.password_hash.memory_kib = 8 * 1024;
    settings.password_hash.passes = 1;
    settings
}

#[tokio::test]
async fn a_data_folder_may_have_any_name() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a%20b", "a?b=c", "a#b", "a b", "file:x", "ü'\"%"] {
        let data = folder.path().join(name);
        for _ in 0..2 {
            let built = build(in_folder(&data)).await;
            assert!(built.is_ok(), "{name}: {:?}", built.err());
        }
        assert!(data.join("twofold.db").is_file(), "{name}");
    }
    let names = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(names, 6, "nothing was made beside them");
}

/// What a command says of a new, empty database would be taken for what the server's says.
#[test]
fn no_command_makes_a_database_to_answer_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let line = "ada@example.org,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n";
    std::fs::write(folder.path().join("apps"), line).unwrap();
    let commands: [&[&str]; 14] = [
        &["user", "list"],
        &["user", "unlock", "--email", "ada@example.org"],
        &["user", "disable", "--email", "ada@example.org"],
        &["user", "enable", "--email", "ada@example.org"],
        &[
            "user",
            "set-email",
            "--email",
            "ada@example.org",
            "--to",
            "lovelace@x.org",
        ],
        &["user", "reset-two-factor", "--email", "ada@example.org"],
        &["account", "list"],
        &["account", "require-two-factor", "Engines", "--on"],
        &["account", "transfer", "Engines", "--to", "ada@example.org"],
        &["import-totp", "apps"],
        &["keys", "check"],
        &["keys", "add"],
        &["backup", "out"],
        &["migrate"],
    ];
    for command in commands {
        let output = Command::new(env!("CARGO_BIN_EXE_twofold"))
            .args(command)
            .current_dir(folder.path())
            .env_clear()
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{command:?}: {error}");
        for word in ["there is no database", "data/twofold.db", "--config"] {
            assert!(error.contains(word), "{command:?}: {error}");
        }
        assert!(
            !folder.path().join("data/twofold.db").exists(),
            "{command:?}"
        );
        assert!(!folder.path().join("data/keys").exists(), "{command:?}");
    }
}

fn by_plain_smtp(settings: &mut Settings) {
    let url = "smtp://mail.example.org".to_owned();
    settings.mail.smtp_url = Some(SecretSetting(url));
}

/// A new installation speaks TLS or says that it does not want to; one of before goes on and is told at each start.
#[tokio::test]
async fn mail_without_tls_is_refused_where_the_database_is_new_and_told_where_it_is_not() {
    let app = TestApp::start().await;
    let mut settings = app.settings();
    by_plain_smtp(&mut settings);
    let mut app = app;
    app.stop().await;
    let refused = build(settings.clone()).await.err().unwrap();
    assert!(refused.contains("mail.without_tls"), "{refused}");
    let mut meant = settings.clone();
    meant.mail.without_tls = true;
    let mut required = settings.clone();
    let url = "smtp://mail.example.org?tls=required".to_owned();
    required.mail.smtp_url = Some(SecretSetting(url));
    for good in [meant, required] {
        let built = build(good).await;
        assert!(built.is_ok(), "{:?}", built.err());
    }
    app.sql("UPDATE instance SET requires_tls = NULL").await;
    let log = Lines::default();
    let _guard = log.collect();
    let built = build(settings).await;
    assert!(built.is_ok(), "{:?}", built.err());
    assert!(log.text().contains("mail.without_tls"), "{}", log.text());
}
