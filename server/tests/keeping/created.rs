//! `twofold user create`: the time zone of the account that comes with the user.

use std::path::Path;
use std::process::Stdio;

use tokio::io::AsyncWriteExt as _;

use crate::process::{command, twofold};
use crate::support::Said;

/// Creates the user of a number on a machine that says this of its zone.
async fn create(folder: &Path, number: usize, tz: &str, zone: Option<&str>) -> Said {
    let email = format!("user{number}@example.org");
    let account = format!("Account {number}");
    let mut arguments = vec!["user", "create", "--password-stdin", "--name", "Eve"];
    arguments.extend(["--email", &email, "--account", &account]);
    arguments.extend(zone.iter().flat_map(|zone| ["--zone", *zone]));
    let mut command = command(folder, &arguments);
    let mut child = command.env("TZ", tz).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A command that refuses reads nothing.
    let _ = stdin.write_all(b"correct horse battery staple\n").await;
    drop(stdin);
    let output = child.wait_with_output().await.unwrap();
    Said {
        status: output.status,
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[tokio::test]
async fn the_account_is_in_the_zone_that_is_given_or_that_of_the_machine() {
    let folder = tempfile::tempdir().unwrap();
    for none in ["Factory", "Berlin", ""] {
        create(folder.path(), 0, "UTC", Some(none))
            .await
            .refused(&["--zone: no time zone", "Europe/Berlin"]);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let cases = [
        ("Europe/Paris", None, "Europe/Paris"),
        (":Europe/Paris", None, "Europe/Paris"),
        ("Europe/Paris", Some("asia/tokyo"), "Asia/Tokyo"),
        ("Mars/Olympus_Mons", Some("Asia/Tokyo"), "Asia/Tokyo"),
        // A rule without a name, and names of nothing.
        ("CET-1CEST,M3.5.0,M10.5.0/3", None, "UTC"),
        ("Mars/Olympus_Mons", None, "UTC"),
        ("Factory", None, "UTC"),
        ("UTC", None, "UTC"),
    ];
    for (number, (tz, zone, expected)) in cases.into_iter().enumerate() {
        let said = create(folder.path(), number, tz, zone).await.ok().out;
        let words = format!("Account {number} is in the time zone {expected};");
        assert!(said.contains(&words), "{tz} {zone:?}: {said}");
        let listed = twofold(folder.path(), &["account", "list"]).await.ok().out;
        let of_it = format!("\tAccount {number}\t");
        let line = listed.lines().find(|line| line.contains(&of_it)).unwrap();
        assert!(line.ends_with(&format!("\t{expected}")), "{line}");
    }
}
