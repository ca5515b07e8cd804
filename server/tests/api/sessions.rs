//! The list of sessions, ending them, and the user's own activity.

use serde_json::{Value, json};
use server::crypto::clock::Clock as _;

use crate::support::{Browser, START, TestApp};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";

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
    assert_eq!(first["events"][0]["detail"], "Ada 58");
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
    let new = kinds(&page);
    let new = new
        .iter()
        .filter(|kind| **kind == "signed_in_from_new_browser");
    assert_eq!(new.count(), 1);
    // Known to Ada is not known to Bob; both may use one browser.
    app.create_user(BOB).await;
    let known = other.cookies["twofold_browser"].clone();
    other.sign_in(BOB).await.expect(200);
    assert_eq!(other.cookies["twofold_browser"], known);
    other.sign_in(ADA).await.expect(200);
    assert_eq!(app.count_mails(subject).await, 1);
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
