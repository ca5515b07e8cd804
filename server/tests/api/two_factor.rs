//! Two-factor authentication on the Security page.

use crypto::clock::Clock as _;
use serde_json::{Value, json};

use crate::support::{Authenticator, PASSWORD, START, TestApp};

const ADA: &str = "ada@example.org";

fn step_up(password: &str, code: Option<&str>) -> Value {
    json!({ "step_up": { "password": password, "code": code } })
}

#[tokio::test]
async fn every_function_wants_a_session() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    for endpoint in [
        "overview",
        "begin",
        "confirm",
        "cancel",
        "disable",
        "new-recovery-codes",
    ] {
        browser
            .call(&format!("two-factor/{endpoint}"), json!({}))
            .await
            .refused(401, "signed_out");
    }
}

#[tokio::test]
async fn an_enrolment_shows_a_key_of_160_bits_as_text_and_qr_code() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    let enrolment = browser.begin("enable", None).await.expect(200).json();
    let key = enrolment["key"].as_str().unwrap();
    assert_eq!(key.split(' ').map(str::len).collect::<Vec<_>>(), [4; 8]);
    assert_eq!(enrolment["label"], "Twofold: ada@example.org");
    assert_eq!(enrolment["expires_at"], START.0 + 600);
    assert!(enrolment["qr"]["size"].as_u64().unwrap() > 30);
    assert!(enrolment["qr"]["path"].as_str().unwrap().starts_with('M'));
    assert_eq!(
        browser.overview().await["two_factor"],
        json!({ "state": "off" })
    );
}

/// F78: sessions of before do not turn it off again.
#[tokio::test]
async fn a_right_code_turns_it_on_ends_other_sessions_and_tells_the_user() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    let mut elsewhere = app.browser();
    elsewhere.sign_in(ADA).await.expect(200);
    let before = browser.clone();
    let authenticator = browser.enable_two_factor(&app).await;
    assert_eq!(authenticator.recovery_codes.len(), 10);
    assert_eq!(
        browser.overview().await["two_factor"],
        json!({ "state": "on", "since": START.0, "factors": [{ "kind": "app" }], "recovery_codes_left": 10 })
    );
    assert_eq!(elsewhere.state().await, "signed_out");
    assert_eq!(before.clone().state().await, "signed_out");
    let subject = "Two-factor authentication is on";
    assert_eq!(app.count_mails(subject).await, 1);
}

#[tokio::test]
async fn a_wrong_password_or_code_changes_nothing() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    let wrong = json!({ "purpose": "enable", "step_up": { "password": "wrong", "code": null } });
    browser
        .call("two-factor/begin", wrong)
        .await
        .refused(422, "wrong_password");
    let enrolment = browser.begin("enable", None).await.expect(200).json();
    let authenticator = Authenticator::new(enrolment["key"].as_str().unwrap());
    let reply = browser
        .confirm(&enrolment["id"], &authenticator.wrong_code(START))
        .await;
    let reply = reply.refused(422, "wrong_code");
    assert_eq!(reply.json()["attempts_left"], 9);
    assert_eq!(browser.overview().await["two_factor"]["state"], "off");
    browser
        .confirm(&enrolment["id"], &authenticator.code(START))
        .await
        .expect(200);
    assert_eq!(browser.overview().await["two_factor"]["state"], "on");
}

#[tokio::test]
async fn a_code_of_another_time_says_whose_clock_is_off_and_by_how_much() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    let enrolment = browser.begin("enable", None).await.expect(200).json();
    let authenticator = Authenticator::new(enrolment["key"].as_str().unwrap());
    for (shift, said) in [(120, 120), (-300, -300), (3_600, 3_600), (-19_800, -19_800)] {
        let code = authenticator.code(START + shift);
        let reply = browser
            .confirm(&enrolment["id"], &code)
            .await
            .refused(422, "clock_off");
        assert_eq!(reply.json()["device_ahead_by"], said);
    }
    let far = authenticator.code(START + 1_200);
    browser
        .confirm(&enrolment["id"], &far)
        .await
        .refused(422, "wrong_code");
}

