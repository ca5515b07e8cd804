//! Sign-up: by a mailed link and the password of the form, without revealing who is registered.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{Browser, PASSWORD, Reply, TestApp};

const GRACE: &str = "grace@example.org";
const OTHER: &str = "violet-sofa-7-drum";
const HOUR: i64 = 60 * 60;

async fn open_app() -> TestApp {
    TestApp::start_with(|settings| {
        settings.sign_up = true;
        settings.trusted_proxies = serde_json::from_str("[\"127.0.0.1\"]").unwrap();
    })
    .await
}

fn form(email: &str) -> Value {
    json!({ "user": {
        "name": "Free money at spam.example", "email": email, "account_name": "Compilers", "password": PASSWORD,
    }})
}

/// Fills in the form; gives the link that is mailed.
async fn link(app: &TestApp, email: &str) -> String {
    app.clock.advance(1);
    let request = form(email);
    app.browser()
        .call("sign-up/request", request)
        .await
        .expect(200);
    app.links("/verify-email").await.pop().unwrap()
}

async fn finish(browser: &mut Browser, link: &str, password: &str) -> Reply {
    let arguments = json!({ "token": link, "password": password });
    browser.call("sign-up/finish", arguments).await
}

#[tokio::test]
async fn sign_up_is_closed_unless_it_is_opened() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser
        .call("sign-up/request", form(GRACE))
        .await
        .refused(403, "sign_up_closed");
    finish(&mut browser, &"A".repeat(43), PASSWORD)
        .await
        .refused(403, "sign_up_closed");
    assert_eq!(app.services.hasher.hashes(), 0);
}

#[tokio::test]
async fn a_mailed_link_and_the_password_make_the_user_once_and_sign_nobody_in() {
    let app = open_app().await;
    let link = link(&app, "Grace@Example.org ").await;
    let mut browser = app.browser();
    browser
        .sign_in(GRACE)
        .await
        .refused(401, "wrong_credentials");
    let reply = finish(&mut browser, &link, PASSWORD).await.expect(200);
    assert_eq!(reply.json(), GRACE);
    assert_eq!(browser.state().await, "signed_out");
    // The link has proven the mailbox, so the browser is known; nobody is signed in.
    let cookies: Vec<_> = browser.cookies.keys().collect();
    assert_eq!(cookies, ["twofold_browser"]);
    let hashes = app.services.hasher.hashes();
    finish(&mut browser, &link, PASSWORD)
        .await
        .refused(409, "link_over");
    assert_eq!(app.services.hasher.hashes(), hashes);
    browser.sign_in(GRACE).await.expect(200);
    assert_eq!(browser.state().await, "signed_in");
}

/// F75: whoever signs up with the address of another has no way into, or around, what becomes the user of its owner.
#[tokio::test]
async fn the_password_that_a_stranger_chose_becomes_nobody_elses() {
    let app = open_app().await;
    let link = link(&app, GRACE).await;
    let mut victim = app.browser();
    finish(&mut victim, &link, OTHER)
        .await
        .refused(422, "wrong_password");
    assert_eq!(app.count("users").await, 0);
    for (who, password) in [("the stranger", PASSWORD), ("the victim", OTHER)] {
        let reply = app.browser().sign_in_with(GRACE, password).await;
        assert_eq!(reply.status, 401, "{who}: {reply:?}");
    }
    // Who reads the mailbox signs up with a password of their own, and the stranger's form is worth nothing.
    let mut own = form(GRACE);
    own["user"]["password"] = OTHER.into();
    app.clock.advance(1);
    victim.call("sign-up/request", own).await.expect(200);
    let newest = app.links("/verify-email").await.pop().unwrap();
    finish(&mut victim, &newest, OTHER).await.expect(200);
    app.browser()
        .sign_in(GRACE)
        .await
        .refused(401, "wrong_credentials");
    victim.sign_in_with(GRACE, OTHER).await.expect(200);
}

