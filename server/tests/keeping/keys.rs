//! `twofold keys`: what it refuses, what it finds, and that it keeps keys to itself.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crypto::random::SeededRandom;
use crypto::seal::KeyRing;

use crate::bulk_users::crowd;
use crate::process::{TWOFOLD, command, twofold};
use crate::support::TestApp;

/// The ids in a file of keys, and the keys themselves.
fn ids_and_keys(file: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.map(|line| line.split_once(' ').unwrap());
    pairs
        .map(|(id, key)| (id.to_owned(), key.to_owned()))
        .collect()
}

async fn stopped(size: u32) -> TestApp {
    let mut app = TestApp::start().await;
    crowd(&app, size).await;
    app.stop().await;
    app
}

#[tokio::test]
async fn a_key_is_added_rotated_to_and_dropped_and_each_is_in_the_log() {
    let app = stopped(12).await;
    let file = app.folder().join("keys");
    let mode = || std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    let before = std::fs::read_to_string(&file).unwrap();
    twofold(app.folder(), &["keys", "add"]).await.ok();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.starts_with(&before), "what was there stays");
    assert_eq!(mode(), 0o600);
    let [(old, _), (new, _)] = ids_and_keys(&file).try_into().unwrap();
    let drop_old = ["keys", "drop", &old];
    twofold(app.folder(), &drop_old)
        .await
        .refused(&["seals what is new", "rotate"]);
    let check = twofold(app.folder(), &["keys", "check"]).await.ok().out;
    assert!(
        check.contains(&format!("{old}\tcurrent\tsecond factors 13")),
        "{check}"
    );
    assert!(check.contains(&format!("{new}\tkept\tnothing")), "{check}");
    let done = twofold(app.folder(), &["keys", "rotate"]).await.ok().out;
    assert!(done.contains("Sealed anew: second factors 13"), "{done}");
    let again = twofold(app.folder(), &["keys", "rotate"]).await.ok().out;
    assert!(again.contains("keys add"), "{again}");
    // One that was left behind keeps its key.
    let row = "(SELECT user_id FROM second_factors LIMIT 1)";
    app.sql(&format!(
        "UPDATE second_factors SET key_id = '{old}' WHERE user_id = {row}"
    ))
    .await;
    twofold(app.folder(), &drop_old)
        .await
        .refused(&[&old, "second factors 1"]);
    twofold(app.folder(), &["keys", "check"])
        .await
        .refused(&["cannot be opened: 1"]);
    app.sql(&format!("UPDATE second_factors SET key_id = '{new}'"))
        .await;
    twofold(app.folder(), &drop_old).await.ok();
    assert_eq!(ids_and_keys(&file).len(), 1);
    twofold(app.folder(), &drop_old).await.refused(&["no key"]);
    twofold(app.folder(), &["keys", "drop", "nonsense"])
        .await
        .refused(&["not a key id"]);
    let events = app.events().await;
    for event in [
        format!("sealing_key_changed {new}"),
        format!("key_dropped {old}"),
    ] {
        assert!(events.contains(&event), "{events:?}");
    }
}

