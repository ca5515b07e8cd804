//! `twofold import-totp` as an operator runs it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

use crypto::clock::{Clock as _, SystemClock};
use data_encoding::BASE32_NOPAD;

use super::{ADA, BOB, key, rows};
use crate::support::{Authenticator, TestApp};

/// Runs it on what it reads, from standard input or from a file of this mode.
fn run(app: &TestApp, content: &[u8], mode: Option<u32>, flags: &[&str]) -> (bool, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("apps.csv");
    let name = match mode {
        None => "-",
        Some(mode) => {
            std::fs::write(&file, content).unwrap();
            std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
            file.to_str().unwrap()
        }
    };
    let mut child = Command::new(env!("CARGO_BIN_EXE_twofold"))
        .current_dir(folder.path())
        .arg("--data")
        .arg(app.folder())
        .envs(app.database_variable())
        .arg("import-totp")
        .arg(name)
        .args(flags)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may end before it has read all.
    let _ = child.stdin.take().unwrap().write_all(content);
    let waited = tokio::task::block_in_place(|| child.wait_with_output());
    let Output {
        status,
        stdout,
        stderr,
    } = waited.unwrap();
    let err = String::from_utf8(stderr).unwrap();
    assert_eq!(err.lines().count(), usize::from(!status.success()), "{err}");
    (status.success(), String::from_utf8(stdout).unwrap(), err)
}

// The program is waited for, and the server must go on meanwhile: it may be writing.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_imported_beside_the_server_and_no_secret_is_said_or_kept_open() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    app.create_user(BOB).await;
    let secrets = [key(0x5a, 20), key(0x5b, 32)];
    let file = format!(
        "{ADA},{}\r\n{BOB},otpauth://totp/x?secret={}\r\n",
        secrets[0], secrets[1]
    );
    let before = rows(&app).await;
    let (is_done, mut said, _) = run(&app, file.as_bytes(), Some(0o600), &["--dry-run"]);
    assert!(
        is_done && said.contains("ada@example.org would take") && said.contains("would be: 2"),
        "{said}"
    );
    assert_eq!(rows(&app).await, before);
    let (is_done, out, _) = run(&app, file.as_bytes(), Some(0o644), &[]);
    assert!(
        is_done && out.contains("warning: others") && out.contains("on now: 2"),
        "{out}"
    );
    assert!(out.contains("Delete "), "{out}");
    said.push_str(&out);
    let (is_done, out, err) = run(&app, file.as_bytes(), Some(0o600), &[]);
    assert!(
        !is_done && !out.contains("warning") && err.contains("lines that cannot be taken: 2"),
        "{out}{err}"
    );
    assert!(
        out.contains(
            "line 2: bob@example.org: two-factor authentication of the user is on already"
        ),
        "{out}"
    );
    said.push_str(&(out + &err));
    said.extend(app.mails().await);
    let mut stored: Vec<_> = app.stored().await;
    stored.push(("what was said".to_owned(), said.into_bytes()));
    for secret in &secrets {
        let bytes = BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
        for part in [
            &secret.as_bytes()[..12],
            &secret.to_lowercase().as_bytes()[..12],
            &bytes[..12],
        ] {
            for (name, held) in &stored {
                let is_there = held.windows(part.len()).any(|window| window == part);
                assert!(!is_there, "{name}");
            }
        }
    }
    // The program has the machine's clock.
    let later = SystemClock.now() + 90;
    app.clock.set(later);
    for (email, secret) in [(ADA, &secrets[0]), (BOB, &secrets[1])] {
        let mut browser = app.browser();
        browser.sign_in(email).await.expect(200);
        let code = Authenticator::new(secret).code(later);
        browser.give_code(&code).await.expect(200);
    }
}

// The program is waited for, and the server must go on meanwhile: it may be writing.
#[tokio::test(flavor = "multi_thread")]
async fn standard_input_is_read_and_bad_lines_are_named_by_their_number_alone() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let before = rows(&app).await;
    let good = format!("{ADA},{}", key(1, 20));
    let swapped = key(3, 20);
    let file = format!(
        "{good}\n\n{swapped},{BOB}\n{BOB},{swapped}&\n{BOB},JBSWY3DPEHPK3PXP\nnobody@example.org,{}\n",
        key(4, 20)
    );
    let (is_done, out, err) = run(&app, file.as_bytes(), None, &[]);
    let mut expected = String::new();
    for (line, why) in [
        (3, "what stands before the comma is not an e-mail address"),
        (4, "the secret is not Base32"),
        (5, "the secret has fewer than 128 bits"),
    ] {
        writeln!(expected, "line {line}: {why}").unwrap();
    }
    // What is wrong with a user is said in the same run.
    expected.push_str("line 6: nobody@example.org: there is no user with that address\n");
    assert_eq!((is_done, out), (false, expected));
    assert_eq!(
        err,
        "twofold: nothing was changed; lines that cannot be taken: 4\n"
    );
    for (content, why) in [
        (&b"# nobody\n"[..], "no users"),
        (b"\xff\xfe", "not text"),
        (&vec![b'#'; 1024 * 1024 + 1], "1 MiB"),
    ] {
        let (is_done, out, err) = run(&app, content, None, &[]);
        assert!(
            !is_done && out.is_empty() && err.contains(why),
            "{out}{err}"
        );
    }
    assert_eq!(rows(&app).await, before);
    let (is_done, out, _) = run(&app, good.as_bytes(), None, &[]);
    assert!(is_done && !out.contains("Delete"), "{out}");
    assert_eq!(app.count("second_factors").await, 1);
}

#[test]
fn the_help_says_what_the_file_is() {
    let help = Command::new(env!("CARGO_BIN_EXE_twofold"))
        .args(["import-totp", "--help"])
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for word in [
        "one user a line",
        "otpauth",
        "Base32",
        "128 to 512 bits",
        "--dry-run",
    ] {
        assert!(help.contains(word), "no `{word}`: {help}");
    }
}
