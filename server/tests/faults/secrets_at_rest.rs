//! What is kept, in the database and in the log, is of no use to whoever reads it.

use std::collections::HashSet;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::json;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::support::{Authenticator, Browser, NUMBER, PASSWORD, START, SmsGateway, TestApp};

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

/// What stands in the database beside a number, that a digest of it could be salted with.
async fn salts(app: &TestApp) -> Vec<Vec<u8>> {
    let mut salts = vec![Vec::new()];
    let texts = [
        "SELECT password_hash FROM users",
        "SELECT email FROM users",
        "SELECT CAST(enabled_at AS TEXT) FROM second_factors",
    ];
    for query in texts {
        salts.extend(app.texts(query).await.into_iter().map(String::into_bytes));
    }
    let id = app.either("hex(id)", "replace(id::text, '-', '')");
    for id in app.texts(&format!("SELECT {id} FROM users")).await {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(id.as_bytes());
        salts.push(bytes.unwrap());
        salts.push(id.to_lowercase().into_bytes());
    }
    salts
}

/// What somebody who has the database alone would try for a guess: digests of it, salted by what stands beside it, and
/// what versions before kept of a trusted browser.
async fn digests_of(app: &TestApp, guess: &str) -> Vec<Vec<u8>> {
    use sha2::{Digest as _, Sha256, Sha512};
    let mut tried = Vec::new();
    for salt in salts(app).await {
        for text in [
            [&salt, guess.as_bytes()].concat(),
            [guess.as_bytes(), &salt].concat(),
            [&salt, &b"\0"[..], guess.as_bytes()].concat(),
        ] {
            tried.push(Sha256::digest(&text).to_vec());
            tried.push(Sha512::digest(&text).to_vec());
        }
    }
    let password = app.texts("SELECT password_hash FROM users").await;
    let since = app
        .texts("SELECT CAST(enabled_at AS TEXT) FROM second_factors")
        .await;
    for (password, since) in password.iter().zip(&since) {
        let since: i64 = since.parse().unwrap();
        let digest = Sha256::new()
            .chain_update(b"twofold trusted browser 1\0")
            .chain_update((password.len() as u64).to_be_bytes())
            .chain_update(password)
            .chain_update(guess)
            .chain_update(since.to_be_bytes())
            .finalize();
        tried.push(digest.to_vec());
    }
    tried
}

/// A user with SMS, a trusted browser, a sign-in that waits for a code, and one who waits for a mailbox code: every
/// low-entropy secret that there is, as it can be spelt.
async fn guessable(app: &TestApp, gateway: &SmsGateway) -> Vec<String> {
    let mut browser = app.member(ADA).await;
    browser.enable_sms(gateway, NUMBER).await;
    let mut trusted = app.browser();
    trusted.sign_in(ADA).await.expect(200);
    trusted.send_sign_in_code().await.expect(200);
    let spent = gateway.last_code();
    trusted.give_code_and_trust(&spent).await.expect(200);
    let mut waiting = app.browser();
    waiting.sign_in(ADA).await.expect(200);
    waiting.send_sign_in_code().await.expect(200);
    let due = gateway.last_code();
    app.create_user("bob@example.org").await;
    let mut bob = app.browser();
    bob.sign_in("bob@example.org").await.expect(200);
    bob.mail_code("first_factor").await.expect(200);
    let mailed = app.mailed_code("bob@example.org").await;
    let number = "+447400123456";
    let spellings = [
        number,
        &number[1..],
        "07400123456",
        &number[3..],
        &spent,
        &due,
        &mailed,
        PASSWORD,
    ];
    let mut guesses: Vec<_> = spellings.map(str::to_owned).to_vec();
    guesses.push(mailed.replace('-', ""));
    guesses.push(mailed.replace('-', "").to_lowercase());
    guesses
}

/// A number or a code has so few values that all can be tried. None of them can be told from what is stored, by
/// whoever has the database and not the keys.
#[tokio::test]
async fn what_is_stored_does_not_say_which_number_or_code_it_is_of() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let guesses = guessable(&app, &gateway).await;
    for table in ["trusted_browsers", "sms_codes", "mailbox_codes"] {
        assert_eq!(app.count(table).await, 1, "{table}");
    }
    let mut tried = Vec::new();
    for guess in guesses {
        tried.extend(digests_of(&app, &guess).await);
    }
    assert!(!is_any_stored(&app, &tried).await, "a guess can be checked");
}

/// Whether one of these digests stands in what is stored, as bytes or as text: looked for by its first bytes.
async fn is_any_stored(app: &TestApp, digests: &[Vec<u8>]) -> bool {
    let texts = digests.iter().map(|digest| {
        let hex = data_encoding::HEXLOWER.encode(digest);
        hex.into_bytes()
    });
    let beginnings: HashSet<Vec<u8>> = texts
        .chain(digests.iter().cloned())
        .map(|bytes| bytes[..12].to_vec())
        .collect();
    let stored = app.stored().await;
    let mut windows = stored.iter().flat_map(|(_, bytes)| bytes.windows(12));
    windows.any(|window| beginnings.contains(window))
}

/// The test above would see what versions before stored.
#[tokio::test]
async fn a_plain_digest_of_a_number_would_be_found() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    guessable(&app, &gateway).await;
    let tried = digests_of(&app, "+447400123456").await;
    let plain = app.bytes(&data_encoding::HEXLOWER.encode(tried.last().unwrap()));
    app.sql(&format!(
        "UPDATE trusted_browsers SET fingerprint = {plain}"
    ))
    .await;
    assert!(is_any_stored(&app, &tried).await);
}