/// One row that somebody has edited: `check-config` and the start say the same, a backup is made and restored, and one reset of
/// its user ends it.
#[tokio::test]
async fn a_row_that_names_another_key_is_told_before_and_at_the_start_and_stops_neither_it_nor_a_backup()
 {
    for key in ["deadbeef", "x"] {
        let app = stopped(3).await;
        let words = [
            "some rows name another key than the one that their values are under",
            "second factors 1",
            "Nobody is refused",
            "keys check",
        ];
        let checked = twofold(app.folder(), &["check-config"]).await.ok();
        assert!(!checked.out.contains(words[0]), "{}", checked.out);
        let row = "(SELECT user_id FROM second_factors LIMIT 1)";
        app.sql(&format!(
            "UPDATE second_factors SET key_id = '{key}' WHERE user_id = {row}"
        ))
        .await;
        let checked = twofold(app.folder(), &["check-config"]).await.ok();
        let server = TWOFOLD.serve(app.folder()).await;
        let mut browser = crate::support::Browser::new(&server.base);
        browser.sign_in(crate::bulk_users::OWNER).await.expect(200);
        let log = server.kill().await;
        for words in words {
            assert!(checked.out.contains(words), "{words}: {}", checked.out);
            assert!(log.contains(words), "{words}: {log}");
        }
        let backup = app.folder().join("backup");
        twofold(app.folder(), &["backup", backup.to_str().unwrap()])
            .await
            .ok();
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(app.folder().join("keys"), folder.path().join("keys")).unwrap();
        twofold(folder.path(), &["restore", backup.to_str().unwrap()])
            .await
            .ok();
        twofold(app.folder(), &["keys", "check"])
            .await
            .refused(&["cannot be opened: 1"]);
        // What was sealed is whole: sealing it anew mends the row.
        twofold(app.folder(), &["keys", "rotate"]).await.ok();
        twofold(app.folder(), &["keys", "check"]).await.ok();
    }
}

/// F149: a missing key is named, and nothing is made up in its place.
#[tokio::test]
async fn check_names_the_key_that_is_missing_or_wrong() {
    let app = stopped(3).await;
    let file = app.folder().join("keys");
    let kept = std::fs::read_to_string(&file).unwrap();
    let (id, _) = ids_and_keys(&file).pop().unwrap();
    std::fs::remove_file(&file).unwrap();
    twofold(app.folder(), &["keys", "check"])
        .await
        .refused(&["the keys are missing"]);
    assert!(!file.exists());
    let (_, others) = KeyRing::generate(&SeededRandom::new(99));
    std::fs::write(&file, others).unwrap();
    let said = twofold(app.folder(), &["keys", "check"]).await;
    let said = said.refused(&["cannot be opened: 9", "missing", &id]);
    assert!(
        said.out
            .contains(&format!("{id}\tcurrent, missing\tsecond factors 4")),
        "{}",
        said.out
    );
    for command in ["add", "rotate"] {
        twofold(app.folder(), &["keys", command])
            .await
            .refused(&[&id]);
    }
    std::fs::write(&file, kept).unwrap();
    app.sql(
        "UPDATE second_factors SET sealed_secret = substr(sealed_secret, 1, 40) WHERE kind = 'app'",
    )
    .await;
    let said = twofold(app.folder(), &["keys", "check"]).await;
    // Four values, and the tags that go with a change of them.
    let said = said.refused(&["cannot be opened: 8"]);
    assert!(said.out.contains("a second factor of user"), "{}", said.out);
    assert!(said.out.contains("their tag is missing"), "{}", said.out);
    // What cannot be opened stays as it is, and is told.
    twofold(app.folder(), &["keys", "add"]).await.ok();
    let said = twofold(app.folder(), &["keys", "rotate"]).await;
    assert_eq!(said.status.code(), Some(1), "{}", said.err);
    for words in ["as they are: 4", "keys check", "user reset-two-factor"] {
        assert!(said.err.contains(words), "no `{words}`: {}", said.err);
    }
}

#[tokio::test]
async fn keys_in_the_setting_are_printed_only_when_asked() {
    let app = stopped(2).await;
    let file = app.folder().join("keys");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let with_setting = |arguments: &'static [&'static str], keys: String| {
        let mut command = command(app.folder(), arguments);
        command.env("TWOFOLD_KEYS", keys);
        async move {
            let output = command.output().await.unwrap();
            let out = String::from_utf8(output.stdout).unwrap();
            (
                output.status.success(),
                out,
                String::from_utf8(output.stderr).unwrap(),
            )
        }
    };
    let (is_done, out, err) = with_setting(&["keys", "add"], text.clone()).await;
    assert!(
        !is_done && out.is_empty() && err.contains("--print"),
        "{err}"
    );
    let (is_done, printed, _) = with_setting(&["keys", "add", "--print"], text.clone()).await;
    assert!(is_done && printed.starts_with(&text), "{printed}");
    let (is_done, out, err) = with_setting(&["keys", "rotate"], printed.clone()).await;
    assert!(is_done && out.contains("second factors 3"), "{out}{err}");
    let (is_done, _, err) = with_setting(&["keys", "check"], text).await;
    assert!(!is_done && err.contains("missing"), "{err}");
    assert!(!file.exists());
}

