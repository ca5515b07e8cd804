//! Passwords: forgotten, set anew, changed.

use crypto::clock::Clock as _;
use serde_json::{Value, json};
use service::users::operator;

use crate::support::{Browser, PASSWORD, Reply, START, TestApp};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const OTHER: &str = "violet-sofa-7-drum";

async fn forget(browser: &mut Browser, email: &str) -> Reply {
    browser
        .call("password/forgot", json!({ "email": email }))
        .await
}

async fn reset(browser: &mut Browser, token: &str, password: &str) -> Reply {
    let arguments = json!({ "token": token, "password": password });
    browser.call("password/reset", arguments).await
}

async fn change(browser: &mut Browser, password: &str, current: &str, code: Value) -> Reply {
    let step_up = json!({ "password": current, "code": code });
    let arguments = json!({ "password": password, "step_up": step_up });
    browser.call("password/change", arguments).await
}

/// The link of a user who has forgotten the password.
async fn link(app: &TestApp, email: &str) -> String {
    app.clock.advance(1);
    forget(&mut app.browser(), email).await.expect(200);
    app.links("/reset-password").await.pop().unwrap()
}

/// F115: the form tells nothing.
#[tokio::test]
async fn forgetting_reads_the_same_for_every_address_and_mails_the_stored_one() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    app.create_user(BOB).await;
    operator::disable(&app.services, BOB).await.unwrap();
    let before = app.mails().await.len();
    let hashes = app.services.hasher.hashes();
    let mut answers = Vec::new();
    for email in [" ADA@Example.org", "nobody@example.org", BOB] {
        let reply = forget(&mut app.browser(), email).await.expect(200);
        answers.push(reply.telling());
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    assert_eq!(app.services.hasher.hashes(), hashes);
    let mails = app.mails().await;
    assert_eq!(mails.len(), before + 1);
    let mail = mails.iter().find(|mail| mail.contains("/reset-password"));
    assert!(mail.unwrap().contains("To: ada@example.org"), "{mail:?}");
}

/// F138: only the stored address is mailed.
#[tokio::test]
async fn addresses_that_merely_look_alike_are_mailed_nothing() {
    let app = TestApp::start().await;
    app.create_user("quack@example.org").await;
    for email in [
        "quac\u{212a}@example.org",
        "qu\u{e1}ck@example.org",
        "\u{131}@example.org",
    ] {
        forget(&mut app.browser(), email)
            .await
            .refused(422, "invalid_fields");
    }
    assert!(app.mails().await.is_empty());
}

/// F35, F79: a reset is no sign-in, and leaves none.
#[tokio::test]
async fn a_link_sets_the_password_ends_everything_and_signs_nobody_in() {
    let app = TestApp::start().await;
    let (mut session, authenticator) = app.member_with_two_factor(ADA).await;
    let mut trusted = app.browser();
    trusted.sign_in(ADA).await.expect(200);
    let code = authenticator.code(START + 30);
    trusted.give_code_and_trust(&code).await.expect(200);
    let mut pending = app.browser();
    pending.sign_in(ADA).await.expect(200);
    let token = link(&app, ADA).await;
    let mut browser = app.browser();
    reset(&mut browser, &token, OTHER).await.expect(200);
    // The link has proven the mailbox, so the browser is known; nobody is signed in.
    let cookies: Vec<_> = browser.cookies.keys().collect();
    assert_eq!(cookies, ["twofold_browser"]);
    for old in [&mut session, &mut trusted, &mut pending] {
        assert_eq!(old.state().await, "signed_out");
    }
    browser.sign_in(ADA).await.refused(401, "wrong_credentials");
    for asked in [&mut browser, &mut trusted] {
        let reply = asked.sign_in_with(ADA, OTHER).await.expect(200);
        assert_eq!(reply.json()["step"], "second_factor_due");
    }
    app.clock.set(START + 60);
    let code = authenticator.code(app.clock.now());
    browser.give_code(&code).await.expect(200);
    reset(&mut browser, &token, "another-plum-9-river")
        .await
        .refused(409, "link_over");
    assert_eq!(app.count_mails("Your password was set anew").await, 1);
}

