//! Forgetting a known browser, which takes its own count of wrong codes away, and what a stolen session gets by it.

use crypto::clock::Clock as _;
use serde_json::{Value, json};

use super::{ADA, known};
use crate::support::{Browser, PASSWORD, Reply, TestApp};

const FORGET: &str = "sessions/forget-browser";
/// Seconds after which a second factor is not fresh.
const STALE: i64 = 15 * 60 + 1;

async fn forget(browser: &mut Browser, id: &Value, step_up: Value) -> Reply {
    let call = json!({ "browser": id, "step_up": step_up });
    browser.call(FORGET, call).await
}

/// Strangers who know the password close the factor after a hundred wrong codes, except in a browser that has given one:
/// that browser must not be taken away by a session that was copied.
#[tokio::test]
async fn a_stolen_session_takes_no_browser_away_with_or_without_the_password() {
    let app = TestApp::start().await;
    let (mut ada, app_of_ada) = app.member_with_two_factor(ADA).await;
    let own = known(&mut ada).await[0]["id"].clone();
    let mut thief = ada.clone();
    thief
        .call(FORGET, json!({ "browser": own }))
        .await
        .refused(400, "malformed");
    let wrong = json!({ "password": "wrong", "code": null });
    forget(&mut thief, &own, wrong)
        .await
        .refused(422, "wrong_password");
    app.clock.advance(STALE);
    let password = json!({ "password": PASSWORD, "code": null });
    forget(&mut thief, &own, password)
        .await
        .refused(422, "code_needed");
    assert_eq!(known(&mut ada).await.len(), 1);
    let code = app_of_ada.code(app.clock.now());
    let both = json!({ "password": PASSWORD, "code": code });
    forget(&mut ada, &own, both).await.expect(200);
    assert_eq!(known(&mut ada).await.len(), 0);
}

/// A code that was given is spent, though the browser is not there.
#[tokio::test]
async fn a_code_given_for_a_browser_that_is_not_there_is_spent() {
    let app = TestApp::start().await;
    let (mut ada, app_of_ada) = app.member_with_two_factor(ADA).await;
    app.clock.advance(STALE);
    let code = app_of_ada.code(app.clock.now());
    let both = json!({ "password": PASSWORD, "code": code });
    let other = Value::from("0198c0de-0000-7000-8000-000000000000");
    forget(&mut ada, &other, both)
        .await
        .refused(404, "not_found");
    let mut elsewhere = app.browser();
    elsewhere.sign_in(ADA).await.expect(200);
    elsewhere.give_code(&code).await.refused(422, "wrong_code");
}
