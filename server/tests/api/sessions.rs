//! The list of sessions, ending them, and the user's own activity.

mod ends;
mod forgetting;
mod hanging;
mod shared_browser;

use app::types::email::EmailAddress;
use app::types::factors::FactorKind;
use crypto::clock::Clock as _;
use sea_orm::Statement;
use serde_json::{Value, json};
use service::users;
use settings::Settings;
use storage::ConnectionTrait as _;
use storage::sessions::{ask_for_session, find_session};
use storage::sign_ins::{find_pending, lock_pending};
use storage::users::{find_user_by_email, find_who_signs_in};

use crate::support::{Browser, PASSWORD, START, TestApp};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const NEW_PASSWORD: &str = "violet-sofa-7-drum";

async fn list(browser: &mut Browser) -> Value {
    let reply = browser.call("sessions/list", json!({})).await;
    reply.expect(200).json()
}

async fn activity(browser: &mut Browser, before: &Value) -> Value {
    let arguments = json!({ "before": before });
    let reply = browser.call("sessions/activity", arguments).await;
    reply.expect(200).json()
}

fn kinds(page: &Value) -> Vec<&str> {
    let events = page["events"].as_array().unwrap();
    events
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn every_function_wants_a_session() {
    let app = TestApp::start().await;
    for endpoint in [
        "list",
        "end",
        "end-others",
        "remove-trusted-browser",
        "forget-browser",
        "activity",
    ] {
        app.browser()
            .call(&format!("sessions/{endpoint}"), json!({}))
            .await
            .refused(401, "signed_out");
    }
}

#[tokio::test]
async fn the_list_has_this_session_first_and_none_that_is_over() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    app.member(BOB).await;
    app.clock.advance(120);
    let mut second = app.browser();
    second.sign_in(ADA).await.expect(200);
    let sessions = list(&mut browser).await["sessions"].clone();
    assert_eq!(sessions.as_array().unwrap().len(), 2);
    assert_eq!(sessions[0]["is_this"], true);
    assert_eq!(sessions[0]["started_at"], START.0);
    assert_eq!(sessions[0]["browser"], "Test browser");
    assert_eq!(sessions[0]["address"], "127.0.0.1");
    assert_eq!(sessions[1]["is_this"], false);
    assert_eq!(sessions[1]["started_at"], START.0 + 120);
    app.clock.advance(3_500);
    list(&mut browser).await;
    app.clock.advance(150);
    let sessions = list(&mut browser).await["sessions"].clone();
    assert_eq!(sessions.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_session_is_ended_by_its_user_alone() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let mut phone = app.browser();
    phone.sign_in(ADA).await.expect(200);
    let mut bob = app.member(BOB).await;
    let id = list(&mut ada).await["sessions"][1]["id"].clone();
    let end = |id: &Value| json!({ "session": id });
    bob.call("sessions/end", end(&id))
        .await
        .refused(404, "not_found");
    assert_eq!(phone.state().await, "signed_in");
    ada.call("sessions/end", end(&id)).await.expect(200);
    assert_eq!(phone.state().await, "signed_out");
    ada.call("sessions/end", end(&id))
        .await
        .refused(404, "not_found");
    assert_eq!(ada.state().await, "signed_in");
    let own = list(&mut ada).await["sessions"][0]["id"].clone();
    ada.call("sessions/end", end(&own)).await.expect(200);
    assert!(!ada.cookies.contains_key("twofold_session"));
    assert_eq!(ada.state().await, "signed_out");
    assert_eq!(bob.state().await, "signed_in");
}

#[tokio::test]
async fn ending_the_others_leaves_this_one_and_those_of_other_users() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let mut bob = app.member(BOB).await;
    let mut pending = app.browser();
    pending.sign_in(ADA).await.expect(200);
    ada.call("sessions/end-others", json!({})).await.expect(200);
    assert_eq!(ada.state().await, "signed_in");
    assert_eq!(pending.state().await, "signed_out");
    assert_eq!(bob.state().await, "signed_in");
    assert_eq!(
        list(&mut ada).await["sessions"].as_array().unwrap().len(),
        1
    );
    let page = activity(&mut ada, &Value::Null).await;
    assert!(kinds(&page).contains(&"other_sessions_ended"));
}