#[tokio::test]
async fn an_enrolment_is_over_after_ten_minutes_ten_wrong_codes_or_a_cancel() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    let enrolment = browser.begin("enable", None).await.expect(200).json();
    let authenticator = Authenticator::new(enrolment["key"].as_str().unwrap());
    app.clock.advance(600);
    let code = authenticator.code(app.clock.now());
    browser
        .confirm(&enrolment["id"], &code)
        .await
        .refused(409, "enrolment_over");
    let enrolment = browser.begin("enable", None).await.expect(200).json();
    let authenticator = Authenticator::new(enrolment["key"].as_str().unwrap());
    for _ in 0..10 {
        let wrong = authenticator.wrong_code(app.clock.now());
        browser
            .confirm(&enrolment["id"], &wrong)
            .await
            .refused(422, "wrong_code");
    }
    let code = authenticator.code(app.clock.now());
    browser
        .confirm(&enrolment["id"], &code)
        .await
        .refused(409, "enrolment_over");
    let enrolment = browser.begin("enable", None).await.expect(200).json();
    browser
        .call("two-factor/cancel", json!({ "enrolment": enrolment["id"] }))
        .await
        .expect(200);
    browser
        .confirm(&enrolment["id"], "123456")
        .await
        .refused(409, "enrolment_over");
    assert_eq!(browser.overview().await["two_factor"]["state"], "off");
}

/// F62: the overtaken tab stores no secret.
#[tokio::test]
async fn a_second_tab_overtakes_the_first_and_the_first_hears_of_it() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    let first = browser.begin("enable", None).await.expect(200).json();
    let second = browser.begin("enable", None).await.expect(200).json();
    let code = Authenticator::new(first["key"].as_str().unwrap()).code(START);
    browser
        .confirm(&first["id"], &code)
        .await
        .refused(409, "enrolment_overtaken");
    let code = Authenticator::new(second["key"].as_str().unwrap()).code(START);
    browser.confirm(&second["id"], &code).await.expect(200);
    browser
        .confirm(&second["id"], &code)
        .await
        .refused(409, "two_factor_already_on");
    browser
        .begin("enable", None)
        .await
        .refused(409, "two_factor_already_on");
}

#[tokio::test]
async fn another_session_or_user_cannot_finish_an_enrolment() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    let mut elsewhere = app.browser();
    elsewhere.sign_in(ADA).await.expect(200);
    let mut stranger = app.member("eve@example.org").await;
    let enrolment = browser.begin("enable", None).await.expect(200).json();
    let code = Authenticator::new(enrolment["key"].as_str().unwrap()).code(START);
    elsewhere
        .confirm(&enrolment["id"], &code)
        .await
        .refused(409, "enrolment_over");
    stranger
        .confirm(&enrolment["id"], &code)
        .await
        .refused(409, "enrolment_over");
    stranger
        .call("two-factor/cancel", json!({ "enrolment": enrolment["id"] }))
        .await
        .expect(200);
    browser.confirm(&enrolment["id"], &code).await.expect(200);
}

#[tokio::test]
async fn disabling_takes_the_password_alone_while_the_second_factor_is_fresh() {
    let app = TestApp::start().await;
    let (mut browser, authenticator) = app.member_with_two_factor(ADA).await;
    assert_eq!(browser.overview().await["step_up_needs_code"], false);
    browser
        .call("two-factor/disable", step_up("wrong", None))
        .await
        .refused(422, "wrong_password");
    app.clock.advance(901);
    assert_eq!(browser.overview().await["step_up_needs_code"], true);
    browser
        .call("two-factor/disable", step_up(PASSWORD, None))
        .await
        .refused(422, "code_needed");
    let wrong = authenticator.wrong_code(app.clock.now());
    browser
        .call("two-factor/disable", step_up(PASSWORD, Some(&wrong)))
        .await
        .refused(422, "wrong_code");
    let code = authenticator.code(app.clock.now());
    browser
        .call("two-factor/disable", step_up(PASSWORD, Some(&code)))
        .await
        .expect(200);
    assert_eq!(browser.overview().await["two_factor"]["state"], "off");
    browser
        .call("two-factor/disable", step_up(PASSWORD, None))
        .await
        .refused(409, "two_factor_off");
    browser
        .call("session/sign-out", json!({}))
        .await
        .expect(200);
    browser.sign_in(ADA).await.expect(200);
    assert_eq!(browser.state().await, "signed_in");
}

