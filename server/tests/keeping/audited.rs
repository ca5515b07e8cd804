//! Every command of the operator leaves a line in the log, or says in the documentation why it does not.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;

use sea_orm::Statement;
use storage::schema::steps;
use storage::{ConnectionTrait as _, Database, Location};
use tokio::io::AsyncWriteExt as _;

use crate::process::{command, twofold};
use crate::support::{TestApp, make_as_of};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";

/// Creates a user.
const EVE: [&str; 9] = [
    "user",
    "create",
    "--name",
    "Eve",
    "--email",
    "eve@x.org",
    "--account",
    "E",
    "--password-stdin",
];

/// What opens no database, and what serves: those have lines for what people do.
const WITHOUT_A_LINE: [&str; 4] = [
    "serve",
    "check-config",
    // Opens no database.
    "mail test",
    // Refused while no key is lost; `lost_keys` has it.
    "user reset-all-two-factor",
];

/// The kinds of lines in a database, sorted.
async fn kinds(folder: &Path) -> Vec<String> {
    let location = Location::Sqlite(folder.join("twofold.db"));
    let database = Database::open_as_it_is(&location).await.unwrap();
    let db = database.read();
    let query = "SELECT kind FROM audit_events WHERE actor_kind = 'operator' ORDER BY kind";
    let statement = Statement::from_string(db.get_database_backend(), query);
    let rows = db.query_all_raw(statement).await.unwrap();
    let kinds = rows.iter().map(|row| row.try_get("", "kind").unwrap());
    let kinds = kinds.collect();
    database.close().await.unwrap();
    kinds
}

/// A folder with a database whose last step is due.
async fn of_the_version_before() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let most = u32::try_from(steps().len()).unwrap() - 1;
    make_as_of(&folder.path().join("twofold.db"), most).await;
    folder
}

/// Runs a command that succeeds, and gives the kinds of the lines that it added.
async fn added(folder: &Path, arguments: &[&str], input: &str) -> Vec<String> {
    let before = if folder.join("twofold.db").exists() {
        kinds(folder).await
    } else {
        Vec::new()
    };
    let mut command = command(folder, arguments);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // Most commands read nothing.
    let _ = stdin.write_all(input.as_bytes()).await;
    drop(stdin);
    let output = child.wait_with_output().await.unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {err}");
    let mut after = kinds(folder).await;
    for kind in before {
        let at = after.iter().position(|one| *one == kind).unwrap();
        after.remove(at);
    }
    after
}

/// The commands that the program has, by its own help: `keys add`, `migrate`.
async fn commands(folder: &Path, of: &[&str]) -> BTreeSet<String> {
    let help = twofold(folder, &[of, &["--help"]].concat()).await.ok().out;
    let listed = help.split("Commands:\n").nth(1).unwrap_or_default();
    let listed = listed.split("\n\n").next().unwrap_or_default();
    let names = listed
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty() && *name != "help");
    let mut all = BTreeSet::new();
    for name in names {
        let inner = Box::pin(commands(folder, &[of, &[name]].concat())).await;
        if inner.is_empty() {
            all.insert([of, &[name]].concat().join(" "));
        }
        all.extend(inner);
    }
    all
}

#[expect(
    clippy::too_many_lines,
    reason = "one table, which reads best in one piece"
)]
#[tokio::test]
async fn every_command_leaves_a_line_in_the_log() {
    let mut app = TestApp::start().await;
    app.create_user(ADA).await;
    app.create_user(BOB).await;
    app.join(ADA, BOB, 2).await;
    let account = app.account_of(ADA).await;
    app.stop().await;
    let folder = app.folder();
    let old = std::fs::read_to_string(folder.join("keys")).unwrap();
    let (old, _) = old.lines().last().unwrap().split_once(' ').unwrap();
    let backup = folder.join("backup");
    let backup = backup.to_str().unwrap();
    let apps =
        format!("{ADA},GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n{BOB},MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U\n");
    let table: [(&[&str], &str, &[&str]); 23] = [
        (&EVE, "correct horse battery staple", &["user_created"]),
        (&["user", "list"], "", &["users_listed"]),
        (&["account", "list"], "", &["accounts_listed"]),
        (
            &["user", "allow-first-factor", ADA],
            "",
            &["first_factor_allowed"],
        ),
        (&["import-totp", "-", "--dry-run"], &apps, &[]),
        (
            &["import-totp", "-"],
            &apps,
            // For each the user's own, and one for each of their accounts.
            &["two_factor_imported"; 5],
        ),
        (
            &["account", "require-two-factor", &account, "--on"],
            "",
            &["requirement_set"],
        ),
        (
            &["account", "rename", &account, "--to", "Difference Engines"],
            "",
            &["account_renamed"],
        ),
        (
            &["account", "set-zone", &account, "--to", "Europe/Berlin"],
            "",
            &["account_zone_changed"],
        ),
        (
            &["account", "transfer", &account, "--to", BOB],
            "",
            &["account_transferred"],
        ),
        (&["account", "delete", &account], "", &["account_deleted"]),
        (&["account", "restore", &account], "", &["account_restored"]),
        (&["user", "disable", "--email", ADA], "", &["user_disabled"]),
        (&["user", "enable", "--email", ADA], "", &["user_enabled"]),
        (&["user", "unlock", "--email", ADA], "", &["user_unlocked"]),
        (
            &["user", "reset-two-factor", "--email", ADA],
            "",
            &["two_factor_reset"; 2],
        ),
        (
            &[
                "user",
                "set-email",
                "--email",
                ADA,
                "--to",
                "lovelace@x.org",
            ],
            "",
            &["email_changed"],
        ),
        (&["keys", "add"], "", &["key_added"]),
        (&["keys", "rotate"], "", &["sealing_key_changed"]),
        (&["keys", "check"], "", &["keys_checked"]),
        (&["keys", "drop", old], "", &["key_dropped"]),
        (&["backup", backup], "", &["backed_up"]),
        // Nothing is due, and nothing was changed.
        (&["migrate"], "", &[]),
    ];
    let mut met: BTreeSet<String> = WITHOUT_A_LINE.map(str::to_owned).into();
    for (arguments, input, expected) in table {
        assert_eq!(
            added(folder, arguments, input).await,
            expected,
            "{arguments:?}"
        );
        let two = arguments
            .iter()
            .take(2)
            .copied()
            .collect::<Vec<_>>()
            .join(" ");
        met.extend([arguments[0].to_owned(), two]);
    }
    let fresh = of_the_version_before().await;
    assert_eq!(added(fresh.path(), &["migrate"], "").await, ["migrated"]);
    let other = tempfile::tempdir().unwrap();
    std::fs::copy(folder.join("keys"), other.path().join("keys")).unwrap();
    let restored = added(other.path(), &["restore", backup], "").await;
    assert!(restored.contains(&"restored".to_owned()), "{restored:?}");
    met.insert("restore".to_owned());
    let all = commands(folder, &[]).await;
    assert!(
        all.contains("keys check") && all.contains("backup"),
        "{all:?}"
    );
    let silent: Vec<_> = all.difference(&met).collect();
    assert!(silent.is_empty(), "not looked at: {silent:?}");
}

