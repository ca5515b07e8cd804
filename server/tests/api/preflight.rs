//! `check-config` and `serve` say the same of settings and machine, whatever is wrong.

mod alone;
mod disk;
mod others;
mod places;
mod process;
mod volumes;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use alone::SETTINGS;
use others::{FORBIDDEN, FOREIGN};
use places::{PLACES, folder, give, ours, pipe, plant, set_mode, write};
use volumes::VOLUMES;

/// The user whom root becomes, since nothing is forbidden to root.
const NOBODY: u32 = 65_534;
/// A start that is refused ends at once.
const PATIENCE: Duration = Duration::from_mins(1);

/// A state of the machine, the settings, and the one that is to be named.
type Case = (
    &'static str,
    fn(&Path),
    &'static [&'static str],
    &'static str,
);

fn nothing(_: &Path) {}

fn is_root() -> bool {
    own_id() == 0
}

/// The user who runs the tests, as the owner of what they make.
fn own_id() -> u32 {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata("/proc/self").unwrap().uid()
}

/// A command in a folder, as the user who runs the tests or as somebody who is not root.
fn command(word: &str, at: &Path, settings: &[&str], as_nobody: bool) -> Command {
    let program = env!("CARGO_BIN_EXE_twofold");
    let mut command = if as_nobody {
        let mut command = Command::new("setpriv");
        let id = NOBODY.to_string();
        command.args(["--reuid", &id, "--regid", &id, "--clear-groups", program]);
        command
    } else {
        Command::new(program)
    };
    command
        .env_clear()
        .env("TWOFOLD_LISTEN", "127.0.0.1:0")
        .current_dir(at)
        .arg(word)
        .kill_on_drop(true)
        .stdin(Stdio::null());
    for pair in settings {
        command.args(["--set", pair]);
    }
    command
}

async fn end(word: &str, at: &Path, settings: &[&str], as_nobody: bool) -> Output {
    let mut command = command(word, at, settings, as_nobody);
    let ended = tokio::time::timeout(PATIENCE, command.output()).await;
    let ended = ended.unwrap_or_else(|_| panic!("{word} goes on with {settings:?}"));
    ended.unwrap()
}

/// What is said of the settings that stop a start, by either command.
fn reasons(output: &Output) -> BTreeSet<String> {
    let text = [&output.stdout[..], &output.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    let bare = |line: &str| {
        let line = line
            .strip_prefix("twofold: ")
            .or(line.strip_prefix("error: "));
        line.filter(|line| !line.starts_with("the settings cannot be used"))
            .map(str::to_owned)
    };
    text.lines().filter_map(bare).collect()
}

async fn both_refuse(cases: &[Case], as_nobody: bool) {
    for (what, prepare, settings, setting) in cases {
        let at = tempfile::tempdir().unwrap();
        set_mode(at.path(), 0o755);
        if as_nobody {
            give(at.path());
        }
        prepare(at.path());
        // An at-sign is the folder by its whole path.
        let here = at.path().display().to_string();
        let whole: Vec<_> = settings
            .iter()
            .map(|pair| pair.replace("=@", &format!("={here}")))
            .collect();
        let settings = &*whole.iter().map(String::as_str).collect::<Vec<_>>();
        let before = names(at.path());
        let checked = end("check-config", at.path(), settings, as_nobody).await;
        if as_nobody && matches!(checked.status.code(), Some(126 | 127)) {
            println!("not tried: the program cannot be run by others than root");
            return;
        }
        assert_eq!(names(at.path()), before, "{what}: checking makes nothing");
        let served = end("serve", at.path(), settings, as_nobody).await;
        let (checked_says, served_says) = (reasons(&checked), reasons(&served));
        assert_eq!(checked.status.code(), Some(1), "{what}: {checked:?}");
        assert_eq!(served.status.code(), Some(1), "{what}: {served:?}");
        assert_eq!(checked_says, served_says, "{what}");
        let word = format!("`{setting}`");
        let is_named = served_says.iter().any(|line| line.contains(&word));
        assert!(is_named, "{what}: {word}: {served_says:?}");
        // One cause has one line, and no advice takes from the system what is the system's.
        let of_it = served_says.iter().filter(|line| line.contains(&word));
        assert_eq!(of_it.count(), 1, "{what}: {served_says:?}");
        for folder in ["/", "/root", "/etc", "/var/lib", "/tmp"] {
            let advice = format!("chown {NOBODY} {folder}`");
            let is_advised = served_says.iter().any(|line| line.contains(&advice));
            assert!(!is_advised, "{what}: {served_says:?}");
        }
    }
}

/// Everything below a folder.
fn names(at: &Path) -> BTreeSet<std::path::PathBuf> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(at).into_iter().flatten().flatten() {
        found.insert(entry.path());
        if entry.file_type().unwrap().is_dir() {
            found.extend(names(&entry.path()));
        }
    }
    found
}