/// F93: nothing of a factor outlives it.
#[tokio::test]
async fn disabling_removes_everything_that_belongs_to_the_factor() {
    let app = TestApp::start().await;
    let (mut browser, authenticator) = app.member_with_two_factor(ADA).await;
    let mut pending = app.browser();
    pending.sign_in(ADA).await.expect(200);
    browser
        .call("two-factor/disable", step_up(PASSWORD, None))
        .await
        .expect(200);
    pending
        .give_code(&authenticator.code(START + 30))
        .await
        .refused(401, "sign_in_over");
    let again = browser.enable_two_factor(&app).await;
    let mut other = app.browser();
    other.sign_in(ADA).await.expect(200);
    other
        .give_recovery_code(&authenticator.recovery_codes[0])
        .await
        .refused(422, "wrong_code");
    other
        .give_recovery_code(&again.recovery_codes[0])
        .await
        .expect(200);
}

/// F60: beginning replaces nothing.
#[tokio::test]
async fn the_old_app_works_until_the_new_one_is_proven_and_then_never() {
    let app = TestApp::start().await;
    let (mut browser, old) = app.member_with_two_factor(ADA).await;
    let enrolment = browser.begin("replace", None).await.expect(200).json();
    let mut other = app.browser();
    other.sign_in(ADA).await.expect(200);
    other.give_code(&old.code(START + 30)).await.expect(200);
    let new = Authenticator::new(enrolment["key"].as_str().unwrap());
    let codes = browser
        .confirm(&enrolment["id"], &new.code(START))
        .await
        .expect(200)
        .json();
    assert_eq!(codes["codes"].as_array().unwrap().len(), 10);
    assert_eq!(other.state().await, "signed_out");
    app.clock.advance(60);
    other.sign_in(ADA).await.expect(200);
    other
        .give_code(&old.code(app.clock.now()))
        .await
        .refused(422, "wrong_code");
    other
        .give_recovery_code(&old.recovery_codes[0])
        .await
        .refused(422, "wrong_code");
    other
        .give_code(&new.code(app.clock.now()))
        .await
        .expect(200);
}

#[tokio::test]
async fn replacing_wants_a_factor_and_accepts_a_recovery_code_as_proof() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    browser
        .begin("replace", None)
        .await
        .refused(409, "two_factor_off");
    let authenticator = browser.enable_two_factor(&app).await;
    app.clock.advance(901);
    browser
        .begin("replace", None)
        .await
        .refused(422, "code_needed");
    browser
        .begin("replace", Some(&authenticator.recovery_codes[0]))
        .await
        .expect(200);
    assert_eq!(
        browser.overview().await["two_factor"]["recovery_codes_left"],
        9
    );
}

#[tokio::test]
async fn new_recovery_codes_kill_the_old_set_in_the_same_moment() {
    let app = TestApp::start().await;
    let (mut browser, authenticator) = app.member_with_two_factor(ADA).await;
    let codes = browser
        .call("two-factor/new-recovery-codes", step_up(PASSWORD, None))
        .await;
    let codes = codes.expect(200).json();
    let mut other = app.browser();
    other.sign_in(ADA).await.expect(200);
    other
        .give_recovery_code(&authenticator.recovery_codes[0])
        .await
        .refused(422, "wrong_code");
    other
        .give_recovery_code(codes["codes"][0].as_str().unwrap())
        .await
        .expect(200);
}

