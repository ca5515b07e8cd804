//! Words in rows, edited past the program: one that is none of ours stops what is done with its row, and nothing else.

use std::collections::BTreeSet;

use serde_json::json;
use service::accounts::announcements::write_due;
use service::keys::survey::survey;
use service::users::{listed, reset_two_factor};

use crate::support::{Browser, Lines, OWNER, PASSWORD, Team, TestApp};

const ADA: &str = "ada@example.org";
/// Every account requires two-factor authentication from a day on that is far away.
const REQUIRED: &str =
    "UPDATE accounts SET required_from = 9999999999, required_day = '2286-11-20',
     required_zone = 'Europe/Berlin', required_day_at = 9999999999, zone = 'Europe/Berlin'";

/// Columns with a word of a closed list.
const WORDS: [(&str, &str); 23] = [
    ("account_notices", "kind"),
    ("accounts", "required_day"),
    ("accounts", "required_zone"),
    ("accounts", "zone"),
    ("announcements", "kind"),
    ("audit_events", "actor_kind"),
    ("audit_events", "data"),
    ("audit_events", "kind"),
    ("deleted_accounts", "required_day"),
    ("deleted_accounts", "required_zone"),
    ("deleted_accounts", "zone"),
    ("email_changes", "asked_with"),
    ("ended_sessions", "said"),
    ("enrolments", "admitted_by"),
    ("enrolments", "key_id"),
    ("enrolments", "purpose"),
    ("factor_sets", "key_id"),
    ("mailbox_codes", "act"),
    ("mails", "key_id"),
    ("memberships", "factor_kind"),
    ("second_factors", "key_id"),
    ("second_factors", "kind"),
    ("sms_codes", "purpose"),
];

/// Columns with text that is shown or compared as it is, and their tables.
const TEXTS: &[(&str, &str)] = &[
    ("account_notices", "by_name"),
    ("accounts", "name"),
    ("audit_events", "actor_name"),
    ("audit_events", "address"),
    ("audit_events", "browser"),
    ("audit_events", "details"),
    ("audit_events", "subject_name"),
    ("deleted_accounts", "deleted_by_name"),
    ("deleted_accounts", "name"),
    ("email_changes", "email"),
    ("instance", "application"),
    ("invitations", "email"),
    ("invitations", "invited_by"),
    ("invitations", "name"),
    ("known_browsers", "address"),
    ("known_browsers", "browser"),
    ("leases", "job"),
    ("lost_addresses", "email"),
    ("memberships", "user_name"),
    ("passkeys", "name"),
    ("passkeys", "rp_id"),
    ("passkeys", "transports"),
    ("pending_sign_ups", "account_name"),
    ("pending_sign_ups", "email"),
    ("pending_sign_ups", "name"),
    ("pending_sign_ups", "password_hash"),
    ("refused_mailboxes", "email"),
    ("sessions", "address"),
    ("sessions", "browser"),
    ("sessions", "last_address"),
    ("trusted_browsers", "address"),
    ("trusted_browsers", "browser"),
    ("users", "email"),
    ("users", "folded_name"),
    ("users", "language"),
    ("users", "name"),
    ("users", "password_hash"),
];

/// A column with text is one of words, whose reading is tried below, or one that nothing is read out of.
#[tokio::test]
async fn every_column_with_text_holds_words_or_text() {
    let app = TestApp::start().await;
    if app.is_postgres() {
        return;
    }
    let found = app
        .texts(
            "SELECT tables.name || '.' || columns.name FROM sqlite_master AS tables,
             pragma_table_info(tables.name) AS columns
             WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite%' AND tables.name <> 'seaql_migrations'
             AND lower(columns.type) = 'text'",
        )
        .await;
    let found: BTreeSet<_> = found.into_iter().collect();
    let stated = WORDS.iter().chain(TEXTS);
    let stated: BTreeSet<_> = stated
        .map(|(table, column)| format!("{table}.{column}"))
        .collect();
    assert_eq!(found, stated);
}

/// What everybody else does goes on, whatever stands in the rows of Ada.
async fn others_go_on(app: &TestApp, owner: &mut Browser, what: &str) {
    let users = owner.users(json!({})).await;
    assert_eq!(users["users"].as_array().unwrap().len(), 2, "{what}");
    app.browser().sign_in(OWNER).await.expect(200);
    let all = listed::list(&app.services, false, None, 100).await;
    assert_eq!(all.unwrap().rows.len(), 2, "{what}");
    let ring = app.services.keys.ring();
    survey(&app.services.database, &ring).await.unwrap();
    write_due(&app.services).await.unwrap();
    let account = json!({ "account": "any" });
    owner.call("account/settings", account).await.expect(200);
    owner.call("accounts/list", json!({})).await.expect(200);
    let activity = json!({ "account": "any", "query": {} });
    owner.call("account/activity", activity).await.expect(200);
}

/// Deletes an account that required two-factor authentication from a day on.
async fn deleted_account(app: &TestApp, owner: &mut Browser) {
    let second = json!({ "name": "Second" });
    let id = owner.call("accounts/create", second).await.expect(200);
    let step_up = json!({ "password": PASSWORD, "code": null });
    let delete = json!({ "account": id.json(), "name": "Second", "step_up": step_up });
    app.sql(REQUIRED).await;
    owner.call("account/delete", delete).await.expect(200);
}