/// F12: a link is spent by its first use.
#[tokio::test(flavor = "multi_thread")]
async fn ten_uses_of_one_link_at_once_set_one_password() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let token = link(&app, ADA).await;
    let mut tasks = Vec::new();
    for n in 0..10 {
        let (mut browser, token) = (app.browser(), token.clone());
        tasks.push(tokio::spawn(async move {
            let password = format!("{OTHER}-{n}");
            let status = reset(&mut browser, &token, &password).await.status;
            (status, password)
        }));
    }
    let mut set = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            (200, password) => set.push(password),
            (status, _) => assert_eq!(status, 409),
        }
    }
    assert_eq!(set.len(), 1);
    app.browser().sign_in_with(ADA, &set[0]).await.expect(200);
}

async fn open(app: &TestApp, token: &str) -> Reply {
    let arguments = json!({ "token": token });
    app.browser().call("password/open", arguments).await
}

/// Nobody fills in a form for a link that is over, and a program that opens every link of a mail spends none.
#[tokio::test]
async fn opening_a_link_says_whose_password_it_sets_and_changes_nothing() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let token = link(&app, "ADA@example.org").await;
    let before = app.count("password_reset_links").await;
    for _ in 0..30 {
        let reply = open(&app, &token).await.expect(200);
        assert_eq!(reply.json(), ADA);
    }
    for text in ["", &token[1..], &"A".repeat(43)] {
        open(&app, text).await.refused(409, "link_over");
    }
    assert_eq!(app.count("password_reset_links").await, before);
    app.sql("UPDATE users SET disabled_at = 1").await;
    open(&app, &token).await.refused(409, "link_over");
    app.sql("UPDATE users SET disabled_at = NULL").await;
    reset(&mut app.browser(), &token, OTHER).await.expect(200);
    open(&app, &token).await.refused(409, "link_over");
}

#[tokio::test]
async fn a_link_is_over_after_half_an_hour() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let first = link(&app, ADA).await;
    app.clock.advance(30 * 60);
    let mut browser = app.browser();
    open(&app, &first).await.refused(409, "link_over");
    reset(&mut browser, &first, OTHER)
        .await
        .refused(409, "link_over");
    let second = link(&app, ADA).await;
    app.clock.advance(30 * 60 - 1);
    reset(&mut browser, &second, OTHER).await.expect(200);
}

/// Anybody can ask for one more link: were it the end of the others, a stranger who keeps asking would keep the user from
/// ever setting a password.
#[tokio::test]
async fn a_link_outlives_later_ones_and_the_first_that_is_used_ends_all() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mine = link(&app, ADA).await;
    let later = link(&app, ADA).await;
    let mut browser = app.browser();
    reset(&mut browser, &mine, OTHER).await.expect(200);
    for over in [&mine, &later] {
        reset(&mut browser, over, "another-plum-9-river")
            .await
            .refused(409, "link_over");
    }
    assert_eq!(app.count("password_reset_links").await, 0);
    browser.sign_in_with(ADA, OTHER).await.expect(200);
}

/// While versions are exchanged, a server of the one before makes its links.
#[tokio::test]
async fn a_link_of_the_version_before_sets_a_password_once() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let token = link(&app, ADA).await;
    app.sql("INSERT INTO password_resets (user_id, token_hash, expires_at) SELECT user_id, token_hash, expires_at FROM password_reset_links")
        .await;
    app.sql("DELETE FROM password_reset_links").await;
    let mut browser = app.browser();
    reset(&mut browser, &token, OTHER).await.expect(200);
    reset(&mut browser, &token, "another-plum-9-river")
        .await
        .refused(409, "link_over");
}