#[tokio::test]
async fn settings_that_stop_a_start_are_errors_of_the_check() {
    both_refuse(&SETTINGS, false).await;
}

#[tokio::test]
async fn places_that_stop_a_start_are_errors_of_the_check() {
    both_refuse(&PLACES, false).await;
}

#[tokio::test]
async fn what_another_user_has_made_is_not_relied_on() {
    if is_root() {
        both_refuse(&FOREIGN, false).await;
    }
}

#[tokio::test]
async fn what_the_user_may_not_use_is_an_error_of_the_check() {
    if is_root() {
        both_refuse(&FORBIDDEN, true).await;
    }
}

/// No command reads a stranger's database or keys from the folder that it is started in.
#[tokio::test]
async fn no_command_uses_the_data_of_another_user() {
    if !is_root() {
        return;
    }
    let at = tempfile::tempdir().unwrap();
    folder(&at.path().join("data"));
    plant(&at.path().join("data/twofold.db"));
    for words in [
        "user list",
        "account list",
        "keys check",
        "keys add --print",
        "migrate",
        "backup out",
        "restore x",
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_twofold"));
        command
            .env_clear()
            .current_dir(at.path())
            .args(words.split(' '));
        let ended = command.output().await.unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(1), "{words}: {said}");
        assert!(
            said.contains("of another user (id 65534"),
            "{words}: {said}"
        );
    }
}

/// Somebody else's pipe gives nobody keys, and holds nobody.
#[tokio::test]
async fn no_command_reads_or_waits_for_a_strangers_pipe() {
    if !is_root() {
        return;
    }
    let at = tempfile::tempdir().unwrap();
    set_mode(at.path(), 0o755);
    let (open, own) = (at.path().join("open"), at.path().join("own"));
    folder(&open);
    set_mode(&open, 0o1777);
    folder(&own);
    for name in ["keys", "ca", "secret"] {
        pipe(&open.join(name), 0o666);
        give(&open.join(name));
    }
    let (open, own) = (open.display(), own.display());
    let (in_open, in_own) = (format!("data={open}"), format!("data={own}"));
    let keys = format!("keys_file={open}/keys");
    let ca = format!("mail.ca_file={open}/ca");
    let secret = format!("database_url_file={open}/secret");
    let cases: [(&[&str], &str); 4] = [
        (&[&in_open], "data"),
        (&[&in_own, &keys], "keys_file"),
        (
            &[&in_own, "mail.smtp_url=smtps://localhost", &ca],
            "mail.ca_file",
        ),
        (&[&in_own, &secret], "database_url_file"),
    ];
    for (settings, setting) in cases {
        for words in [
            "serve",
            "check-config",
            "user list",
            "keys check",
            "keys add",
            "migrate",
            "backup out",
            "restore x",
        ] {
            let mut words = words.split(' ');
            let mut command = command(words.next().unwrap(), at.path(), settings, false);
            command.args(words);
            let ended = tokio::time::timeout(PATIENCE, command.output()).await;
            let ended = ended
                .unwrap_or_else(|_| panic!("it waits with {settings:?}"))
                .unwrap();
            let said = [&ended.stdout[..], &ended.stderr].concat();
            let said = String::from_utf8(said).unwrap();
            assert_eq!(ended.status.code(), Some(1), "{settings:?}: {said}");
            assert!(
                said.contains(&format!("setting `{setting}`")),
                "{settings:?}: {said}"
            );
        }
    }
}

