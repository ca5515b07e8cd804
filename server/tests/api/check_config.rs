//! `twofold check-config`, as the operator runs it.

use std::process::Command;

/// Exit code, standard output and standard error.
fn check(
    folder: &std::path::Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_twofold"))
        .arg("check-config")
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn each_setting_is_shown_with_its_origin_and_secrets_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = "public_url = \"https://security.example.org\"\n[session]\nidle_minutes = 5\n";
    std::fs::write(folder.path().join("twofold.toml"), file).unwrap();
    let variables = [
        ("TWOFOLD_SESSION_IDLE_MINUTES", "6"),
        (
            "TWOFOLD_MAIL_SMTP_URL",
            "smtps://user:hidden@mail.example.org",
        ),
    ];
    let (code, shown, _) = check(folder.path(), &["--set", "sign_up=true"], &variables);
    assert_eq!(code, 0, "{shown}");
    for line in [
        "public_url = \"https://security.example.org\"  (from twofold.toml)",
        "session.idle_minutes = 6  (from TWOFOLD_SESSION_IDLE_MINUTES, over twofold.toml)",
        "mail.smtp_url = (secret)  (from TWOFOLD_MAIL_SMTP_URL)",
        "sign_up = true  (from a flag)",
        "warning: public_url is https, but trusted_proxies names no proxy",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    assert!(!shown.contains("hidden"));
    assert!(
        !folder.path().join("data").exists(),
        "checking makes nothing"
    );
}

/// Whoever can write into a folder must not choose the settings of whoever starts a command there.
#[test]
fn settings_that_others_can_write_are_read_only_where_they_are_named() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("twofold.toml");
    std::fs::write(&file, "sign_up = true\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).unwrap();
    let (code, shown, said) = check(folder.path(), &[], &[]);
    assert_eq!(code, 1, "{shown}");
    for words in [
        "twofold.toml",
        "others can write it (mode 666)",
        "chmod go-w",
    ] {
        assert!(
            shown.contains(words) || said.contains(words),
            "{words}: {shown}{said}"
        );
    }
    assert!(!shown.contains("sign_up = true"), "{shown}");
    let named = ["--config", "twofold.toml"];
    let (code, shown, _) = check(folder.path(), &named, &[]);
    assert_eq!(code, 0, "{shown}");
    assert!(
        shown.contains("sign_up = true  (from twofold.toml)"),
        "{shown}"
    );
    let by_variable = [("TWOFOLD_CONFIG", "twofold.toml")];
    let (code, shown, _) = check(folder.path(), &[], &by_variable);
    assert_eq!(code, 0, "{shown}");
}

#[test]
fn what_serve_would_refuse_is_an_error_and_all_of_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = ["--set", "listn=x", "--set", "sign_up=perhaps"];
    let (code, shown, error) = check(folder.path(), &wrong, &[]);
    assert_eq!(code, 1);
    assert!(shown.contains("did you mean `listen`"), "{shown}");
    assert!(
        shown.contains("setting `sign_up` takes true or false"),
        "{shown}"
    );
    assert!(error.contains("errors: 2"), "{error}");
    for wrong in [
        "mail.from=nobody",
        "log.level=[",
        "log.level=wat",
        "sms.gateway=webhook",
        "keys=none",
    ] {
        let (code, shown, _) = check(folder.path(), &["--set", wrong], &[]);
        assert_eq!(code, 1, "{wrong}: {shown}");
    }
}

#[test]
fn the_example_can_be_used_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (code, example, _) = check(folder.path(), &["--example"], &[]);
    assert_eq!(code, 0);
    std::fs::write(folder.path().join("twofold.toml"), example).unwrap();
    let (code, shown, _) = check(folder.path(), &[], &[]);
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("Nothing is set"), "{shown}");
}

/// All of it at once, each with its reason, and nothing of a secret.
#[test]
fn everything_that_is_wrong_is_said_in_one_pass_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = [
        ("sign_up", "perhaps"),
        ("password_hash.passes", "65"),
        ("mail.timeout_seconds", "90"),
        ("mail.smtp_url", "smtps://user:S3cr#et@mail.example.org"),
        ("mail.from", "Müller & Söhne, GmbH <security@example.org>"),
        ("database_url", "postgres://tw:S3cr#et@127.0.0.1:1/x"),
        ("log.level", "wat"),
        ("public_url", "https://x/path"),
        ("keys_file", "nowhere"),
    ];
    let pairs = wrong.map(|(key, value)| format!("{key}={value}"));
    let arguments: Vec<_> = pairs.iter().flat_map(|pair| ["--set", pair]).collect();
    let (code, shown, error) = check(folder.path(), &arguments, &[]);
    assert_eq!(code, 1, "{shown}");
    for line in [
        "setting `sign_up` takes true or false",
        "setting `password_hash.passes` takes 1 to 64, not 65",
        "setting `mail.timeout_seconds` takes 1 to 59, not 90",
        "setting `mail.smtp_url` cannot be used: it takes smtps://",
        "setting `mail.from` cannot be used: it takes an address",
        "a comma or other punctuation stands in quotation marks",
        "setting `database_url` cannot be used: it is not of the form",
        "are written as %23 %2F %3F %40",
        "`wat` is no level",
        "setting `public_url` takes http:// or https:// and a host",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    assert!(error.contains("errors: 8"), "{error}{shown}");
    for piece in ["S3cr", "et@"] {
        assert!(
            !shown.contains(piece) && !error.contains(piece),
            "{shown}{error}"
        );
    }
    let (_, shown, _) = check(folder.path(), &["--set", "foo=1"], &[]);
    assert!(!shown.contains("Nothing is set"), "{shown}");
}

/// A start says the same as the check, and nothing of the value.
#[test]
fn a_start_with_a_database_url_that_cannot_be_read_says_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    for (command, url) in [
        (&["serve"][..], "postgres://tw:S3cr#et@127.0.0.1:1/x"),
        (&["user", "list"], "postgres://tw:S3cr#et@127.0.0.1:1/x"),
        (&["user", "list"], "mysql://tw:S3cr3t@127.0.0.1/x"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_twofold"))
            .args(command)
            .current_dir(folder.path())
            .env_clear()
            .env("TWOFOLD_DATABASE_URL", url)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert!(
            said.contains("setting `database_url` cannot be used"),
            "{said}"
        );
        for piece in ["S3cr", "et@", "mysql"] {
            assert!(!said.contains(piece), "{said}");
        }
    }
}

#[test]
fn what_kubernetes_sets_is_said_and_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let variables = [
        ("TWOFOLD_PORT", "tcp://10.43.0.17:3000"),
        ("TWOFOLD_SERVICE_HOST", "10.43.0.17"),
    ];
    let (code, shown, _) = check(folder.path(), &[], &variables);
    assert_eq!(code, 0, "{shown}");
    assert!(
        shown.contains("TWOFOLD_PORT, TWOFOLD_SERVICE_HOST"),
        "{shown}"
    );
    let (code, shown, _) = check(folder.path(), &[], &[("TWOFOLD_PORT", "3000")]);
    assert_eq!(code, 1, "{shown}");
}
