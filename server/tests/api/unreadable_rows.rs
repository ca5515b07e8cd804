//! What the operator's commands say of rows that hold values of no type of ours, and of a database that does not do what it is
//! asked for: words, and never those of a driver.

use std::process::Output;

use service::accounts::operator;
use storage::ConnectionTrait as _;

use crate::operator_accounts::twofold;
use crate::support::TestApp;

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";

/// Words that a driver or a library uses, and no text of ours.
const RAW: [&str; 9] = [
    "Query Error",
    "Execution Error",
    "Connection Error",
    "error returned from database",
    "error occurred while",
    "mismatched types",
    "sqlx",
    "storage:",
    "RuntimeErr",
];

fn has_no_raw_words(what: &str, said: &str) {
    for raw in RAW {
        assert!(!said.contains(raw), "{what}: {said}");
    }
}

struct Said {
    is_success: bool,
    rows: Vec<Vec<String>>,
    complaint: String,
}

fn said(what: &str, output: Output) -> Said {
    let complaint = String::from_utf8(output.stderr).unwrap();
    has_no_raw_words(what, &complaint);
    let rows = String::from_utf8(output.stdout).unwrap();
    let row = |line: &str| line.split('\t').map(str::to_owned).collect();
    Said {
        is_success: output.status.success(),
        rows: rows.lines().map(row).collect(),
        complaint,
    }
}

/// Values that SQLite takes into any column. PostgreSQL refuses them.
const EDITS_OF_ADA: [&str; 9] = [
    "UPDATE users SET created_at = 'x' WHERE email = 'ada@example.org'",
    "UPDATE users SET name = x'ff' WHERE email = 'ada@example.org'",
    "UPDATE users SET password_changed_at = 'x' WHERE email = 'ada@example.org'",
    "UPDATE users SET factor_failures = 'x' WHERE email = 'ada@example.org'",
    "UPDATE users SET disabled_at = 'x' WHERE email = 'ada@example.org'",
    "UPDATE users SET language = x'ff' WHERE email = 'ada@example.org'",
    "UPDATE second_factors SET enabled_at = 'x'",
    "UPDATE second_factors SET kind = x'ff'",
    "UPDATE factor_sets SET tag = 7 WHERE user_id IN (SELECT user_id FROM second_factors)",
];

#[tokio::test]
async fn the_list_of_users_goes_on_and_marks_whose_row_cannot_be_read() {
    for edit in EDITS_OF_ADA {
        let app = TestApp::start().await;
        if app.is_postgres() {
            return;
        }
        for number in 0..3 {
            app.create_user(&format!("user-{number}@example.org")).await;
        }
        app.member_with_two_factor(ADA).await;
        app.create_user(BOB).await;
        app.sql(edit).await;
        let listed = said(edit, twofold(&app, &["user", "list"]).await);
        assert!(!listed.is_success, "{edit}");
        assert!(
            listed.complaint.contains("1 of the users cannot be read"),
            "{edit}: {}",
            listed.complaint
        );
        assert_eq!(listed.rows.len(), 5, "{edit}: {:?}", listed.rows);
        assert!(listed.rows.iter().all(|row| row.len() == 5), "{edit}");
        let read = |row: &&Vec<String>| row[0].contains('@');
        assert_eq!(listed.rows.iter().filter(read).count(), 4, "{edit}");
        let ids = "SELECT lower(hex(id)) FROM users WHERE email = 'ada@example.org'";
        let id = &app.texts(ids).await[0];
        let marked = listed.rows.iter().find(|row| !row[0].contains('@'));
        let marked = marked.unwrap();
        assert_eq!(&marked[0].replace('-', ""), id, "{edit}");
        assert_eq!(marked[2], "unreadable", "{edit}");
    }
}

#[tokio::test]
async fn the_list_of_accounts_goes_on_and_marks_what_cannot_be_read() {
    for edit in [
        "UPDATE accounts SET required_from = 'x' WHERE owner_id IN (SELECT id FROM users WHERE email = 'ada@example.org')",
        "UPDATE accounts SET zone = x'ff' WHERE owner_id IN (SELECT id FROM users WHERE email = 'ada@example.org')",
        "UPDATE accounts SET name = x'ff' WHERE owner_id IN (SELECT id FROM users WHERE email = 'ada@example.org')",
        "UPDATE accounts SET sms_counts = 'x' WHERE owner_id IN (SELECT id FROM users WHERE email = 'ada@example.org')",
        // Their owner stands in the line.
        "UPDATE users SET created_at = 'x' WHERE email = 'ada@example.org'",
        "UPDATE deleted_accounts SET deleted_at = 'x'",
        "UPDATE deleted_accounts SET required_from = 'x'",
    ] {
        let app = TestApp::start().await;
        if app.is_postgres() {
            return;
        }
        for email in [ADA, BOB, "eve@example.org"] {
            app.create_user(email).await;
        }
        let eves = app.account_of("eve@example.org").await;
        operator::delete(&app.services, &eves).await.unwrap();
        app.sql(edit).await;
        let listed = said(edit, twofold(&app, &["account", "list"]).await);
        assert!(!listed.is_success, "{edit}");
        let complaint = &listed.complaint;
        let words = "1 of the accounts cannot be read";
        assert!(complaint.contains(words), "{edit}: {complaint}");
        assert_eq!(listed.rows.len(), 3, "{edit}: {:?}", listed.rows);
        let marked = |row: &&Vec<String>| row[2] == "unreadable" && row[1].is_empty();
        assert_eq!(listed.rows.iter().filter(marked).count(), 1, "{edit}");
    }
}

