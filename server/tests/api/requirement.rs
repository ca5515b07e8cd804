//! "Every user of this account has two-factor authentication": what it shuts, for whom, when, and who may save it.

use serde_json::{Value, json};
use server::backend::gate::{EXPORTS, LEVELS, Level};
use server::service::accounts::operator::{Command, require_two_factor};

use crate::support::{Authenticator, Browser, PASSWORD, Reply, START, TestApp};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const DAY: i64 = 86_400;

/// Ada, who owns an account and has two-factor authentication, and Bob, a user of it without.
struct Team {
    app: TestApp,
    ada: Browser,
    app_of_ada: Authenticator,
    bob: Browser,
    id: String,
}

async fn team(roles_of_bob: u8) -> Team {
    let app = TestApp::start().await;
    let (mut ada, app_of_ada) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    let bob = app.member(BOB).await;
    app.join(ADA, BOB, roles_of_bob).await;
    Team {
        app,
        ada,
        app_of_ada,
        bob,
        id,
    }
}

/// What each function of an account takes.
fn arguments(path: &str, account: &str) -> Value {
    let mut arguments = match path {
        "/api/account/save-settings" => json!({
            "step_up": null,
            "change": {
                "version": 1, "required": false, "required_from": null,
                "rules": { "trusted_browsers_allowed": true, "sms_counts": false },
            },
        }),
        "/api/account/activity" => json!({ "query": {} }),
        _ => json!({}),
    };
    arguments["account"] = account.into();
    arguments
}

async fn overview(browser: &mut Browser, account: &str) -> Reply {
    browser.of_account("overview", account).await
}

#[tokio::test]
async fn every_address_of_the_account_is_shut_and_opens_in_the_moment_two_factor_is_on() {
    let Team {
        app,
        mut ada,
        mut bob,
        id,
        ..
    } = team(1).await;
    bob.of_account("enter", &id).await.expect(200);
    ada.require(&id, None).await.expect(200);
    let levels = LEVELS
        .iter()
        .filter(|(path, level)| *level == Level::Account && path.starts_with("/api/account/"));
    for (path, _) in levels {
        for account in [id.as_str(), "any"] {
            let endpoint = path.strip_prefix("/api/").unwrap();
            let reply = bob.call(endpoint, arguments(path, account)).await;
            let reply = reply.refused(403, "two_factor_required").json();
            let told = json!({
                "id": id, "name": "Analytical Engines", "from": START.0, "in_force": true,
            });
            assert_eq!(
                reply,
                json!({ "code": "two_factor_required", "account": told })
            );
        }
    }
    for (path, _) in EXPORTS {
        bob.download(&path.replace("{account}", &id))
            .await
            .refused(403, "two_factor_required");
    }
    let entry = bob
        .accounts()
        .await
        .into_iter()
        .find(|one| one["id"] == *id);
    assert_eq!(entry.unwrap()["is_shut"], true);
    let required_by = &bob.overview().await["required_by"];
    assert_eq!(required_by[0]["in_force"], true);
    bob.enable_two_factor(&app).await;
    overview(&mut bob, &id).await.expect(200);
    let entry = bob
        .accounts()
        .await
        .into_iter()
        .find(|one| one["id"] == *id);
    assert_eq!(entry.unwrap()["is_shut"], false);
}

#[tokio::test]
async fn who_turns_their_own_factor_off_is_shut_out_at_once() {
    let Team {
        app,
        mut ada,
        mut bob,
        id,
        ..
    } = team(2).await;
    ada.require(&id, None).await.expect(200);
    bob.enable_two_factor(&app).await;
    overview(&mut bob, &id).await.expect(200);
    let step_up = json!({ "password": PASSWORD, "code": null });
    bob.call("two-factor/disable", json!({ "step_up": step_up }))
        .await
        .expect(200);
    overview(&mut bob, &id)
        .await
        .refused(403, "two_factor_required");
    ada.call("two-factor/disable", json!({ "step_up": step_up }))
        .await
        .expect(200);
    overview(&mut ada, &id)
        .await
        .refused(403, "two_factor_required");
}

