//! Somebody with a stolen password cannot lock the user out of the browser that they use.

use app::api::{Level, all_functions};
use std::collections::BTreeSet;

use crypto::clock::Clock as _;
use serde_json::json;

use crate::doors::{ALL_ASK, doors, is_taken, sign_in_by};
use crate::support::{Authenticator, Browser, Lines, PASSWORD, START, TestApp};
use crate::world::{OLGA, World};

const ADA: &str = "ada@example.org";
const NEW_PASSWORD: &str = "violet-sofa-7-drum";
const LONGEST_PAUSE: i64 = 15 * 60;
/// No browser has proven anything.
pub(crate) const ALL_STRANGERS: &str =
    "UPDATE known_browsers SET factor_proven_at = NULL, mailbox_proven_at = NULL;";

/// No code was looked at within the last minute.
const LONG_AGO: &str = "UPDATE known_browsers SET factor_tried_at = factor_tried_at - 60;";

/// So many wrong codes in a row, the last of them now.
pub(crate) fn guessed(times: u32) -> String {
    let now = START.0;
    format!("UPDATE users SET factor_failures = {times}, factor_failed_at = {now};")
}

/// Gives wrong codes with the right password from new browsers, waits out each pause, until so many were looked at.
async fn guess(app: &TestApp, authenticator: &Authenticator, times: u32) {
    let wrong = authenticator.wrong_code(app.clock.now());
    let (mut looked_at, mut browser) = (0, app.browser());
    while looked_at < times {
        match browser.give_code(&wrong).await.code().as_str() {
            "wrong_code" => looked_at += 1,
            "paused" => {
                app.clock.advance(LONGEST_PAUSE);
            }
            _ => {
                browser = app.browser();
                browser.sign_in(ADA).await.expect(200);
            }
        }
    }
}

/// Gives a code as proof inside a session whose last one is old: `ok`, or the code of the refusal.
async fn step_up(app: &TestApp, browser: &mut Browser, code: &str) -> String {
    // As of now, and not of later: upkeep removes what is dated in the future.
    let now = app.clock.now().0;
    app.sql(&format!(
        "UPDATE sessions SET second_factor_at = 1, last_active_at = {now}, created_at = {now}"
    ))
    .await;
    let call = json!({ "step_up": { "password": PASSWORD, "code": code } });
    let reply = browser.call("two-factor/new-recovery-codes", call).await;
    if reply.status == 200 {
        "ok".to_owned()
    } else {
        reply.code()
    }
}

async fn failures(app: &TestApp) -> u32 {
    app.user(ADA).await.factor_failures.in_a_row
}

/// F24, F25: the attack. Ten wrong codes by who has the password pause every browser but the one that its user uses.
#[tokio::test]
async fn strangers_do_not_pause_a_browser_that_has_given_the_factor() {
    let app = TestApp::start().await;
    let (mut own, authenticator) = app.member_with_two_factor(ADA).await;
    guess(&app, &authenticator, 10).await;
    let mut stranger = app.browser();
    stranger.sign_in(ADA).await.expect(200);
    let recovery_code = &authenticator.recovery_codes[0];
    let right = authenticator.code(START + 30);
    for code in [&right, recovery_code] {
        let reply = sign_in_by(&mut stranger, code).await;
        reply.refused(429, "paused");
    }
    own.call("session/sign-out", json!({})).await.expect(200);
    own.sign_in(ADA).await.expect(200);
    own.give_code(&right).await.expect(200);
    // It says nothing about who guessed.
    assert_eq!(failures(&app).await, 10);
    stranger.sign_in(ADA).await.expect(200);
    let reply = stranger.give_recovery_code(recovery_code).await;
    reply.refused(429, "paused");
    own.call("session/sign-out", json!({})).await.expect(200);
    own.sign_in(ADA).await.expect(200);
    own.give_recovery_code(recovery_code).await.expect(200);
    assert_eq!(failures(&app).await, 0);
}