/// The value that takes the place of one that was refused is nobody's: nothing is said of it.
#[tokio::test]
async fn a_refused_secret_leads_to_one_message() {
    let mut walked = 0;
    for key in settings::KEYS.iter() {
        let settings::SettingKind::FileOf(_) = key.kind else {
            continue;
        };
        walked += 1;
        let needed: &[&str] = match key.name {
            "sms.secret_file" => &["sms.gateway=webhook", "sms.url=https://sms.example.org/x"],
            "sms.token_file" => &[
                "sms.gateway=twilio",
                "sms.account=a",
                "sms.from=+15550001111",
            ],
            _ => &[],
        };
        let at = tempfile::tempdir().unwrap();
        let pair = format!("{}=absent", key.name);
        let mut settings = needed.to_vec();
        settings.push(&pair);
        for word in ["check-config", "serve"] {
            let said = reasons(&end(word, at.path(), &settings, false).await);
            assert_eq!(said.len(), 1, "{pair}: {said:?}");
            assert!(said.iter().all(|line| line.contains(key.name)), "{said:?}");
        }
    }
    assert!(walked > 3, "{walked}");
}

/// All at once, each with where it was set; and what the check takes starts.
#[tokio::test]
async fn a_start_says_all_that_is_wrong_and_where_it_was_set() {
    let at = tempfile::tempdir().unwrap();
    write(
        &at.path().join("twofold.toml"),
        "sign_up = 1\nkeys_file = \"absent/keys\"\n[metrics]\nlisten = \"127.0.0.1:3999\"\n",
    );
    let settings = ["listen=127.0.0.1:3999", "mail.from=nobody"];
    let served = end("serve", at.path(), &settings, false).await;
    let said = String::from_utf8(served.stderr.clone()).unwrap();
    for line in [
        "twofold: setting `sign_up` takes true or false  (from twofold.toml)",
        "twofold: setting `keys_file` cannot be used: absent/keys cannot be made: there is no folder absent  (from twofold.toml)",
        "twofold: setting `metrics.listen` cannot be used: 127.0.0.1:3999 is taken by `listen` (127.0.0.1:3999); give it another port  (from twofold.toml)",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(
        said.contains("or other punctuation") || said.contains("quotation marks  (from a flag)"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 4, "{said}");
    assert_eq!(
        reasons(&served),
        reasons(&end("check-config", at.path(), &settings, false).await)
    );
}

#[tokio::test]
async fn what_the_check_takes_starts() {
    let cases: [(&str, &[&str]); 7] = [
        ("nothing", &[]),
        ("folders to make", &["data=a/b/data"]),
        ("keys in the data folder", &["keys_file=data/keys"]),
        (
            "the same, spelled otherwise",
            &["keys_file=./data/keys", "data=data/"],
        ),
        (
            "keys above the data folder",
            &["data=a/data", "keys_file=a/keys"],
        ),
        ("keys beside it", &["keys_file=my-keys"]),
        (
            "mail to this machine",
            &["mail.smtp_url=smtp://localhost:1"],
        ),
    ];
    for (what, settings) in cases {
        let at = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let checked = end("check-config", at.path(), settings, false).await;
            assert_eq!(checked.status.code(), Some(0), "{what}: {checked:?}");
            starts(at.path(), settings, false).await;
        }
    }
}

/// Starts until it says where it is.
async fn starts(at: &Path, settings: &[&str], as_nobody: bool) {
    let mut started = command("serve", at, settings, as_nobody);
    let started = started.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut started = started.spawn().unwrap();
    let mut lines = BufReader::new(started.stdout.take().unwrap()).lines();
    let first = tokio::time::timeout(PATIENCE, lines.next_line()).await;
    let first = first.unwrap().unwrap().unwrap_or_default();
    let is_up = first.starts_with("Twofold is at ");
    if is_up {
        started.kill().await.unwrap();
    }
    let ended = started.wait_with_output().await.unwrap();
    assert!(
        is_up,
        "{settings:?}: {}",
        String::from_utf8_lossy(&ended.stderr)
    );
}

/// Volumes as platforms hand them out, for a program that is not root's: each starts, and starts again on what it made.
#[tokio::test]
async fn volumes_of_platforms_start() {
    if !is_root() {
        return;
    }
    for (what, prepare, folder, warning) in VOLUMES {
        let at = tempfile::tempdir().unwrap();
        set_mode(at.path(), 0o755);
        prepare(at.path());
        let data = format!("data={}", at.path().join(folder).display());
        for _ in 0..2 {
            let checked = end("check-config", at.path(), &[&data], true).await;
            if matches!(checked.status.code(), Some(126 | 127)) {
                println!("not tried: the program cannot be run by others than root");
                return;
            }
            let said = String::from_utf8(checked.stdout.clone()).unwrap();
            assert_eq!(checked.status.code(), Some(0), "{what}: {checked:?}");
            let is_warned = said.contains("is of another user") || said.contains("has mode 0777");
            assert_eq!(is_warned, warning, "{what}: {said}");
            starts(at.path(), &[&data], true).await;
        }
    }
}

/// What a stranger has planted where everybody writes is taken by no command, named or not, for root neither.
#[tokio::test]
async fn what_was_planted_is_refused_to_root_too() {
    if !is_root() {
        return;
    }
    let at = tempfile::tempdir().unwrap();
    set_mode(at.path(), 0o755);
    let open = at.path().join("open");
    folder(&open);
    set_mode(&open, 0o1777);
    ours(&open.join("data"));
    plant(&open.join("data/twofold.db"));
    for spelled in ["open/data", "open/data/", "open/data/."] {
        let data = format!("data={}", at.path().join(spelled).display());
        for word in ["check-config", "serve"] {
            let ended = end(word, at.path(), &[&data], false).await;
            let said = reasons(&ended);
            assert_eq!(ended.status.code(), Some(1), "{word}: {ended:?}");
            assert!(
                said.iter()
                    .any(|line| line.contains("may have put it there")),
                "{said:?}"
            );
            assert!(!said.iter().any(|line| line.contains("chown")), "{said:?}");
        }
    }
}

/// A database that was there before, of which something is missing or too much.
#[tokio::test]
async fn a_database_that_does_not_fit_is_an_error_of_the_check() {
    let later = "INSERT INTO seaql_migrations VALUES ('m9999_later', 1)";
    for (what, words) in [
        ("the keys are gone", "the keys are missing"),
        ("a newer version", "m9999_later"),
        ("other keys", "is missing: the database holds data"),
    ] {
        let at = tempfile::tempdir().unwrap();
        starts(at.path(), &[], false).await;
        let data = at.path().join("data");
        if what == "a newer version" {
            let database = rusqlite::Connection::open(data.join("twofold.db")).unwrap();
            database.execute(later, ()).unwrap();
        } else {
            fs::remove_file(data.join("keys")).unwrap();
        }
        if what == "other keys" {
            starts(at.path(), &["data=other"], false).await;
            fs::copy(at.path().join("other/keys"), data.join("keys")).unwrap();
        }
        let before = names(at.path());
        let checked = end("check-config", at.path(), &[], false).await;
        assert_eq!(names(at.path()), before, "{what}: checking makes nothing");
        let served = end("serve", at.path(), &[], false).await;
        assert_eq!(checked.status.code(), Some(1), "{what}: {checked:?}");
        assert_eq!(served.status.code(), Some(1), "{what}: {served:?}");
        let said = reasons(&served);
        assert_eq!(reasons(&checked), said, "{what}");
        assert!(said.iter().any(|line| line.contains(words)), "{said:?}");
    }
}
