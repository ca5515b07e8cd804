//! The first factor of a user takes a proof of the mailbox besides the password, or somebody who lets the user in.

#[path = "first_factor/address.rs"]
mod address;
#[path = "first_factor/allowed.rs"]
mod allowed;
#[path = "first_factor/codes.rs"]
mod codes;
#[path = "first_factor/proven.rs"]
mod proven;

use crypto::clock::Clock as _;
use serde_json::json;
use service::users::reset_two_factor;

use crate::support::{
    Authenticator, Browser, NUMBER, PASSWORD, START, SmsGateway, TestApp, ada_and_bob,
};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
/// A developer, as storage keeps roles.
const DEVELOPER: u8 = 2;

/// A browser of whoever knows the password and nothing else.
async fn stranger(app: &TestApp, email: &str) -> Browser {
    let mut browser = app.browser();
    browser.sign_in(email).await.expect(200);
    browser
}

/// F52: in an account that requires two-factor authentication, who has stolen the password of a user without one enrols
/// nothing and gets in nowhere.
#[tokio::test]
async fn a_stolen_password_enrols_no_app_and_opens_no_account_that_requires_one() {
    let mut five = ada_and_bob(DEVELOPER).await;
    five.ada.require(&five.id, None).await.expect(200);
    let mut thief = stranger(&five.app, BOB).await;
    let required = thief.overview_of(&five.id).await;
    required.refused(403, "two_factor_required");
    let begun = thief.begin("enable", None).await;
    begun.refused(422, "mailbox_code_needed");
    // A code goes to the mailbox, and nothing that is guessed is one.
    thief.mail_code("first_factor").await.expect(200);
    thief
        .begin_with("AAAA-AAAA")
        .await
        .refused(422, "wrong_code");
    let required = thief.overview_of(&five.id).await;
    required.refused(403, "two_factor_required");
    assert_eq!(five.app.count("second_factors").await, 1);
    // Bob, in the browser that has proven the mailbox, is let through.
    five.bob.enable_two_factor(&five.app).await;
    five.bob.overview_of(&five.id).await.expect(200);
}

/// F52: a number is a first factor as an app is.
#[tokio::test]
async fn a_stolen_password_enrols_no_number() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    app.create_user(ADA).await;
    let mut thief = stranger(&app, ADA).await;
    let step_up = json!({ "password": PASSWORD, "code": null });
    let arguments = json!({ "country": "GB", "number": NUMBER, "step_up": step_up });
    let begun = thief.call("two-factor/begin-sms", arguments.clone()).await;
    begun.refused(422, "mailbox_code_needed");
    assert_eq!(app.count("enrolments").await, 0);
    thief.mail_code("first_factor").await.expect(200);
    let mut with_code = arguments;
    with_code["mailbox_code"] = json!(app.mailed_code(ADA).await);
    thief
        .call("two-factor/begin-sms", with_code)
        .await
        .expect(200);
}

/// F52: after a reset the thief of the password stays outside, before and after the user has signed in by the mailed
/// link, until a factor is on.
#[tokio::test]
async fn after_a_reset_each_sign_in_takes_the_link_until_a_factor_is_on() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    reset_two_factor(&app.services, ADA, true).await.unwrap();
    for _ in 0..2 {
        let mut thief = stranger(&app, ADA).await;
        assert_eq!(thief.state().await, "link_due");
        app.clock.advance(1);
        ada.sign_in(ADA).await.expect(200);
        let link = app.links("/sign-in").await.pop().unwrap();
        let opened = ada.call("sign-in/link", json!({ "token": link })).await;
        opened.expect(200);
    }
    assert_eq!(ada.overview().await["sign_in_link"], "due");
    // The link has proven the mailbox in this browser.
    assert_eq!(ada.overview().await["entry"]["entry"], "open");
    ada.enable_two_factor(&app).await;
    assert!(!app.user(ADA).await.is_sign_in_link_due);
    let mut thief = stranger(&app, ADA).await;
    assert_eq!(thief.state().await, "second_factor_due");
}

