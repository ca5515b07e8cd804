//! Requests that our pages do not send: refused by the right status, at no cost, changing nothing.

use app::api::all_functions;
use http::Method;
use serde_json::json;

use crate::support::TestApp;

const ADA: &str = "ada@example.org";

fn endpoints() -> impl Iterator<Item = &'static str> {
    all_functions().map(|one| one.path.trim_start_matches("/api/"))
}

/// F110: other sites call nothing.
#[tokio::test]
async fn a_request_from_elsewhere_is_refused_everywhere() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    for endpoint in endpoints() {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "none"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("x-nothing", "at all"),
        ] {
            let mut request = browser.request(endpoint).body("{}".into()).unwrap();
            request.headers_mut().remove("sec-fetch-site");
            request.headers_mut().insert(name, value.parse().unwrap());
            browser.send(request).await.refused(403, "cross_site");
        }
    }
    assert_eq!(browser.state().await, "signed_in");
}

#[tokio::test]
async fn our_own_origin_passes_where_a_browser_sends_no_fetch_metadata() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let mut request = browser.request("session/state").body("{}".into()).unwrap();
    request.headers_mut().remove("sec-fetch-site");
    request
        .headers_mut()
        .insert("origin", app.base.parse().unwrap());
    browser.send(request).await.expect(200);
}

#[tokio::test]
async fn only_a_post_of_json_is_taken() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    for endpoint in endpoints() {
        for method in [
            Method::GET,
            Method::PUT,
            Method::DELETE,
            Method::HEAD,
            Method::OPTIONS,
            Method::PATCH,
        ] {
            let request = browser
                .request(endpoint)
                .method(method)
                .body("{}".into())
                .unwrap();
            let reply = browser.send(request).await;
            assert_eq!(
                (reply.status, reply.headers["allow"].to_str().unwrap()),
                (405, "POST")
            );
        }
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "",
        ] {
            let mut request = browser.request(endpoint).body("{}".into()).unwrap();
            request
                .headers_mut()
                .insert("content-type", kind.parse().unwrap());
            browser.send(request).await.refused(415, "malformed");
        }
    }
}

#[tokio::test]
async fn a_browser_that_wants_a_page_gets_no_redirect_with_an_error_in_its_address() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let mut request = browser
        .request("sign-in/password")
        .body("{}".into())
        .unwrap();
    request
        .headers_mut()
        .insert("accept", "text/html,*/*".parse().unwrap());
    request
        .headers_mut()
        .insert("referer", app.base.parse().unwrap());
    let reply = browser.send(request).await.refused(406, "malformed");
    assert!(!reply.headers.contains_key("location"));
}

#[tokio::test]
async fn bodies_that_are_not_the_arguments_are_refused() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let hashes = app.services.hasher.hashes();
    for body in [
        "",
        "{",
        "null",
        "[]",
        "{}",
        "\u{0}",
        r#"{"email":"a@b.c"}"#,
        r#"{"email":1,"password":"x"}"#,
        r#"{"email":"a@b.c","password":"x","admin":true}"#,
        r#"{"email":"a@b.c","password":"x"}{}"#,
        r#"{"email":"a@b.c","email":"a@b.c","password":"x"}"#,
        r#"{"email":["a@b.c"],"password":"x"}"#,
    ] {
        let request = browser
            .request("sign-in/password")
            .body(body.to_owned().into())
            .unwrap();
        browser.send(request).await.refused(400, "malformed");
    }
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let request = browser
        .request("sign-in/password")
        .body(deep.into())
        .unwrap();
    browser.send(request).await.refused(400, "malformed");
    let bytes: &[u8] = b"{\"email\":\"\xff\",\"password\":\"x\"}";
    let request = browser
        .request("sign-in/password")
        .body(bytes.into())
        .unwrap();
    browser.send(request).await.refused(400, "malformed");
    assert_eq!(app.services.hasher.hashes(), hashes);
}

/// F141: size is refused first.
#[tokio::test]
async fn more_than_16_kib_is_refused_before_it_costs_a_hash() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let hashes = app.services.hasher.hashes();
    let mut browser = app.browser();
    for size in [17 * 1024, 1024 * 1024] {
        browser
            .sign_in_with(ADA, &"x".repeat(size))
            .await
            .refused(413, "too_large");
    }
    browser
        .sign_in_with(ADA, &"x".repeat(129))
        .await
        .refused(422, "invalid_fields");
    browser
        .sign_in_with(ADA, "")
        .await
        .refused(422, "invalid_fields");
    browser
        .sign_in_with("not an address", "x")
        .await
        .refused(422, "invalid_fields");
    assert_eq!(app.services.hasher.hashes(), hashes);
    browser
        .sign_in_with(ADA, &"🦀".repeat(128))
        .await
        .refused(401, "wrong_credentials");
    assert_eq!(app.services.hasher.hashes(), hashes + 1);
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_pages_safe() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let answers = [
        browser.get("/").await,
        browser.get("/users/settings/security").await,
        browser.get("/missing.js").await,
        browser.get("/api/session/state").await,
        browser.call("session/state", json!({})).await,
        browser.call("nothing/here", json!({})).await,
        browser.call("two-factor/overview", json!({})).await,
        browser.sign_in_with(ADA, &"x".repeat(20_000)).await,
    ];
    for reply in answers {
        let csp = reply.headers["content-security-policy"].to_str().unwrap();
        assert!(
            csp.contains("frame-ancestors 'none'") && csp.contains("default-src 'none'"),
            "{csp}"
        );
        assert!(
            !csp.contains("unsafe-inline") && !csp.contains("'unsafe-eval'"),
            "{csp}"
        );
        assert_eq!(reply.headers["x-content-type-options"], "nosniff");
        assert_eq!(reply.headers["referrer-policy"], "no-referrer");
        assert_eq!(reply.headers["cross-origin-opener-policy"], "same-origin");
        assert!(reply.headers.contains_key("cache-control"));
    }
}
