//! Mails about a requirement: to whom, how many, and what they cost the request that saves it.

use serde_json::json;
use service::accounts::operator::{RequirementChange, require_two_factor};

use crate::support::{
    AdaAndBob, START, TestApp, ada_and_bob, day_of, in_days, last_mail_to, unfolded,
};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const DAY: i64 = 86_400;

#[tokio::test]
async fn the_switch_costs_the_same_with_3_and_with_10000_users() {
    let mut costs = Vec::new();
    for users in [2, 9_999] {
        let mut app = TestApp::start().await;
        let (mut ada, _) = app.member_with_two_factor(ADA).await;
        let id = ada.own_account().await;
        app.crowd(ADA, users).await;
        // The writer of announcements shall not count.
        app.stop().await;
        let before = app.changes().await;
        let command = RequirementChange::On(Some(day_of(in_days(30))));
        assert!(
            require_two_factor(&app.services, &id, command)
                .await
                .unwrap()
                .is_some()
        );
        costs.push(app.rows_changed_since(before).await);
    }
    assert_eq!(costs[0], costs[1]);
    assert!(costs[0] <= 8, "{costs:?}");
}

#[tokio::test]
async fn everybody_who_is_not_covered_gets_one_mail_also_in_several_batches() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    app.crowd(ADA, 120).await;
    app.sql("UPDATE users SET disabled_at = 1 WHERE email = 'crowd7@example.org'")
        .await;
    ada.require(&id, None).await.expect(200);
    assert_eq!(app.mails_with("requires two-factor").await, 120);
    assert_eq!(app.mails_with("To: crowd77@example.org").await, 1);
    assert_eq!(app.mails_with("To: crowd7@example.org").await, 0);
    assert_eq!(app.number("SELECT count(*) FROM announcements").await, 0);
}

#[tokio::test]
async fn reminders_come_7_days_and_1_day_before_and_not_twice_after_a_restart() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    let day = in_days(30);
    ada.require(&id, Some(day.0)).await.expect(200);
    assert_eq!(
        app.mails_with("Subject: Analytical Engines requires").await,
        1
    );
    let (week, one) = ("7 days left to set up", "1 day left to set up");
    for (at, weeks, ones) in [
        (day - 7 * DAY - 1, 0, 0),
        (day - 7 * DAY, 1, 0),
        (day - DAY - 1, 1, 0),
        (day - DAY, 1, 1),
        (day, 1, 1),
    ] {
        app.clock.set(at);
        assert_eq!(app.mails_with(week).await, weeks, "{at:?}");
        assert_eq!(app.mails_with(one).await, ones, "{at:?}");
    }
    let app = app.restart().await;
    app.clock.advance(DAY);
    assert_eq!(
        (app.mails_with(week).await, app.mails_with(one).await),
        (1, 1)
    );
}

#[tokio::test]
async fn reminders_of_a_day_that_moved_or_was_lifted_are_dropped() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    ada.require(&id, Some(START.0 + 10 * DAY)).await.expect(200);
    app.mails().await;
    ada.put_off(&id, START.0 + 40 * DAY).await.expect(200);
    // Told of the first day today, of the second tomorrow.
    assert_eq!(
        app.mails_with("Subject: Analytical Engines requires").await,
        1
    );
    app.clock.set(START + 9 * DAY);
    assert_eq!(app.mails_with("left to set up").await, 0);
    app.clock.set(START);
    ada.lift(&id).await.expect(200);
    app.clock.set(START + 39 * DAY);
    assert_eq!(app.mails_with("left to set up").await, 0);
    assert_eq!(app.number("SELECT count(*) FROM announcements").await, 0);
}

#[tokio::test]
async fn who_set_it_up_meanwhile_is_not_reminded() {
    let AdaAndBob {
        app,
        mut ada,
        mut bob,
        id,
        ..
    } = ada_and_bob(2).await;
    ada.require(&id, Some(START.0 + 10 * DAY)).await.expect(200);
    app.announcements_written().await;
    bob.enable_two_factor(&app).await;
    app.clock.set(START + 9 * DAY);
    assert_eq!(app.mails_with("left to set up").await, 0);
}

const SET: &str = "Subject: Analytical Engines requires";

