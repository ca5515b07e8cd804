//! A clock that is set back or ahead: nothing is taken twice, nothing that ran out comes back, nothing lasts for as long as
//! the clock was wrong, and nobody is shut out for good.

use serde_json::{Value, json};
use service::upkeep;

use crate::calls::NEW_PASSWORD;
use crate::support::{Authenticator, Browser, START, TestApp};

const ADA: &str = "ada@example.org";
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
const TEN_YEARS: i64 = 3650 * DAY;

/// What the background does every minute.
async fn minute(app: &TestApp) {
    upkeep::remove_expired(&app.services).await.unwrap();
}

/// A browser that has given the password and waits for a code.
async fn waiting(app: &TestApp) -> Browser {
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    browser
}

async fn reset(app: &TestApp, token: &str) -> u16 {
    let body = json!({ "token": token, "password": NEW_PASSWORD });
    app.browser().call("password/reset", body).await.status
}

/// F01, F04, F13: set back by an hour, the clock brings no code back that was taken, nor any before it; recovery codes work at
/// once, and codes again when the hour has passed.
#[tokio::test]
async fn a_clock_set_back_takes_no_code_twice_and_shuts_nobody_out() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let taken = authenticator.code(START + 30);
    let mut browser = waiting(&app).await;
    browser.give_code(&taken).await.expect(200);
    app.clock.advance(-HOUR);
    let mut browser = waiting(&app).await;
    for code in [
        taken,
        authenticator.code(START),
        authenticator.code(START + -HOUR),
    ] {
        browser.give_code(&code).await.refused(422, "wrong_code");
    }
    let code = &authenticator.recovery_codes[0];
    browser.give_recovery_code(code).await.expect(200);
    app.clock.advance(HOUR + 60);
    let code = authenticator.code(START + 60);
    waiting(&app).await.give_code(&code).await.expect(200);
}

/// Set ahead by an hour and back, the clock brings back nothing that ran out meanwhile.
#[tokio::test]
async fn what_ran_out_does_not_come_back_with_the_time() {
    let app = TestApp::start().await;
    let (browser, authenticator) = app.member_with_two_factor(ADA).await;
    let mut old = browser.clone();
    let mut pending = waiting(&app).await;
    let forgotten = json!({ "email": ADA });
    let mut stranger = app.browser();
    stranger
        .call("password/forgot", forgotten)
        .await
        .expect(200);
    let token = app.links("/reset-password").await.pop().unwrap();
    app.clock.advance(HOUR + 1);
    minute(&app).await;
    app.clock.advance(-HOUR);
    assert_eq!(old.state().await, "signed_out");
    let code = authenticator.code(START + 30);
    pending.give_code(&code).await.refused(401, "sign_in_over");
    assert_eq!(reset(&app, &token).await, 409);
    // A session that was used all day ends for good after a day, too.
    let mut busy = waiting(&app).await;
    busy.give_code(&code).await.expect(200);
    for _ in 0..24 {
        app.clock.advance(HOUR);
        assert_eq!(busy.state().await, "signed_in");
    }
    app.clock.advance(1);
    minute(&app).await;
    app.clock.advance(-HOUR);
    assert_eq!(busy.state().await, "signed_out");
}

/// Set back by an hour, the clock ends no session; and none lasts more than that hour longer.
#[tokio::test]
async fn a_session_outlives_a_step_back_and_lasts_no_longer_than_the_step() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    app.clock.advance(-HOUR);
    minute(&app).await;
    assert_eq!(browser.state().await, "signed_in");
    for _ in 0..25 {
        app.clock.advance(HOUR);
        browser.state().await;
    }
    app.clock.advance(1);
    assert_eq!(browser.state().await, "signed_out");
}

