//! A first factor is proven by the mailbox, so changing the address takes as much proof as the factor itself.

use serde_json::json;
use service::first_factor::allowance::allow_by_operator;

use super::{ADA, BOB, DEVELOPER, stranger};
use crate::support::{Browser, PASSWORD, Reply, TestApp, ada_and_bob};

/// A mailbox of the thief.
const THIEF: &str = "thief@example.net";
const NEW: &str = "new@example.org";

async fn change(browser: &mut Browser, email: &str, code: Option<&str>) -> Reply {
    let step_up = json!({ "password": PASSWORD, "code": null });
    let arguments = json!({ "email": email, "step_up": step_up, "mailbox_code": code });
    browser.call("profile/change-email", arguments).await
}

/// Opens the link that was mailed last.
async fn confirm(app: &TestApp, browser: &mut Browser) -> Reply {
    let token = app.links("/confirm-email").await.pop().unwrap();
    let arguments = json!({ "token": token });
    browser.call("profile/confirm-email", arguments).await
}

async fn entry(browser: &mut Browser) -> String {
    let overview = browser.overview().await;
    overview["entry"]["entry"].as_str().unwrap().to_owned()
}

/// A user whose address nobody has proven, signed in.
async fn unproven() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    app.sql("UPDATE users SET email_verified_at = NULL").await;
    let browser = stranger(&app, ADA).await;
    (app, browser)
}

/// F52: a thief of the password who reads no mail of the user gives the user no mailbox of their own.
#[tokio::test]
async fn a_stolen_password_gives_the_user_no_other_mailbox() {
    let mut five = ada_and_bob(DEVELOPER).await;
    five.ada.require(&five.id, None).await.expect(200);
    let mut thief = stranger(&five.app, BOB).await;
    let asked = change(&mut thief, THIEF, None).await;
    asked.refused(422, "mailbox_code_needed");
    thief.mail_code("change_address").await.expect(200);
    let asked = change(&mut thief, THIEF, Some("AAAA-AAAA")).await;
    asked.refused(422, "wrong_code");
    assert!(five.app.links("/confirm-email").await.is_empty());
    assert_eq!(five.app.count("email_changes").await, 0);
    let begun = thief.begin("enable", None).await;
    begun.refused(422, "mailbox_code_needed");
}

#[tokio::test]
async fn another_address_takes_a_code_from_the_mailbox_in_use_that_is_good_for_nothing_else() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut ada = stranger(&app, ADA).await;
    ada.mail_code("change_address").await.expect(200);
    let code = app.mailed_code(ADA).await;
    ada.begin_with(&code)
        .await
        .refused(409, "mailbox_code_over");
    ada.mail_code("first_factor").await.expect(200);
    app.clock.advance(1);
    let of_factor = app.mailed_code(ADA).await;
    assert_ne!(code, of_factor);
    let asked = change(&mut ada, NEW, Some(&of_factor)).await;
    asked.refused(422, "wrong_code");
    let before = ada.clone();
    change(&mut ada, NEW, Some(&code)).await.expect(200);
    // Spent, and the browser has proven the mailbox: a copy of its cookie from before has not.
    let mut copy = before;
    let again = change(&mut copy, THIEF, Some(&code)).await;
    again.refused(409, "mailbox_code_over");
    assert_eq!(entry(&mut ada).await, "open");
    confirm(&app, &mut ada).await.expect(200);
    assert_eq!(entry(&mut ada).await, "open");
    ada.enable_two_factor_as_it_is(&app).await;
}

/// The code of a change that the hour refuses is good again, since the browser is told of no token.
#[tokio::test]
async fn a_change_beyond_the_hours_five_spends_no_code_and_leaves_the_browser_known() {
    let app = TestApp::start().await;
    let mut known = app.member(ADA).await;
    for n in 0..5 {
        let email = format!("ada{n}@example.org");
        change(&mut known, &email, None).await.expect(200);
    }
    let mut ada = stranger(&app, ADA).await;
    ada.mail_code("change_address").await.expect(200);
    let code = app.mailed_code(ADA).await;
    let asked = change(&mut ada, NEW, Some(&code)).await;
    asked.paused("mails");
    app.clock.advance(599);
    let codes = app.count("mailbox_codes").await;
    assert_eq!(codes, 1);
}

