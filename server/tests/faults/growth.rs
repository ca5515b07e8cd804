//! What one user adds to the log has an upper bound, over all their sessions and browsers; and who spends what others need.

use serde_json::{Value, json};
use service::limits::{OWN_ACTS, OWN_SIGN_INS, PARTS};
use settings::Limits;

use crate::budgets::LINES_OF_AN_ACT;
use crate::support::{Browser, Reply, TestApp};

const ADA: &str = "ada@example.org";
const NEW_PASSWORD: &str = "violet-sofa-7-drum";
const DAY: i64 = 24 * 60 * 60;
/// Lines of a sign-in: that it was, that the browser is new, and that it was signed out of.
const LINES_OF_A_SIGN_IN: u32 = 3;
/// Few, so that they can be used up.
const SIGN_INS: u32 = 12;
/// Sign-ins that suffice to push out every known browser.
const MANY: u32 = 60;

async fn app() -> TestApp {
    let app = TestApp::start_with(|settings| {
        settings.trusted_proxies = serde_json::from_str("[\"127.0.0.1\"]").unwrap();
        settings.limits.acts_per_user = OWN_ACTS + 1;
        settings.limits.sign_ins_per_user = SIGN_INS;
    })
    .await;
    app.create_user(ADA).await;
    app
}

/// A browser that has never been here, at a client address of its own.
fn anywhere(app: &TestApp, n: u32) -> Browser {
    let mut browser = app.browser();
    browser.forwarded_for = Some(format!("203.0.113.{n}"));
    browser
}

async fn rename(browser: &mut Browser) -> Reply {
    let name = json!({ "name": "Ada" });
    browser.call("profile/rename", name).await
}

/// Acts in a session until none is left: how many there were.
async fn use_up(browser: &mut Browser) -> u32 {
    let mut acts = 0;
    while rename(browser).await.status == 200 {
        acts += 1;
    }
    acts
}

/// Lines that a user adds in a quarter of an hour at most, as docs/operating.md counts them.
const fn most_lines(limits: &Limits) -> u32 {
    let sign_ins = 2 * limits.sign_ins_per_user + 2 * OWN_SIGN_INS;
    let acts = limits.acts_per_user + 2 * OWN_ACTS + PARTS * OWN_ACTS;
    LINES_OF_A_SIGN_IN * sign_ins + LINES_OF_AN_ACT * acts
}

/// The number in docs/operating.md is that of the limits as they are.
#[test]
fn the_operator_reads_how_many_lines_a_user_can_add() {
    let docs = include_str!("../../../docs/operating.md");
    let a_day = u64::from(most_lines(&Limits::default())) * 4 * 24;
    let thousands = format!("{},{:03} lines", a_day / 1000, a_day % 1000);
    assert!(docs.contains(&thousands), "{thousands}");
}

/// Each session has acts of its own; signing in again and again gives no others without end.
#[tokio::test]
async fn whoever_signs_in_again_and_again_adds_no_lines_without_end() {
    let app = app().await;
    let before = app.count("audit_events").await;
    let mut known = Vec::new();
    for n in 0..5 {
        let mut browser = anywhere(&app, n);
        browser.sign_in(ADA).await.expect(200);
        known.push(browser);
    }
    let (mut sign_ins, mut acts) = (5, 0);
    for n in 0..4 * SIGN_INS {
        let browser = &mut known[n as usize % 5];
        browser.cookies.remove("twofold_session");
        let mut stranger = anywhere(&app, 10 + n);
        for browser in [browser, &mut stranger] {
            if browser.sign_in(ADA).await.status == 200 {
                sign_ins += 1;
                acts += use_up(browser).await;
                browser.call("session/sign-out", json!({})).await;
            }
        }
    }
    assert_eq!(sign_ins, SIGN_INS);
    assert!(acts <= OWN_ACTS * (PARTS + 2) + 1, "{acts} acts");
    let lines = app.count("audit_events").await - before;
    let most = most_lines(&app.settings().limits);
    assert!(lines <= i64::from(most), "{lines} lines");
    app.clock.advance(15 * 60);
    known[0].sign_in(ADA).await.expect(200);
    rename(&mut known[0]).await.expect(200);
}

