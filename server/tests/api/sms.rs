//! SMS, the legacy factor: set up, asked for, sent, limited, and gone when it is disabled.

mod gateways;
mod limits;
mod numbers;

use crypto::clock::Clock as _;
use serde_json::{Value, json};

use crate::support::{Browser, NUMBER, PASSWORD, START, SmsGateway, TestApp};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
/// Longer than any limit of sends, and than a code is good.
const LATER: i64 = 10 * 60 + 1;

/// A user who has SMS, with all sends left, and the recovery codes.
async fn ada_with_sms(app: &TestApp, gateway: &SmsGateway) -> (Browser, Vec<String>) {
    let mut ada = app.member(ADA).await;
    let recovery_codes = ada.enable_sms(gateway, NUMBER).await;
    app.clock.advance(LATER);
    (ada, recovery_codes)
}

/// A browser whose sign-in waits for a code, which was sent.
async fn waiting(app: &TestApp, gateway: &SmsGateway) -> (Browser, String) {
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    browser.send_sign_in_code().await.expect(200);
    (browser, gateway.last_code())
}

/// A code that is not this one.
fn another(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

fn proof(code: Option<&str>) -> Value {
    json!({ "step_up": { "password": PASSWORD, "code": code } })
}

#[tokio::test]
async fn a_number_is_proven_by_its_code_and_from_then_on_codes_go_to_it() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let mut ada = app.member(ADA).await;
    assert_eq!(ada.overview().await["sms_offered"], true);
    let mut elsewhere = app.browser();
    elsewhere.sign_in(ADA).await.expect(200);
    let enrolment = ada.begin_sms("GB", NUMBER).await.expect(200).json();
    assert_eq!(enrolment["masked"], "•••• 56");
    let code = gateway.last_code();
    ada.confirm(&enrolment["id"], &another(&code))
        .await
        .refused(422, "wrong_code");
    let reply = ada.confirm(&enrolment["id"], &code).await.expect(200);
    assert_eq!(reply.json()["codes"].as_array().unwrap().len(), 10);
    assert_eq!(elsewhere.state().await, "signed_out");
    let state = ada.overview().await["two_factor"].clone();
    assert_eq!(
        state,
        json!({
            "state": "on", "since": START.0, "factors": [{ "kind": "sms", "masked": "•••• 56" }],
            "recovery_codes_left": 10
        })
    );
    assert_eq!(
        app.count_mails("Two-factor authentication by SMS is on")
            .await,
        1
    );
    let mut browser = app.browser();
    let step = browser.sign_in(ADA).await.expect(200).json();
    assert_eq!(step["step"], "second_factor_due");
    assert_eq!(
        step["ways"],
        json!([{ "way": "sms", "masked": "•••• 56", "is_sent": false }, { "way": "recovery_code" }])
    );
    browser.give_code(&code).await.refused(422, "wrong_code");
    let sent = browser.send_sign_in_code().await.expect(200).json();
    assert_eq!(sent, json!({ "masked": "•••• 56" }));
    let state = browser.call("session/state", json!({})).await.json();
    assert_eq!(state["ways"][0]["is_sent"], true);
    browser.give_code(&gateway.last_code()).await.expect(200);
    let state = browser.call("session/state", json!({})).await.json();
    assert_eq!(
        (&state["state"], &state["factors"]),
        (&json!("signed_in"), &json!(["sms"]))
    );
    let events = app.events().await;
    for event in ["sms_enabled", "sms_code_sent", "signed_in_with_sms"] {
        assert!(events.contains(&event.to_owned()), "{event}: {events:?}");
    }
}

#[tokio::test]
async fn a_code_is_good_once_for_the_sign_in_that_asked_until_a_newer_one_comes() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let (_, _) = ada_with_sms(&app, &gateway).await;
    let (mut first, older) = waiting(&app, &gateway).await;
    first.send_sign_in_code().await.expect(200);
    let newer = gateway.last_code();
    assert_ne!(older, newer);
    first.give_code(&older).await.refused(422, "wrong_code");
    let mut second = app.browser();
    second.sign_in(ADA).await.expect(200);
    second.give_code(&newer).await.refused(422, "wrong_code");
    first.give_code(&newer).await.expect(200);
    second.give_code(&newer).await.refused(422, "wrong_code");
    // Asked for in a session, it does not sign in.
    first.send_code().await.expect(200);
    let code = gateway.last_code();
    second.give_code(&code).await.refused(422, "wrong_code");
}

