//! Signing in.

use app::types::timestamp::Timestamp;
use crypto::clock::Clock as _;
use serde_json::json;
use service::users::operator;

use crate::support::{PASSWORD, START, TestApp};

const ADA: &str = "ada@example.org";

#[tokio::test]
async fn the_password_suffices_while_two_factor_authentication_is_off() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut browser = app.browser();
    let reply = browser.sign_in(ADA).await.expect(200);
    assert_eq!(
        reply.json(),
        json!({ "step": "signed_in", "recovery_codes_left": null })
    );
    assert_eq!(browser.state().await, "signed_in");
}

/// F114: the cost tells nothing.
#[tokio::test]
async fn unknown_address_wrong_password_and_odd_spellings_read_the_same_and_cost_one_hash() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    app.create_user("bob@example.org").await;
    operator::disable(&app.services, "bob@example.org")
        .await
        .unwrap();
    let mut answers = Vec::new();
    for (email, password) in [
        (ADA, "wrong password"),
        ("nobody@example.org", "wrong password"),
        ("bob@example.org", PASSWORD),
    ] {
        let before = app.services.hasher.hashes();
        let reply = app.browser().sign_in_with(email, password).await;
        assert_eq!(app.services.hasher.hashes(), before + 1);
        answers.push(reply.refused(401, "wrong_credentials").telling());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    for email in [" ADA@example.org ", "Ada@Example.Org"] {
        app.browser().sign_in(email).await.expect(200);
    }
}

/// F42: one factor of two is no session.
#[tokio::test]
async fn with_two_factor_authentication_the_password_opens_nothing() {
    let app = TestApp::start().await;
    let (_, _) = app.member_with_two_factor(ADA).await;
    let mut browser = app.browser();
    let reply = browser.sign_in(ADA).await.expect(200);
    assert_eq!(
        reply.json(),
        json!({ "step": "second_factor_due", "expires_at": START.0 + 600, "attempts_left": 5, "may_trust_browser": true, "ways": [{ "way": "app" }, { "way": "recovery_code" }] })
    );
    assert_eq!(browser.state().await, "second_factor_due");
    for endpoint in [
        "two-factor/overview",
        "two-factor/begin",
        "two-factor/disable",
        "two-factor/confirm",
    ] {
        browser
            .call(endpoint, json!({}))
            .await
            .refused(401, "signed_out");
    }
}

/// F01, F05: a code counts once, and the one that finished the enrolment not at all.
#[tokio::test]
async fn the_code_of_the_next_step_signs_in_and_never_again() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    let enrolled_with = authenticator.code(START);
    browser
        .give_code(&enrolled_with)
        .await
        .refused(422, "wrong_code");
    let next = authenticator.code(START + 30);
    browser.give_code(&next).await.expect(200);
    assert_eq!(browser.state().await, "signed_in");
    for seconds in [1, 31, 59] {
        app.clock.set(START + seconds);
        let mut other = app.browser();
        other.sign_in(ADA).await.expect(200);
        other.give_code(&next).await.refused(422, "wrong_code");
        other
            .give_code(&enrolled_with)
            .await
            .refused(422, "wrong_code");
        assert_eq!(other.state().await, "second_factor_due");
    }
}

/// F02, F119, F120: no spelling makes a used code a new one.
#[tokio::test]
async fn a_code_is_one_code_in_every_spelling() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    for (round, spell) in [
        (|code: &str| format!("{} {}", &code[..3], &code[3..])) as fn(&str) -> String,
        |code| format!(" {code}\n"),
        |code| {
            code.chars()
                .map(|c| char::from_u32(u32::from(c) - 0x30 + 0xff10).unwrap())
                .collect()
        },
        |code| {
            code.chars()
                .map(|c| char::from_u32(u32::from(c) - 0x30 + 0x660).unwrap())
                .collect()
        },
    ]
    .into_iter()
    .enumerate()
    {
        app.clock
            .set(START + 60 * (i64::try_from(round).unwrap() + 1));
        let code = authenticator.code(app.clock.now());
        let mut browser = app.browser();
        browser.sign_in(ADA).await.expect(200);
        browser.give_code(&spell(&code)).await.expect(200);
        let mut other = app.browser();
        other.sign_in(ADA).await.expect(200);
        other.give_code(&code).await.refused(422, "wrong_code");
    }
}

/// F133: early and late are tolerated alike.
#[tokio::test]
async fn the_window_is_one_step_either_way_to_the_second() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let step = START + 300;
    for (now, accepted) in [
        (step - 31, false),
        (step - 30, true),
        (step + 59 + 300, true),
        (step + 60 + 600, false),
    ] {
        let code = match now {
            Timestamp(at) if at > step.0 + 600 => authenticator.code(step + 600),
            Timestamp(at) if at > step.0 + 100 => authenticator.code(step + 300),
            _ => authenticator.code(step),
        };
        app.clock.set(now);
        let mut browser = app.browser();
        browser.sign_in(ADA).await.expect(200);
        let reply = browser.give_code(&code).await;
        assert_eq!(reply.status == 200, accepted, "{now:?}: {}", reply.text);
    }
}