#[tokio::test]
async fn activity_is_ones_own_of_ninety_days_fifty_lines_a_page() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let mut bob = app.member(BOB).await;
    for n in 0..60 {
        app.clock.advance(1);
        let name = json!({ "name": format!("Ada {n}") });
        ada.call("profile/rename", name).await.expect(200);
    }
    let first = activity(&mut ada, &Value::Null).await;
    assert_eq!(kinds(&first), ["renamed"; 50]);
    assert_eq!(first["has_more"], true);
    assert_eq!(first["events"][0]["detail"]["text"], "Ada 58");
    assert_eq!(first["events"][0]["address"], "127.0.0.1");
    let before = first["events"][49]["id"].clone();
    let second = activity(&mut ada, &before).await;
    assert_eq!(second["has_more"], false);
    let rest = kinds(&second);
    assert_eq!(rest[..10], ["renamed"; 10]);
    assert!(rest.contains(&"signed_in"), "{rest:?}");
    assert!(!kinds(&activity(&mut bob, &Value::Null).await).contains(&"renamed"));
    app.clock.set(app.clock.now() + 91 * 24 * 3600);
    ada.sign_in(ADA).await.expect(200);
    assert_eq!(
        kinds(&activity(&mut ada, &Value::Null).await),
        ["signed_in"]
    );
}

#[tokio::test]
async fn a_sign_in_from_another_browser_is_listed_and_mailed_and_the_first_one_is_not() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let subject = "You signed in from a new browser";
    assert_eq!(app.count_mails(subject).await, 0);
    ada.call("session/sign-out", json!({})).await.expect(200);
    ada.sign_in(ADA).await.expect(200);
    assert_eq!(app.count_mails(subject).await, 0);
    let mut other = app.browser();
    other.sign_in(ADA).await.expect(200);
    assert_eq!(app.count_mails(subject).await, 1);
    let page = activity(&mut ada, &Value::Null).await;
    // Two lines of the log are one event for whom it is about.
    let events = page["events"].as_array().unwrap();
    let new = events.iter().filter(|it| it["in_new_browser"] == true);
    assert_eq!(new.count(), 1);
    assert!(!kinds(&page).contains(&"signed_in_from_new_browser"));
    // Known to Ada is not known to Bob; both may use one browser. A copy that Ada made of its cookie is nothing to him.
    app.create_user(BOB).await;
    ada.call("session/sign-out", json!({})).await.expect(200);
    ada.sign_in(BOB).await.expect(200);
    let mut copy = other.clone();
    other.sign_in(BOB).await.expect(200);
    assert_eq!(app.count_mails(subject).await, 2);
    other.sign_in(ADA).await.expect(200);
    assert_eq!(app.count_mails(subject).await, 2);
    copy.sign_in(BOB).await.expect(200);
    assert_eq!(app.count_mails(subject).await, 3);
}

#[tokio::test]
async fn a_cookie_that_we_did_not_give_makes_no_browser_known() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut browser = app.browser();
    let planted = "A".repeat(43);
    browser
        .cookies
        .insert("twofold_browser".to_owned(), planted.clone());
    browser.sign_in(ADA).await.expect(200);
    assert_ne!(browser.cookies["twofold_browser"], planted);
}

