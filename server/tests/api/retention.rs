//! Retention of the audit log: old lines are deleted in steps, shown lines stay, and a wrong clock deletes nothing.

use std::fmt::Write as _;

use serde_json::json;
use service::retention::remove_old_lines;

use crate::support::{Lines, START, TestApp};

const ADA: &str = "ada@example.org";
const DAY: i64 = 24 * 60 * 60;

/// Adds lines of a moment to the log of Ada's account.
async fn add_lines(app: &TestApp, kind: &str, at: i64, lines: u32) {
    let account = app.account_of(ADA).await.replace('-', "");
    let account = app.id(&account);
    let mut rows = String::new();
    for n in 0..lines {
        // Of version 7 (RFC 9562 §5.7): the milliseconds come first.
        let id = format!("{:012x}7{:03x}8{:015x}", at * 1_000, 0, n);
        let separator = if n == 0 { "" } else { "," };
        let _ = write!(
            rows,
            "{separator} ({}, {at}, '{kind}', 'user', '', {account}, '', '', '', '')",
            app.id(&id)
        );
    }
    app.sql(&format!(
        "INSERT INTO audit_events (id, at, kind, actor_kind, actor_name, account_id, subject_name, address, browser, details)
         VALUES{rows}"
    ))
    .await;
}

async fn lines_of(app: &TestApp, kind: &str) -> i64 {
    app.count(&format!("audit_events WHERE kind = '{kind}'"))
        .await
}

/// What the background does in a day, given that it has seen the clock go on since the day before.
async fn a_day_later(app: &TestApp) -> u64 {
    remove_old_lines(&app.services).await.unwrap();
    app.clock.advance(DAY);
    remove_old_lines(&app.services).await.unwrap()
}

#[tokio::test]
async fn lines_go_after_their_days_in_steps_and_what_is_shown_stays() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let account = app.account_of(ADA).await;
    let first_kept = START.0 + DAY - 400 * DAY;
    add_lines(&app, "old", first_kept - 1, 1_203).await;
    add_lines(&app, "kept", first_kept, 3).await;
    // The last change of the settings is shown however long ago it was.
    let changed_at = START.0 - 2_000 * DAY;
    add_lines(&app, "trusted_browsers_forbidden", changed_at, 1).await;
    app.sql(&format!(
        "UPDATE accounts SET settings_changed_at = {changed_at}"
    ))
    .await;
    let before = app.count("audit_events").await;
    assert_eq!(a_day_later(&app).await, 1_203);
    assert_eq!(app.count("audit_events").await, before - 1_203);
    assert_eq!(lines_of(&app, "kept").await, 3);
    ada.sign_in(ADA).await.expect(200);
    let settings = ada.settings(&account).await;
    let changes = settings["changes"].as_array().unwrap();
    assert_eq!(changes[0]["kind"], "trusted_browsers_forbidden");
    let services = &app.services;
    let metrics = services.metrics.print(None, true, &services.hasher);
    let removed = "twofold_audit_lines_removed_total 1203";
    assert!(metrics.contains(removed), "{metrics}");
    // A day later those of the next day go, and whoever reads on from a line that has gone reads on.
    assert_eq!(a_day_later(&app).await, 3);
    ada.sign_in(ADA).await.expect(200);
    let gone = format!("{:012x}-7000-8000-000000000000", first_kept * 1_000);
    let gone = format!("{}-{}", &gone[..8], &gone[8..]);
    let page = json!({ "account": account, "query": { "before": gone } });
    let page = ada.call("account/activity", page).await.expect(200).json();
    assert_eq!(page["events"][0]["kind"], "trusted_browsers_forbidden");
}

/// Whoever writes meanwhile comes between two steps, and does not wait for the last.
#[tokio::test]
async fn writers_come_between_the_steps() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    add_lines(&app, "old", START.0 - 500 * DAY, 10_000).await;
    remove_old_lines(&app.services).await.unwrap();
    app.clock.advance(DAY);
    ada.sign_in(ADA).await.expect(200);
    let services = app.services.clone();
    let removing = tokio::spawn(async move { remove_old_lines(&services).await.unwrap() });
    while lines_of(&app, "old").await == 10_000 {
        tokio::task::yield_now().await;
    }
    let renamed = ada.call("profile/rename", json!({ "name": "Ada" })).await;
    renamed.expect(200);
    let left = lines_of(&app, "old").await;
    assert!(left > 0, "the writer has waited for all of it");
    assert_eq!(removing.await.unwrap(), 10_000);
}

/// An upgrade removes nothing that nobody has decided about, and each start says so once.
#[tokio::test]
async fn a_database_that_an_earlier_version_began_keeps_all_until_it_is_set() {
    let app = TestApp::start().await;
    app.member(ADA).await;
    add_lines(&app, "old", START.0 - 5_000 * DAY, 3).await;
    app.sql("UPDATE instance SET bounds_log = NULL").await;
    assert_eq!(a_day_later(&app).await, 0);
    let log = Lines::default();
    let guard = log.collect();
    let app = app.restart().await;
    assert_eq!(a_day_later(&app).await, 0);
    assert_eq!(log.text().matches("audit.keep_days").count(), 1);
    let app = app
        .restart_with(|settings| settings.audit.keep_days = Some(0))
        .await;
    assert_eq!(a_day_later(&app).await, 0);
    let app = app
        .restart_with(|settings| settings.audit.keep_days = Some(91))
        .await;
    assert_eq!(a_day_later(&app).await, 3);
    assert_eq!(log.text().matches("audit.keep_days").count(), 1);
    drop(guard);
}

/// A clock that is years ahead for hours, as machines are after their battery, takes nothing that cannot come back.
#[tokio::test]
async fn a_clock_that_is_years_ahead_for_hours_takes_nothing_from_the_log() {
    let app = TestApp::start().await;
    app.member(ADA).await;
    add_lines(&app, "recent", START.0 - 30 * DAY, 3).await;
    assert_eq!(a_day_later(&app).await, 0);
    app.clock.advance(3_650 * DAY);
    // Something is logged then, so that the newest line is of then, too.
    app.browser().sign_in(ADA).await.expect(200);
    for _ in 0..23 {
        assert_eq!(remove_old_lines(&app.services).await.unwrap(), 0);
        app.clock.advance(3_600);
    }
    app.clock.set(START + 2 * DAY);
    assert_eq!(a_day_later(&app).await, 0);
    assert_eq!(lines_of(&app, "recent").await, 3);
}