#[tokio::test]
async fn an_owner_without_two_factor_cannot_require_it() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let id = ada.own_account().await;
    assert_eq!(ada.settings(&id).await["change"], "without_two_factor");
    for from in [None, Some(START.0 + DAY)] {
        ada.require(&id, from)
            .await
            .refused(409, "owner_without_two_factor");
    }
    let settings = ada.settings(&id).await;
    assert_eq!(
        (&settings["version"], &settings["required_from"]),
        (&json!(1), &Value::Null)
    );
    ada.enable_two_factor(&app).await;
    assert_eq!(ada.settings(&id).await["change"], Value::Null);
    ada.require(&id, None).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn switched_on_it_holds_in_every_open_session_and_for_requests_on_their_way() {
    let Team {
        app,
        mut ada,
        bob,
        id,
        ..
    } = team(2).await;
    let mut sessions = vec![bob];
    for _ in 0..2 {
        let mut browser = app.browser();
        browser.sign_in(BOB).await.expect(200);
        sessions.push(browser);
    }
    let running: Vec<_> = (0..30)
        .map(|n| {
            let (mut browser, id) = (sessions[n % 3].clone(), id.clone());
            tokio::spawn(async move { overview(&mut browser, &id).await.status })
        })
        .collect();
    ada.require(&id, None).await.expect(200);
    for mut browser in sessions {
        overview(&mut browser, &id)
            .await
            .refused(403, "two_factor_required");
        assert_eq!(browser.state().await, "signed_in");
    }
    for request in running {
        let status = request.await.unwrap();
        assert!([200, 403].contains(&status), "{status}");
    }
}

