//! Sessions: how long they last, and that signing out ends them at the server.

use serde_json::json;

use crate::support::{Reply, TestApp};

#[tokio::test]
async fn a_stranger_is_signed_out() {
    let app = TestApp::start().await;
    let reply = app
        .browser()
        .call("session/state", json!({}))
        .await
        .expect(200);
    assert_eq!(
        reply.json(),
        json!({ "state": "signed_out", "sign_up_open": false, "setup_due": true, "ended": null })
    );
    assert_eq!(reply.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn a_session_ends_after_an_hour_without_use_and_after_a_day_in_any_case() {
    let app = TestApp::start().await;
    let mut browser = app.member("ada@example.org").await;
    app.clock.advance(3_600);
    assert_eq!(browser.state().await, "signed_in");
    app.clock.advance(3_601);
    assert_eq!(browser.state().await, "signed_out");
    browser.sign_in("ada@example.org").await.expect(200);
    for _ in 0..24 {
        assert_eq!(browser.state().await, "signed_in");
        app.clock.advance(3_600);
    }
    assert_eq!(browser.state().await, "signed_in");
    app.clock.advance(1);
    assert_eq!(browser.state().await, "signed_out");
    browser
        .call("two-factor/overview", json!({}))
        .await
        .refused(401, "signed_out");
}

/// F80: signed out at the server.
#[tokio::test]
async fn a_page_left_open_keeps_no_session_alive() {
    let app = TestApp::start().await;
    let mut browser = app.member("ada@example.org").await;
    let enter = serde_json::json!({ "account": "any" });
    for _ in 0..60 {
        browser
            .call("account/enter", enter.clone())
            .await
            .expect(200);
        app.clock.advance(60);
    }
    browser
        .call("account/enter", enter.clone())
        .await
        .expect(200);
    app.clock.advance(1);
    browser
        .call("account/enter", enter)
        .await
        .refused(401, "signed_out");
}

#[tokio::test]
async fn a_cookie_kept_over_signing_out_opens_nothing() {
    let app = TestApp::start().await;
    let mut browser = app.member("ada@example.org").await;
    let mut thief = browser.clone();
    let reply = browser
        .call("session/sign-out", json!({}))
        .await
        .expect(200);
    assert_eq!(reply.headers["clear-site-data"], "\"storage\"");
    let left: Vec<_> = browser.cookies.keys().collect();
    assert_eq!(left, ["twofold_browser"], "what it is known by stays");
    assert_eq!(thief.state().await, "signed_out");
    thief
        .call("two-factor/overview", json!({}))
        .await
        .refused(401, "signed_out");
}

#[tokio::test]
async fn signing_out_twice_or_signed_out_is_no_error() {
    let app = TestApp::start().await;
    let mut browser = app.member("ada@example.org").await;
    browser
        .call("session/sign-out", json!({}))
        .await
        .expect(200);
    browser
        .call("session/sign-out", json!({}))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_corrupt_or_doubled_cookie_is_as_none() {
    let app = TestApp::start().await;
    let browser = app.member("ada@example.org").await;
    let token = browser.cookies["twofold_session"].clone();
    let mut cut = token.clone();
    cut.pop();
    for value in [
        cut,
        String::new(),
        "x".repeat(4_000),
        format!("{token}x"),
        "%00".to_owned(),
    ] {
        let mut other = app.browser();
        other.cookies.insert("twofold_session".to_owned(), value);
        assert_eq!(other.state().await, "signed_out");
    }
    let mut doubled = app.browser();
    let cookie = format!("twofold_session={token}; twofold_session={token}");
    let request = doubled
        .request("two-factor/overview")
        .header("cookie", cookie);
    doubled
        .send(request.body("{}".into()).unwrap())
        .await
        .refused(401, "signed_out");
}

/// F88: by the public address, not by a header.
#[tokio::test]
async fn cookies_are_strict_and_out_of_reach_and_secure_behind_https() {
    let app = TestApp::start_with(|settings| {
        settings.public_url = Some("https://security.example.org".to_owned());
    })
    .await;
    app.create_user("ada@example.org").await;
    let reply = app.browser().sign_in("ada@example.org").await.expect(200);
    let cookies: Vec<_> = reply
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|cookie| cookie.to_str().unwrap().split_once("; ").unwrap())
        .collect();
    let strict = "Path=/; HttpOnly; SameSite=Strict; Secure";
    assert!(cookies[0].0.starts_with("__Host-twofold_session="));
    assert_eq!(cookies[0].1, strict);
    assert!(cookies[1].0.starts_with("__Host-twofold_browser="));
    assert_eq!(cookies[1].1, format!("{strict}; Max-Age=31536000"));
    let hsts = |reply: &Reply| reply.headers["strict-transport-security"].clone();
    assert_eq!(hsts(&reply), "max-age=31536000");
    let app = app
        .restart_with(|settings| {
            settings.public_url = Some("https://security.example.org".to_owned());
            settings.http.hsts_subdomains = true;
        })
        .await;
    let reply = app.browser().get("/").await;
    assert_eq!(hsts(&reply), "max-age=31536000; includeSubDomains");
}

/// F81: a planted token stays worthless.
#[tokio::test]
async fn a_session_id_set_before_signing_in_is_not_taken_over() {
    let app = TestApp::start().await;
    app.create_user("ada@example.org").await;
    let planted = "A".repeat(43);
    let mut browser = app.browser();
    browser
        .cookies
        .insert("twofold_session".to_owned(), planted.clone());
    browser.sign_in("ada@example.org").await.expect(200);
    assert_ne!(browser.cookies["twofold_session"], planted);
}