#[tokio::test]
async fn what_is_no_link_or_one_for_something_else_sets_nothing() {
    let app = TestApp::start().await;
    let setup = app.setup_token.clone().unwrap();
    let browser = app.member(ADA).await;
    let token = link(&app, ADA).await;
    let session = browser.cookies["twofold_session"].clone();
    let mut other = app.browser();
    for text in [
        &token[1..],
        &token[..42],
        &format!("{token}{token}"),
        &format!("{token} "),
        "",
        &setup,
        &session,
        &"A".repeat(43),
    ] {
        reset(&mut other, text, OTHER)
            .await
            .refused(409, "link_over");
    }
    let password = json!({ "token": token, "password": PASSWORD });
    for (asker, endpoint, arguments) in [
        (&browser, "profile/confirm-email", json!({ "token": token })),
        (&other, "sign-up/finish", password),
        (&other, "sign-in/link", json!({ "token": token })),
    ] {
        let reply = asker.clone().call(endpoint, arguments).await;
        assert!(matches!(reply.status, 403 | 409), "{endpoint}: {reply:?}");
    }
    let hashes = app.services.hasher.hashes();
    reset(&mut other, &"A".repeat(43), OTHER)
        .await
        .refused(409, "link_over");
    assert_eq!(app.services.hasher.hashes(), hashes);
    reset(&mut other, &token, OTHER).await.expect(200);
}

/// F141: what is too long is not hashed.
#[tokio::test]
async fn a_password_that_cannot_be_taken_leaves_the_link_good_and_costs_no_hash() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let token = link(&app, ADA).await;
    let mut browser = app.browser();
    let hashes = app.services.hasher.hashes();
    for password in [
        "",
        "short",
        "password1",
        "ada@example.org",
        &"x".repeat(129),
    ] {
        let reply = reset(&mut browser, &token, password)
            .await
            .refused(422, "invalid_fields");
        assert_eq!(reply.json()["fields"][0]["field"], "new_password");
    }
    reset(&mut browser, &token, &"x".repeat(1 << 20))
        .await
        .refused(413, "too_large");
    assert_eq!(app.services.hasher.hashes(), hashes);
    let longest = format!("{OTHER}{}", "🦀🎻".repeat(55));
    assert_eq!(longest.chars().count(), 128);
    reset(&mut browser, &token, &longest).await.expect(200);
    let cut: String = longest.chars().take(127).collect();
    browser
        .sign_in_with(ADA, &cut)
        .await
        .refused(401, "wrong_credentials");
    browser.sign_in_with(ADA, &longest).await.expect(200);
}

/// F21: letter case brings no new budget.
#[tokio::test]
async fn an_address_is_mailed_three_links_in_a_quarter_of_an_hour_in_whatever_case() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    for email in [ADA, "ADA@example.org", "Ada@Example.Org "] {
        forget(&mut app.browser(), email).await.expect(200);
    }
    for email in [ADA, "aDa@example.org"] {
        let reply = forget(&mut app.browser(), email).await;
        reply.refused(429, "paused");
    }
    assert_eq!(app.links("/reset-password").await.len(), 3);
    app.clock.advance(15 * 60);
    forget(&mut app.browser(), ADA).await.expect(200);
    assert_eq!(app.links("/reset-password").await.len(), 4);
}

#[tokio::test]
async fn a_client_address_asks_for_twenty_links_an_hour() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    for n in 0..20 {
        let email = format!("nobody{n}@example.org");
        forget(&mut app.browser(), &email).await.expect(200);
    }
    for email in [ADA, "nobody@example.org"] {
        let reply = forget(&mut app.browser(), email)
            .await
            .refused(429, "paused");
        assert_eq!(reply.headers["retry-after"], "3600");
    }
    assert!(app.mails().await.is_empty());
    let mut app = app.restart().await;
    forget(&mut app.browser(), ADA).await.refused(429, "paused");
    app.clock.advance(3600);
    forget(&mut app.browser(), ADA).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn a_link_outlives_a_restart() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let token = link(&app, ADA).await;
    let app = app.restart().await;
    reset(&mut app.browser(), &token, OTHER).await.expect(200);
}