#[tokio::test]
async fn of_many_who_give_the_same_code_at_once_one_is_let_in() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let (_, _) = ada_with_sms(&app, &gateway).await;
    let (browser, code) = waiting(&app, &gateway).await;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (mut browser, code) = (browser.clone(), code.clone());
            tokio::spawn(async move { browser.give_code(&code).await.status })
        })
        .collect();
    let mut let_in = 0;
    for task in tasks {
        let_in += usize::from(task.await.unwrap() == 200);
    }
    assert_eq!(let_in, 1);
}

#[tokio::test]
async fn a_code_survives_a_restart_and_not_its_ten_minutes() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let (mut ada, _) = ada_with_sms(&app, &gateway).await;
    ada.send_code().await.expect(200);
    let code = gateway.last_code();
    app.clock.advance(10 * 60);
    app.clock.advance(6 * 60);
    ada.call("two-factor/disable", proof(Some(&code)))
        .await
        .refused(422, "wrong_code");
    let (browser, code) = waiting(&app, &gateway).await;
    let app = app.restart().await;
    let mut same = app.browser();
    same.cookies = browser.cookies;
    same.give_code(&code).await.expect(200);
}

#[tokio::test]
async fn wrong_codes_count_over_all_codes_and_recovery_codes_work_as_with_an_app() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let (_, recovery_codes) = ada_with_sms(&app, &gateway).await;
    let (mut browser, code) = waiting(&app, &gateway).await;
    for left in [4, 3] {
        let reply = browser.give_code(&another(&code)).await;
        assert_eq!(reply.json()["attempts_left"], left);
    }
    // A new code gives no new tries.
    browser.send_sign_in_code().await.expect(200);
    let code = gateway.last_code();
    for left in [2, 1, 0] {
        let reply = browser.give_code(&another(&code)).await;
        assert_eq!(reply.json()["attempts_left"], left);
    }
    browser.give_code(&code).await.refused(401, "sign_in_over");
    let (mut browser, code) = waiting(&app, &gateway).await;
    for _ in 0..5 {
        browser.give_code(&another(&code)).await;
    }
    // Ten in a row: nothing is looked at, and nothing is sent.
    browser.sign_in(ADA).await.expect(200);
    browser.give_code(&code).await.refused(429, "paused");
    browser.send_sign_in_code().await.refused(429, "paused");
    app.clock.advance(61);
    let reply = browser.give_recovery_code(&recovery_codes[0]).await;
    assert_eq!(reply.expect(200).json()["recovery_codes_left"], 9);
}

/// F25: strangers' wrong codes keep no code from the browser in which the number was proven, at signing in or as proof.
#[tokio::test]
async fn codes_are_sent_for_the_own_browser_whatever_strangers_have_paused() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let (mut own, _) = ada_with_sms(&app, &gateway).await;
    let mut stranger = app.browser();
    stranger.sign_in(ADA).await.expect(200);
    own.call("session/sign-out", json!({})).await.expect(200);
    let now = app.clock.now().0;
    app.sql(&format!(
        "UPDATE users SET factor_failures = 10, factor_failed_at = {now}"
    ))
    .await;
    let reply = stranger.send_sign_in_code().await;
    reply.refused(429, "paused");
    own.sign_in(ADA).await.expect(200);
    own.send_sign_in_code().await.expect(200);
    own.give_code(&gateway.last_code()).await.expect(200);
    own.call("two-factor/send-code", json!({}))
        .await
        .expect(200);
    app.sql("UPDATE known_browsers SET factor_proven_at = NULL, mailbox_proven_at = NULL")
        .await;
    let reply = own.call("two-factor/send-code", json!({})).await;
    reply.refused(429, "paused");
}

