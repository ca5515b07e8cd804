//! What is kept, in the database and in the log, is of no use to whoever reads it.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::json;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::support::{Authenticator, Browser, PASSWORD, START, TestApp};

const ADA: &str = "ada@example.org";

/// Everything secret of a life with two-factor authentication: what it took, and what it was shown.
struct Life {
    app: TestApp,
    secrets: Vec<String>,
    key: Vec<u8>,
}

fn tokens(browser: &Browser, secrets: &mut Vec<String>) {
    secrets.extend(browser.cookies.values().cloned());
}

/// Signs up, signs in, enables, signs in by each kind of code, forgets the password and invites.
async fn live() -> Life {
    let app = TestApp::start_with(|settings| settings.sign_up = true).await;
    let mut secrets = vec![PASSWORD.to_owned(), "a wrong password".to_owned()];
    secrets.extend(app.setup_token.clone());
    let mut browser = app.member(ADA).await;
    tokens(&browser, &mut secrets);
    let authenticator = browser.enable_two_factor(&app).await;
    tokens(&browser, &mut secrets);
    browser
        .sign_in_with(ADA, "a wrong password")
        .await
        .refused(401, "wrong_credentials");
    let mut other = app.browser();
    other.sign_in(ADA).await.expect(200);
    tokens(&other, &mut secrets);
    other
        .give_code_and_trust(&authenticator.code(START + 30))
        .await
        .expect(200);
    tokens(&other, &mut secrets);
    let mut third = app.browser();
    third.sign_in(ADA).await.expect(200);
    let code = &authenticator.recovery_codes[0];
    third.give_recovery_code(code).await.expect(200);
    tokens(&third, &mut secrets);
    by_link(&app, &mut browser, &mut secrets).await;
    secrets.extend(authenticator.recovery_codes.iter().cloned());
    let plain = authenticator.recovery_codes.iter();
    secrets.extend(plain.map(|code| code.replace('-', "")));
    secrets.push(authenticator.key().to_owned());
    let key = key_of(&authenticator);
    Life { app, secrets, key }
}

async fn by_link(app: &TestApp, browser: &mut Browser, secrets: &mut Vec<String>) {
    let forgotten = json!({ "email": ADA });
    browser.call("password/forgot", forgotten).await.expect(200);
    let user = json!({
        "name": "Grace", "email": "grace@example.org", "account_name": "Navy", "password": "violet-sofa-7-drum",
    });
    browser
        .call("sign-up/request", json!({ "user": user }))
        .await
        .expect(200);
    let invited = crate::support::invitation("any", "ivy@example.org", &["developer"]);
    browser.call("team/invite", invited).await.expect(200);
    for page in ["/reset-password", "/verify-email", "/invitation"] {
        let links = app.links(page).await;
        assert_eq!(links.len(), 1, "{page}");
        secrets.extend(links);
    }
    secrets.push("violet-sofa-7-drum".to_owned());
    let link = &app.links("/verify-email").await[0];
    let wrong = json!({ "token": link, "password": "a wrong password" });
    let mut other = app.browser();
    let refused = other.call("sign-up/finish", wrong).await;
    refused.refused(422, "wrong_password");
}

fn key_of(authenticator: &Authenticator) -> Vec<u8> {
    let key = authenticator.key().as_bytes();
    data_encoding::BASE32_NOPAD.decode(key).unwrap()
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// F67, F71: neither the database nor what is left in its files of what was deleted holds a password, a code, a key or a token.
#[tokio::test]
async fn what_the_database_keeps_holds_no_secret() {
    let life = live().await;
    let (mut read, mut is_hers) = (0, false);
    for (name, bytes) in life.app.stored().await {
        read += 1;
        is_hers |= holds(&bytes, ADA.as_bytes());
        assert!(!holds(&bytes, &life.key), "{name} holds a key");
        for secret in &life.secrets {
            assert!(!holds(&bytes, secret.as_bytes()), "{name} holds {secret}");
            let raw = data_encoding::BASE64URL_NOPAD.decode(secret.as_bytes());
            if let Some(raw) = raw.ok().filter(|raw| raw.len() > 15) {
                assert!(!holds(&bytes, &raw), "{name} holds the bytes of {secret}");
            }
        }
    }
    assert!(read > 0 && is_hers, "it is where it was");
}

/// Where the log is written.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// F67: not even the most talkative log says a password, a code, a key or a token.
#[tokio::test]
async fn the_log_holds_no_secret() {
    // Functions run on threads of their own, so the log is everybody's; other tests have the same secrets to keep.
    static IS_WRITTEN: AtomicBool = AtomicBool::new(true);
    let written = Log::default();
    let log = written.clone();
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(move || log.clone())
        .with_filter(dynamic_filter_fn(|_, _| IS_WRITTEN.load(Ordering::Relaxed)));
    tracing_subscriber::registry().with(layer).init();
    let life = live().await;
    IS_WRITTEN.store(false, Ordering::Relaxed);
    let log = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("the second factor changed"), "{}", log.len());
    for secret in &life.secrets {
        assert!(!log.contains(secret), "the log holds {secret}");
    }
}