#[tokio::test]
async fn a_wrong_password_leaves_the_link_good_ten_times_in_an_hour() {
    let app = open_app().await;
    let link = link(&app, GRACE).await;
    let mut browser = app.browser();
    for _ in 0..10 {
        finish(&mut browser, &link, OTHER)
            .await
            .refused(422, "wrong_password");
    }
    let hashes = app.services.hasher.hashes();
    for mut browser in [browser, app.browser()] {
        finish(&mut browser, &link, PASSWORD)
            .await
            .refused(429, "paused");
    }
    assert_eq!(app.services.hasher.hashes(), hashes);
    app.clock.advance(HOUR);
    let mut browser = app.browser();
    finish(&mut browser, &link, OTHER)
        .await
        .refused(422, "wrong_password");
    finish(&mut browser, &link, PASSWORD).await.expect(200);
    assert_eq!(app.count("users").await, 1);
}

#[tokio::test]
async fn links_are_counted_each_for_itself() {
    let app = open_app().await;
    let first = link(&app, GRACE).await;
    let second = link(&app, "joan@example.org").await;
    let mut browser = app.browser();
    for _ in 0..10 {
        finish(&mut browser, &first, OTHER)
            .await
            .refused(422, "wrong_password");
    }
    finish(&mut browser, &second, PASSWORD).await.expect(200);
}

async fn open(app: &TestApp, link: &str) -> Reply {
    let arguments = json!({ "token": link });
    app.browser().call("sign-up/open", arguments).await
}

#[tokio::test]
async fn opening_a_link_says_which_address_it_is_for_and_changes_nothing() {
    let app = open_app().await;
    let link = link(&app, GRACE).await;
    for _ in 0..30 {
        let reply = open(&app, &link).await.expect(200);
        assert_eq!(reply.json(), GRACE);
    }
    for text in ["", &link[1..], &"A".repeat(43)] {
        open(&app, text).await.refused(409, "link_over");
    }
    finish(&mut app.browser(), &link, PASSWORD)
        .await
        .expect(200);
    open(&app, &link).await.refused(409, "link_over");
    let closed = TestApp::start().await;
    open(&closed, &link).await.refused(403, "sign_up_closed");
}

/// F141: what is too long is not hashed.
#[tokio::test]
async fn what_is_no_password_or_no_link_costs_no_hash_and_no_try() {
    let app = open_app().await;
    let link = link(&app, GRACE).await;
    let mut browser = app.browser();
    let (hashes, tries) = (app.services.hasher.hashes(), app.count("tries").await);
    for password in ["", &"x".repeat(129)] {
        finish(&mut browser, &link, password)
            .await
            .refused(422, "invalid_fields");
    }
    for link in ["", &link[1..], &"A".repeat(43)] {
        finish(&mut browser, link, PASSWORD)
            .await
            .refused(409, "link_over");
    }
    assert_eq!(app.services.hasher.hashes(), hashes);
    assert_eq!(app.count("tries").await, tries);
    finish(&mut browser, &link, PASSWORD).await.expect(200);
}

/// F12: a link is spent by its first use.
#[tokio::test(flavor = "multi_thread")]
async fn ten_uses_of_one_link_at_once_make_one_user() {
    let app = open_app().await;
    let link = link(&app, GRACE).await;
    let mut tasks = Vec::new();
    for _ in 0..10 {
        let (mut browser, link) = (app.browser(), link.clone());
        tasks.push(tokio::spawn(async move {
            finish(&mut browser, &link, PASSWORD).await.status
        }));
    }
    let mut statuses = BTreeMap::new();
    for task in tasks {
        *statuses.entry(task.await.unwrap()).or_default() += 1;
    }
    assert_eq!(statuses, BTreeMap::from([(200, 1), (409, 9)]));
    assert_eq!(app.count("users").await, 1);
    app.browser().sign_in(GRACE).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_at_once_are_no_more_than_the_limit() {
    let app = open_app().await;
    let link = link(&app, GRACE).await;
    let mut tasks = Vec::new();
    for _ in 0..30 {
        let (mut browser, link) = (app.browser(), link.clone());
        tasks.push(tokio::spawn(async move {
            finish(&mut browser, &link, OTHER).await.status
        }));
    }
    let mut statuses = BTreeMap::new();
    for task in tasks {
        *statuses.entry(task.await.unwrap()).or_default() += 1;
    }
    assert_eq!(statuses, BTreeMap::from([(422, 10), (429, 20)]));
}

#[tokio::test]
async fn the_mail_says_nothing_that_was_typed_into_the_form() {
    let app = open_app().await;
    link(&app, GRACE).await;
    let mails = app.mails().await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("Hello,"), "{}", mails[0]);
    for typed in ["spam", "money", "Compilers"] {
        assert!(!mails[0].contains(typed), "{}", mails[0]);
    }
}