/// The reads that begin requests and sign-ins have a way of their own on SQLite, which must find the same as the ordinary one.
#[tokio::test]
async fn both_ways_to_sessions_and_users_find_the_same() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    ada.enable_two_factor(&app).await;
    app.member(BOB).await;
    app.member_with_two_factor("eve@example.org").await;
    app.sql(
        "UPDATE second_factors SET kind = 'sms'
         WHERE user_id = (SELECT id FROM users WHERE email = 'eve@example.org')",
    )
    .await;
    app.sql(
        "UPDATE users SET disabled_at = 7, language = 'en', factor_failures = 3, factor_failed_at = 5,
         sign_in_link_due = TRUE WHERE email = 'bob@example.org'",
    )
    .await;
    let database = &app.services.database;
    let db = database.read();
    let statement =
        Statement::from_string(db.get_database_backend(), "SELECT token_hash FROM sessions");
    let rows = db.query_all_raw(statement).await.unwrap();
    assert_eq!(rows.len(), 3);
    let mut kinds = Vec::new();
    for row in rows {
        let hash: Vec<u8> = row.try_get("", "token_hash").unwrap();
        let found = find_session(database, &hash).await.unwrap().unwrap();
        let asked = ask_for_session(db, &hash).await.unwrap().unwrap();
        assert!(found == asked);
        kinds.push([FactorKind::App, FactorKind::Sms].map(|kind| found.2.has(kind)));
    }
    kinds.sort_unstable();
    assert_eq!(kinds, [[false, false], [false, true], [true, false]]);
    for email in [ADA, BOB, "eve@example.org", "nobody@example.org"] {
        let email = EmailAddress::parse(email).unwrap();
        let found = find_who_signs_in(database, &email).await.unwrap();
        assert!(found == find_user_by_email(db, &email).await.unwrap());
        assert_eq!(found.is_some(), email.as_str() != "nobody@example.org");
    }
    app.browser().sign_in(ADA).await.expect(200);
    let statement = Statement::from_string(
        db.get_database_backend(),
        "SELECT token_hash FROM pending_sign_ins",
    );
    let rows = db.query_all_raw(statement).await.unwrap();
    assert_eq!(rows.len(), 1);
    for row in rows {
        let hash: Vec<u8> = row.try_get("", "token_hash").unwrap();
        let found = find_pending(database, &hash).await.unwrap().unwrap();
        assert!(found == lock_pending(db, &hash).await.unwrap().unwrap());
    }
    assert!(find_session(database, &[7; 32]).await.unwrap().is_none());
    assert!(ask_for_session(db, &[7; 32]).await.unwrap().is_none());
}

/// A cookie that was copied and is used from elsewhere shows.
#[tokio::test]
async fn a_session_says_where_it_began_and_where_it_was_used_last() {
    let trusting = |settings: &mut Settings| {
        settings.trusted_proxies = serde_json::from_value(json!(["127.0.0.1"])).unwrap();
    };
    let app = TestApp::start_with(trusting).await;
    app.create_user(ADA).await;
    let mut ada = app.browser();
    ada.forwarded_for = Some("192.0.2.1".to_owned());
    ada.sign_in(ADA).await.expect(200);
    let mut thief = ada.clone();
    thief.forwarded_for = Some("198.51.100.9".to_owned());
    app.clock.advance(10);
    assert_eq!(thief.state().await, "signed_in");
    let mut watching = app.browser();
    watching.sign_in(ADA).await.expect(200);
    let sessions = list(&mut watching).await["sessions"].clone();
    let of_ada = &sessions[1];
    assert_eq!(of_ada["address"], "192.0.2.1");
    assert_eq!(of_ada["last_address"], "198.51.100.9");
    assert_eq!(of_ada["last_active_at"], START.0 + 10);
}

async fn known(browser: &mut Browser) -> Vec<Value> {
    let list = list(browser).await;
    list["known_browsers"].as_array().unwrap().clone()
}

#[tokio::test]
async fn known_browsers_are_listed_and_forgotten_by_their_user_alone() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    app.clock.advance(60);
    let mut phone = app.browser();
    phone.sign_in(ADA).await.expect(200);
    let mut bob = app.member(BOB).await;
    let listed = known(&mut ada).await;
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0]["is_this"], true);
    assert_eq!(listed[1]["is_this"], false);
    assert_eq!(listed[1]["browser"], "Test browser");
    assert_eq!(listed[1]["address"], "127.0.0.1");
    assert_eq!(listed[1]["since"], START.0 + 60);
    let step_up = json!({ "password": PASSWORD, "code": null });
    let id = json!({ "browser": listed[1]["id"], "step_up": step_up });
    bob.call("sessions/forget-browser", id.clone())
        .await
        .refused(404, "not_found");
    for status in [200, 404] {
        ada.call("sessions/forget-browser", id.clone())
            .await
            .expect(status);
    }
    assert_eq!(known(&mut ada).await.len(), 1);
    let told = "You signed in from a new browser";
    let before = app.mails_with(told).await;
    phone.sign_in(ADA).await.expect(200);
    assert_eq!(app.mails_with(told).await, before + 1);
    assert_eq!(
        kinds(&activity(&mut ada, &Value::Null).await)[1],
        "known_browser_forgotten"
    );
}

