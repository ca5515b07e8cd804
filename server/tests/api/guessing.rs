//! Guessing passwords: who is throttled, who is not, and that failures are counted whatever happens.

use app::types::email::EmailAddress;
use serde_json::json;
use service::change::Change;
use service::users::operator;
use service::{limits::Limit, upkeep};
use settings::Settings;

use crate::support::{Browser, PASSWORD, TestApp};

const ADA: &str = "ada@example.org";

/// Behind a proxy that says where people come from.
fn proxied(settings: &mut Settings) {
    settings.trusted_proxies = toml_list("[\"127.0.0.1\"]");
}

fn toml_list<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap()
}

fn from_address(app: &TestApp, address: &str) -> Browser {
    let mut browser = app.browser();
    browser.forwarded_for = Some(address.to_owned());
    browser
}

async fn guess(browser: &mut Browser, email: &str) -> u16 {
    browser.sign_in_with(email, "wrong password").await.status
}

#[tokio::test]
async fn after_ten_wrong_passwords_of_strangers_the_right_one_reads_like_a_wrong_one() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut texts = Vec::new();
    for email in [ADA, "nobody@example.org"] {
        for _ in 0..10 {
            let reply = app.browser().sign_in_with(email, "wrong password").await;
            texts.push(reply.refused(401, "wrong_credentials").text);
        }
        let hashes = app.services.hasher.hashes();
        let reply = app.browser().sign_in(email).await;
        assert_eq!(app.services.hasher.hashes(), hashes + 1);
        texts.push(reply.refused(401, "wrong_credentials").text);
    }
    texts.dedup();
    assert_eq!(texts.len(), 1);
    let app = app.restart().await;
    app.browser()
        .sign_in(ADA)
        .await
        .refused(401, "wrong_credentials");
    app.clock.advance(15 * 60);
    app.browser().sign_in(ADA).await.expect(200);
}

/// F20, F21: one person, one count.
#[tokio::test]
async fn spellings_of_an_address_share_one_count() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let spellings = [
        "ada@example.org",
        "ADA@EXAMPLE.ORG",
        "Ada@Example.org ",
        " aDa@example.orG",
    ];
    for n in 0..10 {
        assert_eq!(guess(&mut app.browser(), spellings[n % 4]).await, 401);
    }
    app.browser()
        .sign_in(ADA)
        .await
        .refused(401, "wrong_credentials");
}

/// F25: nobody locks anybody out.
#[tokio::test]
async fn a_browser_that_has_signed_in_is_not_slowed_by_strangers() {
    let app = TestApp::start_with(proxied).await;
    let (mut known, authenticator) = app.member_with_two_factor(ADA).await;
    known.call("session/sign-out", json!({})).await.expect(200);
    for n in 0..1_000 {
        let address = format!("198.51.{}.{}", n / 250, n % 250);
        guess(&mut from_address(&app, &address), ADA).await;
    }
    app.browser()
        .sign_in(ADA)
        .await
        .refused(401, "wrong_credentials");
    known.sign_in(ADA).await.expect(200);
    let code = authenticator.code(crate::support::START + 30);
    known.give_code(&code).await.expect(200);
}

#[tokio::test]
async fn a_known_browser_guesses_twenty_times_and_a_client_address_slows_it_no_further() {
    let app = TestApp::start().await;
    let mut known = app.member(ADA).await;
    for n in 0..50 {
        guess(&mut app.browser(), &format!("nobody{n}@example.org")).await;
    }
    app.browser()
        .sign_in("nobody@example.org")
        .await
        .refused(429, "paused");
    for _ in 0..20 {
        assert_eq!(guess(&mut known, ADA).await, 401);
    }
    let reply = known.sign_in(ADA).await.refused(429, "paused");
    assert_eq!(reply.headers["retry-after"], "900");
    app.clock.advance(15 * 60);
    known.sign_in(ADA).await.expect(200);
}

#[tokio::test]
async fn being_known_to_one_user_is_worth_nothing_at_another() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut mallory = app.member("mallory@example.org").await;
    for _ in 0..10 {
        assert_eq!(guess(&mut mallory, ADA).await, 401);
    }
    mallory.sign_in(ADA).await.refused(401, "wrong_credentials");
}

#[tokio::test]
async fn right_passwords_count_nowhere() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    for _ in 0..60 {
        app.browser().sign_in(ADA).await.expect(200);
    }
    for _ in 0..9 {
        guess(&mut app.browser(), ADA).await;
    }
    app.browser().sign_in(ADA).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_guesses_at_once_are_no_more_than_fifty_hashes() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let hashes = app.services.hasher.hashes();
    let mut tasks = Vec::new();
    for _ in 0..200 {
        let mut browser = app.browser();
        tasks.push(tokio::spawn(async move { guess(&mut browser, ADA).await }));
    }
    let (mut wrong, mut paused) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            401 => wrong += 1,
            429 => paused += 1,
            status => panic!("{status}"),
        }
    }
    assert_eq!((wrong, paused), (50, 150));
    assert_eq!(app.services.hasher.hashes(), hashes + 50);
}