/// What else a command has to do with such a row is refused in words.
#[tokio::test]
async fn a_command_that_needs_an_unreadable_row_says_so() {
    let app = TestApp::start().await;
    if app.is_postgres() {
        return;
    }
    app.create_user(ADA).await;
    let id = app.account_of(ADA).await;
    app.sql("UPDATE users SET created_at = 'x'").await;
    app.sql("UPDATE accounts SET required_from = 'x'").await;
    for arguments in [
        &["user", "disable", "--email", ADA][..],
        &["user", "unlock", "--email", ADA],
        &["user", "reset-two-factor", "--email", ADA],
        &["user", "allow-first-factor", ADA],
        &["user", "set-email", "--email", ADA, "--to", BOB],
        &["account", "rename", &id, "--to", "New"],
        &["account", "require-two-factor", &id, "--on"],
        &["account", "delete", &id],
    ] {
        let what = arguments.join(" ");
        let said = said(&what, twofold(&app, arguments).await);
        assert!(!said.is_success, "{what}");
        let words = "holds in its column";
        assert!(said.complaint.contains(words), "{what}: {}", said.complaint);
    }
}

/// A table that is not there is what no word of ours is for: the code of the database is named, and nothing that it said.
#[tokio::test]
async fn what_a_database_refuses_has_no_words_of_a_driver() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let id = app.account_of(ADA).await;
    app.sql("ALTER TABLE audit_events RENAME TO gone").await;
    for arguments in [
        &["user", "list"][..],
        &["user", "disable", "--email", ADA],
        &["user", "unlock", "--email", ADA],
        &["account", "list"],
        &["account", "rename", &id, "--to", "New"],
        &["account", "delete", &id],
        &["keys", "check"],
    ] {
        let what = arguments.join(" ");
        let said = said(&what, twofold(&app, arguments).await);
        assert!(!said.is_success, "{what}");
        let code = app.either("(code 1 of SQLite)", "(SQLSTATE 42P01)");
        assert!(said.complaint.contains(code), "{what}: {}", said.complaint);
        let lines = said.complaint.lines().count();
        assert_eq!(lines, 1, "{what}: {}", said.complaint);
    }
}

/// A disk of a server of PostgreSQL is not ours to fill: a trigger says what it would say.
#[tokio::test]
async fn a_full_and_a_read_only_database_is_told_in_words() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let id = app.account_of(ADA).await;
    if app.is_postgres() {
        for (code, words) in [
            ("53100", "the disk of its server is full (SQLSTATE 53100)"),
            ("25006", "it is read-only (SQLSTATE 25006)"),
        ] {
            app.sql(&format!(
                "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$"
            ))
            .await;
            app.sql("CREATE OR REPLACE TRIGGER refuse BEFORE UPDATE ON accounts EXECUTE FUNCTION refuse()")
                .await;
            let told = operator::rename(&app.services, &id, code).await;
            assert_told(code, &told.unwrap_err().to_string(), words);
        }
        return;
    }
    for (statement, back, words) in [
        (
            "PRAGMA max_page_count = 1",
            "PRAGMA max_page_count = 1000000",
            "the disk is full (code 13 of SQLite)",
        ),
        (
            "PRAGMA query_only = ON",
            "",
            "is read-only (code 8 of SQLite)",
        ),
    ] {
        let run = async |sql: &str| {
            let change = app.services.database.begin_write().await.unwrap();
            change.execute_unprepared(sql).await.unwrap();
            change.commit().await.unwrap();
        };
        run(statement).await;
        let mut told = None;
        for number in 0..500 {
            let name = format!("{number} {}", "x".repeat(60));
            if let Err(error) = operator::rename(&app.services, &id, &name).await {
                told = Some(error.to_string());
                break;
            }
        }
        let told = told.unwrap_or_else(|| panic!("{statement}: nothing was refused"));
        assert_told(statement, &told, words);
        if !back.is_empty() {
            run(back).await;
        }
    }
}

fn assert_told(what: &str, told: &str, words: &str) {
    has_no_raw_words(what, told);
    assert!(told.contains(words), "{told}");
    assert!(told.ends_with("; what was begun is undone"), "{told}");
}
