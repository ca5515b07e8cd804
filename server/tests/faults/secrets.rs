//! What no answer holds.

use crate::calls::body;
use crate::support::{Browser, PASSWORD};
use crate::world::World;
use app::api::{ServerFunction, all_functions};

/// What answers say to a browser, but for what has just been made and is shown this once.
async fn answers(world: &World, browser: &Browser) -> Vec<(String, String)> {
    let mut answers = Vec::new();
    for (method, path) in World::addresses() {
        world.put_back("").await;
        let reply = world.ask(&mut browser.clone(), method, path).await;
        let cookies = reply.headers.get_all("set-cookie").iter();
        let cookies: Vec<_> = cookies.map(|value| value.to_str().unwrap()).collect();
        assert!(
            cookies.iter().all(|cookie| cookie.contains("HttpOnly")),
            "{path}: {cookies:?}"
        );
        answers.push((path.to_owned(), reply.text));
    }
    answers
}

/// F67, F71: no answer to anybody holds a secret, a hash or a token, neither one's own nor somebody else's, once it was shown.
#[tokio::test]
async fn no_answer_holds_a_secret_that_was_made_before() {
    let world = World::new().await;
    let mut secrets: Vec<String> = Vec::new();
    for app in [&world.app_of_olga, &world.app_of_tim] {
        secrets.extend(app.recovery_codes.iter().cloned());
        secrets.push(app.key().to_owned());
    }
    for browser in [&world.olga, &world.tim, &world.eve] {
        secrets.extend(browser.cookies.values().cloned());
    }
    secrets.extend(world.app.links("/invitation").await);
    secrets.push(PASSWORD.to_owned());
    assert!(secrets.len() > 25, "{}", secrets.len());
    let words = [
        "argon2",
        "otpauth:",
        "token_hash",
        "password_hash",
        "secret",
    ];
    for browser in [&world.olga, &world.tim, &world.eve] {
        for (path, text) in answers(&world, browser).await {
            let plain = text.replace(' ', "");
            for secret in &secrets {
                assert!(
                    !text.contains(secret) && !plain.contains(secret),
                    "{path}: {text}"
                );
            }
            // The beginning of an enrolment shows the new key, also as the address that opens an app.
            let shows_a_key = path == "/api/two-factor/begin";
            for word in words {
                let is_shown = shows_a_key && ["otpauth:", "secret"].contains(&word);
                assert!(
                    is_shown || !text.contains(word),
                    "{path} names {word}: {text}"
                );
            }
        }
    }
}

/// F71: there is no function that shows the key of an app again; only beginning anew makes another.
#[tokio::test]
async fn only_the_beginning_of_an_enrolment_shows_a_key() {
    let world = World::new().await;
    for ServerFunction { path, .. } in all_functions() {
        world.put_back("").await;
        let reply = world.eve.clone().post(path, &body(path, &world.ids)).await;
        let shows = reply.json().get("key").is_some() || reply.json().get("qr").is_some();
        assert_eq!(shows, *path == "/api/two-factor/begin", "{path}");
    }
}

/// F67, F73: every key is another, of 160 bits, without padding.
#[tokio::test]
async fn keys_are_long_and_all_different() {
    let world = World::new().await;
    let mut keys = std::collections::BTreeSet::new();
    let mut eve = world.eve.clone();
    for _ in 0..20 {
        let enrolment = eve.begin("enable", None).await.expect(200).json();
        let key = enrolment["key"].as_str().unwrap().replace(' ', "");
        let bytes = data_encoding::BASE32_NOPAD.decode(key.as_bytes()).unwrap();
        assert_eq!(bytes.len() * 8, 160);
        assert!(!enrolment.to_string().contains("%3D"));
        keys.insert(key);
    }
    assert_eq!(keys.len(), 20);
}
