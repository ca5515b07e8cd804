//! Signing in after a reset by the team: a mailed link besides the password, in one browser.

use serde_json::json;
use storage::users::set_sign_in_link_due;

use crate::support::{Browser, Reply, TestApp};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";

/// Ada, whose team has reset her second factor.
async fn start() -> TestApp {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    make_due(&app, ADA).await;
    app
}

async fn make_due(app: &TestApp, email: &str) {
    let user = app.user(email).await;
    let transaction = app.services.database.begin_write().await.unwrap();
    set_sign_in_link_due(&transaction, user.id, true)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

/// Gives the password, and gets the link that is mailed.
async fn password(app: &TestApp, browser: &mut Browser, email: &str) -> String {
    app.clock.advance(1);
    let reply = browser.sign_in(email).await.expect(200);
    assert_eq!(reply.json(), json!({ "step": "link_due" }));
    app.links("/sign-in").await.pop().unwrap()
}

async fn open(browser: &mut Browser, token: &str) -> Reply {
    browser
        .call("sign-in/link", json!({ "token": token }))
        .await
}

#[tokio::test]
async fn the_password_opens_nothing_until_the_link_is_opened() {
    let app = start().await;
    let mut browser = app.browser();
    let link = password(&app, &mut browser, ADA).await;
    assert_eq!(browser.state().await, "link_due");
    for endpoint in ["two-factor/overview", "profile/overview", "sessions/list"] {
        browser
            .call(endpoint, json!({}))
            .await
            .refused(401, "signed_out");
    }
    browser
        .give_code("123456")
        .await
        .refused(401, "sign_in_over");
    let mut copy = browser.clone();
    let reply = open(&mut browser, &link).await.expect(200);
    assert_eq!(
        reply.json(),
        json!({ "step": "signed_in", "recovery_codes_left": null })
    );
    assert_eq!(browser.state().await, "signed_in");
    open(&mut copy, &link)
        .await
        .refused(409, "link_of_another_sign_in");
    // One link is for one sign-in: the next takes another.
    let reply = app.browser().sign_in(ADA).await.expect(200);
    assert_eq!(reply.json()["step"], "link_due");
    let activity = browser.call("sessions/activity", json!({ "before": null }));
    assert!(activity.await.text.contains("signed_in_with_link"));
}

#[tokio::test]
async fn the_link_belongs_to_the_browser_that_gave_the_password() {
    let app = start().await;
    let mut browser = app.browser();
    let link = password(&app, &mut browser, ADA).await;
    open(&mut app.browser(), &link)
        .await
        .refused(409, "link_of_another_sign_in");
    let mut other = app.browser();
    let newer = password(&app, &mut other, ADA).await;
    open(&mut other, &link)
        .await
        .refused(409, "link_of_another_sign_in");
    app.create_user(BOB).await;
    make_due(&app, BOB).await;
    let mut bob = app.browser();
    password(&app, &mut bob, BOB).await;
    open(&mut bob, &link)
        .await
        .refused(409, "link_of_another_sign_in");
    open(&mut other, &newer).await.expect(200);
    // The other sign-in that waited is over: whoever goes on gives the password again.
    open(&mut browser, &link)
        .await
        .refused(409, "link_of_another_sign_in");
}

#[tokio::test]
async fn what_is_no_link_is_refused_and_the_right_one_is_still_good() {
    let app = start().await;
    let mut browser = app.browser();
    let link = password(&app, &mut browser, ADA).await;
    let pending = browser.cookies["twofold_sign_in"].clone();
    for text in [
        &link[..42],
        &format!("{link}{link}"),
        "",
        &pending,
        &"A".repeat(43),
    ] {
        open(&mut browser, text).await.refused(409, "link_over");
    }
    open(&mut browser, &link).await.expect(200);
}

#[tokio::test]
async fn the_link_is_over_after_half_an_hour_and_outlives_a_restart() {
    let app = start().await;
    let mut browser = app.browser();
    let link = password(&app, &mut browser, ADA).await;
    app.clock.advance(30 * 60);
    assert_eq!(browser.state().await, "signed_out");
    open(&mut browser, &link)
        .await
        .refused(409, "link_of_another_sign_in");
    let link = password(&app, &mut browser, ADA).await;
    let app = app.restart().await;
    let mut again = app.browser();
    again.cookies = browser.cookies;
    open(&mut again, &link).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_uses_at_once_make_one_session() {
    let app = start().await;
    let mut browser = app.browser();
    let link = password(&app, &mut browser, ADA).await;
    let mut tasks = Vec::new();
    for _ in 0..10 {
        let (mut browser, link) = (browser.clone(), link.clone());
        tasks.push(tokio::spawn(async move {
            open(&mut browser, &link).await.status
        }));
    }
    let mut sessions = 0;
    for task in tasks {
        match task.await.unwrap() {
            200 => sessions += 1,
            status => assert_eq!(status, 409),
        }
    }
    assert_eq!(sessions, 1);
}

#[tokio::test]
async fn five_links_are_mailed_in_a_quarter_of_an_hour() {
    let app = start().await;
    let mut browser = app.browser();
    for _ in 0..5 {
        browser.sign_in(ADA).await.expect(200);
    }
    browser.sign_in(ADA).await.refused(429, "paused");
    assert_eq!(app.links("/sign-in").await.len(), 5);
    browser
        .sign_in_with(ADA, "wrong password")
        .await
        .refused(401, "wrong_credentials");
}

/// Who knows the password too, and uses up the links that are mailed, holds up no browser in which its user has signed in.
#[tokio::test]
async fn a_known_browser_has_links_of_its_own() {
    let app = TestApp::start_with(|settings| settings.limits.mails_per_address_an_hour = 3).await;
    app.create_user(ADA).await;
    make_due(&app, ADA).await;
    let mut ada = app.browser();
    let link = password(&app, &mut ada, ADA).await;
    open(&mut ada, &link).await.expect(200);
    ada.call("session/sign-out", json!({})).await.expect(200);
    let mut thief = app.browser();
    for _ in 0..2 {
        thief.sign_in(ADA).await.expect(200);
    }
    thief.sign_in(ADA).await.refused(429, "paused");
    for _ in 0..5 {
        let link = password(&app, &mut ada, ADA).await;
        open(&mut ada, &link).await.expect(200);
    }
    // Those that nobody opens are few: the mailbox is not filled from here either.
    for _ in 0..5 {
        ada.sign_in(ADA).await.expect(200);
    }
    ada.sign_in(ADA).await.refused(429, "paused");
}