/// F24, F25, F30: every door that takes a code takes a right one in such a browser, of either kind, whatever strangers have
/// paused or closed, and in no other.
#[tokio::test]
async fn every_door_knows_the_browser_that_has_given_the_factor() {
    let world = World::new().await;
    let right = world.app_of_olga.code(START + 30);
    let recovery_code = &world.app_of_olga.recovery_codes[0];
    for (times, refused, of_recovery) in
        [(10, "paused", "paused"), (100, "factor_closed", "paused")]
    {
        for (code, refused) in [(&right, refused), (recovery_code, of_recovery)] {
            let own = format!("{ALL_ASK} {LONG_AGO} {}", guessed(times));
            let strange = format!("{own} {ALL_STRANGERS}");
            for door in doors() {
                world.put_back(&strange).await;
                let reply = world.knock(&mut world.olga.clone(), door, code).await;
                assert_eq!(reply.code(), refused, "{door}, {times}: {}", reply.text);
                world.put_back(&own).await;
                let reply = world.knock(&mut world.olga.clone(), door, code).await;
                assert!(is_taken(door, &reply), "{door}, {times}: {}", reply.text);
            }
            for prelude in [&strange, &own] {
                world.put_back(prelude).await;
                let mut olga = world.olga.clone();
                olga.call("session/sign-out", json!({})).await.expect(200);
                olga.sign_in(OLGA).await.expect(200);
                let reply = sign_in_by(&mut olga, code).await;
                let expected = if prelude == &own { "" } else { refused };
                assert_eq!(reply.code(), expected, "{times}: {}", reply.text);
            }
        }
    }
}

/// What waits for a code has no door but these: the two that take one, which the tests here walk, and the one that sends it,
/// which `api/sms` walks.
#[test]
fn a_pending_sign_in_has_no_other_doors() {
    let pending = all_functions().filter(|one| one.level == Level::PendingSignIn);
    let pending: BTreeSet<_> = pending.map(|one| one.path).collect();
    let known = ["send-code", "code", "recovery-code"].map(|door| format!("/api/sign-in/{door}"));
    let known: BTreeSet<_> = known.iter().map(String::as_str).collect();
    assert_eq!(pending, known);
}

/// F15, F25: a hundred wrong codes close the factor; the user's own browser is still let in, once a minute, and does not
/// open it for others. A recovery code does.
#[tokio::test]
async fn what_strangers_have_closed_takes_a_right_code_once_a_minute_in_the_own_browser() {
    let app = TestApp::start().await;
    let (mut own, authenticator) = app.member_with_two_factor(ADA).await;
    app.sql(&guessed(100)).await;
    app.clock.advance(60);
    let now = |app: &TestApp| authenticator.code(app.clock.now());
    let wrong = authenticator.wrong_code(app.clock.now());
    let mut stranger = app.browser();
    stranger.sign_in(ADA).await.expect(200);
    let reply = stranger.give_code(&now(&app)).await;
    reply.refused(429, "factor_closed");
    assert_eq!(step_up(&app, &mut own, &wrong).await, "wrong_code");
    assert_eq!(step_up(&app, &mut own, &now(&app)).await, "paused");
    app.clock.advance(60);
    assert_eq!(step_up(&app, &mut own, &now(&app)).await, "ok");
    assert_eq!(failures(&app).await, 100);
    app.clock.advance(30);
    assert_eq!(step_up(&app, &mut own, &now(&app)).await, "paused");
    app.clock.advance(30);
    assert_eq!(step_up(&app, &mut own, &now(&app)).await, "ok");
    let mut stranger = app.browser();
    stranger.sign_in(ADA).await.expect(200);
    app.clock.advance(30);
    let reply = stranger.give_code(&now(&app)).await;
    reply.refused(429, "factor_closed");
    app.clock.advance(30);
    let call = json!({ "step_up": { "password": PASSWORD, "code": now(&app) } });
    app.sql("UPDATE sessions SET second_factor_at = 1").await;
    let codes = own.call("two-factor/new-recovery-codes", call).await;
    let codes = codes.expect(200).json();
    app.clock.advance(60);
    let recovery_code = codes["codes"][0].as_str().unwrap();
    assert_eq!(step_up(&app, &mut own, recovery_code).await, "ok");
    assert_eq!(failures(&app).await, 0);
    stranger.sign_in(ADA).await.expect(200);
    stranger.give_code(&now(&app)).await.expect(200);
}

