//! Log lines about attacks: every refused guess with its address, an exhausted limit once, no secrets.

use serde_json::json;
use settings::Settings;

use crate::support::{Lines, PASSWORD, START, TestApp};

const ADA: &str = "ada@example.org";
const GUESS: &str = "a guess was refused";
const FROM: &str = "203.0.113.66";

fn proxied(settings: &mut Settings) {
    settings.trusted_proxies = vec![serde_json::from_str("\"127.0.0.1\"").unwrap()];
}

#[tokio::test]
async fn every_refused_sign_in_is_a_line_with_the_clients_address_and_the_user_where_there_is_one()
{
    let log = Lines::default();
    let _guard = log.collect();
    let app = TestApp::start_with(proxied).await;
    app.create_user(ADA).await;
    let ada = app.user(ADA).await.id.to_string();
    let mut browser = app.browser();
    browser.forwarded_for = Some(FROM.to_owned());
    for email in [ADA, "nobody@example.org"] {
        let reply = browser.sign_in_with(email, "hunter2-hunter2").await;
        reply.refused(401, "wrong_credentials");
    }
    let lines = log.all(GUESS);
    assert_eq!(lines.len(), 2, "{}", log.text());
    for line in &lines {
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["reason"], "wrong_credentials");
        assert_eq!(line["span"]["client"], FROM);
        assert_eq!(line["span"]["function"], "sign-in/password");
    }
    assert_eq!(lines[0]["span"]["user.id"], ada.as_str());
    assert!(lines[1]["span"]["user.id"].is_null());
    for secret in [ADA, "nobody@example.org", "hunter2-hunter2"] {
        assert!(!log.text().contains(secret), "{secret}");
    }
}

/// The answer is that of any wrong code: only the operator reads that a clock is off.
#[tokio::test]
async fn a_code_of_a_clock_that_is_off_is_a_line_and_answered_as_any_other() {
    const OFF: &str = "a code was refused that is right at another time: a clock is off";
    let log = Lines::default();
    let _guard = log.collect();
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let ada = app.user(ADA).await.id.to_string();
    let now = START + 1_000;
    app.clock.set(now);
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    let wrong = authenticator.wrong_code(now);
    let answer = browser
        .give_code(&wrong)
        .await
        .refused(422, "wrong_code")
        .json();
    assert!(log.all(OFF).is_empty(), "{}", log.text());
    let early = authenticator.code(now + 240);
    let near = browser
        .give_code(&early)
        .await
        .refused(422, "wrong_code")
        .json();
    assert_eq!(near["attempts_left"], 3);
    assert_eq!(near["at"], answer["at"]);
    let lines = log.all(OFF);
    assert_eq!(lines.len(), 1, "{}", log.text());
    assert_eq!(lines[0]["level"], "INFO");
    assert_eq!(lines[0]["user.id"], ada.as_str());
    assert_eq!(lines[0]["seconds"], 240);
    assert!(!log.text().contains(&early));
}

#[tokio::test]
async fn a_wrong_code_and_a_wrong_password_in_a_session_are_lines_too() {
    let log = Lines::default();
    let _guard = log.collect();
    let app = TestApp::start().await;
    let (mut browser, _) = app.member_with_two_factor(ADA).await;
    let ada = app.user(ADA).await.id.to_string();
    let step_up = json!({ "password": "wrong", "code": null });
    let reply = browser.call("two-factor/disable", json!({ "step_up": step_up }));
    reply.await.refused(422, "wrong_password");
    app.clock.set(START);
    let mut other = app.browser();
    other.sign_in(ADA).await.expect(200);
    other.give_code("000000").await.refused(422, "wrong_code");
    let lines = log.all(GUESS);
    let seen: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                line["reason"].as_str().unwrap(),
                line["span"]["user.id"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [("wrong_password", ada.as_str()), ("wrong_code", &ada)]
    );
}

#[tokio::test]
async fn a_spent_limit_is_one_line_however_often_it_is_met_and_so_again_in_the_next_window() {
    let log = Lines::default();
    let _guard = log.collect();
    let app = TestApp::start().await;
    for window in 1..=2 {
        for n in 0..60 {
            let email = format!("nobody{n}@example.org");
            app.browser().sign_in_with(&email, "wrong").await;
        }
        let lines = log.all("a limit is spent");
        assert_eq!(lines.len(), window, "{}", log.text());
        assert_eq!(lines[0]["limit"], "passwords of client");
        assert_eq!(lines[0]["span"]["client"], "127.0.0.1");
        app.clock.advance(15 * 60);
    }
}

#[tokio::test]
async fn requests_from_elsewhere_are_lines_and_a_flood_of_them_is_counted() {
    let log = Lines::default();
    let _guard = log.collect();
    let app = TestApp::start().await;
    let mut browser = app.browser();
    for _ in 0..310 {
        let mut request = browser.request("session/state").body("{}".into()).unwrap();
        let site = "cross-site".parse().unwrap();
        request.headers_mut().insert("sec-fetch-site", site);
        browser.send(request).await.refused(403, "cross_site");
    }
    let message = "a request from elsewhere was refused";
    let lines = log.all(message);
    assert_eq!(lines.len(), 300);
    assert_eq!(lines[0]["span"]["client"], "127.0.0.1");
    app.clock.advance(60);
    let file = format!("/api/accounts/{}/activity.csv", uuid::Uuid::nil());
    browser.get(&file).await.refused(403, "cross_site");
    assert_eq!(log.all(message).len(), 301);
    let over = log.all("refusals of the minutes before were not logged");
    assert_eq!(over[0]["lines"], 10);
    assert!(!log.text().contains(PASSWORD));
}
