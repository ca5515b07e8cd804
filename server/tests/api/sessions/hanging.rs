//! What hangs on a session: it ends with that session, however it ends, and with no other.

use serde_json::json;
use service::upkeep::remove_expired;

use super::{ADA, NEW_PASSWORD, list};
use crate::support::{Browser, PASSWORD, START, TestApp};

/// How a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    SignedOut,
    SignedInAnew,
    FromTheList,
    WithAllOthers,
    ByAnotherPassword,
    Unused,
}

const ENDS: [End; 6] = [
    End::SignedOut,
    End::SignedInAnew,
    End::FromTheList,
    End::WithAllOthers,
    End::ByAnotherPassword,
    End::Unused,
];

/// The tables of what hangs on a session, each with what makes a row of it.
fn rows(app: &TestApp) -> Vec<(&'static str, String)> {
    let bytes = app.either("x'00'", "'\\x00'::bytea");
    let session = app.either("id", "uuid_send(id)");
    let (id, until) = (app.new_id(), START.0 + 300);
    vec![
        (
            "mailbox_codes",
            format!(
                "(session_id, act, user_id, code_tag, expires_at, failures) SELECT id, 'first_factor', user_id, {bytes}, {until}, 0"
            ),
        ),
        (
            "enrolments",
            format!(
                "(user_id, id, purpose, session_id, sealed_secret, key_id, expires_at, failures) SELECT user_id, {id}, 'enable', id, {bytes}, 'key', {until}, 0"
            ),
        ),
        (
            "sms_codes",
            format!(
                "(user_id, purpose, bound_to, code_hash, expires_at) SELECT user_id, 'step_up', {session}, {bytes}, {until}"
            ),
        ),
        (
            "first_factor_allowances",
            format!("(user_id, session_id, expires_at) SELECT user_id, id, {until}"),
        ),
    ]
}

/// Two sessions of a user; the rows hang on the one that began later.
async fn two_sessions(app: &TestApp) -> (Browser, Browser) {
    let other = app.member(ADA).await;
    app.clock.advance(1);
    let mut one = app.browser();
    one.sign_in(ADA).await.expect(200);
    for (table, columns) in rows(app) {
        let later = format!("created_at = {}", START.0 + 1);
        app.sql(&format!(
            "INSERT INTO {table} {columns} FROM sessions WHERE {later}"
        ))
        .await;
    }
    (one, other)
}

async fn end(app: &TestApp, how: End, one: &mut Browser, other: &mut Browser) {
    let nothing = json!({});
    match how {
        End::SignedOut => {
            one.call("session/sign-out", nothing).await.expect(200);
        }
        End::SignedInAnew => {
            one.sign_in(ADA).await.expect(200);
        }
        End::FromTheList => {
            let id = list(other).await["sessions"][1]["id"].clone();
            let that = json!({ "session": id });
            other.call("sessions/end", that).await.expect(200);
        }
        End::WithAllOthers => {
            other.call("sessions/end-others", nothing).await.expect(200);
        }
        End::ByAnotherPassword => {
            let change = json!({ "password": NEW_PASSWORD, "step_up": { "password": PASSWORD, "code": null } });
            other.call("password/change", change).await.expect(200);
        }
        End::Unused => {
            let long_ago = "UPDATE sessions SET last_active_at = created_at - 86400";
            let later = format!("{long_ago} WHERE created_at = {}", START.0 + 1);
            app.sql(&later).await;
            remove_expired(&app.services).await.unwrap();
        }
    }
}

async fn counts(app: &TestApp) -> Vec<(&'static str, i64)> {
    let mut counts = Vec::new();
    for (table, _) in rows(app) {
        counts.push((table, app.count(table).await));
    }
    counts
}

#[tokio::test]
async fn what_hangs_on_a_session_ends_with_it_and_with_no_other() {
    for how in ENDS {
        let app = TestApp::start().await;
        let (mut one, mut other) = two_sessions(&app).await;
        let all = counts(&app).await;
        assert!(all.iter().all(|(_, count)| *count == 1), "{all:?}");
        if [End::SignedOut, End::SignedInAnew].contains(&how) {
            end(&app, how, &mut other.clone(), &mut one.clone()).await;
            assert_eq!(counts(&app).await, all, "{how:?} of the other session");
            other = app.browser();
        }
        end(&app, how, &mut one, &mut other).await;
        for (table, count) in counts(&app).await {
            assert_eq!(count, 0, "{how:?} leaves {table}");
        }
    }
}

/// An allowance waits for the next session, and a code may be of a sign-in: neither hangs on a session that ends meanwhile.
#[tokio::test]
async fn what_hangs_on_no_session_outlives_one_and_a_code_of_a_set_up_does_not() {
    for (purpose, stays) in [("sign_in", 1), ("enrol", 0)] {
        let app = TestApp::start().await;
        let (mut one, _) = two_sessions(&app).await;
        app.sql("UPDATE first_factor_allowances SET session_id = NULL")
            .await;
        app.sql(&format!("UPDATE sms_codes SET purpose = '{purpose}'"))
            .await;
        one.call("session/sign-out", json!({})).await.expect(200);
        assert_eq!(app.count("first_factor_allowances").await, 1);
        assert_eq!(app.count("sms_codes").await, stays, "{purpose}");
        assert_eq!(app.count("enrolments").await, 0);
    }
}