/// Who has the password closes the factor, and its user hears of it: in a mail, in their activity and, for
/// whoever guards the door, in the log. Once in each closing, and one mail a day, however often it is closed anew.
#[tokio::test]
async fn a_closed_factor_is_told_once_in_each_closing_and_mailed_once_a_day() {
    let log = Lines::default();
    let _guard = log.collect();
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let ada = app.user(ADA).await.id.to_string();
    let mail = "Codes are not accepted any more after a hundred wrong ones";
    let told = async || {
        let events = app.events().await;
        let rows = events.iter().filter(|it| *it == "factor_closed").count();
        let lines = log.all("wrong codes closed a second factor");
        assert!(lines.iter().all(|line| {
            line["span"]["client"] == "127.0.0.1" && line["span"]["user.id"] == ada.as_str()
        }));
        (rows, lines.len(), app.mails_with(mail).await)
    };
    let close = async || {
        app.sql(&guessed(98)).await;
        app.clock.advance(LONGEST_PAUSE);
        guess(&app, &authenticator, 2).await;
    };
    app.sql(&guessed(97)).await;
    app.clock.advance(LONGEST_PAUSE);
    guess(&app, &authenticator, 2).await;
    assert_eq!(told().await, (0, 0, 0), "the ninety-ninth");
    close().await;
    assert_eq!(told().await, (1, 1, 1));
    let mut stranger = app.browser();
    for _ in 0..3 {
        stranger.sign_in(ADA).await.expect(200);
        let refused = stranger.give_code("000000").await;
        refused.refused(429, "factor_closed");
    }
    assert_eq!(
        told().await,
        (1, 1, 1),
        "what is closed is not closed again"
    );
    close().await;
    assert_eq!(told().await, (2, 2, 1), "the same day");
    app.clock.advance(86_400);
    close().await;
    assert_eq!(told().await, (3, 3, 2));
}

/// F30: the own count of a browser is small: twenty wrong codes until a right one, each pause waited out, and a copy of its
/// cookie stands as any other.
#[tokio::test]
async fn a_copied_cookie_is_worth_twenty_codes() {
    let app = TestApp::start().await;
    let (own, authenticator) = app.member_with_two_factor(ADA).await;
    app.sql(&guessed(100)).await;
    let mut thief = own.clone();
    let (mut looked_at, mut last) = (0, String::new());
    for _ in 0..60 {
        last = step_up(&app, &mut thief, &authenticator.wrong_code(START)).await;
        looked_at += i32::from(last == "wrong_code");
        app.clock.advance(LONGEST_PAUSE);
    }
    assert_eq!((looked_at, last.as_str()), (20, "factor_closed"));
    assert_eq!(failures(&app).await, 120);
}

/// Wrong recovery codes at a closed factor, one in a quarter of an hour, for a day and more: they count no further, so that the
/// browser of its user stays one that may try.
#[tokio::test]
async fn wrong_recovery_codes_at_a_closed_factor_close_no_proven_browser() {
    let app = TestApp::start().await;
    let (mut own, authenticator) = app.member_with_two_factor(ADA).await;
    own.call("session/sign-out", json!({})).await.expect(200);
    app.sql(&guessed(100)).await;
    let mut looked_at = 0;
    for _ in 0..110 {
        app.clock.advance(LONGEST_PAUSE);
        let mut thief = app.browser();
        thief.sign_in(ADA).await.expect(200);
        let reply = thief.give_recovery_code("aaaa-bbbb-cccc-dddd").await;
        looked_at += usize::from(reply.code() == "wrong_code");
    }
    assert_eq!(looked_at, 110);
    assert_eq!(failures(&app).await, 100);
    own.sign_in(ADA).await.expect(200);
    let right = authenticator.code(app.clock.now());
    own.give_code(&right).await.expect(200);
}