#[tokio::test]
async fn changing_takes_the_password_in_use_and_another_one() {
    let app = TestApp::start().await;
    change(&mut app.browser(), OTHER, PASSWORD, Value::Null)
        .await
        .refused(401, "signed_out");
    let mut browser = app.member(ADA).await;
    change(&mut browser, OTHER, "wrong password", Value::Null)
        .await
        .refused(422, "wrong_password");
    for (password, problem) in [
        (PASSWORD, "unchanged"),
        ("ada@example.org", "guessable"),
        ("short", "too_short"),
    ] {
        let reply = change(&mut browser, password, PASSWORD, Value::Null)
            .await
            .refused(422, "invalid_fields");
        let field = &reply.json()["fields"][0];
        assert_eq!(field["field"], "new_password");
        assert_eq!(field["problem"]["problem"], problem);
    }
    let hashes = app.services.hasher.hashes();
    for (password, current) in [
        (OTHER.to_owned(), "x".repeat(129)),
        ("x".repeat(129), PASSWORD.to_owned()),
    ] {
        change(&mut browser, &password, &current, Value::Null)
            .await
            .refused(422, "invalid_fields");
    }
    assert_eq!(app.services.hasher.hashes(), hashes);
    assert_eq!(browser.state().await, "signed_in");
}

/// F79: no session outlives the password.
#[tokio::test]
async fn changing_gives_this_session_a_new_token_and_ends_the_others() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    let mut elsewhere = app.browser();
    elsewhere.sign_in(ADA).await.expect(200);
    let token = link(&app, ADA).await;
    let mut before = browser.clone();
    change(&mut browser, OTHER, PASSWORD, Value::Null)
        .await
        .expect(200);
    assert_eq!(browser.state().await, "signed_in");
    for old in [&mut before, &mut elsewhere] {
        assert_eq!(old.state().await, "signed_out");
    }
    reset(&mut app.browser(), &token, "another-plum-9-river")
        .await
        .refused(409, "link_over");
    app.browser()
        .sign_in(ADA)
        .await
        .refused(401, "wrong_credentials");
    app.browser().sign_in_with(ADA, OTHER).await.expect(200);
    assert_eq!(app.count_mails("Your password was changed").await, 1);
    let activity = browser.call("sessions/activity", json!({ "before": null }));
    let kinds = activity.await.expect(200).text;
    assert!(kinds.contains("password_changed"), "{kinds}");
}

#[tokio::test]
async fn changing_asks_for_a_code_when_the_last_is_old_and_wrong_ones_are_counted_and_told() {
    let app = TestApp::start().await;
    let (mut browser, authenticator) = app.member_with_two_factor(ADA).await;
    app.clock.advance(16 * 60);
    change(&mut browser, OTHER, PASSWORD, Value::Null)
        .await
        .refused(422, "code_needed");
    let wrong = authenticator.wrong_code(app.clock.now());
    for _ in 0..10 {
        change(&mut browser, OTHER, PASSWORD, json!(wrong))
            .await
            .refused(422, "wrong_code");
    }
    change(&mut browser, OTHER, PASSWORD, json!(wrong))
        .await
        .refused(429, "paused");
    assert_eq!(app.count_mails("A wrong code after your password").await, 1);
    app.clock.advance(60);
    let code = authenticator.code(app.clock.now());
    change(&mut browser, OTHER, PASSWORD, json!(code))
        .await
        .expect(200);
    let state = browser.overview().await;
    assert_eq!(state["two_factor"]["state"], "on");
    assert_eq!(state["step_up_needs_code"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_changes_at_once_one_counts() {
    let app = TestApp::start().await;
    let browser = app.member(ADA).await;
    let mut tasks = Vec::new();
    for n in 0..6 {
        let mut browser = browser.clone();
        tasks.push(tokio::spawn(async move {
            let password = format!("{OTHER}-{n}");
            change(&mut browser, &password, PASSWORD, Value::Null)
                .await
                .status
        }));
    }
    let mut done = 0;
    for task in tasks {
        match task.await.unwrap() {
            200 => done += 1,
            status => assert_eq!(status, 401),
        }
    }
    assert_eq!(done, 1);
}