/// Who has stolen the password of a user without a second factor uses up what all browsers share. The user signs in and
/// acts where the mailbox was proven, and signs in where they have been for a day.
#[tokio::test]
async fn a_thief_of_the_password_uses_up_nothing_that_a_proven_browser_needs() {
    let app = app().await;
    let (mut long_known, mut proven) = (anywhere(&app, 1), anywhere(&app, 2));
    long_known.sign_in(ADA).await.expect(200);
    app.clock.advance(DAY);
    proven.sign_in(ADA).await.expect(200);
    app.sql(&format!(
        "UPDATE known_browsers SET mailbox_proven_at = {} WHERE address = '203.0.113.2'",
        app.services.now().seconds(),
    ))
    .await;
    app.sql("DELETE FROM tries").await;
    let mut thief = anywhere(&app, 3);
    for n in 0..SIGN_INS {
        thief = anywhere(&app, 10 + n);
        thief.sign_in(ADA).await.expect(200);
        use_up(&mut thief).await;
    }
    for mut browser in [thief, anywhere(&app, 4)] {
        browser.sign_in(ADA).await.refused(429, "paused");
    }
    long_known.sign_in(ADA).await.expect(200);
    for _ in 0..OWN_SIGN_INS {
        proven.sign_in(ADA).await.expect(200);
    }
    proven.sign_in(ADA).await.refused(429, "paused");
    assert_eq!(use_up(&mut proven).await, OWN_ACTS);
}

/// A thief of the password signs in as often as it takes to push out every known browser, and then uses up what all share.
/// Those that have proven the mailbox, and those known for a day, are known as before.
#[tokio::test]
async fn a_thief_of_the_password_pushes_out_no_browser_that_has_shown_more() {
    let app = app_with_many().await;
    let (mut long_known, mut proven) = (anywhere(&app, 1), anywhere(&app, 2));
    long_known.sign_in(ADA).await.expect(200);
    proven.sign_in(ADA).await.expect(200);
    app.sql(&format!(
        "UPDATE known_browsers SET mailbox_proven_at = {} WHERE address = '203.0.113.2'",
        app.services.now().seconds(),
    ))
    .await;
    app.clock.advance(DAY);
    let mut last = anywhere(&app, 3);
    for n in 0..MANY {
        app.clock.advance(1);
        last = anywhere(&app, 10 + n);
        last.sign_in(ADA).await.expect(200);
        if n < SIGN_INS {
            use_up(&mut last).await;
        }
    }
    assert_eq!(app.count("known_browsers").await, 50);
    assert_eq!(known_at(&app, 1).await, 1);
    assert_eq!(known_at(&app, 2).await, 1);
    assert_eq!(known_at(&app, 10).await, 0);
    assert_eq!(known_at(&app, 10 + MANY - 1).await, 1);
    last.sign_in(ADA).await.refused(429, "paused");
    long_known.sign_in(ADA).await.expect(200);
    for _ in 0..OWN_SIGN_INS {
        proven.sign_in(ADA).await.expect(200);
    }
    assert_eq!(use_up(&mut proven).await, OWN_ACTS);
}

/// Where every place is taken by a browser that has proven the mailbox, one with the password alone is signed in and stays
/// unknown.
#[tokio::test]
async fn proven_browsers_give_way_to_none_that_has_shown_the_password_alone() {
    let app = app_with_many().await;
    for n in 0..50 {
        anywhere(&app, 10 + n).sign_in(ADA).await.expect(200);
    }
    let now = app.services.now().seconds();
    let prove = format!("UPDATE known_browsers SET mailbox_proven_at = {now}");
    app.sql(&prove).await;
    let mut browser = anywhere(&app, 3);
    browser.sign_in(ADA).await.expect(200);
    rename(&mut browser).await.expect(200);
    assert_eq!(known_at(&app, 3).await, 0);
    assert_eq!(app.count("known_browsers").await, 50);
}

/// Those that have given a code give way to others that have.
#[tokio::test]
async fn proven_browsers_give_way_to_proven_ones() {
    let app = app_with_many().await;
    let bob = "bob@example.org";
    let (_, authenticator) = app.member_with_two_factor(bob).await;
    for n in 0..52 {
        app.clock.advance(30);
        let mut browser = anywhere(&app, 100 + n);
        browser.sign_in(bob).await.expect(200);
        let code = authenticator.code(app.services.now());
        browser.give_code(&code).await.expect(200);
    }
    assert_eq!(app.count("known_browsers").await, 50);
    assert_eq!(known_at(&app, 101).await, 0);
    assert_eq!(known_at(&app, 102).await, 1);
    assert_eq!(known_at(&app, 151).await, 1);
}