/// F15, F18: however many wrong codes one browser gives at once, ten are looked at and counted, on its own count and on that
/// of all.
#[tokio::test(flavor = "multi_thread")]
async fn many_wrong_codes_at_once_in_the_own_browser_are_ten() {
    let app = TestApp::start().await;
    let (mut own, authenticator) = app.member_with_two_factor(ADA).await;
    own.call("session/sign-out", json!({})).await.expect(200);
    app.sql(&guessed(50)).await;
    let wrong = authenticator.wrong_code(START);
    let mut waiting = vec![own.clone(); 8];
    for browser in &mut waiting {
        browser.sign_in(ADA).await.expect(200);
    }
    let mut running = Vec::new();
    for browser in waiting.iter().cycle().take(5 * waiting.len()) {
        let (mut browser, wrong) = (browser.clone(), wrong.clone());
        running.push(tokio::spawn(async move {
            browser.give_code(&wrong).await.code()
        }));
    }
    let mut looked_at = 0;
    for code in running {
        let code = code.await.unwrap();
        looked_at += u32::from(code == "wrong_code");
        assert!(
            ["wrong_code", "sign_in_over"].contains(&code.as_str()),
            "{code}"
        );
    }
    let counted = "SELECT CAST(SUM(factor_failures) AS BIGINT) FROM known_browsers";
    assert_eq!((looked_at, app.number(counted).await), (10, 10));
    assert_eq!(failures(&app).await, 60);
    assert_eq!(app.count("pending_sign_ins").await, 0);
}

/// F25: a new password by mail ends the pause, and not what strangers have guessed towards the hundred. The browser has
/// proven the mailbox, so that it has a count of its own even where they have closed the factor.
#[tokio::test]
async fn a_reset_by_the_mailbox_ends_the_pause_and_keeps_the_count() {
    for times in [12, 100] {
        let app = TestApp::start().await;
        let (_, authenticator) = app.member_with_two_factor(ADA).await;
        app.sql(&guessed(times)).await;
        app.clock.advance(30);
        let mut browser = app.browser();
        let forgotten = json!({ "email": ADA });
        browser.call("password/forgot", forgotten).await.expect(200);
        let token = app.links("/reset-password").await.pop().unwrap();
        let reset = json!({ "token": token, "password": NEW_PASSWORD });
        browser.call("password/reset", reset).await.expect(200);
        assert_eq!(failures(&app).await, times);
        let right = authenticator.code(app.clock.now());
        let mut stranger = app.browser();
        stranger.sign_in_with(ADA, NEW_PASSWORD).await.expect(200);
        if times == 100 {
            let reply = stranger.give_code(&right).await;
            reply.refused(429, "factor_closed");
            browser.sign_in_with(ADA, NEW_PASSWORD).await.expect(200);
            browser.give_code(&right).await.expect(200);
            assert_eq!(failures(&app).await, times);
        } else {
            stranger.give_code(&right).await.expect(200);
            assert_eq!(failures(&app).await, 0);
        }
    }
}

/// F45: what a browser has proven counts for the factor of now. After another app has taken its place, those that gave only the
/// one before stand as any other.
#[tokio::test]
async fn a_browser_that_gave_the_factor_of_before_has_no_count_of_its_own() {
    let app = TestApp::start().await;
    let (mut own, authenticator) = app.member_with_two_factor(ADA).await;
    app.clock.advance(30);
    let mut other = app.browser();
    other.sign_in(ADA).await.expect(200);
    let code = authenticator.code(app.clock.now());
    other.give_code(&code).await.expect(200);
    app.clock.advance(60);
    app.sql("UPDATE users SET factor_failures = 7").await;
    let begun = own.begin("replace", None).await.expect(200).json();
    let replaced = Authenticator::new(begun["key"].as_str().unwrap());
    let code = replaced.code(app.clock.now());
    own.confirm(&begun["id"], &code).await.expect(200);
    assert_eq!(failures(&app).await, 0);
    app.sql(&guessed(10)).await;
    app.sql(&format!(
        "UPDATE users SET factor_failed_at = {}",
        app.clock.now().0
    ))
    .await;
    let right = replaced.code(app.clock.now() + 30);
    other.sign_in(ADA).await.expect(200);
    other.give_code(&right).await.refused(429, "paused");
    assert_eq!(step_up(&app, &mut own, &right).await, "ok");
}