/// The line of a migration comes with the schema; that of a check says what it found.
#[tokio::test]
async fn the_lines_say_what_was_found_and_how_far_it_went() {
    let folder = of_the_version_before().await;
    twofold(folder.path(), &["migrate"]).await.ok();
    let mut app = TestApp::start().await;
    let (_, _) = app.member_with_two_factor(ADA).await;
    app.stop().await;
    let keys = std::fs::read_to_string(app.folder().join("keys")).unwrap();
    twofold(app.folder(), &["keys", "check"]).await.ok();
    app.sql("UPDATE second_factors SET sealed_secret = substr(sealed_secret, 1, 40)")
        .await;
    twofold(app.folder(), &["keys", "check"])
        .await
        // The value, and the tag that goes when a factor is changed.
        .refused(&["cannot be opened: 2"]);
    twofold(app.folder(), &["keys", "add"]).await.ok();
    let now = std::fs::read_to_string(app.folder().join("keys")).unwrap();
    let (new, _) = now.strip_prefix(&keys).unwrap().split_once(' ').unwrap();
    let events = app.events().await;
    for event in [
        "keys_checked 0",
        "keys_checked 2",
        &format!("key_added {new}"),
    ] {
        assert!(events.contains(&event.to_owned()), "{events:?}");
    }
    let location = Location::Sqlite(folder.path().join("twofold.db"));
    let database = Database::open_as_it_is(&location).await.unwrap();
    let db = database.read();
    let query = "SELECT data FROM audit_events WHERE kind = 'migrated'";
    let statement = Statement::from_string(db.get_database_backend(), query);
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    let data: String = row.try_get("", "data").unwrap();
    let to = serde_json::from_str::<serde_json::Value>(&data).unwrap()["to"].clone();
    assert_eq!(to.as_str(), steps().last().map(String::as_str));
}

/// What cannot be noted is not shown.
#[tokio::test]
async fn a_list_that_cannot_be_noted_is_not_shown() {
    let mut app = TestApp::start().await;
    app.create_user(ADA).await;
    app.stop().await;
    app.sql(
        "CREATE TRIGGER full BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    .await;
    for list in [&["user", "list"], &["account", "list"]] {
        let said = twofold(app.folder(), list)
            .await
            .refused(&["(code 1811 of SQLite)"]);
        assert_eq!(said.out, "");
    }
    let said = twofold(app.folder(), &["keys", "check"]).await;
    let said = said.refused(&["the check is not in the log"]);
    assert!(said.out.contains("\tcurrent\t"), "{}", said.out);
    let before = std::fs::read(app.folder().join("keys")).unwrap();
    twofold(app.folder(), &["keys", "add"])
        .await
        .refused(&["(code 1811 of SQLite)"]);
    assert_eq!(std::fs::read(app.folder().join("keys")).unwrap(), before);
}

/// What is refused is named by the option that it was given with, in a sentence.
#[tokio::test]
async fn a_refused_value_is_named_by_its_option() {
    let mut app = TestApp::start().await;
    app.create_user(ADA).await;
    app.stop().await;
    let folder = app.folder().to_owned();
    let set = ["user", "set-email", "--email", ADA, "--to"];
    for (to, words) in [
        ("nowhere", "--to is not an e-mail address"),
        (ADA, "--to is the same as before"),
    ] {
        let command = [&set[..], &[to]].concat();
        twofold(&folder, &command).await.refused(&[words]);
    }
}