/// Each first factor, not only the first of all.
#[tokio::test]
async fn a_factor_after_one_that_was_disabled_takes_the_proof_again() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let step_up = json!({ "password": PASSWORD, "code": null });
    let disable = json!({ "step_up": step_up });
    ada.call("two-factor/disable", disable).await.expect(200);
    let mut thief = stranger(&app, ADA).await;
    let begun = thief.begin("enable", None).await;
    begun.refused(422, "mailbox_code_needed");
    ada.begin("enable", None).await.expect(200);
}

#[tokio::test]
async fn being_known_by_the_password_alone_is_not_enough_however_long() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut ada = stranger(&app, ADA).await;
    for _ in 0..12 {
        app.clock.advance(30 * 86_400);
        ada.sign_in(ADA).await.expect(200);
    }
    let begun = ada.begin("enable", None).await;
    begun.refused(422, "mailbox_code_needed");
}

/// What a server of an earlier version began has no proof.
#[tokio::test]
async fn an_enrolment_that_began_without_a_proof_becomes_no_factor() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let begun = ada.begin("enable", None).await.expect(200).json();
    app.sql("UPDATE enrolments SET admitted_by = NULL").await;
    let shown = Authenticator::new(begun["key"].as_str().unwrap());
    let code = shown.code(START);
    ada.confirm(&begun["id"], &code)
        .await
        .refused(409, "enrolment_over");
    assert_eq!(app.count("second_factors").await, 0);
}

/// What it began with is asked for again: here that the browser is still known and has proven the mailbox, and the address.
#[tokio::test]
async fn an_enrolment_whose_ground_has_gone_becomes_no_factor() {
    for gone in [
        "DELETE FROM known_browsers",
        "UPDATE known_browsers SET mailbox_proven_at = NULL",
        "UPDATE users SET email_verified_at = NULL",
        "UPDATE enrolments SET admitted_by = 'operator'",
        "UPDATE enrolments SET admitted_by = 'allowance'",
    ] {
        let app = TestApp::start().await;
        let mut ada = app.member(ADA).await;
        let begun = ada.begin("enable", None).await.expect(200).json();
        app.sql(gone).await;
        let shown = Authenticator::new(begun["key"].as_str().unwrap());
        let code = shown.code(START);
        ada.confirm(&begun["id"], &code)
            .await
            .refused(409, "enrolment_over");
        assert_eq!(app.count("second_factors").await, 0, "{gone}");
    }
}

/// Whoever belongs to no account that requires one may have none.
#[tokio::test]
async fn a_link_is_due_no_more_for_who_says_that_they_want_no_factor() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    ada.decline(None).await.refused(404, "not_found");
    reset_two_factor(&app.services, ADA, true).await.unwrap();
    ada.sign_in(ADA).await.expect(200);
    let link = app.links("/sign-in").await.pop().unwrap();
    let opened = ada.call("sign-in/link", json!({ "token": link })).await;
    opened.expect(200);
    let from = app.clock.now().seconds() + 86_400;
    app.sql(&format!("UPDATE accounts SET required_from = {from}"))
        .await;
    let refused = ada.decline(None).await;
    refused.refused(403, "two_factor_required");
    app.sql("UPDATE accounts SET required_from = NULL").await;
    let mut forgetful = ada.clone();
    forgetful.cookies.remove("twofold_browser");
    let refused = forgetful.decline(None).await;
    refused.refused(422, "mailbox_code_needed");
    ada.decline(None).await.expect(200);
    assert!(app.events().await.contains(&"factor_declined".to_owned()));
    assert_eq!(stranger(&app, ADA).await.state().await, "signed_in");
    assert_eq!(ada.overview().await["sign_in_link"], "not_due");
    assert_eq!(
        app.count_mails("Sign-ins take no mailed link any more")
            .await,
        1
    );
}