/// F72: no number stays behind.
#[tokio::test]
async fn disabling_takes_a_code_and_removes_number_codes_and_trust() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let (mut ada, recovery_codes) = ada_with_sms(&app, &gateway).await;
    let (mut trusted, code) = waiting(&app, &gateway).await;
    trusted.give_code_and_trust(&code).await.expect(200);
    assert_eq!(trusted.sign_in(ADA).await.json()["step"], "signed_in");
    app.clock.advance(16 * 60);
    ada.call("two-factor/disable", proof(None))
        .await
        .refused(422, "code_needed");
    ada.send_code().await.expect(200);
    let code = gateway.last_code();
    ada.call("two-factor/disable", proof(Some(&code)))
        .await
        .expect(200);
    assert_eq!(ada.overview().await["two_factor"]["state"], "off");
    for table in [
        "second_factors",
        "sms_codes",
        "recovery_codes",
        "trusted_browsers",
    ] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    ada.send_code().await.refused(404, "not_found");
    let mut browser = app.browser();
    let step = browser.sign_in(ADA).await.expect(200).json();
    assert_eq!(step["step"], "signed_in");
    // Another number is another factor: what was trusted and written down before is worth nothing.
    app.clock.advance(LATER);
    ada.enable_sms(&gateway, "07400 654321").await;
    assert_eq!(
        trusted.sign_in(ADA).await.json()["step"],
        "second_factor_due"
    );
    trusted
        .give_recovery_code(&recovery_codes[1])
        .await
        .refused(422, "wrong_code");
}

#[tokio::test]
async fn a_user_has_an_app_or_sms_and_never_both() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let (mut ada, _) = ada_with_sms(&app, &gateway).await;
    for purpose in ["enable", "replace"] {
        ada.begin(purpose, None)
            .await
            .refused(409, "two_factor_already_on");
    }
    let (mut bob, _) = app.member_with_two_factor(BOB).await;
    bob.begin_sms("GB", NUMBER)
        .await
        .refused(409, "two_factor_already_on");
    bob.send_code().await.refused(404, "not_found");
    let mut browser = app.browser();
    browser.sign_in(BOB).await.expect(200);
    browser.send_sign_in_code().await.refused(404, "not_found");
    // The enrolment that was begun last overtakes the other.
    let mut eve = app.member("eve@example.org").await;
    let with_app = eve.begin("enable", None).await.expect(200).json();
    let by_sms = eve.begin_sms("GB", NUMBER).await.expect(200).json();
    let code = gateway.last_code();
    eve.confirm(&with_app["id"], &code)
        .await
        .refused(409, "enrolment_overtaken");
    eve.confirm(&by_sms["id"], &code).await.expect(200);
    let two_factor = eve.overview().await["two_factor"].clone();
    assert_eq!(two_factor["factors"][0]["kind"], "sms");
}

#[tokio::test]
async fn a_reset_removes_the_number() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let (mut ada, _) = ada_with_sms(&app, &gateway).await;
    ada.send_code().await.expect(200);
    service::users::reset_two_factor(&app.services, ADA, true)
        .await
        .unwrap();
    for table in ["second_factors", "sms_codes"] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn the_database_shows_neither_number_nor_code() {
    let gateway = SmsGateway::start().await;
    let mut app = gateway.app().await;
    let (mut ada, _) = ada_with_sms(&app, &gateway).await;
    ada.send_code().await.expect(200);
    app.stop().await;
    let code = gateway.last_code();
    let stored = app.stored().await;
    assert!(!stored.is_empty());
    for (name, bytes) in stored {
        for text in ["7400123456", code.as_str()] {
            let found = bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes());
            assert!(!found, "{text} in {name}");
        }
    }
}

#[tokio::test]
async fn a_number_that_cannot_be_read_lets_nobody_in_and_is_reset_by_the_operator() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let (mut ada, recovery_codes) = ada_with_sms(&app, &gateway).await;
    let (mut browser, code) = waiting(&app, &gateway).await;
    let mut bob = app.member(BOB).await;
    bob.enable_sms(&gateway, "07400 654321").await;
    // A number is of its user: that of another does not open.
    app.sql(
        "UPDATE second_factors SET sealed_secret =
         (SELECT sealed_secret FROM second_factors WHERE user_id =
          (SELECT id FROM users WHERE email = 'bob@example.org'))",
    )
    .await;
    browser
        .give_code(&code)
        .await
        .refused(503, "factor_unreadable");
    app.browser()
        .sign_in(ADA)
        .await
        .refused(503, "factor_unreadable");
    let two_factor = ada.overview().await["two_factor"].clone();
    assert_eq!(two_factor["factors"][0]["masked"], "••••");
    app.clock.advance(16 * 60);
    ada.send_code().await.refused(503, "factor_unreadable");
    // The row was changed past the program: nothing of the user's own proves who they are any more.
    ada.call("two-factor/disable", proof(Some(&recovery_codes[0])))
        .await
        .refused(503, "factor_unreadable");
    service::users::reset_two_factor(&app.services, ADA, false)
        .await
        .unwrap();
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    assert_eq!(browser.overview().await["two_factor"]["state"], "off");
}
