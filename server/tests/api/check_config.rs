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