/// Of requests at once, one makes the set that counts, and the others hear that they were overtaken.
#[tokio::test(flavor = "multi_thread")]
async fn of_several_new_sets_at_once_only_the_one_that_counts_is_shown() {
    let app = TestApp::start().await;
    let (browser, _) = app.member_with_two_factor(ADA).await;
    // All have begun before any is done: none can write before this ends.
    let transaction = app.services.database.begin_write().await.unwrap();
    let requests = (0..6).map(|_| {
        let mut browser = browser.clone();
        async move {
            let arguments = step_up(PASSWORD, None);
            browser
                .call("two-factor/new-recovery-codes", arguments)
                .await
        }
    });
    let running: Vec<_> = requests.map(tokio::spawn).collect();
    for _ in 0..5 {
        app.browser().state().await;
    }
    transaction.commit().await.unwrap();
    let mut made = Vec::new();
    for request in running {
        let reply = request.await.unwrap();
        if reply.status == 200 {
            made.push(reply.json());
        } else {
            reply.refused(409, "recovery_codes_overtaken");
        }
    }
    let last = made.pop().unwrap();
    assert!(made.is_empty(), "{} sets are dead already", made.len());
    let mut other = app.browser();
    other.sign_in(ADA).await.expect(200);
    let code = last["codes"][0].as_str().unwrap();
    other.give_recovery_code(code).await.expect(200);
}

#[tokio::test]
async fn a_code_that_was_used_for_a_step_up_does_not_sign_in() {
    let app = TestApp::start().await;
    let (mut browser, authenticator) = app.member_with_two_factor(ADA).await;
    app.clock.advance(901);
    let code = authenticator.code(app.clock.now());
    browser
        .call(
            "two-factor/new-recovery-codes",
            step_up(PASSWORD, Some(&code)),
        )
        .await
        .expect(200);
    let mut other = app.browser();
    other.sign_in(ADA).await.expect(200);
    other.give_code(&code).await.refused(422, "wrong_code");
}

/// F30: a stolen session guesses ten times.
#[tokio::test]
async fn guessing_at_the_password_inside_a_session_ends_it_and_is_mailed() {
    let app = TestApp::start().await;
    let (mut browser, _) = app.member_with_two_factor(ADA).await;
    for _ in 0..9 {
        browser
            .call("two-factor/disable", step_up("guess", None))
            .await
            .refused(422, "wrong_password");
    }
    browser
        .call("two-factor/disable", step_up("guess", None))
        .await
        .refused(401, "signed_out");
    assert_eq!(browser.state().await, "signed_out");
    let mails = app.mails().await;
    assert!(
        mails
            .iter()
            .any(|mail| mail.contains("A session was ended")),
        "{mails:?}"
    );
}

/// F30: and its codes count with all others.
#[tokio::test]
async fn guessing_at_the_code_inside_a_session_pauses_the_factor() {
    let app = TestApp::start().await;
    let (mut browser, authenticator) = app.member_with_two_factor(ADA).await;
    app.clock.advance(901);
    let wrong = authenticator.wrong_code(app.clock.now());
    for _ in 0..10 {
        browser
            .call("two-factor/disable", step_up(PASSWORD, Some(&wrong)))
            .await
            .refused(422, "wrong_code");
    }
    let code = authenticator.code(app.clock.now());
    browser
        .call("two-factor/disable", step_up(PASSWORD, Some(&code)))
        .await
        .refused(429, "paused");
    assert_eq!(browser.overview().await["two_factor"]["state"], "on");
}

/// F71: shown once.
#[tokio::test]
async fn no_answer_holds_the_secret_after_the_enrolment() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    let enrolment = browser.begin("enable", None).await.expect(200).json();
    let shown = Authenticator::new(enrolment["key"].as_str().unwrap());
    let (key, code) = (shown.key(), shown.code(START));
    let reply = browser.confirm(&enrolment["id"], &code).await.expect(200);
    let state = browser.call("session/state", json!({})).await;
    for text in [reply.text, browser.overview().await.to_string(), state.text] {
        assert!(
            !text.replace(' ', "").contains(key) && !text.contains("otpauth"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_replacement_that_ran_out_says_so_whether_or_not_upkeep_has_removed_it() {
    let app = TestApp::start().await;
    let (mut browser, _) = app.member_with_two_factor("ada@example.org").await;
    let enrolment = browser.begin("replace", None).await.expect(200).json();
    app.clock.advance(601);
    for _ in 0..2 {
        browser
            .confirm(&enrolment["id"], "123456")
            .await
            .refused(409, "enrolment_over");
        let removed = service::upkeep::remove_expired(&app.services).await;
        removed.unwrap();
    }
}
