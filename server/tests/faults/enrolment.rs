//! Turning two-factor authentication on: never by half, never for an address that is not proven.

use serde_json::json;

use crate::support::{Authenticator, Browser, START, TestApp};

const ADA: &str = "ada@example.org";

async fn step(app: &TestApp) -> String {
    let reply = app.browser().sign_in(ADA).await.expect(200);
    reply.json()["step"].as_str().unwrap().to_owned()
}

/// F59, F60: an enrolment that is begun, guessed at and left changes nothing at the next sign-in; a later one works.
#[tokio::test]
async fn an_enrolment_that_is_left_leaves_it_off() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    let enrolment = browser.begin("enable", None).await.expect(200).json();
    let shown = Authenticator::new(enrolment["key"].as_str().unwrap());
    let wrong = shown.wrong_code(START);
    browser
        .confirm(&enrolment["id"], &wrong)
        .await
        .refused(422, "wrong_code");
    browser
        .call("session/sign-out", json!({}))
        .await
        .expect(200);
    assert_eq!(step(&app).await, "signed_in");
    browser.sign_in(ADA).await.expect(200);
    browser
        .confirm(&enrolment["id"], &shown.code(START))
        .await
        .refused(409, "enrolment_over");
    browser.enable_two_factor(&app).await;
    assert_eq!(step(&app).await, "second_factor_due");
}

/// F75: whoever has not proven the address cannot turn it on, and so cannot shut its holder out.
#[tokio::test]
async fn an_address_that_is_not_proven_cannot_turn_it_on() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    app.sql("UPDATE users SET email_verified_at = NULL").await;
    browser
        .begin("enable", None)
        .await
        .refused(409, "email_not_verified");
    assert_eq!(step(&app).await, "signed_in");
}

async fn enrol_and_sign_in(mut browser: Browser, email: String) -> Vec<u16> {
    let mut statuses = Vec::new();
    let begun = browser.begin("enable", None).await;
    statuses.push(begun.status);
    let enrolment = begun.json();
    let authenticator = Authenticator::new(enrolment["key"].as_str().unwrap());
    let code = authenticator.code(START);
    statuses.push(browser.confirm(&enrolment["id"], &code).await.status);
    statuses.push(browser.sign_in(&email).await.status);
    let code = authenticator.code(START + 30);
    statuses.push(browser.give_code(&code).await.status);
    statuses
}

/// F86, F152: thirty users who enrol and sign in at once all can, and nothing breaks.
#[tokio::test(flavor = "multi_thread")]
async fn many_users_enrol_and_sign_in_at_once() {
    let app = TestApp::start_with(|settings| settings.password_hash.queue = 1_000).await;
    let mut running = Vec::new();
    for n in 0..30 {
        let email = format!("user{n}@example.org");
        let browser = app.member(&email).await;
        running.push((browser, email));
    }
    let running: Vec<_> = running
        .into_iter()
        .map(|(browser, email)| tokio::spawn(enrol_and_sign_in(browser, email)))
        .collect();
    for user in running {
        assert_eq!(user.await.unwrap(), [200, 200, 200, 200]);
    }
}

/// F19: failures are kept though the request that made them failed, and though the server starts anew.
#[tokio::test]
async fn ten_wrong_codes_pause_also_after_a_restart() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let wrong = authenticator.wrong_code(START);
    for _ in 0..2 {
        let mut browser = app.browser();
        browser.sign_in(ADA).await.expect(200);
        for _ in 0..5 {
            browser.give_code(&wrong).await;
        }
    }
    let app = app.restart().await;
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    let right = authenticator.code(START + 30);
    browser.give_code(&right).await.refused(429, "paused");
    app.clock.advance(61);
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    let right = authenticator.code(START + 60);
    browser.give_code(&right).await.expect(200);
}