/// F115: signing up tells nothing.
#[tokio::test]
async fn an_address_with_a_user_gets_the_same_answer_and_a_mail_of_its_own() {
    let app = open_app().await;
    app.create_user(GRACE).await;
    let known = app.browser().call("sign-up/request", form(GRACE)).await;
    app.next_mails_are_last().await;
    let unknown = app
        .browser()
        .call("sign-up/request", form("joan@example.org"))
        .await;
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    let subjects: Vec<_> = app
        .mails()
        .await
        .iter()
        .map(|mail| {
            mail.lines()
                .find(|line| line.starts_with("Subject:"))
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(
        subjects,
        [
            "Subject: You are already registered",
            "Subject: Finish signing up"
        ]
    );
}

#[tokio::test]
async fn the_link_is_over_after_a_day_and_once_the_address_has_a_user() {
    let app = open_app().await;
    let first = link(&app, GRACE).await;
    app.clock.advance(24 * HOUR);
    let mut browser = app.browser();
    finish(&mut browser, &first, PASSWORD)
        .await
        .refused(409, "link_over");
    let second = link(&app, GRACE).await;
    let third = link(&app, GRACE).await;
    finish(&mut browser, &third, PASSWORD).await.expect(200);
    for link in [second, third] {
        finish(&mut browser, &link, PASSWORD)
            .await
            .refused(409, "link_over");
    }
    assert_eq!(app.count("pending_sign_ups").await, 0);
}

/// As the version before may have taken it.
#[tokio::test]
async fn a_waiting_form_with_a_name_that_shows_nothing_is_filled_in_again() {
    let app = open_app().await;
    let link = link(&app, GRACE).await;
    app.sql("UPDATE pending_sign_ups SET name = '\u{200b}'")
        .await;
    finish(&mut app.browser(), &link, PASSWORD)
        .await
        .refused(409, "link_over");
    assert_eq!(app.count("users").await, 0);
}

/// A stranger who signs up again and again with a newcomer's address neither takes the place of the newcomer's form nor
/// uses up their mails; whichever link the newcomer opens, their own password finishes their own sign-up.
#[tokio::test]
async fn a_stranger_does_not_keep_a_newcomer_from_signing_up() {
    for opened in ["the newcomer's", "the stranger's"] {
        let app = open_app().await;
        let mut stranger = app.browser();
        stranger.forwarded_for = Some("198.51.100.1".to_owned());
        let mut newcomer = app.browser();
        newcomer.forwarded_for = Some("192.0.2.7".to_owned());
        for _ in 0..3 {
            app.clock.advance(1);
            stranger
                .call("sign-up/request", form(GRACE))
                .await
                .expect(200);
        }
        stranger
            .call("sign-up/request", form(GRACE))
            .await
            .refused(429, "paused");
        let mut own = form(GRACE);
        own["user"]["name"] = "Grace".into();
        own["user"]["password"] = OTHER.into();
        app.clock.advance(1);
        newcomer.call("sign-up/request", own).await.expect(200);
        app.clock.advance(1);
        let links = app.links("/verify-email").await;
        assert_eq!(links.len(), 4);
        let link = if opened == "the newcomer's" { 3 } else { 0 };
        finish(&mut newcomer, &links[link], OTHER).await.expect(200);
        newcomer.sign_in_with(GRACE, OTHER).await.expect(200);
        assert_eq!(app.user(GRACE).await.name, "Grace", "{opened}");
    }
}
