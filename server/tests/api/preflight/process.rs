//! What the process is started with: umask, limits, and standard output that nobody reads.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::{NOBODY, give, is_root, set_mode};

const PROGRAM: &str = env!("CARGO_BIN_EXE_twofold");
const CREATE: [&str; 9] = [
    "user",
    "create",
    "--name",
    "Ada",
    "--email",
    "ada@example.org",
    "--account",
    "Engines",
    "--password-stdin",
];

/// The program behind what runs it, with a line for its standard input.
fn run(before: &[&str], at: &Path, words: &[&str], stdout: impl Into<Stdio>) -> Output {
    let mut all = before.iter().chain(&[PROGRAM]).chain(words);
    let mut command = Command::new(all.next().unwrap());
    command
        .args(all)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .current_dir(at)
        .stdin(Stdio::piped())
        .stdout(stdout)
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // A command that refuses reads nothing.
    let _ = input.write_all(b"correct horse battery staple\n");
    drop(input);
    child.wait_with_output().unwrap()
}

fn error(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A mask that takes from the owner (0277) made files that the next command could not write.
#[test]
fn the_umask_makes_no_file_that_its_owner_cannot_use() {
    if !is_root() {
        return;
    }
    let at = tempfile::tempdir().unwrap();
    give(at.path());
    set_mode(at.path(), 0o755);
    let id = NOBODY.to_string();
    let masked = ["sh", "-c", "umask 0277; exec \"$0\" \"$@\"", "setpriv"];
    let other = ["--reuid", &id, "--regid", &id, "--clear-groups"];
    let before = [&masked[..], &other].concat();
    let created = run(&before, at.path(), &CREATE, Stdio::piped());
    if matches!(created.status.code(), Some(126 | 127)) {
        println!("not tried: the program cannot be run by others than root");
        return;
    }
    assert!(created.status.success(), "{}", error(&created));
    let listed = run(&before, at.path(), &["user", "list"], Stdio::piped());
    assert!(listed.status.success(), "{}", error(&listed));
    let mode = |name: &str| {
        let found = std::fs::metadata(at.path().join(name)).unwrap();
        found.permissions().mode() & 0o777
    };
    assert_eq!((mode("data"), mode("data/twofold.db")), (0o700, 0o600));
    assert_eq!(mode("data/keys"), 0o600);
}

/// `check-config` found nothing, and the start died of `SIGXFSZ`.
#[test]
fn a_limit_on_the_length_of_files_is_told_and_kills_nothing() {
    let at = tempfile::tempdir().unwrap();
    let limited = |bytes: &str, words: &[&str], stdout: Stdio| {
        let limit = format!("--fsize={bytes}");
        run(&["prlimit", &limit], at.path(), words, stdout)
    };
    for words in [&["check-config"][..], &["serve"], &CREATE] {
        let refused = limited("1000000", words, Stdio::piped());
        let said = String::from_utf8(refused.stdout.clone()).unwrap() + &error(&refused);
        assert_eq!(refused.status.code(), Some(1), "{words:?}: {said}");
        for word in ["1000000 bytes", "LimitFSIZE", "setting `data`"] {
            assert!(said.contains(word), "{words:?}: {said}");
        }
    }
    let out = std::fs::File::create(at.path().join("out")).unwrap();
    let example = limited("100", &["check-config", "--example"], out.into());
    assert_eq!(example.status.code(), Some(1), "{example:?}");
    let said = error(&example);
    assert!(said.contains("standard output cannot be written"), "{said}");
}

/// `check-config | head -1` ended in a panic, as did every command that prints more than its reader wants.
#[test]
fn no_command_panics_where_nobody_reads_what_it_prints() {
    let at = tempfile::tempdir().unwrap();
    let made = run(&[], at.path(), &CREATE, Stdio::piped());
    assert!(made.status.success(), "{}", error(&made));
    let commands: [&[&str]; 16] = [
        &["check-config"],
        &["check-config", "--example"],
        &["user", "list"],
        &["user", "unlock", "--email", "ada@example.org"],
        &["user", "disable", "--email", "ada@example.org"],
        &["user", "enable", "--email", "ada@example.org"],
        &["user", "allow-first-factor", "ada@example.org"],
        &["account", "list"],
        &["account", "require-two-factor", "Engines", "--on"],
        &["account", "transfer", "Engines", "--to", "ada@example.org"],
        &["keys", "check"],
        &["keys", "add", "--print"],
        &["keys", "add"],
        &["keys", "rotate"],
        &["migrate"],
        &["backup", "out"],
    ];
    for words in commands {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let unread = run(&[], at.path(), words, writer);
        let said = error(&unread);
        assert!(!said.contains("panicked"), "{words:?}: {said}");
        assert!(matches!(unread.status.code(), Some(0 | 1)), "{words:?}");
        let is_about_output = said.contains("standard output");
        assert!(!is_about_output, "{words:?}: {said}");
    }
    // What is lost in another way is told.
    let full = std::fs::File::options().write(true).open("/dev/full");
    let lost = run(&[], at.path(), &["user", "list"], full.unwrap());
    assert_eq!(lost.status.code(), Some(1), "{lost:?}");
    assert!(error(&lost).contains("standard output cannot be written"));
}

/// A refusal of what was typed leaves neither folder nor database nor keys.
#[test]
fn a_command_that_is_refused_has_made_nothing() {
    let at = tempfile::tempdir().unwrap();
    let with = |option: &str, value: &'static str| {
        let place = CREATE.iter().position(|word| *word == option).unwrap() + 1;
        let mut words = CREATE.to_vec();
        words[place] = value;
        words
    };
    for (words, reason) in [
        (with("--name", ""), "--name is missing"),
        (with("--email", "x"), "--email is not an e-mail address"),
        (with("--account", " "), "--account is missing"),
        (
            with("--name", "correct horse battery staple"),
            "the password is among the first to be guessed",
        ),
        (["restore", "absent"].to_vec(), "absent"),
        (["restore", "--in-place"].to_vec(), "there is no database"),
    ] {
        let refused = run(&[], at.path(), &words, Stdio::piped());
        assert_eq!(refused.status.code(), Some(1), "{words:?}");
        let said = error(&refused);
        assert!(said.contains(reason), "{words:?}: {said}");
        let left = std::fs::read_dir(at.path()).unwrap().count();
        assert_eq!(left, 0, "{words:?}");
    }
}

/// A pipe where a file is meant held the command without end.
#[test]
fn no_command_waits_for_a_pipe_in_the_place_of_its_file() {
    let at = tempfile::tempdir().unwrap();
    let made = run(&[], at.path(), &CREATE, Stdio::piped());
    assert!(made.status.success(), "{}", error(&made));
    super::pipe(&at.path().join("pipe"), 0o666);
    for words in [
        &["import-totp", "pipe"][..],
        &["backup", "pipe", "--check"],
        &["backup", "pipe/x"],
        &["restore", "pipe", "--data", "other"],
    ] {
        let refused = run(&["timeout", "30"], at.path(), words, Stdio::piped());
        let said = error(&refused);
        assert_eq!(refused.status.code(), Some(1), "{words:?}: {said}");
        assert!(said.contains("pipe"), "{words:?}: {said}");
    }
}