#[tokio::test]
async fn two_tabs_never_overwrite_each_other() {
    let Team {
        app: _app,
        mut ada,
        id,
        ..
    } = team(2).await;
    let old = ada.change(&id, true, Some(START.0 + 9 * DAY)).await;
    let saved = ada.require(&id, None).await.expect(200).json();
    assert_eq!(
        (&saved["version"], &saved["in_force"]),
        (&json!(2), &json!(true))
    );
    assert_eq!(
        (&saved["changed_by"], &saved["changed_at"]),
        (&json!("Ada"), &json!(START.0))
    );
    ada.save(&id, &old, Value::Null).await.refused(409, "stale");
    assert_eq!(ada.settings(&id).await["required_from"], START.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_saves_of_one_version_one_counts() {
    let Team {
        app, mut ada, id, ..
    } = team(2).await;
    let change = ada.change(&id, true, None).await;
    let saves: Vec<_> = (0..10)
        .map(|_| {
            let (mut browser, id, change) = (ada.clone(), id.clone(), change.clone());
            tokio::spawn(async move { browser.save(&id, &change, Value::Null).await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for save in saves {
        statuses.push(save.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [&[200][..], &[409; 9]].concat());
    let rows = "SELECT count(*) FROM audit_events WHERE kind = 'requirement_set'";
    assert_eq!(app.number(rows).await, 1);
    assert_eq!(app.mails_with("requires two-factor").await, 1);
}

#[tokio::test]
async fn a_save_that_changes_nothing_changes_nothing() {
    let Team {
        app, mut ada, id, ..
    } = team(2).await;
    ada.require(&id, None).await.expect(200);
    app.clock.advance(DAY / 48);
    let rows = "SELECT count(*) FROM audit_events";
    let before = (ada.settings(&id).await, app.number(rows).await);
    ada.require(&id, Some(START.0 + 5 * DAY)).await.expect(200);
    assert_eq!((ada.settings(&id).await, app.number(rows).await), before);
}

#[tokio::test]
async fn other_accounts_of_the_user_stay_open() {
    let Team {
        app: _app,
        mut ada,
        mut bob,
        id,
        ..
    } = team(2).await;
    ada.require(&id, None).await.expect(200);
    let own = bob.own_account().await;
    overview(&mut bob, &own).await.expect(200);
    bob.of_account("enter", &own).await.expect(200);
    overview(&mut bob, "any").await.expect(200);
    overview(&mut bob, &id)
        .await
        .refused(403, "two_factor_required");
}

#[tokio::test]
async fn until_its_day_the_account_says_from_when_and_on_its_day_it_shuts() {
    let Team {
        app,
        mut ada,
        mut bob,
        id,
        ..
    } = team(2).await;
    let day = START.0 + 1800;
    let saved = ada.require(&id, Some(day)).await.expect(200).json();
    assert_eq!(
        (&saved["required_from"], &saved["in_force"]),
        (&json!(day), &json!(false))
    );
    let entered = bob.of_account("enter", &id).await.expect(200).json();
    assert_eq!(entered["due_from"], day);
    let entered = ada.of_account("enter", &id).await.expect(200).json();
    assert_eq!(entered["due_from"], Value::Null);
    app.clock.advance(1799);
    overview(&mut bob, &id).await.expect(200);
    app.clock.advance(1);
    overview(&mut bob, &id)
        .await
        .refused(403, "two_factor_required");
}

#[tokio::test]
async fn a_day_that_has_passed_or_is_over_90_days_ahead_is_refused_at_its_field() {
    let Team {
        app: _app,
        mut ada,
        id,
        ..
    } = team(2).await;
    let ahead = json!({ "problem": "too_far_ahead", "most": 90 });
    let past = json!({ "problem": "in_the_past" });
    for (from, problem) in [
        (START.0 - DAY, &past),
        (i64::MIN, &past),
        (START.0 + 90 * DAY + 1, &ahead),
        (i64::MAX, &ahead),
    ] {
        let reply = ada.require(&id, Some(from)).await;
        let field = reply.refused(422, "invalid_fields").json()["fields"][0].clone();
        assert_eq!(field, json!({ "field": "start_date", "problem": problem }));
    }
    let mut change = ada.change(&id, true, Some(i64::MAX)).await;
    change["version"] = json!(99);
    ada.save(&id, &change, Value::Null)
        .await
        .refused(422, "invalid_fields");
    ada.require(&id, Some(START.0 + 90 * DAY)).await.expect(200);
}

#[tokio::test]
async fn a_billing_user_enrols_and_access_returns_at_once() {
    let Team {
        app,
        mut ada,
        mut bob,
        id,
        ..
    } = team(4).await;
    ada.require(&id, None).await.expect(200);
    bob.of_account("enter", &id)
        .await
        .refused(403, "two_factor_required");
    bob.enable_two_factor(&app).await;
    let entered = bob.of_account("enter", &id).await.expect(200).json();
    assert_eq!(entered["roles"], json!(["billing"]));
}

#[tokio::test]
async fn sms_counts_only_where_the_account_says_so() {
    let Team {
        app,
        mut ada,
        mut bob,
        id,
        ..
    } = team(2).await;
    bob.enable_two_factor(&app).await;
    app.sql(
        "UPDATE second_factors SET kind = 'sms'
         WHERE user_id = (SELECT id FROM users WHERE email = 'bob@example.org')",
    )
    .await;
    ada.require(&id, None).await.expect(200);
    overview(&mut bob, &id)
        .await
        .refused(403, "two_factor_required");
    assert_eq!(ada.settings(&id).await["coverage"]["covered"], 1);
    let mut change = ada.change(&id, true, None).await;
    change["rules"]["sms_counts"] = json!(true);
    ada.save(&id, &change, Value::Null).await.expect(200);
    overview(&mut bob, &id).await.expect(200);
    assert_eq!(ada.settings(&id).await["coverage"]["covered"], 2);
    let mails = app.mails_with("requires two-factor").await;
    let mut change = ada.change(&id, true, None).await;
    change["rules"]["sms_counts"] = json!(false);
    ada.save(&id, &change, Value::Null).await.expect(200);
    overview(&mut bob, &id)
        .await
        .refused(403, "two_factor_required");
    assert_eq!(app.mails_with("requires two-factor").await, mails + 1);
}

#[tokio::test]
async fn turning_it_off_takes_a_step_up_and_tells_the_owner() {
    let Team {
        app,
        mut ada,
        app_of_ada,
        mut bob,
        id,
    } = team(2).await;
    ada.require(&id, None).await.expect(200);
    let change = ada.change(&id, false, None).await;
    let step_up =
        |password: &str, code: Option<String>| json!({ "password": password, "code": code });
    ada.save(&id, &change, Value::Null)
        .await
        .refused(422, "step_up_needed");
    ada.save(&id, &change, step_up("wrong", None))
        .await
        .refused(422, "wrong_password");
    app.clock.set(START + 901);
    assert_eq!(ada.settings(&id).await["step_up_needs_code"], true);
    ada.save(&id, &change, step_up(PASSWORD, None))
        .await
        .refused(422, "code_needed");
    let wrong = app_of_ada.wrong_code(START + 901);
    ada.save(&id, &change, step_up(PASSWORD, Some(wrong)))
        .await
        .refused(422, "wrong_code");
    overview(&mut bob, &id)
        .await
        .refused(403, "two_factor_required");
    let right = app_of_ada.code(START + 901);
    let saved = ada
        .save(&id, &change, step_up(PASSWORD, Some(right)))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&saved["required_from"], &saved["version"]),
        (&Value::Null, &json!(3))
    );
    overview(&mut bob, &id).await.expect(200);
    assert_eq!(app.mails_with("no longer requires two-factor").await, 1);
}

#[tokio::test]
async fn the_order_of_refusals_tells_outsiders_nothing() {
    let Team {
        app: _app,
        mut ada,
        mut bob,
        id,
        ..
    } = team(1).await;
    ada.require(&id, None).await.expect(200);
    let mut change = ada.change(&id, false, None).await;
    change["version"] = json!(77);
    ada.save(&id, &change, Value::Null)
        .await
        .refused(409, "stale");
    bob.save(&id, &change, Value::Null)
        .await
        .refused(403, "two_factor_required");
    ada.lift(&id).await.expect(200);
    bob.save(&id, &change, Value::Null)
        .await
        .refused(403, "forbidden");
}

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
        let before = app.number("SELECT total_changes()").await;
        let command = Command::On(Some(START + 30 * DAY));
        assert!(
            require_two_factor(&app.services, &id, command)
                .await
                .unwrap()
        );
        costs.push(app.number("SELECT total_changes()").await - before);
    }
    assert_eq!(costs[0], costs[1]);
    assert!(costs[0] <= 8, "{costs:?}");
}

#[tokio::test]
async fn everybody_who_is_not_covered_gets_one_mail_also_in_several_batches() {
    let Team {
        app, mut ada, id, ..
    } = team(2).await;
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
    let Team {
        app, mut ada, id, ..
    } = team(2).await;
    let day = START + 30 * DAY;
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
    let Team {
        app, mut ada, id, ..
    } = team(2).await;
    ada.require(&id, Some(START.0 + 10 * DAY)).await.expect(200);
    app.mails().await;
    ada.require(&id, Some(START.0 + 40 * DAY)).await.expect(200);
    assert_eq!(
        app.mails_with("Subject: Analytical Engines requires").await,
        2
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
    let Team {
        app,
        mut ada,
        mut bob,
        id,
        ..
    } = team(2).await;
    ada.require(&id, Some(START.0 + 10 * DAY)).await.expect(200);
    app.announcements_written().await;
    bob.enable_two_factor(&app).await;
    app.clock.set(START + 9 * DAY);
    assert_eq!(app.mails_with("left to set up").await, 0);
}
