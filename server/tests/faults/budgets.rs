//! Nobody can fill the disk: repeated acts of a user are limited, whichever function they call.

use app::api::{Effect, Level, ServerFunction, all_functions};
use serde_json::json;
use service::limits::OWN_ACTS;

use crate::calls::body;
use crate::support::{PASSWORD, START, TestApp};
use crate::world::{OLGA, World};

/// Functions that a session takes.
fn of_sessions() -> impl Iterator<Item = &'static ServerFunction> {
    all_functions().filter(|one| match one.level {
        Level::Anyone | Level::PendingSignIn => false,
        Level::Session | Level::WatchedSession => true,
    })
}

/// Lines of the log that an act adds at most.
pub(crate) const LINES_OF_AN_ACT: u32 = 2;

/// Acts that a user has in these tests: more than each session has for itself.
const ACTS: u32 = OWN_ACTS + 1;

/// Every function for a session either reads, and writes no line of the log, or takes a try off its user's budget.
#[tokio::test]
async fn every_act_that_writes_is_budgeted() {
    let world = World::with(|settings| settings.limits.acts_per_user = ACTS).await;
    for ServerFunction { path, effect, .. } in of_sessions() {
        world.put_back("DELETE FROM tries").await;
        let mut olga = world.olga.clone();
        let call = body(path, &world.ids);
        let lines = world.app.count("audit_events").await;
        let mut statuses = Vec::new();
        for _ in 0..=ACTS {
            // What ends the own session is no act that can be repeated.
            let forgiven = "UPDATE sessions SET step_up_failures = 0";
            world.app.sql(forgiven).await;
            statuses.push(olga.post(path, &call).await.status);
        }
        let last = statuses.pop().unwrap();
        let written = world.app.count("audit_events").await - lines;
        let most = i64::from(ACTS * LINES_OF_AN_ACT);
        assert!(written <= most, "{path} has written {written} lines");
        if *effect != Effect::Acts {
            assert!(
                last != 429 && !statuses.contains(&429),
                "{path}: {statuses:?}"
            );
            assert_eq!(written, 0, "{path} writes to the log");
        } else if statuses.contains(&401) {
            // It has ended the session: what comes after it takes a sign-in.
            assert_eq!(last, 401, "{path}: {statuses:?}");
        } else {
            assert_eq!(last, 429, "{path}: {statuses:?}");
        }
    }
}

/// A sign-in that is not finished ends after a few wrong codes, and none of its functions fills the log.
#[tokio::test]
async fn an_unfinished_sign_in_writes_few_lines() {
    let world = World::new().await;
    let pending = all_functions().filter(|one| one.level == Level::PendingSignIn);
    for ServerFunction { path, .. } in pending {
        world.put_back("DELETE FROM tries").await;
        let mut browser = world.app.browser();
        browser.sign_in(OLGA).await.expect(200);
        let lines = world.app.count("audit_events").await;
        let call = body(path, &world.ids);
        for _ in 0..40 {
            browser.post(path, &call).await;
        }
        let written = world.app.count("audit_events").await - lines;
        assert!(written <= 10, "{path} has written {written} lines");
    }
}

/// Who has stolen a session spends what the user has, and cannot keep them from ending it.
#[tokio::test]
async fn each_session_has_acts_of_its_own() {
    let app = TestApp::start_with(|settings| settings.limits.acts_per_user = ACTS).await;
    app.create_user("ada@example.org").await;
    let (mut thief, mut ada) = (app.browser(), app.browser());
    thief.sign_in("ada@example.org").await.expect(200);
    ada.sign_in("ada@example.org").await.expect(200);
    let rename = json!({ "name": "Ada" });
    for _ in 0..ACTS {
        thief
            .call("profile/rename", rename.clone())
            .await
            .expect(200);
    }
    let refused = thief.call("profile/rename", rename.clone()).await;
    refused.refused(429, "paused");
    let ended = ada.call("sessions/end-others", json!({})).await;
    ended.expect(200);
    assert_eq!(thief.state().await, "signed_out");
    for _ in 1..OWN_ACTS {
        ada.call("profile/rename", rename.clone()).await.expect(200);
    }
    let refused = ada.call("profile/rename", rename.clone()).await;
    refused.refused(429, "paused");
    app.clock.advance(15 * 60);
    ada.call("profile/rename", rename).await.expect(200);
}

