//! The headers of answers of every kind, and who may ask at all.

use http::Method;
use serde_json::json;
use server::console::gate::EXPORTS;

use crate::support::{Browser, Reply, TestApp};
use crate::world::{EVE, TIM, World};

const FIXED: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-read=()",
    ),
];
/// What would let other sites read or frame us, or tell them what we run on.
const ABSENT: [&str; 6] = [
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "location",
    "server",
    "x-powered-by",
    "refresh",
];

async fn spoilt(browser: &mut Browser, header: &'static str, value: &str) -> Reply {
    let mut request = browser.request("session/state").body("{}".into()).unwrap();
    request.headers_mut().insert(header, value.parse().unwrap());
    browser.send(request).await
}

async fn with_method(browser: &mut Browser, method: Method, path: &str) -> Reply {
    let request = browser.file(path).method(method);
    browser.send(request.body("".into()).unwrap()).await
}

async fn with_fields(browser: &mut Browser, count: usize, value: &str) -> Reply {
    let fields = (0..count).map(|n| (format!("x-{n}"), value));
    let request = fields.fold(browser.file("/"), |request, (name, value)| {
        request.header(name, value)
    });
    browser.send(request.body("".into()).unwrap()).await
}

/// One answer of every status that there is, but for 408 (`api/lifecycle.rs`).
async fn one_of_each(world: &World) -> Vec<(u16, Reply)> {
    let (mut eve, mut stranger) = (world.eve.clone(), world.app.browser());
    let file = EXPORTS[0].0.replace("{account}", &world.ids.account);
    let page = stranger.get("/").await;
    let etag = page.headers["etag"].to_str().unwrap().to_owned();
    let known = stranger.file("/").header("if-none-match", etag);
    let known = stranger.send(known.body("".into()).unwrap()).await;
    let wrong = json!({ "email": EVE, "password": "wrong" });
    let mut answers = vec![
        (200, page),
        (304, known),
        (200, stranger.get("/accounts/any/security").await),
        (200, eve.call("session/state", json!({})).await),
        (200, world.olga.clone().download(&file).await),
        (400, eve.call("profile/rename", json!({})).await),
        (401, stranger.call("profile/overview", json!({})).await),
        (403, spoilt(&mut eve, "sec-fetch-site", "cross-site").await),
        (403, with_method(&mut eve, Method::GET, &file).await),
        (404, eve.call("nothing/here", json!({})).await),
        (404, eve.download(&file).await),
        (404, stranger.get("/missing.js").await),
        (
            405,
            with_method(&mut eve, Method::GET, "/api/session/state").await,
        ),
        (405, with_method(&mut eve, Method::POST, &file).await),
        (405, with_method(&mut eve, Method::PUT, "/").await),
        (405, with_method(&mut eve, Method::POST, "/healthz").await),
        (
            405,
            with_method(&mut eve, Method::OPTIONS, "/sign-in").await,
        ),
        (406, spoilt(&mut eve, "accept", "text/html").await),
        (
            409,
            eve.call("invitation/open", json!({ "token": "x" })).await,
        ),
        (
            413,
            eve.call("profile/rename", json!({ "name": "x".repeat(20_000) }))
                .await,
        ),
        (414, stranger.get(&format!("/?{}", "x".repeat(9_000))).await),
        (415, spoilt(&mut eve, "content-type", "text/plain").await),
        (422, eve.call("profile/rename", json!({ "name": "" })).await),
        (431, with_fields(&mut eve, 101, "").await),
        (431, with_fields(&mut eve, 2, &"x".repeat(9_000)).await),
    ];
    let unreadable = format!(
        "UPDATE second_factors SET sealed_secret = {}",
        world.app.bytes("0102030405")
    );
    world.app.sql(&unreadable).await;
    answers.push((503, world.app.browser().sign_in(TIM).await));
    for _ in 0..50 {
        stranger.call("sign-in/password", wrong.clone()).await;
    }
    answers.push((429, stranger.call("sign-in/password", wrong).await));
    world.app.sql("ALTER TABLE sessions RENAME TO gone").await;
    answers.push((500, eve.call("profile/overview", json!({})).await));
    world.app.sql("ALTER TABLE gone RENAME TO sessions").await;
    answers
}

/// F110, F112: pages cannot be framed, sniffed or read by other sites, whatever the answer; nothing of a person is kept by a cache.
#[tokio::test]
async fn answers_of_every_status_carry_every_header() {
    let world = World::new().await;
    for (status, reply) in one_of_each(&world).await {
        assert_eq!(reply.status, status, "{}", reply.text);
        for (name, value) in FIXED {
            assert_eq!(reply.headers[name], value, "{status}");
        }
        let csp = reply.headers["content-security-policy"].to_str().unwrap();
        for part in [
            "default-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
            "img-src 'self' data:",
        ] {
            assert!(csp.contains(part), "{status}: {csp}");
        }
        for part in ["unsafe-inline", "'unsafe-eval'", "http:", "https:", "*"] {
            assert!(!csp.contains(part), "{status}: {csp}");
        }
        for name in ABSENT {
            assert!(!reply.headers.contains_key(name), "{status}: {name}");
        }
        let caching = reply.headers["cache-control"].to_str().unwrap();
        let is_page = [200, 304].contains(&status) && reply.headers.contains_key("etag");
        assert_eq!(
            caching,
            if is_page { "no-cache" } else { "no-store" },
            "{status}"
        );
    }
}

/// F112: a fault of ours shows a reference and nothing of what is inside.
#[tokio::test]
async fn a_fault_shows_nothing_but_its_reference() {
    let app = TestApp::start().await;
    let mut browser = app.member(EVE).await;
    app.sql("ALTER TABLE sessions RENAME TO gone").await;
    let reply = browser.call("profile/overview", json!({})).await;
    let reply = reply.refused(500, "internal").json();
    let keys: Vec<_> = reply.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["code", "reference"]);
    assert!(!reply["reference"].as_str().unwrap().is_empty());
}

/// F110: what a form, a script or a picture of another site can send is refused at every function, cookies or not.
#[tokio::test]
async fn no_other_site_calls_any_function() {
    let world = World::new().await;
    let before = world.contents().await;
    let mut olga = world.olga.clone();
    for (method, path) in World::addresses() {
        let file = path.replace("{account}", &world.ids.account);
        for (site, origin) in [
            ("cross-site", "https://evil.example"),
            ("same-site", "https://sub.example"),
            ("cross-site", "null"),
        ] {
            let request = if method == "GET" {
                olga.file(&file).body("".into())
            } else {
                let body = crate::calls::body(path, &world.ids).to_string();
                olga.request(path.trim_start_matches("/api/"))
                    .body(body.into())
            };
            let mut request = request.unwrap();
            let headers = request.headers_mut();
            headers.insert("sec-fetch-site", site.parse().unwrap());
            headers.insert("origin", origin.parse().unwrap());
            olga.send(request).await.refused(403, "cross_site");
        }
    }
    assert_eq!(world.contents().await, before);
}