/// F18: tries are taken before the hash.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_guesses_at_once_over_many_addresses_ten_are_looked_at() {
    let app = TestApp::start_with(proxied).await;
    app.create_user(ADA).await;
    let mut tasks = Vec::new();
    // The right password stands for the guess that hits: it gets through only while tries are left.
    for n in 0..9 {
        guess(&mut from_address(&app, &format!("203.0.113.{n}")), ADA).await;
    }
    for n in 0..100 {
        let mut browser = from_address(&app, &format!("198.51.100.{n}"));
        tasks.push(tokio::spawn(async move { guess(&mut browser, ADA).await }));
    }
    for task in tasks {
        assert!(matches!(task.await.unwrap(), 401 | 503));
    }
    app.browser()
        .sign_in(ADA)
        .await
        .refused(401, "wrong_credentials");
}

/// Right passwords that come at once are right, and leave nothing behind that counts.
#[tokio::test(flavor = "multi_thread")]
async fn twenty_right_passwords_at_once_from_new_browsers_all_pass_and_count_nowhere() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    for _ in 0..2 {
        assert_eq!(at_once(&app, 20).await, vec![200; 20]);
    }
    // What is left of the address's ten and the client's fifty is all of them.
    for _ in 0..9 {
        guess(&mut app.browser(), ADA).await;
    }
    app.browser().sign_in(ADA).await.expect(200);
    for n in 0..40 {
        guess(&mut app.browser(), &format!("nobody{n}@example.org")).await;
    }
    app.browser().sign_in(ADA).await.expect(200);
}

/// Whoever has no tries left, or guesses, holds nobody up who has the right password.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_guesses_at_an_address_leaves_its_known_browsers_alone_and_ends_in_answers() {
    let app = TestApp::start_with(|settings| {
        proxied(settings);
        settings.limits.wrong_passwords_per_client = 5;
    })
    .await;
    app.create_user(ADA).await;
    let mut known = from_address(&app, "198.51.100.250");
    known.sign_in(ADA).await.expect(200);
    let mut running = Vec::new();
    for n in 0..100 {
        let mut browser = from_address(&app, &format!("203.0.113.{}", n % 4));
        running.push(tokio::spawn(async move { guess(&mut browser, ADA).await }));
    }
    known.sign_in(ADA).await.expect(200);
    let mut statuses = Vec::new();
    for one in running {
        statuses.push(one.await.unwrap());
    }
    assert!(
        statuses
            .iter()
            .all(|status| [401, 429, 503].contains(status))
    );
    let paused = statuses.iter().filter(|status| **status == 429).count();
    assert_eq!(paused, 100 - 4 * 5, "{statuses:?}");
}

/// A hash that is renewed meanwhile, since its parameters have grown, is of the same password.
#[tokio::test(flavor = "multi_thread")]
async fn right_passwords_are_right_while_the_stored_hash_is_renewed() {
    let app = TestApp::start_with(|settings| settings.password_hash.passes = 1).await;
    app.create_user(ADA).await;
    let mut inside = app.browser();
    inside.sign_in(ADA).await.expect(200);
    let app = app
        .restart_with(|settings| settings.password_hash.passes = 2)
        .await;
    assert_eq!(at_once(&app, 8).await, vec![200; 8]);
    let hash = app.user(ADA).await.password_hash;
    assert!(hash.contains("t=2"), "{hash}");
    for _ in 0..9 {
        guess(&mut app.browser(), ADA).await;
    }
    app.browser().sign_in(ADA).await.expect(200);
}

/// Gives the right password in so many new browsers at once. A turn is waited for only so long (`sign_in/turns.rs`): where a
/// slow machine tells a browser to come again, it does, once the others are done.
async fn at_once(app: &TestApp, browsers: usize) -> Vec<u16> {
    let mut running = Vec::new();
    for _ in 0..browsers {
        let mut browser = app.browser();
        running.push(tokio::spawn(async move {
            let status = browser.sign_in(ADA).await.status;
            (browser, status)
        }));
    }
    let mut told = Vec::new();
    for one in running {
        told.push(one.await.unwrap());
    }
    let mut statuses = Vec::new();
    for (mut browser, status) in told {
        let is_busy = status == 503;
        statuses.push(if is_busy {
            browser.sign_in(ADA).await.status
        } else {
            status
        });
    }
    statuses
}