/// As where secrets are mounted, or shared with the group of the server.
#[tokio::test]
async fn a_file_of_keys_stays_where_it_is_and_as_open_as_it_was() {
    let app = stopped(1).await;
    let file = app.folder().join("keys");
    let elsewhere = tempfile::tempdir().unwrap();
    let real = elsewhere.path().join("secret");
    std::fs::rename(&file, &real).unwrap();
    std::os::unix::fs::symlink(&real, &file).unwrap();
    for (before, after) in [(0o640, 0o640), (0o644, 0o640), (0o400, 0o600)] {
        let permissions = std::fs::Permissions::from_mode(before);
        std::fs::set_permissions(&real, permissions).unwrap();
        twofold(app.folder(), &["keys", "add"]).await.ok();
        assert!(file.symlink_metadata().unwrap().is_symlink());
        let mode = std::fs::metadata(&real).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, after);
    }
    assert_eq!(ids_and_keys(&real).len(), 4);
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 1);
}

/// Neither what the commands say nor the log of a server that works meanwhile, at its most talkative, holds a key.
#[tokio::test]
async fn no_command_and_no_log_shows_a_key() {
    let app = stopped(3).await;
    let file = app.folder().join("keys");
    let mut secrets = ids_and_keys(&file);
    let server = TWOFOLD.serve(app.folder()).await;
    let mut said = String::new();
    let first = secrets.first().unwrap().0.clone();
    for arguments in [
        &["keys", "add"][..],
        &["keys", "rotate"],
        &["keys", "check"],
        &["keys", "drop", &first],
        &["keys", "drop", "00000000"],
    ] {
        let one = twofold(app.folder(), arguments).await;
        said.push_str(&one.out);
        said.push_str(&one.err);
        secrets.extend(ids_and_keys(&file));
    }
    let mut browser = crate::support::Browser::new(&server.base);
    browser.sign_in(crate::bulk_users::OWNER).await.expect(200);
    said.push_str(&server.kill().await);
    assert!(said.contains(&first), "ids are shown");
    for (_, key) in &secrets {
        for part in [key.as_str(), &key[4..30]] {
            assert!(!said.contains(part), "{said}");
        }
    }
    let left = std::fs::read_dir(app.folder()).unwrap();
    let names: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        !names
            .iter()
            .any(|name| name.to_string_lossy().ends_with(".new")),
        "{names:?}"
    );
}

/// The column is an index that somebody can edit: what is under a key that is not here is told although its row names one that is.
#[tokio::test]
async fn a_value_under_a_missing_key_is_told_whatever_its_row_names() {
    let app = stopped(3).await;
    let row = "(SELECT user_id FROM second_factors LIMIT 1)";
    let foreign = app.bytes(&format!("01deadbeef{}", "00".repeat(60)));
    app.sql(&format!(
        "UPDATE second_factors SET sealed_secret = {foreign} WHERE user_id = {row}"
    ))
    .await;
    let checked = twofold(app.folder(), &["check-config"]).await.ok();
    let server = TWOFOLD.serve(app.folder()).await;
    let log = server.kill().await;
    for words in [
        "some sealed values are under a key that is not among the keys",
        "second factors 1",
        "keys check",
    ] {
        assert!(checked.out.contains(words), "{words}: {}", checked.out);
        assert!(log.contains(words), "{words}: {log}");
    }
}
