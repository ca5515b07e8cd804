//! Sessions: another one after each change of rights, none left where it should not be.

use crypto::clock::Clock as _;
use serde_json::json;

use crate::calls::NEW_PASSWORD;
use crate::support::{Browser, PASSWORD, Reply, START, TestApp};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";

/// What changes the rights of a session.
#[derive(Clone, Copy, Debug)]
enum Change {
    Enable,
    Replace,
    Disable,
    Password,
}

async fn make(change: Change, app: &TestApp, browser: &mut Browser) -> Reply {
    let step_up = json!({ "password": PASSWORD, "code": null });
    let purpose = match change {
        Change::Enable => "enable",
        Change::Replace => "replace",
        Change::Disable => {
            let arguments = json!({ "step_up": step_up });
            return browser.call("two-factor/disable", arguments).await;
        }
        Change::Password => {
            let arguments = json!({ "password": NEW_PASSWORD, "step_up": step_up });
            return browser.call("password/change", arguments).await;
        }
    };
    let enrolment = browser.begin(purpose, None).await.expect(200).json();
    let key = enrolment["key"].as_str().unwrap();
    let code = crate::support::Authenticator::new(key).code(START + 30);
    app.clock.set(START + 30);
    browser.confirm(&enrolment["id"], &code).await
}

/// F78, F79, F81: each change of rights gives the session another token and ends the others, and every token from before is dead.
#[tokio::test]
async fn a_change_of_rights_leaves_one_session_with_a_new_token() {
    for change in [
        Change::Enable,
        Change::Replace,
        Change::Disable,
        Change::Password,
    ] {
        let app = TestApp::start().await;
        let mut browser = app.member(ADA).await;
        let mut other = app.browser();
        if matches!(change, Change::Enable | Change::Password) {
            other.sign_in(ADA).await.expect(200);
        } else {
            let authenticator = browser.enable_two_factor(&app).await;
            other.sign_in(ADA).await.expect(200);
            let code = &authenticator.recovery_codes[0];
            other.give_recovery_code(code).await.expect(200);
        }
        let mut before = browser.clone();
        make(change, &app, &mut browser).await.expect(200);
        assert_ne!(before.cookies, browser.cookies, "{change:?}");
        assert_eq!(browser.state().await, "signed_in", "{change:?}");
        assert_eq!(before.state().await, "signed_out", "{change:?}");
        assert_eq!(other.state().await, "signed_out", "{change:?}");
        let reply = other.call("profile/overview", json!({})).await;
        reply.refused(401, "signed_out");
    }
}

/// F81: a second factor as proof gives the session another token, whatever comes of the act, and a copy of the old one is dead.
#[tokio::test]
async fn a_code_as_proof_gives_the_session_another_token() {
    let app = TestApp::start().await;
    let (mut browser, authenticator) = app.member_with_two_factor(ADA).await;
    app.create_user(BOB).await;
    app.join(ADA, BOB, 2).await;
    let acts = [
        ("two-factor/new-recovery-codes", json!({}), 200),
        ("two-factor/begin", json!({ "purpose": "replace" }), 200),
        (
            "profile/change-email",
            json!({ "email": "ada@example.com" }),
            200,
        ),
        // Its owner stays while others use the account.
        ("profile/delete", json!({}), 409),
    ];
    for (endpoint, mut arguments, status) in acts {
        app.clock.advance(16 * 60);
        let mut copy = browser.clone();
        arguments["step_up"] = json!({ "password": PASSWORD, "code": null });
        let reply = browser.call(endpoint, arguments.clone()).await;
        assert_eq!(reply.code(), "code_needed", "{endpoint}");
        assert_eq!(copy.cookies, browser.cookies, "{endpoint}");
        arguments["step_up"]["code"] = authenticator.code(app.clock.now()).into();
        browser.call(endpoint, arguments).await.expect(status);
        assert_ne!(copy.cookies, browser.cookies, "{endpoint}");
        assert_eq!(copy.state().await, "signed_out", "{endpoint}");
        assert_eq!(browser.state().await, "signed_in", "{endpoint}");
    }
}

/// F80, F81: every token that a browser ever had is another, and all but the last are dead; after signing out, all are.
#[tokio::test]
async fn no_token_of_before_opens_anything() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    let mut past = vec![browser.clone()];
    let authenticator = browser.enable_two_factor(&app).await;
    past.push(browser.clone());
    browser
        .call("session/sign-out", json!({}))
        .await
        .expect(200);
    browser.sign_in(ADA).await.expect(200);
    past.push(browser.clone());
    let code = authenticator.code(START + 30);
    browser.give_code(&code).await.expect(200);
    past.push(browser.clone());
    browser
        .call("session/sign-out", json!({}))
        .await
        .expect(200);
    let mut tokens = std::collections::BTreeSet::new();
    let mut given = 0;
    for mut browser in past {
        for (name, value) in &browser.cookies {
            if name != "twofold_browser" {
                given += 1;
                tokens.insert(value.clone());
            }
        }
        assert_eq!(browser.state().await, "signed_out");
        let reply = browser.call("two-factor/overview", json!({})).await;
        reply.refused(401, "signed_out");
    }
    assert_eq!((tokens.len(), given), (4, 4));
}

/// F88: behind a proxy that ends TLS, every cookie is for https alone, whatever the request says of itself.
#[tokio::test]
async fn every_cookie_of_an_https_site_is_secure_whatever_the_request_says() {
    let app = TestApp::start_with(|settings| {
        settings.public_url = Some("https://id.example".to_owned());
    })
    .await;
    app.create_user(ADA).await;
    let mut names = Vec::new();
    for scheme in ["http", "https", ""] {
        let browser = app.browser();
        let body = json!({ "email": ADA, "password": PASSWORD }).to_string();
        let request = browser
            .request("sign-in/password")
            .header("x-forwarded-proto", scheme)
            .body(body.into());
        let reply = app.browser().send(request.unwrap()).await.expect(200);
        for cookie in reply.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            for part in [
                "__Host-",
                "; Secure",
                "; HttpOnly",
                "; SameSite=Strict",
                "; Path=/",
            ] {
                assert!(cookie.contains(part), "{part}: {cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
            names.push(cookie.split('=').next().unwrap().to_owned());
        }
        assert!(reply.headers.contains_key("strict-transport-security"));
    }
    assert!(names.len() >= 6, "{names:?}");
}