/// Who has a /48 of IPv6 has 65,536 networks, and eight times the tries of one.
#[tokio::test]
async fn networks_of_one_site_share_a_budget() {
    let app = TestApp::start_with(|settings| {
        proxied(settings);
        settings.limits.wrong_passwords_per_client = 2;
    })
    .await;
    let mut statuses = Vec::new();
    for n in 0..20 {
        let mut browser = from_address(&app, &format!("2001:db8:1:{n:x}::1"));
        statuses.push(guess(&mut browser, &format!("nobody{n}@example.org")).await);
    }
    assert_eq!(statuses[..16], [401; 16]);
    assert_eq!(statuses[16..], [429; 4]);
    let mut neighbour = from_address(&app, "2001:db8:2:1::1");
    assert_eq!(guess(&mut neighbour, "nobody@example.org").await, 401);
    // A network that has spent its own goes on at nobody else's cost.
    let mut loud = from_address(&app, "2001:db8:3:1::1");
    for n in 0..40 {
        guess(&mut loud, &format!("nobody{n}@example.org")).await;
    }
    let mut quiet = from_address(&app, "2001:db8:3:2::1");
    assert_eq!(guess(&mut quiet, "nobody@example.org").await, 401);
}

/// F32: a header is believed from a proxy of ours alone.
#[tokio::test]
async fn the_address_is_the_peers_unless_a_trusted_proxy_says_otherwise() {
    for (change, addresses) in [
        ((|_| {}) as fn(&mut Settings), ["198.51.100.N", "N.0.0.1"]),
        (
            proxied,
            ["198.51.100.N, 203.0.113.7", "N.0.0.1, 203.0.113.7"],
        ),
    ] {
        let app = TestApp::start_with(change).await;
        for n in 1..=50 {
            let address = addresses[n % 2].replace('N', &n.to_string());
            let email = format!("nobody{n}@example.org");
            assert_eq!(guess(&mut from_address(&app, &address), &email).await, 401);
        }
        let address = addresses[0].replace('N', "99");
        let reply = from_address(&app, &address).sign_in(ADA).await;
        reply.refused(429, "paused");
    }
}

#[tokio::test]
async fn a_link_that_sets_the_password_and_the_operator_let_a_stranger_try_again() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let spend = || async {
        for _ in 0..10 {
            guess(&mut app.browser(), ADA).await;
        }
    };
    spend().await;
    operator::unlock(&app.services, ADA, None).await.unwrap();
    app.browser().sign_in(ADA).await.expect(200);
    spend().await;
    let mut browser = app.browser();
    browser
        .call("password/forgot", json!({ "email": ADA }))
        .await
        .expect(200);
    let token = app.links("/reset-password").await.pop().unwrap();
    let arguments = json!({ "token": token, "password": "violet-sofa-7-drum" });
    browser.call("password/reset", arguments).await.expect(200);
    browser
        .sign_in_with(ADA, "violet-sofa-7-drum")
        .await
        .expect(200);
}

#[tokio::test]
async fn sign_ups_are_limited_by_client_address_and_mails_by_e_mail_address() {
    let app = TestApp::start_with(|settings| settings.sign_up = true).await;
    let user = |email: &str| {
        json!({ "user": {
            "name": "Grace", "email": email, "account_name": "Compilers", "password": PASSWORD,
        }})
    };
    let mut browser = app.browser();
    // No address more often than it is mailed in a quarter of an hour.
    for n in 0..20 {
        let email = format!("grace{}@example.org", n % 10);
        let reply = browser.call("sign-up/request", user(&email));
        reply.await.expect(200);
    }
    let hashes = app.services.hasher.hashes();
    browser
        .call("sign-up/request", user("joan@example.org"))
        .await
        .refused(429, "paused");
    assert_eq!(app.services.hasher.hashes(), hashes);
    assert_eq!(app.count_mails("Finish signing up").await, 20);
}

#[tokio::test]
async fn upkeep_removes_counts_whose_window_is_over_and_no_others() {
    let app = TestApp::start().await;
    let take = |n: u32| {
        let email = EmailAddress::parse(&format!("nobody{n}@example.org")).unwrap();
        Limit::PasswordsOfStrangers.of_address(&email)
    };
    let change = Change::by_server(&app.services).await.unwrap();
    for n in 0..1_100 {
        change.take(&take(n)).await.unwrap();
    }
    change.commit().await.unwrap();
    // The server's own upkeep may come in between; what it has removed is removed.
    upkeep::remove_expired(&app.services).await.unwrap();
    assert_eq!(app.count("tries").await, 1_100);
    app.clock.advance(15 * 60);
    upkeep::remove_expired(&app.services).await.unwrap();
    assert_eq!(app.count("tries").await, 0);
}