#[tokio::test]
async fn a_word_that_is_none_of_ours_stops_nothing_but_its_row() {
    for (table, column) in WORDS {
        let what = format!("{table}.{column}");
        let app = TestApp::start().await;
        let mut team = Team::found(&app).await;
        let mut ada = team.add(&app, ADA, &["developer"]).await;
        app.prove_mailbox(ADA).await;
        match table {
            "announcements" => {
                let row = format!(
                    "INSERT INTO announcements (id, account_id, kind, due_at)
                     SELECT {}, id, 'set', 0 FROM accounts",
                    app.new_id()
                );
                app.sql(&row).await;
            }
            "account_notices" => {
                app.sql(
                    "INSERT INTO account_notices (account_id, kind, due_at)
                     SELECT id, 'restored', 0 FROM accounts",
                )
                .await;
            }
            "accounts" => app.sql(REQUIRED).await,
            "deleted_accounts" => deleted_account(&app, &mut team.owner).await,
            "mails" => {
                let row = format!(
                    "INSERT INTO mails (id, sealed_mail, key_id, created_at, next_try_at, tries)
                     VALUES ({}, {}, '', 0, 9999999999, 0)",
                    app.new_id(),
                    app.bytes("00")
                );
                app.sql(&row).await;
            }
            "sms_codes" => {
                let row = format!(
                    "INSERT INTO sms_codes (user_id, purpose, bound_to, code_hash, expires_at)
                     SELECT id, 'sign_in', {0}, {0}, 9999999999 FROM users",
                    app.bytes("00")
                );
                app.sql(&row).await;
            }
            "second_factors" | "memberships" => {
                ada.enable_two_factor(&app).await;
            }
            "mailbox_codes" => {
                ada.mail_code("first_factor").await.expect(200);
            }
            "email_changes" => {
                let step_up = json!({ "password": PASSWORD, "code": null });
                let change = json!({ "email": "eve@example.org", "step_up": step_up });
                ada.call("profile/change-email", change).await.expect(200);
            }
            "ended_sessions" => {
                app.browser().sign_in(ADA).await.expect(200);
                ada.call("sessions/end-others", json!({})).await.expect(200);
            }
            _ => {
                ada.begin("enable", None).await.expect(200);
            }
        }
        let whose = match table {
            "factor_sets" | "second_factors" | "enrolments" | "memberships" => {
                format!(" WHERE user_id = (SELECT id FROM users WHERE email = '{ADA}')")
            }
            _ => String::new(),
        };
        assert!(
            app.number(&format!("SELECT COUNT(*) FROM {table}{whose}"))
                .await
                > 0,
            "{what}"
        );
        app.sql(&format!(
            "UPDATE {table} SET {column} = 'none of ours'{whose}"
        ))
        .await;
        others_go_on(&app, &mut team.owner, &what).await;
        // What the row stops is refused in words: no door of Ada's own answers with a fault.
        for function in [
            "two-factor/overview",
            "profile/overview",
            "session/state",
            "accounts/list",
        ] {
            let reply = ada.call(function, json!({})).await;
            assert_ne!(reply.status, 500, "{what}: {function}");
        }
        let reply = app.browser().sign_in(ADA).await;
        assert_ne!(reply.status, 500, "{what}");
    }
}

/// A user whose factor is of no kind that there is: refused by themselves, shown as such to others, and mended by one command.
#[tokio::test]
async fn a_factor_of_no_kind_of_ours_refuses_its_user_alone_and_is_reset() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let mut ada = team.add(&app, ADA, &["developer"]).await;
    ada.enable_two_factor(&app).await;
    app.sql("UPDATE second_factors SET kind = 'none of ours'")
        .await;
    let lines = Lines::default();
    let guard = lines.collect();
    app.browser()
        .sign_in(ADA)
        .await
        .refused(503, "factor_unreadable");
    let reply = ada.call("two-factor/overview", json!({})).await;
    reply.refused(503, "factor_unreadable");
    drop(guard);
    assert!(
        lines.text().contains("user reset-two-factor"),
        "{}",
        lines.text()
    );
    let shown = team.owner.user(ADA).await;
    assert!(shown["two_factor_since"].is_number(), "{shown}");
    assert_eq!(shown["factors"], json!([]));
    let all = listed::list(&app.services, false, None, 100).await.unwrap();
    let hers = all
        .rows
        .iter()
        .find(|one| one.user.email.in_use() == Some(ADA));
    assert!(hers.unwrap().kinds.is_unreadable());
    let ring = app.services.keys.ring();
    let found = survey(&app.services.database, &ring).await.unwrap();
    // The row, and the tag that goes when a factor is changed.
    assert_eq!(found.count, 2, "{:?}", found.problems);
    assert!(
        found
            .problems
            .iter()
            .any(|line| line.contains("its kind is unknown")),
        "{:?}",
        found.problems
    );
    reset_two_factor(&app.services, ADA, false).await.unwrap();
    app.browser().sign_in(ADA).await.expect(200);
    let found = survey(&app.services.database, &ring).await.unwrap();
    assert_eq!(found.count, 0, "{:?}", found.problems);
}
