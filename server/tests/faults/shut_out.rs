//! Strangers who know an address: whatever they guess and ask for, its user gets in.

use serde_json::json;

use crate::support::{Browser, PASSWORD, TestApp};

const ADA: &str = "ada@example.org";
const NEW_PASSWORD: &str = "violet-sofa-7-drum";

async fn app() -> TestApp {
    TestApp::start_with(|settings| {
        settings.sign_up = true;
        settings.trusted_proxies = serde_json::from_str("[\"127.0.0.1\"]").unwrap();
    })
    .await
}

/// A browser that has never been here, behind an address of its own.
fn browser_at(app: &TestApp, address: &str) -> Browser {
    let mut browser = app.browser();
    browser.forwarded_for = Some(address.to_owned());
    browser
}

/// Ten guesses, and three times each mail that can be asked for with the address.
async fn attack(app: &TestApp, mallory: &mut Browser) {
    for network in 1..4 {
        let mut stranger = browser_at(app, &format!("198.51.100.{network}"));
        for _ in 0..10 {
            stranger.sign_in_with(ADA, "wrong").await;
        }
        let form = json!({ "user": {
            "name": "Eve", "email": ADA, "account_name": "Eve", "password": NEW_PASSWORD,
        }});
        for _ in 0..3 {
            stranger.call("sign-up/request", form.clone()).await;
            let forgot = json!({ "email": ADA });
            stranger.call("password/forgot", forgot).await;
            let change = json!({ "email": ADA, "step_up": { "password": PASSWORD, "code": null } });
            mallory.call("profile/change-email", change).await;
        }
    }
}

/// F25: who guesses at a password and uses up the mails of its user keeps nobody out.
#[tokio::test]
async fn a_person_gets_in_from_a_new_browser_whatever_strangers_do() {
    let app = app().await;
    app.create_user(ADA).await;
    let mut mallory = app.member("mallory@example.org").await;
    for _ in 0..3 {
        attack(&app, &mut mallory).await;
    }
    let mut ada = browser_at(&app, "192.0.2.7");
    ada.sign_in(ADA).await.refused(401, "wrong_credentials");
    let before = app.links("/reset-password").await;
    app.clock.advance(1);
    let forgot = json!({ "email": ADA });
    ada.call("password/forgot", forgot).await.expect(200);
    app.clock.advance(1);
    let links = app.links("/reset-password").await;
    let link = links.iter().find(|link| !before.contains(link));
    let reset = json!({ "token": link.unwrap(), "password": NEW_PASSWORD });
    ada.call("password/reset", reset).await.expect(200);
    attack(&app, &mut mallory).await;
    ada.sign_in_with(ADA, NEW_PASSWORD).await.expect(200);
    assert_eq!(ada.state().await, "signed_in");
}

/// Strangers' guessing is told once a day: a line of the activity and a mail that says the way in.
#[tokio::test]
async fn guessing_at_a_password_is_told_once_a_day() {
    const SUBJECT: &str = "Somebody is guessing your password";
    let app = app().await;
    app.create_user(ADA).await;
    let told = async || {
        let events = app.events().await;
        let lines = events.iter().filter(|it| it.contains("password_guessed"));
        (lines.count(), app.count_mails(SUBJECT).await)
    };
    for day in 0..2 {
        let mut stranger = browser_at(&app, "198.51.100.1");
        for _ in 0..10 {
            stranger.sign_in_with(ADA, "wrong").await;
        }
        assert_eq!(told().await, (day, day));
        let mut stranger = browser_at(&app, "198.51.100.2");
        for _ in 0..3 {
            stranger.sign_in_with(ADA, "wrong").await;
        }
        assert_eq!(told().await, (day + 1, day + 1));
        app.clock.advance(24 * 60 * 60);
    }
    let mails = app.mails().await;
    let mail = mails.iter().find(|mail| mail.contains(SUBJECT)).unwrap();
    assert!(mail.contains("/forgot-password"), "{mail}");
}

/// An address that nobody has gets a letter to nobody, which the worker takes as any other and throws away.
#[tokio::test]
async fn a_letter_to_nobody_is_as_long_as_any_other_and_is_thrown_away() {
    let mut app = app().await;
    app.create_user(ADA).await;
    app.stop().await;
    let visitor = service::Visitor {
        address: "192.0.2.7".to_owned(),
        browser: "Firefox/1".to_owned(),
    };
    for email in [ADA, "nobody@example.org"] {
        service::passwords::request_reset(&app.services, email, &visitor)
            .await
            .unwrap();
    }
    let lengths = app
        .count("(SELECT DISTINCT LENGTH(sealed_mail) FROM mails) AS lengths")
        .await;
    assert_eq!((app.count("mails").await, lengths), (2, 1));
    let app = app.restart().await;
    assert_eq!(app.links("/reset-password").await.len(), 1);
    assert_eq!(app.count("mails").await, 0);
}