/// Who has copied the cookie of a session spends what that session has, and cannot keep its user from acting in their
/// browser: known ones have acts of their own.
#[tokio::test]
async fn a_copied_cookie_uses_up_nothing_that_its_browser_needs() {
    let app = TestApp::start_with(|settings| settings.limits.acts_per_user = ACTS).await;
    app.create_user("ada@example.org").await;
    let mut ada = app.browser();
    ada.sign_in("ada@example.org").await.expect(200);
    let mut thief = ada.clone();
    thief.cookies.retain(|name, _| name == "twofold_session");
    // One that is made up is known to nobody.
    thief
        .cookies
        .insert("twofold_browser".to_owned(), "A".repeat(43));
    assert_eq!(thief.state().await, "signed_in");
    let rename = json!({ "name": "Ada" });
    for _ in 0..ACTS {
        thief
            .call("profile/rename", rename.clone())
            .await
            .expect(200);
    }
    let refused = thief.call("profile/rename", rename.clone()).await;
    refused.refused(429, "paused");
    for _ in 0..OWN_ACTS {
        ada.call("profile/rename", rename.clone()).await.expect(200);
    }
    let refused = ada.call("profile/rename", rename.clone()).await;
    refused.refused(429, "paused");
    // Whoever has copied all cookies is out once the person signs out, and a new session has acts of its own.
    let mut copy = ada.clone();
    ada.call("session/sign-out", json!({})).await.expect(200);
    assert_eq!(copy.state().await, "signed_out");
    ada.sign_in("ada@example.org").await.expect(200);
    ada.call("profile/rename", rename).await.expect(200);
}

/// Sign-ins and accounts are bounded though each is right.
#[tokio::test]
async fn right_sign_ins_and_accounts_are_bounded() {
    let app = TestApp::start_with(|settings| {
        settings.limits.sign_ins_per_browser = 5;
        settings.limits.accounts_per_user = 3;
    })
    .await;
    app.create_user("ada@example.org").await;
    let mut known = app.browser();
    known.sign_in("ada@example.org").await.expect(200);
    for _ in 0..4 {
        app.browser().sign_in("ada@example.org").await.expect(200);
    }
    let reply = app.browser().sign_in("ada@example.org").await;
    reply.refused(429, "paused");
    // The budget is of who asks: another browser of the same user has its own.
    for _ in 0..5 {
        known.sign_in("ada@example.org").await.expect(200);
    }
    known
        .sign_in("ada@example.org")
        .await
        .refused(429, "paused");
    app.clock.advance(15 * 60);
    known.sign_in("ada@example.org").await.expect(200);
    for n in 0..3 {
        let name = json!({ "name": format!("Account {n}") });
        known.call("accounts/create", name).await.expect(200);
    }
    let one_more = known
        .call("accounts/create", json!({ "name": "Fourth" }))
        .await;
    one_more.refused(429, "paused");
    app.clock.advance(24 * 60 * 60 + 1);
    known.sign_in("ada@example.org").await.expect(200);
    let next_day = known
        .call("accounts/create", json!({ "name": "Fourth" }))
        .await;
    next_day.expect(200);
}

/// A code that is not looked at, since the factor pauses, is no line of the log.
#[tokio::test]
async fn codes_refused_unseen_add_no_lines() {
    let app = TestApp::start().await;
    let (mut browser, authenticator) = app.member_with_two_factor("ada@example.org").await;
    app.sql("UPDATE sessions SET second_factor_at = second_factor_at - 901")
        .await;
    let wrong = authenticator.wrong_code(START);
    let mut codes = Vec::new();
    for _ in 0..30 {
        let step_up = json!({ "password": PASSWORD, "code": wrong });
        let call = json!({ "step_up": step_up });
        codes.push(browser.call("two-factor/disable", call).await.code());
    }
    let looked_at = codes.iter().filter(|code| *code == "wrong_code").count();
    assert_eq!(looked_at, 10);
    let lines = app.events().await;
    let wrong = lines
        .iter()
        .filter(|line| line.starts_with("wrong_second_factor"));
    assert_eq!(wrong.count(), 10, "{lines:?}");
}