/// F15: one sign-in takes five guesses.
#[tokio::test]
async fn five_wrong_codes_end_the_pending_sign_in() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    let wrong = authenticator.wrong_code(START);
    for left in (0..5).rev() {
        let reply = browser.give_code(&wrong).await.refused(422, "wrong_code");
        assert_eq!(reply.json()["attempts_left"], left);
        // By it whose clock is off sees that.
        assert_eq!(reply.json()["at"], START.0);
    }
    browser
        .give_code(&authenticator.code(START + 30))
        .await
        .refused(401, "sign_in_over");
    assert_eq!(browser.state().await, "signed_out");
}

/// F16, F17: a new sign-in brings no new budget.
#[tokio::test]
async fn wrong_codes_count_over_all_pending_sign_ins_and_factors_and_pause_the_user() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let wrong = authenticator.wrong_code(START);
    for _ in 0..2 {
        let mut browser = app.browser();
        browser.sign_in(ADA).await.expect(200);
        for _ in 0..3 {
            browser.give_code(&wrong).await.refused(422, "wrong_code");
        }
        for _ in 0..2 {
            browser
                .give_recovery_code("0000-0000-0000-0000")
                .await
                .refused(422, "wrong_code");
        }
    }
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    let right = authenticator.code(START + 30);
    let reply = browser.give_code(&right).await.refused(429, "paused");
    assert_eq!(reply.headers["retry-after"], "60");
    browser
        .give_recovery_code(&authenticator.recovery_codes[0])
        .await
        .refused(429, "paused");
    let app = app.restart().await;
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    browser.give_code(&right).await.refused(429, "paused");
    app.clock.advance(60);
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    browser
        .give_code(&authenticator.code(app.clock.now()))
        .await
        .expect(200);
}

#[tokio::test]
async fn more_than_a_code_counts_as_a_guess_and_less_counts_nowhere() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    for text in ["", "12345", "abcdef", "½"] {
        browser.give_code(text).await.refused(422, "invalid_fields");
    }
    let code = authenticator.code(START + 30);
    for text in [format!("+{code}"), format!("0{code}")] {
        browser.give_code(&text).await.refused(422, "wrong_code");
    }
    let state = browser.call("session/state", json!({})).await.json();
    assert_eq!(state["attempts_left"], 3);
    browser.give_code(&code).await.expect(200);
}

/// F11: what is over cannot be finished.
#[tokio::test]
async fn a_pending_sign_in_is_over_after_ten_minutes() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    app.clock.advance(600);
    browser
        .give_code(&authenticator.code(app.clock.now()))
        .await
        .refused(401, "sign_in_over");
    assert_eq!(browser.state().await, "signed_out");
}

/// F09, F77: struck off when used, and the rest is counted.
#[tokio::test]
async fn a_recovery_code_signs_in_once_and_is_mailed() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let code = authenticator.recovery_codes[3].clone();
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    let reply = browser
        .give_recovery_code(&code.to_uppercase().replace('-', " "))
        .await
        .expect(200);
    assert_eq!(
        reply.json(),
        json!({ "step": "signed_in", "recovery_codes_left": 9 })
    );
    assert_eq!(
        browser.overview().await["two_factor"]["recovery_codes_left"],
        9
    );
    let mut other = app.browser();
    other.sign_in(ADA).await.expect(200);
    other
        .give_recovery_code(&code)
        .await
        .refused(422, "wrong_code");
    let mails = app.mails().await;
    assert!(
        mails
            .iter()
            .any(|mail| mail.contains("A recovery code was used")),
        "{mails:?}"
    );
    assert!(mails.iter().all(|mail| !mail.contains(&code)));
}

#[tokio::test]
async fn the_second_factor_belongs_to_one_browser() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    app.browser().sign_in(ADA).await.expect(200);
    let mut other = app.browser();
    other
        .give_code(&authenticator.code(START + 30))
        .await
        .refused(401, "sign_in_over");
}

#[tokio::test]
async fn signing_in_again_ends_the_session_that_the_browser_had() {
    let app = TestApp::start().await;
    let (browser, _) = app.member_with_two_factor(ADA).await;
    let mut old = browser.clone();
    let mut browser = browser;
    browser.sign_in(ADA).await.expect(200);
    assert_eq!(browser.state().await, "second_factor_due");
    assert_eq!(old.state().await, "signed_out");
}

/// F81: no token is kept over a sign-in.
#[tokio::test]
async fn the_token_changes_at_every_step_up_in_rights() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    let mut tokens = vec![browser.cookies["twofold_session"].clone()];
    let authenticator = browser.enable_two_factor(&app).await;
    tokens.push(browser.cookies["twofold_session"].clone());
    browser
        .call("session/sign-out", json!({}))
        .await
        .expect(200);
    browser.sign_in(ADA).await.expect(200);
    assert!(!browser.cookies.contains_key("twofold_session"));
    tokens.push(browser.cookies["twofold_sign_in"].clone());
    browser
        .give_code(&authenticator.code(START + 30))
        .await
        .expect(200);
    assert!(!browser.cookies.contains_key("twofold_sign_in"));
    tokens.push(browser.cookies["twofold_session"].clone());
    let mut distinct = tokens.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), tokens.len());
}
