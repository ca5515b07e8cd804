//! What the operator does at the command line, by the same services.

use app::types::secret_text::SecretText;
use app::types::setup::NewUser;
use domain::days::Zone;
use domain::roles::Denial;
use serde_json::json;
use service::first_factor::allowance::allow_by_operator;
use service::refusal::Refusal;
use service::users::operator;
use service::{Failure, users};

use crate::support::{PASSWORD, START, TestApp};

const ADA: &str = "ada@example.org";

#[tokio::test]
async fn a_reset_removes_factor_codes_and_sessions_and_tells_the_user() {
    let app = TestApp::start().await;
    let (mut browser, authenticator) = app.member_with_two_factor(ADA).await;
    users::reset_two_factor(&app.services, " Ada@example.org", true)
        .await
        .unwrap();
    assert_eq!(browser.state().await, "signed_out");
    let reply = browser.sign_in(ADA).await.expect(200);
    assert_eq!(reply.json()["step"], "link_due");
    let link = app.links("/sign-in").await.pop().unwrap();
    let link = json!({ "token": link });
    browser.call("sign-in/link", link).await.expect(200);
    assert_eq!(browser.state().await, "signed_in");
    assert_eq!(browser.overview().await["two_factor"]["state"], "off");
    browser
        .give_recovery_code(&authenticator.recovery_codes[0])
        .await
        .refused(401, "sign_in_over");
    // Each sign-in takes one, until a factor is on.
    let reply = app.browser().sign_in(ADA).await.expect(200);
    assert_eq!(reply.json()["step"], "link_due");
    let mails = app.mails().await;
    let subject = "Subject: Two-factor authentication was reset";
    assert!(mails.iter().any(|mail| mail.contains(subject)), "{mails:?}");
}

/// Where no mail reaches them, the operator says so.
#[tokio::test]
async fn a_reset_without_a_link_leaves_the_password() {
    let app = TestApp::start().await;
    let (mut browser, _) = app.member_with_two_factor(ADA).await;
    users::reset_two_factor(&app.services, ADA, false)
        .await
        .unwrap();
    browser.sign_in(ADA).await.expect(200);
    assert_eq!(browser.state().await, "signed_in");
}

#[tokio::test]
async fn what_cannot_be_reset_is_said() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    for (email, refusal) in [
        (ADA, Denial::TwoFactorOff.into()),
        ("nobody@example.org", Refusal::NotFound),
    ] {
        let failure = users::reset_two_factor(&app.services, email, true)
            .await
            .unwrap_err();
        assert!(
            matches!(failure, Failure::Refused(ref error) if *error == refusal),
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn an_address_can_have_one_user() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let user = NewUser {
        name: "Ada".to_owned(),
        email: "ADA@example.org".to_owned(),
        account_name: "Engines".to_owned(),
        password: SecretText::new(PASSWORD),
    };
    let failure = users::create(&app.services, &user, Zone::UTC)
        .await
        .unwrap_err();
    assert!(
        matches!(failure, Failure::Refused(Refusal::Taken)),
        "{failure:?}"
    );
}

/// F56: disabled is out, wherever.
#[tokio::test]
async fn a_disabled_user_is_out_at_once_everywhere_and_in_again_when_enabled() {
    let app = TestApp::start().await;
    let (mut session, authenticator) = app.member_with_two_factor(ADA).await;
    let mut trusted = app.browser();
    trusted.sign_in(ADA).await.expect(200);
    let code = authenticator.code(START + 30);
    trusted.give_code_and_trust(&code).await.expect(200);
    let mut pending = app.browser();
    pending.sign_in(ADA).await.expect(200);
    let mut browser = app.browser();
    let forget = json!({ "email": ADA });
    let reply = browser.call("password/forgot", forget).await;
    reply.expect(200);
    let link = app.links("/reset-password").await.pop().unwrap();
    for is_first in [true, false] {
        let disabled = operator::disable(&app.services, ADA).await.unwrap();
        assert_eq!(disabled.is_changed, is_first);
        assert_eq!(disabled.owns.len(), 1);
    }
    for out in [&mut session, &mut trusted, &mut pending] {
        assert_eq!(out.state().await, "signed_out");
    }
    app.clock.set(START + 60);
    pending
        .give_code(&authenticator.code(START + 60))
        .await
        .refused(401, "sign_in_over");
    let unknown = browser.sign_in("nobody@example.org").await.text;
    let reply = trusted.sign_in(ADA).await.refused(401, "wrong_credentials");
    assert_eq!(reply.text, unknown);
    let arguments = json!({ "token": link, "password": "violet-sofa-7-drum" });
    browser
        .call("password/reset", arguments)
        .await
        .refused(409, "link_over");
    assert_eq!(app.count_mails("You cannot sign in for now").await, 1);
    for is_first in [true, false] {
        let is_changed = operator::enable(&app.services, ADA).await.unwrap();
        assert_eq!(is_changed, is_first);
    }
    let reply = trusted.sign_in(ADA).await.expect(200);
    assert_eq!(reply.json()["step"], "second_factor_due");
    assert_eq!(app.count_mails("You can sign in again").await, 1);
}

#[tokio::test]
async fn unlocking_lifts_the_pause_of_the_second_factor() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let wrong = authenticator.wrong_code(START);
    for _ in 0..2 {
        let mut browser = app.browser();
        browser.sign_in(ADA).await.expect(200);
        for _ in 0..5 {
            browser.give_code(&wrong).await.refused(422, "wrong_code");
        }
    }
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    let right = authenticator.code(START + 30);
    browser.give_code(&right).await.refused(429, "paused");
    operator::unlock(&app.services, ADA, None).await.unwrap();
    browser.give_code(&right).await.expect(200);
    assert_eq!(app.count_mails("You can try again").await, 1);
    assert_eq!(app.count_mails("A wrong code after your password").await, 1);
}