/// What was made while the clock was ten years ahead is not good for ten years.
#[tokio::test]
async fn what_was_made_in_a_future_that_was_taken_back_is_gone() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let code = &authenticator.recovery_codes[0];
    app.clock.advance(TEN_YEARS);
    let mut session = waiting(&app).await;
    session.give_recovery_code(code).await.expect(200);
    let app_of_ada = |app: &Authenticator| app.code(START + TEN_YEARS);
    let mut trusted = waiting(&app).await;
    let code = app_of_ada(&authenticator);
    trusted.give_code_and_trust(&code).await.expect(200);
    let mut pending = waiting(&app).await;
    let forgotten = json!({ "email": ADA });
    let mut stranger = app.browser();
    stranger
        .call("password/forgot", forgotten)
        .await
        .expect(200);
    let token = app.links("/reset-password").await.pop().unwrap();
    let invited = crate::support::invitation("any", "ivy@example.org", &["developer"]);
    session.call("team/invite", invited).await.expect(200);
    app.clock.advance(-TEN_YEARS);
    minute(&app).await;
    assert_eq!(session.state().await, "signed_out");
    assert_eq!(trusted.state().await, "signed_out");
    assert_eq!(
        trusted.sign_in(ADA).await.json()["step"],
        "second_factor_due"
    );
    let code = &authenticator.recovery_codes[1];
    let reply = pending.give_recovery_code(code).await;
    reply.refused(401, "sign_in_over");
    assert_eq!(reset(&app, &token).await, 409);
    assert_eq!(app.count("invitations").await, 0);
    // And who lives now is let in.
    trusted.give_recovery_code(code).await.expect(200);
}

/// A clock that was set back lengthens a pause by the step, as the answer says, and by a day at most.
#[tokio::test]
async fn a_pause_lasts_longer_by_the_step_of_the_clock_and_by_a_day_at_most() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let fail = |times: u32| {
        format!(
            "UPDATE users SET factor_failures = {times}, factor_failed_at = {}",
            START.0
        )
    };
    let mut codes = authenticator.recovery_codes.iter();
    for (failures, pause) in [(10, 60), (50, 900), (100, 900)] {
        for step in [HOUR, DAY] {
            app.clock.set(START);
            app.sql(&fail(failures)).await;
            app.clock.advance(-step);
            let mut browser = waiting(&app).await;
            let code = &authenticator.recovery_codes[9];
            let reply = browser.give_recovery_code(code).await;
            let wait = retry_after(&reply.refused(429, "paused").json());
            assert_eq!(wait, pause + step, "{failures}");
        }
        app.clock.set(START + -TEN_YEARS);
        let mut browser = waiting(&app).await;
        let code = codes.next().unwrap();
        browser.give_recovery_code(code).await.expect(200);
    }
}

fn retry_after(refusal: &Value) -> i64 {
    refusal["retry_after"].as_i64().unwrap()
}

/// A mail that was put off in the future leaves in the present.
#[tokio::test]
async fn a_mail_does_not_wait_for_a_future_that_was_taken_back() {
    let app = TestApp::start().await;
    app.member(ADA).await;
    let ahead = START.0 + TEN_YEARS;
    app.mails().await;
    let forgotten = json!({ "email": ADA });
    // In the same statement, so that nobody takes it before.
    let sqlite = format!(
        "CREATE TRIGGER put_off AFTER INSERT ON mails BEGIN UPDATE mails SET next_try_at = {ahead}; END"
    );
    let postgres = format!(
        "CREATE FUNCTION put_off() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN NEW.next_try_at := {ahead}; RETURN NEW; END';
         CREATE TRIGGER put_off BEFORE INSERT ON mails FOR EACH ROW EXECUTE FUNCTION put_off()"
    );
    app.sql(app.either(&sqlite, &postgres)).await;
    let mut stranger = app.browser();
    stranger
        .call("password/forgot", forgotten)
        .await
        .expect(200);
    assert_eq!(app.count("mails").await, 1);
    minute(&app).await;
    app.services.mail_queued.notify_one();
    assert_eq!(app.links("/reset-password").await.len(), 1);
}
