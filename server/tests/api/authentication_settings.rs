//! Saving the authentication settings: who may, what is refused in which order, and that no save is lost.

mod weaker;

use serde_json::{Value, json};

use crate::support::{AdaAndBob, PASSWORD, START, TestApp, ada_and_bob};

const ADA: &str = "ada@example.org";
const DAY: i64 = 86_400;

/// F94: nobody locks themselves out.
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

#[tokio::test]
async fn two_tabs_never_overwrite_each_other() {
    let AdaAndBob {
        app: _app,
        mut ada,
        id,
        ..
    } = ada_and_bob(2).await;
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
    let changes = saved["changes"].as_array().unwrap();
    let what: Vec<_> = changes.iter().map(|change| &change["kind"]).collect();
    assert_eq!(what, ["requirement_set"]);
    assert_eq!(changes[0]["actor"], "Ada");
    ada.save(&id, &old, Value::Null).await.refused(409, "stale");
    assert_eq!(ada.settings(&id).await["required_from"]["at"], START.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_saves_of_one_version_one_counts() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
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
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    ada.require(&id, None).await.expect(200);
    // The settings say who was told, which the server writes when it has come to it.
    app.announcements_written().await;
    app.clock.advance(DAY / 48);
    let rows = "SELECT count(*) FROM audit_events";
    let before = (ada.settings(&id).await, app.number(rows).await);
    for same in [None, Some(START.0)] {
        ada.require(&id, same).await.expect(200);
    }
    assert_eq!((ada.settings(&id).await, app.number(rows).await), before);
}

/// Nothing would change, nobody would be mailed, and an answer of success would say otherwise.
#[tokio::test]
async fn a_later_day_for_what_holds_already_is_refused_at_its_field() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    ada.require(&id, None).await.expect(200);
    app.announcements_written().await;
    let before = ada.settings(&id).await;
    for reply in [
        ada.require(&id, Some(START.0 + 5 * DAY)).await,
        ada.put_off(&id, START.0 + DAY).await,
    ] {
        let field = reply.refused(422, "invalid_fields").json()["fields"][0].clone();
        let problem = json!({ "problem": "holds_already" });
        assert_eq!(field, json!({ "field": "start_date", "problem": problem }));
    }
    assert_eq!(ada.settings(&id).await, before);
    // Turned off and on again, which takes a proof and is mailed, it may be later.
    ada.lift(&id).await.expect(200);
    let later = ada.require(&id, Some(START.0 + 5 * DAY)).await;
    assert_eq!(later.expect(200).json()["in_force"], false);
}

#[tokio::test]
async fn a_day_that_has_passed_or_is_over_90_days_ahead_is_refused_at_its_field() {
    let AdaAndBob {
        app: _app,
        mut ada,
        id,
        ..
    } = ada_and_bob(2).await;
    let ahead = json!({ "problem": "too_far_ahead", "most": 90 });
    let past = json!({ "problem": "in_the_past" });
    for (from, problem) in [
        (START.0 - DAY, &past),
        (i64::MIN, &past),
        (START.0 + 91 * DAY, &ahead),
        (i64::MAX, &ahead),
    ] {
        let reply = ada.require(&id, Some(from)).await;
        let field = reply.refused(422, "invalid_fields").json()["fields"][0].clone();
        assert_eq!(field, json!({ "field": "start_date", "problem": problem }));
    }
    // What a day means is known to a page that has seen what holds.
    let mut change = ada.change(&id, true, Some(i64::MAX)).await;
    change["version"] = json!(99);
    ada.save(&id, &change, Value::Null)
        .await
        .refused(409, "stale");
    ada.require(&id, Some(START.0 + 90 * DAY)).await.expect(200);
}

#[tokio::test]
async fn turning_it_off_takes_a_step_up_and_tells_the_owner() {
    let AdaAndBob {
        app,
        mut ada,
        app_of_ada,
        mut bob,
        id,
    } = ada_and_bob(2).await;
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
    bob.overview_of(&id)
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
    bob.overview_of(&id).await.expect(200);
    assert_eq!(app.mails_with("no longer requires two-factor").await, 1);
}

#[tokio::test]
async fn the_order_of_refusals_tells_outsiders_nothing() {
    let AdaAndBob {
        app: _app,
        mut ada,
        mut bob,
        id,
        ..
    } = ada_and_bob(1).await;
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