/// A copy of the cookie by which a browser is known is worth nothing after a reset, or another password.
#[tokio::test]
async fn known_browsers_are_forgotten_with_what_they_were_known_by() {
    for occasion in ["password/reset", "password/change", "two-factor", "reset"] {
        let app = TestApp::start().await;
        let mut ada = app.member(ADA).await;
        let mut copy = app.browser();
        copy.sign_in(ADA).await.expect(200);
        assert_eq!(known(&mut ada).await.len(), 2, "{occasion}");
        let rows = "SELECT COUNT(*) FROM known_browsers";
        let left = match occasion {
            "password/reset" => {
                let forgot = json!({ "email": ADA });
                app.browser()
                    .call("password/forgot", forgot)
                    .await
                    .expect(200);
                let token = app.links("/reset-password").await.pop().unwrap();
                let new = json!({ "token": token, "password": NEW_PASSWORD });
                app.browser().call("password/reset", new).await.expect(200);
                // The browser of the mailed link has just proven the mailbox.
                1
            }
            "password/change" => {
                let step_up = json!({ "password": PASSWORD, "code": null });
                let new = json!({ "password": NEW_PASSWORD, "step_up": step_up });
                ada.call("password/change", new).await.expect(200);
                1
            }
            "two-factor" => {
                ada.enable_two_factor(&app).await;
                1
            }
            _ => {
                ada.enable_two_factor(&app).await;
                users::reset_two_factor(&app.services, ADA, false)
                    .await
                    .unwrap();
                0
            }
        };
        assert_eq!(app.number(rows).await, left, "{occasion}");
    }
}

/// The browser that acts is known by another cookie afterwards: a copy of the one before is worth nothing, too.
#[tokio::test]
async fn a_browser_that_ends_all_others_gets_another_cookie() {
    let app = TestApp::start().await;
    let (mut ada, authenticator) = app.member_with_two_factor(ADA).await;
    let mut seen = vec![ada.cookies["twofold_browser"].clone()];
    for (step, act) in [
        "two-factor/new-recovery-codes",
        "password/change",
        "two-factor/disable",
    ]
    .into_iter()
    .enumerate()
    {
        app.clock.advance(30);
        let password = if step < 2 { PASSWORD } else { NEW_PASSWORD };
        let code = authenticator.code(app.clock.now());
        let step_up = json!({ "password": password, "code": code });
        let mut call = json!({ "step_up": step_up });
        if act == "password/change" {
            call["password"] = json!(NEW_PASSWORD);
        }
        ada.call(act, call).await.expect(200);
        let held = ada.cookies["twofold_browser"].clone();
        assert!(!seen.contains(&held), "{act}");
        seen.push(held);
    }
    assert_eq!(known(&mut ada).await.len(), 1);
    let told = "You signed in from a new browser";
    let before = app.mails_with(told).await;
    let mut copy = app.browser();
    copy.cookies
        .insert("twofold_browser".to_owned(), seen[0].clone());
    copy.sign_in_with(ADA, NEW_PASSWORD).await.expect(200);
    assert_eq!(app.mails_with(told).await, before + 1);
    ada.call("session/sign-out", json!({})).await.expect(200);
    ada.sign_in_with(ADA, NEW_PASSWORD).await.expect(200);
    assert_eq!(app.mails_with(told).await, before + 1);
}

/// A copy of the cookie by which a browser was known at the address before is worth nothing at the new one.
#[tokio::test]
async fn a_new_address_forgets_the_other_known_browsers() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let mut copy = app.browser();
    copy.sign_in(ADA).await.expect(200);
    assert_eq!(known(&mut ada).await.len(), 2);
    let step_up = json!({ "password": PASSWORD, "code": null });
    let change = json!({ "email": "ada@example.com", "step_up": step_up });
    ada.call("profile/change-email", change).await.expect(200);
    let token = app.links("/confirm-email").await.pop().unwrap();
    let confirm = json!({ "token": token });
    ada.call("profile/confirm-email", confirm).await.expect(200);
    assert_eq!(app.number("SELECT COUNT(*) FROM known_browsers").await, 1);
}
