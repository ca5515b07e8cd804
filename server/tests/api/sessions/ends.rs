//! How a session ended: told to the browser that has its cookie, and to nobody else.

use serde_json::{Value, json};
use service::{upkeep, users};

use super::{ADA, BOB, NEW_PASSWORD, list};
use crate::support::{Browser, PASSWORD, TestApp};

async fn ended(browser: &mut Browser) -> Value {
    let state = browser.call("session/state", json!({})).await.expect(200);
    let state = state.json();
    assert_eq!(state["state"], "signed_out");
    state["ended"].clone()
}

async fn left(browser: &mut Browser) -> Value {
    let reply = browser.call("session/left", json!({})).await;
    reply.expect(200).json()
}

/// Ada, here and in a second browser.
async fn twice(app: &TestApp) -> (Browser, Browser) {
    let ada = app.member(ADA).await;
    let mut second = app.browser();
    second.sign_in(ADA).await.expect(200);
    (ada, second)
}

#[tokio::test]
async fn the_limits_are_said_before_and_after_upkeep() {
    let app = TestApp::start().await;
    let (mut unused, mut old) = twice(&app).await;
    app.clock.advance(3_601);
    assert_eq!(ended(&mut unused).await, "unused");
    upkeep::remove_expired(&app.services).await.unwrap();
    assert_eq!(app.count("sessions").await, 0);
    assert_eq!(ended(&mut unused).await, "unused");
    old.sign_in(ADA).await.expect(200);
    for _ in 0..24 {
        assert_eq!(old.state().await, "signed_in");
        app.clock.advance(3_600);
    }
    assert_eq!(old.state().await, "signed_in");
    app.clock.advance(1);
    assert_eq!(ended(&mut old).await, "too_old");
    upkeep::remove_expired(&app.services).await.unwrap();
    assert_eq!(ended(&mut old).await, "too_old");
}

#[tokio::test]
async fn each_occasion_is_said_to_the_other_browser_and_not_to_strangers() {
    for (occasion, said) in [
        ("end", "ended_elsewhere"),
        ("end others", "ended_elsewhere"),
        ("password", "password_changed"),
        ("factor", "factor_changed"),
        ("guessed", "guessed"),
        ("reset", "factor_reset"),
        ("disabled", "user_gone"),
    ] {
        let app = TestApp::start().await;
        let (mut ada, mut second) = twice(&app).await;
        let mut bob = app.member(BOB).await;
        match occasion {
            "end" => {
                let id = list(&mut ada).await["sessions"][1]["id"].clone();
                let that = json!({ "session": id });
                ada.call("sessions/end", that).await.expect(200);
            }
            "end others" => {
                ada.call("sessions/end-others", json!({})).await.expect(200);
            }
            "password" => {
                let step_up = json!({ "password": PASSWORD, "code": null });
                let change = json!({ "password": NEW_PASSWORD, "step_up": step_up });
                ada.call("password/change", change).await.expect(200);
            }
            "factor" => {
                ada.enable_two_factor(&app).await;
            }
            "reset" => {
                let authenticator = ada.enable_two_factor(&app).await;
                second.sign_in(ADA).await.expect(200);
                let code = &authenticator.recovery_codes[0];
                second.give_recovery_code(code).await.expect(200);
                let done = users::reset_two_factor(&app.services, ADA, false).await;
                assert!(done.is_ok());
            }
            "disabled" => {
                let done = users::operator::disable(&app.services, ADA).await;
                assert!(done.is_ok());
            }
            _ => {
                let step_up = json!({ "password": "wrong", "code": null });
                let change = json!({ "password": NEW_PASSWORD, "step_up": step_up });
                for _ in 0..10 {
                    second.call("password/change", change.clone()).await;
                }
            }
        }
        assert_eq!(ended(&mut second).await, said, "{occasion}");
        assert_eq!(ended(&mut app.browser()).await, Value::Null, "{occasion}");
        let mut wrong = app.browser();
        let token = "A".repeat(second.cookies["twofold_session"].len());
        wrong.cookies.insert("twofold_session".to_owned(), token);
        assert_eq!(ended(&mut wrong).await, Value::Null, "{occasion}");
        assert_eq!(bob.state().await, "signed_in", "{occasion}");
    }
}

#[tokio::test]
async fn signing_out_leaves_nothing_to_say() {
    let app = TestApp::start().await;
    let (mut ada, _) = twice(&app).await;
    let mut copy = ada.clone();
    ada.call("session/sign-out", json!({})).await.expect(200);
    assert_eq!(ended(&mut ada).await, Value::Null);
    assert_eq!(ended(&mut copy).await, Value::Null);
    assert_eq!(app.count("ended_sessions").await, 0);
}

#[tokio::test]
async fn how_a_session_ended_is_forgotten_after_a_day() {
    let app = TestApp::start().await;
    let (mut ada, mut second) = twice(&app).await;
    ada.call("sessions/end-others", json!({})).await.expect(200);
    assert_eq!(app.count("ended_sessions").await, 1);
    app.clock.advance(24 * 60 * 60 - 1);
    assert_eq!(ended(&mut second).await, "ended_elsewhere");
    app.clock.advance(1);
    assert_eq!(ended(&mut second).await, Value::Null);
    // That of Ada's own session is noted then.
    upkeep::remove_expired(&app.services).await.unwrap();
    assert_eq!(app.count("ended_sessions").await, 1);
    app.clock.advance(24 * 60 * 60);
    upkeep::remove_expired(&app.services).await.unwrap();
    assert_eq!(app.count("ended_sessions").await, 0);
}

#[tokio::test]
async fn what_is_left_is_told_without_being_a_use() {
    let app = TestApp::start().await;
    let (mut ada, _) = twice(&app).await;
    let whole = json!({ "unused": 3_600, "in_all": 86_400, "warning": 120 });
    assert_eq!(left(&mut ada).await, whole);
    app.clock.advance(3_500);
    let little = json!({ "unused": 100, "in_all": 82_900, "warning": 120 });
    assert_eq!(left(&mut ada).await, little);
    assert_eq!(left(&mut ada).await, little);
    assert_eq!(ada.state().await, "signed_in");
    let again = json!({ "unused": 3_600, "in_all": 82_900, "warning": 120 });
    assert_eq!(left(&mut ada).await, again);
    app.clock.advance(3_601);
    let over = ada.call("session/left", json!({})).await;
    over.refused(401, "signed_out");
}

/// Under the shortest limit, who stays at the warning is noted, though a use is otherwise noted once a minute.
#[tokio::test]
async fn a_use_at_the_warning_counts_under_a_short_limit() {
    let app = TestApp::start_with(|settings| settings.session.idle_minutes = 1).await;
    let mut ada = app.member(ADA).await;
    app.clock.advance(35);
    assert_eq!(left(&mut ada).await["unused"], 25);
    assert_eq!(left(&mut ada).await["warning"], 30);
    assert_eq!(ada.state().await, "signed_in");
    assert_eq!(left(&mut ada).await["unused"], 60);
}