#[tokio::test]
async fn a_day_that_moves_back_and_forth_mails_once_a_day_with_the_newest() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    let day = |n: i64| in_days(30 + n).0;
    ada.require(&id, Some(day(0))).await.expect(200);
    assert_eq!(app.mails_with(SET).await, 1);
    // Later each time, with the owner's password: nothing more today.
    for n in 1..=25 {
        ada.put_off(&id, day(n)).await.expect(200);
        app.announcements_written().await;
    }
    assert_eq!(app.mails_with(SET).await, 1);
    let settings = ada.settings(&id).await;
    assert_eq!(settings["announced"]["required_from"]["at"], day(0));
    assert_eq!(settings["announced"]["until"], START.0 + DAY);
    assert_eq!(settings["announced"]["is_full"], false);
    app.clock.set(START + DAY - 1);
    assert_eq!(app.mails_with(SET).await, 1);
    app.clock.set(START + DAY);
    assert_eq!(app.mails_with(SET).await, 2);
    app.clock.set(START + 3 * DAY);
    assert_eq!(app.mails_with(SET).await, 2);
    let newest = unfolded(&last_mail_to(&app, "bob@example.org").await);
    assert!(newest.contains("from 11 March 2027 (UTC) on"), "{newest}");
}

#[tokio::test]
async fn earlier_days_are_mailed_at_once_three_times_a_day_and_the_rest_tomorrow() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    // With the session alone: earlier is stricter.
    for n in 0..25 {
        let earlier = START.0 + (80 - n) * DAY;
        ada.require(&id, Some(earlier)).await.expect(200);
        app.announcements_written().await;
    }
    assert_eq!(app.mails_with(SET).await, 3);
    let settings = ada.settings(&id).await;
    assert_eq!(settings["announced"]["is_full"], true);
    app.clock.set(START + DAY);
    assert_eq!(app.mails_with(SET).await, 4);
    app.clock.set(START + 2 * DAY);
    assert_eq!(app.mails_with(SET).await, 4);
    assert_eq!(ada_is_told(&app).await, 0);
}

/// Who has two-factor authentication is told nothing.
async fn ada_is_told(app: &TestApp) -> usize {
    let mails = app.mails().await;
    let to_ada = mails.iter().filter(|mail| mail.contains("To: ada@"));
    to_ada.filter(|mail| mail.contains(SET)).count()
}

#[tokio::test]
async fn whom_a_rule_newly_concerns_is_mailed_though_others_were_today() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    app.crowd(ADA, 1).await;
    let mut change = ada.change(&id, true, Some(START.0 + 30 * DAY)).await;
    change["rules"]["sms_counts"] = true.into();
    // Bob has SMS, which counts for now.
    app.sql("UPDATE memberships SET factor_kind = 'sms' WHERE user_id = (SELECT id FROM users WHERE email = 'bob@example.org')")
        .await;
    let step_up = serde_json::json!({ "password": crate::support::PASSWORD, "code": null });
    ada.save(&id, &change, step_up).await.expect(200);
    assert_eq!(app.mails_with(SET).await, 1);
    let mut change = ada.change(&id, true, Some(START.0 + 30 * DAY)).await;
    change["rules"]["sms_counts"] = false.into();
    ada.save(&id, &change, serde_json::Value::Null)
        .await
        .expect(200);
    assert_eq!(app.mails_with(SET).await, 2);
    assert_eq!(app.mails_with("To: bob@example.org").await, 1);
}

#[tokio::test]
async fn save_says_whom_no_mail_reaches() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    let unreachable = ada.settings(&id).await["unreachable"].clone();
    assert_eq!(unreachable["no_mail_server"], true);
    assert_eq!(unreachable["unproven"], 0);
    app.sql("UPDATE users SET email_verified_at = NULL").await;
    // Ada has two-factor authentication and needs no mail.
    assert_eq!(ada.settings(&id).await["unreachable"]["unproven"], 1);
}

#[tokio::test]
async fn save_says_whose_mailbox_refused_the_last_letter() {
    let (app, mailbox) = TestApp::start_with_mail(|_| {}).await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    app.member(BOB).await;
    app.join(ADA, BOB, 2).await;
    assert_eq!(
        ada.settings(&id).await["unreachable"],
        json!({ "no_mail_server": false, "unproven": 0, "refused": 0 })
    );
    app.mails().await;
    mailbox.refuse(BOB, true);
    mailbox.refuse(ADA, true);
    for email in [ADA, BOB] {
        let forgot = json!({ "email": email });
        let asked = app.browser().call("password/forgot", forgot).await;
        asked.expect(200);
    }
    app.mails().await;
    // Ada has two-factor authentication and needs no mail.
    let unreachable = ada.settings(&id).await["unreachable"].clone();
    assert_eq!(unreachable["refused"], 1);
    // Whoever has both faults is counted once, by what is mended first.
    app.sql("UPDATE users SET email_verified_at = NULL").await;
    let unreachable = ada.settings(&id).await["unreachable"].clone();
    assert_eq!(
        (&unreachable["unproven"], &unreachable["refused"]),
        (&json!(1), &json!(0))
    );
}
