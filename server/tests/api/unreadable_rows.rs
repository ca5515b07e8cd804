//! What the operator's commands say of rows that hold values of no type of ours, and of a database that does not do what it is
//! asked for: words, and never those of a driver.

use std::process::Output;

use service::accounts::announcements::write_due;
use service::accounts::deletion::erase_due;
use service::accounts::operator::{self, RequirementChange};
use service::readings::readiness;
use storage::ConnectionTrait as _;

use crate::operator_accounts::twofold;
use crate::support::{AdaAndBob, Lines, TestApp, ada_and_bob, wait_until};

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

/// A row at the head of the queue that cannot be read, of which one value is no value of ours.
fn broken_mail(number: usize, column: &str, value: &str) -> String {
    let id = format!("x'{:032x}'", number + 1);
    let columns = [
        ("id", id.as_str()),
        ("sealed_mail", "x'00'"),
        ("key_id", "'k'"),
        ("created_at", "1"),
        ("next_try_at", "1"),
        ("tries", "0"),
    ];
    let values = columns.map(|(name, good)| if name == column { value } else { good });
    format!(
        "INSERT INTO mails (id, sealed_mail, key_id, created_at, next_try_at, tries) VALUES ({});",
        values.join(", ")
    )
}

/// The attack: one row that cannot be read kept all mail back, and the server out of its rotation.
#[tokio::test]
async fn a_row_of_the_mail_queue_that_cannot_be_read_is_set_aside_and_the_others_go_out() {
    let broken = [
        ("id", "'x'"),
        ("sealed_mail", "7"),
        ("key_id", "x'ff'"),
        ("created_at", "'x'"),
        ("next_try_at", "1.5"),
        ("tries", "'x'"),
    ];
    let app = TestApp::start().await;
    if app.is_postgres() {
        return;
    }
    app.create_user(ADA).await;
    let rows = broken.iter().enumerate();
    let rows: String = rows
        .map(|(number, (column, value))| broken_mail(number, column, value))
        .collect();
    app.sql(&rows).await;
    let lines = Lines::default();
    let _collected = lines.collect();
    let forgot = serde_json::json!({ "email": ADA });
    let asked = app.browser().call("password/forgot", forgot).await;
    asked.expect(200);
    let services = &app.services;
    wait_until("all are set aside", async || {
        let text = services.metrics.print(None, true, &services.hasher);
        text.contains("twofold_mails_total{fate=\"set_aside\"} 6")
    })
    .await;
    let looked = readiness(services).await;
    assert!(looked.ready && looked.mail.ok, "{looked:?}");
    // Told once each, and kept for whoever looks into it.
    let told = "a row of the mail queue cannot be read, as after an edit of the database by hand: it is set aside";
    assert_eq!(lines.all(told).len(), 6);
    let aside = "FROM mails WHERE next_try_at = 253402300799";
    assert_eq!(app.number(&format!("SELECT count(*) {aside}")).await, 6);
    app.sql(&format!("DELETE {aside}")).await;
    assert_eq!(app.links("/reset-password").await.len(), 1);
}

/// The same of what is written to many: an announcement or a notice that rests on a row that cannot be read.
#[tokio::test]
async fn an_announcement_or_notice_that_cannot_be_written_keeps_no_other_back() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    if app.is_postgres() {
        return;
    }
    app.create_user("eve@example.org").await;
    let of = |email: &str| {
        format!(
            "(SELECT accounts.id FROM accounts JOIN users ON users.id = owner_id WHERE email = '{email}')"
        )
    };
    let (bobs, eves) = (of(BOB), of("eve@example.org"));
    app.sql(&format!(
        "INSERT INTO announcements (id, account_id, kind, due_at, after_user) VALUES (x'{0:032x}', {bobs}, 'set', 1, 'x');
         INSERT INTO announcements (id, account_id, kind, due_at, after_user) VALUES (x'{1:032x}', {eves}, 'set', 2, NULL);
         INSERT INTO account_notices (account_id, kind, due_at, after_user, by_name) VALUES (x'{2:032x}', 'deleted', 1, NULL, x'ff');
         UPDATE accounts SET zone = x'ff' WHERE id = {eves};",
        1, 2, 3
    ))
    .await;
    let required = RequirementChange::On(None);
    operator::require_two_factor(&app.services, &id, required)
        .await
        .unwrap();
    write_due(&app.services).await.unwrap();
    assert_eq!(app.mails_with("requires two-factor").await, 1, "Bob's");
    let due = format!("due_at <= {}", app.clock_seconds());
    let left = format!("SELECT count(*) FROM announcements WHERE {due}");
    assert_eq!(app.number(&left).await, 0);
    assert_eq!(app.count("announcements").await, 2);
    let before = app.mails().await.len();
    operator::delete(&app.services, &id).await.unwrap();
    write_due(&app.services).await.unwrap();
    assert_eq!(app.count("account_notices").await, 1);
    assert_eq!(app.mails().await.len(), before + 2, "Ada's and Bob's");
    // What is mended is written when its hour is over.
    app.sql("UPDATE account_notices SET by_name = NULL").await;
    app.clock.advance(60 * 60);
    write_due(&app.services).await.unwrap();
    assert_eq!(app.count("account_notices").await, 0);
    ada.of_account("enter", &id).await.refused(404, "not_found");
}

/// The same of what is erased: one account whose row cannot be read stays, and keeps no other.
#[tokio::test]
async fn a_deleted_account_that_cannot_be_read_keeps_no_other_from_being_erased() {
    let app = TestApp::start().await;
    if app.is_postgres() {
        return;
    }
    for email in [ADA, BOB, "eve@example.org"] {
        app.create_user(email).await;
        let account = app.account_of(email).await;
        operator::delete(&app.services, &account).await.unwrap();
        app.clock.advance(1);
    }
    app.sql("UPDATE deleted_accounts SET deleted_at = 'x' WHERE expires_at = (SELECT min(expires_at) FROM deleted_accounts)")
        .await;
    app.clock.advance(8 * 24 * 60 * 60);
    for erased in [2, 0] {
        assert_eq!(erase_due(&app.services).await.unwrap(), erased);
    }
    assert_eq!(app.count("deleted_accounts").await, 1);
}
