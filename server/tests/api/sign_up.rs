//! Sign-up: by a mailed link, and silent about who has a user.

use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp};

fn new_user(email: &str) -> Value {
    json!({ "user": {
        "name": "Grace \"><svg onload=alert(1)>", "email": email, "account_name": "Compilers", "password": PASSWORD,
    }})
}

fn token_in(mail: &str) -> String {
    let unfolded = mail.replace("=\r\n", "").replace("=\n", "");
    let (_, tail) = unfolded.split_once("/verify-email#").unwrap();
    tail.chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect()
}

#[tokio::test]
async fn sign_up_is_closed_unless_it_is_opened() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser
        .call("sign-up/request", new_user("grace@example.org"))
        .await
        .refused(403, "sign_up_closed");
    let token = json!({ "token": "A".repeat(43) });
    browser
        .call("sign-up/finish", token)
        .await
        .refused(403, "sign_up_closed");
    assert_eq!(app.services.hasher.hashes(), 0);
}

#[tokio::test]
async fn a_mailed_link_makes_the_user_once_and_signs_nobody_in() {
    let app = TestApp::start_with(|settings| settings.sign_up = true).await;
    let mut browser = app.browser();
    browser
        .call("sign-up/request", new_user("Grace@Example.org "))
        .await
        .expect(200);
    browser
        .sign_in("grace@example.org")
        .await
        .refused(401, "wrong_credentials");
    let mails = app.mails().await;
    assert_eq!(mails.len(), 1);
    let (_, html) = mails[0].split_once("text/html").unwrap();
    assert!(html.contains("&lt;svg") && !html.contains("<svg"), "{html}");
    let token = json!({ "token": token_in(&mails[0]) });
    browser
        .call("sign-up/finish", token.clone())
        .await
        .expect(200);
    assert_eq!(browser.state().await, "signed_out");
    browser
        .call("sign-up/finish", token)
        .await
        .refused(409, "link_over");
    browser.sign_in("grace@example.org").await.expect(200);
    assert_eq!(browser.state().await, "signed_in");
}

/// F115: signing up tells nothing.
#[tokio::test]
async fn an_address_with_a_user_gets_the_same_answer_and_a_mail_of_its_own() {
    let app = TestApp::start_with(|settings| settings.sign_up = true).await;
    app.create_user("grace@example.org").await;
    let known = app
        .browser()
        .call("sign-up/request", new_user("grace@example.org"))
        .await;
    let unknown = app
        .browser()
        .call("sign-up/request", new_user("joan@example.org"))
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
            "Subject: You already have a user",
            "Subject: Finish signing up"
        ]
    );
}

#[tokio::test]
async fn the_link_is_over_after_a_day_and_after_a_second_request() {
    let app = TestApp::start_with(|settings| settings.sign_up = true).await;
    let mut browser = app.browser();
    browser
        .call("sign-up/request", new_user("grace@example.org"))
        .await
        .expect(200);
    let first = token_in(&app.mails().await[0]);
    app.clock.advance(1);
    browser
        .call("sign-up/request", new_user("grace@example.org"))
        .await
        .expect(200);
    let second = token_in(&app.mails().await[1]);
    browser
        .call("sign-up/finish", json!({ "token": first }))
        .await
        .refused(409, "link_over");
    app.clock.advance(24 * 60 * 60);
    browser
        .call("sign-up/finish", json!({ "token": second }))
        .await
        .refused(409, "link_over");
}
