//! A restart loses no state, and a server without its keys does not start.

use crypto::clock::Clock as _;
use crypto::random::SeededRandom;
use crypto::seal::KeyRing;
use serde_json::json;
use server::application::Application;
use std::sync::Arc;

use crate::support::{Authenticator, Lines, START, TestApp};

const ADA: &str = "ada@example.org";

/// F87: what is begun is on the disk.
#[tokio::test]
async fn a_restart_between_scan_and_code_loses_nothing() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    let enrolment = browser.begin("enable", None).await.expect(200).json();
    let app = app.restart().await;
    let mut browser = app.browser().with(&browser.cookies);
    let code = Authenticator::new(enrolment["key"].as_str().unwrap()).code(START);
    browser.confirm(&enrolment["id"], &code).await.expect(200);
    assert_eq!(browser.overview().await["two_factor"]["state"], "on");
}

/// F04, F87: so is what is spent.
#[tokio::test]
async fn a_restart_between_password_and_code_loses_nothing_and_used_codes_stay_used() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let code = authenticator.code(START + 30);
    let mut first = app.browser();
    first.sign_in(ADA).await.expect(200);
    first.give_code(&code).await.expect(200);
    let mut second = app.browser();
    second.sign_in(ADA).await.expect(200);
    let cookies = second.cookies.clone();
    let app = app.restart().await;
    let mut second = app.browser().with(&cookies);
    second.give_code(&code).await.refused(422, "wrong_code");
    app.clock.set(START + 60);
    second
        .give_code(&authenticator.code(app.clock.now()))
        .await
        .expect(200);
}

/// F147, F149: no key is made up in place of one that is gone.
#[tokio::test]
async fn without_its_keys_the_server_does_not_start() {
    let mut app = TestApp::start().await;
    app.member_with_two_factor(ADA).await;
    app.stop().await;
    let keys = app.folder().join("keys");
    let kept = std::fs::read_to_string(&keys).unwrap();
    let start = || {
        let (settings, clock) = (app.settings(), app.clock.clone());
        async move {
            let random = Arc::new(SeededRandom::new(3));
            Application::build(settings, clock, random)
                .await
                .err()
                .map(|problem| problem.to_string())
        }
    };
    std::fs::remove_file(&keys).unwrap();
    let problem = start().await.unwrap();
    assert!(problem.contains("keys are missing"), "{problem}");
    assert!(!keys.exists(), "no new keys are made for an old database");
    let (_, others) = KeyRing::generate(&SeededRandom::new(99));
    std::fs::write(&keys, others).unwrap();
    let problem = start().await.unwrap();
    let id = kept.lines().last().unwrap().split(' ').next().unwrap();
    assert!(problem.contains(id), "{problem}");
    std::fs::write(&keys, "nonsense").unwrap();
    let problem = start().await.unwrap();
    assert!(
        problem.contains("keys") && !problem.contains("nonsense"),
        "{problem}"
    );
    std::fs::write(&keys, kept).unwrap();
    assert_eq!(start().await, None);
}

/// One value that somebody has edited is one user's trouble: the server starts, and says so. A row that merely names another key
/// is nobody's, and is said as well.
#[tokio::test]
async fn a_value_under_a_key_that_never_was_stops_no_start_and_refuses_its_user_alone() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    app.member_with_two_factor("eve@example.org").await;
    app.member_with_two_factor("ivy@example.org").await;
    app.member("bob@example.org").await;
    let of = |email: &str| format!("user_id = (SELECT id FROM users WHERE email = '{email}')");
    let under_another = format!(
        ", sealed_secret = substr(sealed_secret, 1, 1) || {} || substr(sealed_secret, 6)",
        app.bytes("deadbeef")
    );
    let other_tag = format!(", tag = {}", app.bytes("00"));
    for (table, key, email, besides) in [
        (
            "second_factors",
            "deadbeef",
            "eve@example.org",
            &under_another,
        ),
        ("factor_sets", "deadbeef", "ivy@example.org", &other_tag),
        ("factor_sets", "", "bob@example.org", &other_tag),
        ("second_factors", "deadbeef", ADA, &String::new()),
        ("factor_sets", "Z", ADA, &String::new()),
    ] {
        let of = of(email);
        let edit = format!("UPDATE {table} SET key_id = '{key}'{besides} WHERE {of}");
        app.sql(&edit).await;
    }
    let lines = Lines::default();
    let guard = lines.collect();
    let app = app.restart().await;
    drop(guard);
    let said = lines.text();
    for words in [
        "not among the keys: second factors 1, tags of second factors 2. Whoever",
        "which is among the keys: second factors 1, tags of second factors 1. Nobody",
        "keys check",
        "keys rotate",
        "user reset-two-factor",
        "ERROR",
    ] {
        assert!(said.contains(words), "no `{words}`: {said}");
    }
    for email in ["eve@example.org", "ivy@example.org", "bob@example.org"] {
        let reply = app.browser().sign_in(email).await;
        reply.refused(503, "factor_unreadable");
        service::users::reset_two_factor(&app.services, email, false)
            .await
            .unwrap();
        app.browser().sign_in(email).await.expect(200);
    }
    let mut ada = app.browser();
    ada.sign_in(ADA).await.expect(200);
    app.clock.set(START + 30);
    ada.give_code(&authenticator.code(START + 30))
        .await
        .expect(200);
    // Nothing is left to be said, once the name in Ada's rows is written anew.
    service::keys::rotation::rotate(&app.services, None, &mut |_| {})
        .await
        .unwrap();
    let lines = Lines::default();
    let guard = lines.collect();
    let app = app.restart().await;
    drop(guard);
    assert!(
        !lines.text().contains("not among the keys"),
        "{}",
        lines.text()
    );
    drop(app);
}

/// F51: unreadable is not off.
#[tokio::test]
async fn a_secret_that_cannot_be_read_lets_nobody_in_by_the_password_alone() {
    use sea_orm::ConnectionTrait as _;
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let mut pending = app.browser();
    pending.sign_in(ADA).await.expect(200);
    let transaction = app.services.database.begin_write().await.unwrap();
    transaction
        .execute_unprepared(&format!(
            "UPDATE second_factors SET sealed_secret = {}",
            app.bytes("0102030405")
        ))
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    pending
        .give_code(&authenticator.code(START + 30))
        .await
        .refused(503, "factor_unreadable");
    let mut browser = app.browser();
    browser.sign_in(ADA).await.refused(503, "factor_unreadable");
    assert!(browser.cookies.is_empty());
    browser
        .call("two-factor/overview", json!({}))
        .await
        .refused(401, "signed_out");
}

#[tokio::test]
async fn a_second_server_on_the_same_file_is_refused_and_on_postgresql_it_is_a_replica() {
    let app = TestApp::start().await;
    let random = Arc::new(SeededRandom::new(3));
    let problem = Application::build(app.settings(), app.clock.clone(), random)
        .await
        .err()
        .map(|problem| problem.to_string());
    let is_refused = problem.is_some_and(|line| line.contains("another server is using"));
    assert_eq!(is_refused, !app.is_postgres());
}
