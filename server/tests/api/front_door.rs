//! The headers of a request: foreign cookies, forwarded addresses, origins.

use http::HeaderValue;
use serde_json::json;
use settings::Settings;

use crate::support::{Lines, PASSWORD, TestApp};

const ADA: &str = "ada@example.org";

fn proxied(settings: &mut Settings) {
    settings.trusted_proxies = vec![serde_json::from_str("\"127.0.0.1\"").unwrap()];
}

/// A neighbour on the same host sets what it likes: nobody is kept out by it, and a neighbour cannot shadow ours either.
#[tokio::test]
async fn a_cookie_of_others_that_is_no_text_keeps_nobody_out() {
    let app = TestApp::start().await;
    let browser = app.member(ADA).await;
    let ours = &browser.cookies["twofold_session"];
    for foreign in ["name=José".as_bytes(), b"name=Jos\xe9", "✓".as_bytes()] {
        for is_first in [true, false] {
            let ours = format!("twofold_session={ours}").into_bytes();
            let pair = if is_first {
                [foreign, &ours]
            } else {
                [&ours, foreign]
            };
            let mut request = app.browser().request("session/state").body("{}".into());
            let headers = request.as_mut().unwrap().headers_mut();
            let value = HeaderValue::from_bytes(&pair.join(&b"; "[..])).unwrap();
            headers.insert("cookie", value);
            let reply = app.browser().send(request.unwrap()).await.expect(200);
            assert_eq!(reply.json()["state"], "signed_in", "{}", reply.text);
        }
    }
}

#[tokio::test]
async fn a_client_has_its_own_limits_however_the_proxy_writes_its_address() {
    let app = TestApp::start_with(proxied).await;
    app.create_user(ADA).await;
    for n in 0..50 {
        let mut browser = app.browser();
        browser.forwarded_for = Some(format!("203.0.113.7:{}", 50_000 + n));
        let email = format!("nobody{n}@example.org");
        assert_eq!(browser.sign_in_with(&email, "wrong").await.status, 401);
    }
    let from = |address: &str| {
        let mut browser = app.browser();
        browser.forwarded_for = Some(address.to_owned());
        browser
    };
    from("203.0.113.7")
        .sign_in(ADA)
        .await
        .refused(429, "paused");
    from("::ffff:203.0.113.7")
        .sign_in(ADA)
        .await
        .refused(429, "paused");
    from("198.51.100.9:51000").sign_in(ADA).await.expect(200);
    from("[2001:db8::7]:51000").sign_in(ADA).await.expect(200);
    from("2001:db8:1::7%eth0").sign_in(ADA).await.expect(200);
    let shown = app
        .texts("SELECT address FROM audit_events WHERE kind = 'signed_in'")
        .await;
    for address in ["198.51.100.9", "2001:db8::7", "2001:db8:1::7"] {
        assert!(
            shown.iter().any(|one| one == address),
            "{address}: {shown:?}"
        );
    }
}

#[tokio::test]
async fn a_trusted_proxy_that_is_not_understood_is_told_once_and_one_that_is_not_trusted_never() {
    for (change, lines) in [((|_| {}) as fn(&mut Settings), 0), (proxied, 1)] {
        let log = Lines::default();
        let _guard = log.collect();
        let app = TestApp::start_with(change).await;
        for n in 0..3 {
            let mut browser = app.browser();
            browser.forwarded_for = Some(format!("unknown\"{n}"));
            browser.call("session/state", json!({})).await.expect(200);
        }
        let message = "the X-Forwarded-For of a trusted proxy is not understood: its own address stands for its clients'";
        let told = log.all(message);
        assert_eq!(told.len(), lines, "{}", log.text());
        for line in told {
            assert_eq!(line["proxy"], "127.0.0.1");
            assert_eq!(line["header"], "\"unknown\\\"0\"");
        }
    }
}

/// What a browser says of a page of ours under another name, as one that a stranger's name was rebound to.
#[tokio::test]
async fn an_origin_that_is_not_ours_is_refused_whatever_stands_beside_it() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let arguments = json!({ "email": ADA, "password": PASSWORD });
    let machine = app.base.replace("127.0.0.1", "localhost");
    for (origin, status) in [
        (app.base.as_str(), 200),
        (machine.as_str(), 200),
        ("https://evil.example", 403),
        ("null", 403),
    ] {
        let mut browser = app.browser();
        let request = browser.request("sign-in/password").header("origin", origin);
        let request = request.body(arguments.to_string().into()).unwrap();
        let reply = browser.send(request).await;
        assert_eq!(reply.status, status, "{origin}: {}", reply.text);
    }
}