async fn app_with_many() -> TestApp {
    let app = TestApp::start_with(|settings| {
        settings.trusted_proxies = serde_json::from_str("[\"127.0.0.1\"]").unwrap();
        settings.limits.acts_per_user = OWN_ACTS + 1;
        settings.limits.sign_ins_per_user = MANY;
    })
    .await;
    app.create_user(ADA).await;
    app
}

/// How many browsers are known that were last seen there.
async fn known_at(app: &TestApp, n: u32) -> i64 {
    let of = format!("SELECT COUNT(*) FROM known_browsers WHERE address = '203.0.113.{n}'");
    app.number(&of).await
}

/// A new password by mail ends what a thief of the old one does, and makes the browser one that has proven the mailbox.
#[tokio::test]
async fn a_new_password_by_mail_is_a_way_in_whatever_a_thief_of_the_old_one_has_used_up() {
    let app = app().await;
    for n in 0..SIGN_INS {
        anywhere(&app, 10 + n).sign_in(ADA).await.expect(200);
    }
    let mut ada = anywhere(&app, 1);
    ada.sign_in(ADA).await.refused(429, "paused");
    let forgot = json!({ "email": ADA });
    ada.call("password/forgot", forgot).await.expect(200);
    let links = app.links("/reset-password").await;
    let reset = json!({ "token": links.last().unwrap(), "password": NEW_PASSWORD });
    ada.call("password/reset", reset).await.expect(200);
    ada.sign_in_with(ADA, NEW_PASSWORD).await.expect(200);
    assert_eq!(use_up(&mut ada).await, OWN_ACTS + 1);
}

/// Who has only the password of a user with a second factor uses up no sign-in of theirs. What codes finish is counted
/// apart, and a code that comes when none is left stays spent.
#[tokio::test]
async fn sign_ins_with_a_code_are_used_up_by_codes_alone() {
    let app = app().await;
    let (_, authenticator) = app.member_with_two_factor("bob@example.org").await;
    for n in 0..2 * SIGN_INS {
        anywhere(&app, 10 + n)
            .sign_in("bob@example.org")
            .await
            .expect(200);
    }
    let sign_in = async |n: u32| {
        app.clock.advance(30);
        let mut browser = anywhere(&app, 100 + n);
        browser.sign_in("bob@example.org").await.expect(200);
        let code = authenticator.code(app.services.now());
        let reply = browser.give_code(&code).await;
        (reply, browser, code)
    };
    for n in 0..SIGN_INS {
        sign_in(n).await.0.expect(200);
    }
    let (reply, mut browser, code) = sign_in(SIGN_INS).await;
    reply.refused(429, "paused");
    app.sql("DELETE FROM tries").await;
    let again = browser.give_code(&code).await.refused(422, "wrong_code");
    assert_ne!(again.json()["attempts_left"], Value::Null);
}

/// A recovery code is spent though no sign-in is left, and its user hears of it all the same.
#[tokio::test]
async fn a_recovery_code_at_an_empty_budget_is_logged_and_told() {
    let app = TestApp::start_with(|settings| settings.limits.sign_ins_per_user = 1).await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    for (n, status) in [(0, 200), (1, 429)] {
        let mut browser = app.browser();
        browser.sign_in(ADA).await.expect(200);
        let reply = browser.give_recovery_code(&authenticator.recovery_codes[n]);
        reply.await.expect(status);
    }
    assert_eq!(app.mails_with("A recovery code was used").await, 2);
    let lines = "SELECT count(*) FROM audit_events WHERE kind = 'recovery_code_used'";
    assert_eq!(app.number(lines).await, 1);
}

/// Browsers of a user that were first seen in one second are counted apart.
#[tokio::test]
async fn browsers_first_seen_in_one_second_share_no_count() {
    let app = TestApp::start_with(|settings| settings.limits.wrong_passwords_per_browser = 2).await;
    app.create_user(ADA).await;
    let mut browsers = Vec::new();
    for _ in 0..3 {
        let mut browser = app.browser();
        browser.sign_in(ADA).await.expect(200);
        browsers.push(browser);
    }
    for browser in &mut browsers {
        for _ in 0..2 {
            let guess = browser.sign_in_with(ADA, "a wrong one").await;
            guess.refused(401, "wrong_credentials");
        }
        let spent = browser.sign_in(ADA).await;
        spent.refused(429, "paused");
    }
}
