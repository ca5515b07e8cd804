//! What proves the mailbox in a browser, and until when.

use crypto::clock::Clock as _;
use serde_json::json;

use super::{ADA, stranger};
use crate::support::{Browser, PASSWORD, TestApp, invitation_token, last_mail_to};

const NEW: &str = "new@example.org";

async fn entry(browser: &mut Browser) -> String {
    let overview = browser.overview().await;
    overview["entry"]["entry"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_link_of_the_set_up_proves_the_mailbox() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let user = json!({
        "name": "Ada", "email": ADA, "account_name": "Engines", "password": PASSWORD,
    });
    let arguments = json!({ "token": app.setup_token, "user": user });
    browser.call("setup/create", arguments).await.expect(200);
    assert_eq!(entry(&mut browser).await, "open");
    browser.enable_two_factor(&app).await;
}

#[tokio::test]
async fn the_link_of_a_sign_up_proves_the_mailbox() {
    let app = TestApp::start_with(|settings| settings.sign_up = true).await;
    let mut browser = app.browser();
    let user = json!({
        "name": "Ada", "email": ADA, "account_name": "Engines", "password": PASSWORD,
    });
    let request = json!({ "user": user });
    browser.call("sign-up/request", request).await.expect(200);
    let token = app.links("/verify-email").await.pop().unwrap();
    let finish = json!({ "token": token, "password": PASSWORD });
    browser.call("sign-up/finish", finish).await.expect(200);
    browser.sign_in(ADA).await.expect(200);
    assert_eq!(entry(&mut browser).await, "open");
    // Known, so no sign-in from a new browser.
    let subject = "You signed in from a new browser";
    assert_eq!(app.count_mails(subject).await, 0);
    assert_eq!(entry(&mut stranger(&app, ADA).await).await, "code_due");
}

#[tokio::test]
async fn an_invitation_that_was_mailed_proves_the_mailbox() {
    let app = TestApp::start().await;
    let mut owner = app.member(ADA).await;
    let invitation = json!({ "name": "New", "email": NEW, "roles": ["developer"] });
    let invite = json!({ "account": "any", "invitation": invitation });
    owner.call("team/invite", invite).await.expect(200);
    let token = invitation_token(&last_mail_to(&app, NEW).await);
    let mut browser = app.browser();
    let join = json!({ "token": token, "user": { "name": "New", "password": PASSWORD } });
    browser.call("invitation/join", join).await.expect(200);
    browser.sign_in(NEW).await.expect(200);
    assert_eq!(entry(&mut browser).await, "open");
}

#[tokio::test]
async fn an_invitation_that_a_user_accepts_proves_the_mailbox() {
    let app = TestApp::start().await;
    let mut owner = app.member(ADA).await;
    app.create_user(NEW).await;
    let invitation = json!({ "name": "New", "email": NEW, "roles": ["developer"] });
    let invite = json!({ "account": "any", "invitation": invitation });
    owner.call("team/invite", invite).await.expect(200);
    let token = invitation_token(&last_mail_to(&app, NEW).await);
    let mut browser = stranger(&app, NEW).await;
    assert_eq!(entry(&mut browser).await, "code_due");
    let accept = json!({ "token": token });
    browser.call("invitation/accept", accept).await.expect(200);
    assert_eq!(entry(&mut browser).await, "open");
}

#[tokio::test]
async fn a_password_set_by_mail_proves_the_mailbox_and_changing_it_in_a_session_does_not() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut browser = app.browser();
    let forgot = json!({ "email": ADA });
    browser.call("password/forgot", forgot).await.expect(200);
    let token = app.links("/reset-password").await.pop().unwrap();
    let new = "violet-sofa-7-drum";
    let reset = json!({ "token": token, "password": new });
    browser.call("password/reset", reset).await.expect(200);
    browser.sign_in_with(ADA, new).await.expect(200);
    assert_eq!(entry(&mut browser).await, "open");
    let mut other = app.browser();
    other.sign_in_with(ADA, new).await.expect(200);
    let step_up = json!({ "password": new, "code": null });
    let change = json!({ "password": "orange-lamp-3-kite", "step_up": step_up });
    other.call("password/change", change).await.expect(200);
    assert_eq!(entry(&mut other).await, "code_due");
}

#[tokio::test]
async fn a_new_address_is_proven_in_the_browser_that_confirms_it_and_in_no_other() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    app.clock.advance(1);
    let step_up = json!({ "password": PASSWORD, "code": null });
    let change = json!({ "email": NEW, "step_up": step_up });
    let reply = browser.call("profile/change-email", change).await;
    reply.expect(200);
    let token = app.links("/confirm-email").await.pop().unwrap();
    app.clock.advance(1);
    let confirm = json!({ "token": token });
    let reply = browser.call("profile/confirm-email", confirm).await;
    reply.expect(200);
    assert_eq!(entry(&mut browser).await, "open");
    assert_eq!(entry(&mut stranger(&app, NEW).await).await, "code_due");
}

#[tokio::test]
async fn a_proof_of_an_earlier_address_is_none() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    assert_eq!(entry(&mut browser).await, "open");
    let changed = app.clock.now().seconds() + 1;
    app.sql(&format!(
        "UPDATE users SET email = '{NEW}', email_verified_at = {changed}"
    ))
    .await;
    assert_eq!(entry(&mut browser).await, "code_due");
}

#[tokio::test]
async fn a_browser_that_has_proven_one_mailbox_has_proven_no_other() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    app.create_user(NEW).await;
    browser.sign_in(NEW).await.expect(200);
    assert_eq!(entry(&mut browser).await, "code_due");
    browser.mail_code("first_factor").await.expect(200);
    let code = app.mailed_code(NEW).await;
    browser.begin_with(&code).await.expect(200);
    // It is the same browser: what it has proven before, it still has.
    browser.sign_in(ADA).await.expect(200);
    assert_eq!(entry(&mut browser).await, "open");
}