#[tokio::test]
async fn an_address_that_nobody_has_proven_is_corrected_and_the_new_one_proves_nothing_either() {
    let (app, mut ada) = unproven().await;
    app.clock.advance(1);
    change(&mut ada, NEW, None).await.expect(200);
    confirm(&app, &mut ada).await.expect(200);
    let profile = ada.call("profile/overview", json!({})).await.json();
    assert_eq!(profile["email"], NEW);
    assert_eq!(profile["email_verified"], true);
    assert_eq!(entry(&mut ada).await, "help_due");
    let begun = ada.begin("enable", None).await;
    begun.refused(409, "email_not_verified");
    let mailed = ada.mail_code("first_factor").await;
    mailed.refused(409, "email_not_verified");
    // Nor by setting a password by mail, and another one after it is corrected in the same way.
    let forgot = json!({ "email": NEW });
    ada.call("password/forgot", forgot).await.expect(200);
    let token = app.links("/reset-password").await.pop().unwrap();
    let reset = json!({ "token": token, "password": PASSWORD });
    ada.call("password/reset", reset).await.expect(200);
    ada.sign_in(NEW).await.expect(200);
    assert_eq!(entry(&mut ada).await, "help_due");
    app.clock.advance(1);
    change(&mut ada, "newer@example.org", None)
        .await
        .expect(200);
    confirm(&app, &mut ada).await.expect(200);
    assert_eq!(entry(&mut ada).await, "help_due");
    let mut thief = stranger(&app, "newer@example.org").await;
    let asked = change(&mut thief, THIEF, None).await;
    asked.refused(422, "mailbox_code_needed");
}

#[tokio::test]
async fn who_is_let_in_has_an_address_that_proves_again() {
    let (app, mut ada) = unproven().await;
    app.clock.advance(1);
    change(&mut ada, NEW, None).await.expect(200);
    confirm(&app, &mut ada).await.expect(200);
    allow_by_operator(&app.services, NEW).await.unwrap();
    ada.sign_in(NEW).await.expect(200);
    ada.enable_two_factor_as_it_is(&app).await;
    let step_up = json!({ "password": PASSWORD, "code": null });
    let disable = json!({ "step_up": step_up });
    ada.call("two-factor/disable", disable).await.expect(200);
    assert_eq!(entry(&mut stranger(&app, NEW).await).await, "code_due");
    // Who was let in may give another address, too.
    allow_by_operator(&app.services, NEW).await.unwrap();
    let mut let_in = stranger(&app, NEW).await;
    app.clock.advance(1);
    change(&mut let_in, BOB, None).await.expect(200);
    confirm(&app, &mut let_in).await.expect(200);
    assert_eq!(entry(&mut let_in).await, "open");
}

/// Asked for while the address proved nothing, confirmed once it does: that would be a change by the password alone.
#[tokio::test]
async fn a_correction_ends_when_the_address_in_use_is_proven() {
    let (app, mut ada) = unproven().await;
    app.clock.advance(1);
    change(&mut ada, NEW, None).await.expect(200);
    app.sql("UPDATE users SET email_verified_at = 1").await;
    let confirmed = confirm(&app, &mut ada).await;
    confirmed.refused(409, "link_over");
}

/// So would be what a server of an earlier version has mailed a link for.
#[tokio::test]
async fn a_change_that_was_kept_without_a_proof_is_over() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    app.clock.advance(1);
    change(&mut ada, NEW, None).await.expect(200);
    app.sql("UPDATE email_changes SET asked_with = NULL").await;
    let confirmed = confirm(&app, &mut ada).await;
    confirmed.refused(409, "link_over");
}

/// The factor that it was asked for with is gone, and nothing else was.
#[tokio::test]
async fn a_change_that_a_factor_was_asked_for_ends_with_the_factor() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    app.clock.advance(1);
    change(&mut ada, NEW, None).await.expect(200);
    let step_up = json!({ "password": PASSWORD, "code": null });
    let disable = json!({ "step_up": step_up });
    ada.call("two-factor/disable", disable).await.expect(200);
    let confirmed = confirm(&app, &mut ada).await;
    confirmed.refused(409, "link_over");
}