/// What a user may have run into at the door is lifted, in the browser that they use too.
#[tokio::test]
async fn unlocking_lifts_the_pause_of_a_browser_that_is_known_to_the_user() {
    let app = TestApp::start_with(|settings| settings.limits.wrong_passwords_per_browser = 3).await;
    let mut ada = app.member(ADA).await;
    ada.call("session/sign-out", json!({})).await.expect(200);
    for _ in 0..3 {
        let wrong = ada.sign_in_with(ADA, "wrong").await;
        wrong.refused(401, "wrong_credentials");
    }
    ada.sign_in(ADA).await.refused(429, "paused");
    operator::unlock(&app.services, ADA, None).await.unwrap();
    ada.sign_in(ADA).await.expect(200);
}

/// The attack: the command said that somebody can try again who could not, since their client address waited.
#[tokio::test]
async fn a_client_address_that_waits_is_told_of_and_lifted_where_it_is_named() {
    let app = TestApp::start_with(|settings| settings.limits.wrong_passwords_per_client = 3).await;
    app.create_user(ADA).await;
    for n in 0..3 {
        let nobody = format!("nobody{n}@example.org");
        let wrong = app.browser().sign_in_with(&nobody, "wrong").await;
        wrong.refused(401, "wrong_credentials");
    }
    app.clock.advance(60);
    app.browser().sign_in(ADA).await.refused(429, "paused");
    let other = "192.0.2.1".parse().ok();
    for client in [None, other] {
        let done = operator::unlock(&app.services, ADA, client).await.unwrap();
        assert_eq!(done.client_waited, None, "{client:?}");
        assert_eq!(done.of_clients, (3, 15 * 60));
        app.browser().sign_in(ADA).await.refused(429, "paused");
    }
    let client = "::ffff:127.0.0.1".parse().ok();
    let done = operator::unlock(&app.services, ADA, client).await.unwrap();
    assert_eq!(done.client_waited, Some(14 * 60));
    app.browser().sign_in(ADA).await.expect(200);
}

/// The attack: an allowance of half an hour was promised to somebody whom nothing lets in.
#[tokio::test]
async fn whoever_is_disabled_is_not_let_set_up_a_first_factor() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    operator::disable(&app.services, ADA).await.unwrap();
    let refused = allow_by_operator(&app.services, ADA).await.unwrap_err();
    let expected = Refusal::Denied(Denial::UserDisabled);
    assert!(
        matches!(refused, Failure::Refused(ref error) if *error == expected),
        "{refused:?}"
    );
    assert_eq!(app.count("first_factor_allowances").await, 0);
    let done = operator::unlock(&app.services, ADA, None).await.unwrap();
    assert!(done.is_disabled);
    operator::enable(&app.services, ADA).await.unwrap();
    allow_by_operator(&app.services, ADA).await.unwrap();
    let done = operator::unlock(&app.services, ADA, None).await.unwrap();
    assert!(!done.is_disabled);
}

#[tokio::test]
async fn what_has_no_user_can_be_neither_disabled_nor_enabled_nor_unlocked() {
    let app = TestApp::start().await;
    let nobody = "nobody@example.org";
    for failure in [
        operator::disable(&app.services, nobody).await.unwrap_err(),
        operator::enable(&app.services, nobody).await.unwrap_err(),
        operator::unlock(&app.services, nobody, None)
            .await
            .unwrap_err(),
    ] {
        assert!(matches!(failure, Failure::Refused(Refusal::NotFound)));
    }
}
