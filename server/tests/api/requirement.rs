//! "Every user of this account has two-factor authentication": what it shuts, for whom, and when.

use app::api::{ServerFunction, all_functions};
use serde_json::{Value, json};
use server::console::gate::EXPORTS;

use crate::support::{AdaAndBob, PASSWORD, START, ada_and_bob};

const BOB: &str = "bob@example.org";

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
        "/api/account/delete" => json!({
            "name": "Analytical Engines", "step_up": { "password": PASSWORD, "code": null },
        }),
        "/api/account/rename" => json!({ "name": "Engines" }),
        "/api/account/set-zone" => json!({ "zone": "Europe/Berlin" }),
        _ => json!({}),
    };
    arguments["account"] = account.into();
    arguments
}

/// F91: the server asks, at every address.
#[tokio::test]
async fn every_address_of_the_account_is_shut_and_opens_in_the_moment_two_factor_is_on() {
    let AdaAndBob {
        app,
        mut ada,
        mut bob,
        id,
        ..
    } = ada_and_bob(1).await;
    bob.of_account("enter", &id).await.expect(200);
    ada.require(&id, None).await.expect(200);
    let of_account = all_functions()
        .filter(|one| one.takes("AccountRef") && one.path.starts_with("/api/account/"));
    for ServerFunction { path, .. } in of_account {
        for account in [id.as_str(), "any"] {
            let endpoint = path.strip_prefix("/api/").unwrap();
            let reply = bob.call(endpoint, arguments(path, account)).await;
            let reply = reply.refused(403, "two_factor_required").json();
            let told = json!({
                "id": id, "name": "Analytical Engines", "from": { "day": "2027-01-15", "zone": "UTC", "at": START.0 }, "in_force": true,
                "has_two_factor": false, "opens_at": null,
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
    bob.overview_of(&id).await.expect(200);
    let entry = bob
        .accounts()
        .await
        .into_iter()
        .find(|one| one["id"] == *id);
    assert_eq!(entry.unwrap()["is_shut"], false);
}

/// F93: removing the factor shuts the account.
#[tokio::test]
async fn who_turns_their_own_factor_off_is_shut_out_at_once() {
    let AdaAndBob {
        app,
        mut ada,
        mut bob,
        id,
        ..
    } = ada_and_bob(2).await;
    ada.require(&id, None).await.expect(200);
    bob.enable_two_factor(&app).await;
    bob.overview_of(&id).await.expect(200);
    let step_up = json!({ "password": PASSWORD, "code": null });
    bob.call("two-factor/disable", json!({ "step_up": step_up }))
        .await
        .expect(200);
    bob.overview_of(&id)
        .await
        .refused(403, "two_factor_required");
    ada.call("two-factor/disable", json!({ "step_up": step_up }))
        .await
        .expect(200);
    ada.overview_of(&id)
        .await
        .refused(403, "two_factor_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn switched_on_it_holds_in_every_open_session_and_for_requests_on_their_way() {
    let AdaAndBob {
        app,
        mut ada,
        bob,
        id,
        ..
    } = ada_and_bob(2).await;
    let mut sessions = vec![bob];
    for _ in 0..2 {
        let mut browser = app.browser();
        browser.sign_in(BOB).await.expect(200);
        sessions.push(browser);
    }
    let running: Vec<_> = (0..30)
        .map(|n| {
            let (mut browser, id) = (sessions[n % 3].clone(), id.clone());
            tokio::spawn(async move { browser.overview_of(&id).await.status })
        })
        .collect();
    ada.require(&id, None).await.expect(200);
    for mut browser in sessions {
        browser
            .overview_of(&id)
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
async fn other_accounts_of_the_user_stay_open() {
    let AdaAndBob {
        app: _app,
        mut ada,
        mut bob,
        id,
        ..
    } = ada_and_bob(2).await;
    ada.require(&id, None).await.expect(200);
    let own = bob.own_account().await;
    bob.overview_of(&own).await.expect(200);
    bob.of_account("enter", &own).await.expect(200);
    bob.overview_of("any").await.expect(200);
    bob.overview_of(&id)
        .await
        .refused(403, "two_factor_required");
}

#[tokio::test]
async fn until_its_day_the_account_says_from_when_and_on_its_day_it_shuts() {
    let AdaAndBob {
        app,
        mut ada,
        mut bob,
        id,
        ..
    } = ada_and_bob(2).await;
    // Where the account is, the 15th begins in an hour and a half.
    let zone = json!({ "account": id, "zone": "Pacific/Marquesas" });
    ada.call("account/set-zone", zone).await.expect(200);
    let saved = ada.require(&id, Some(START.0)).await.expect(200).json();
    let from = json!({ "day": "2027-01-15", "zone": "Pacific/Marquesas", "at": START.0 + 5400 });
    assert_eq!(
        (&saved["required_from"], &saved["in_force"]),
        (&from, &json!(false))
    );
    let entered = bob.of_account("enter", &id).await.expect(200).json();
    assert_eq!(entered["due_from"], from);
    let entered = ada.of_account("enter", &id).await.expect(200).json();
    assert_eq!(entered["due_from"], Value::Null);
    app.clock.advance(5399);
    bob.sign_in(BOB).await.expect(200);
    bob.overview_of(&id).await.expect(200);
    app.clock.advance(1);
    bob.overview_of(&id)
        .await
        .refused(403, "two_factor_required");
}

#[tokio::test]
async fn a_billing_user_enrols_and_access_returns_at_once() {
    let AdaAndBob {
        app,
        mut ada,
        mut bob,
        id,
        ..
    } = ada_and_bob(4).await;
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
    let AdaAndBob {
        app,
        mut ada,
        mut bob,
        id,
        ..
    } = ada_and_bob(2).await;
    bob.enable_two_factor(&app).await;
    app.sql(
        "UPDATE second_factors SET kind = 'sms'
         WHERE user_id = (SELECT id FROM users WHERE email = 'bob@example.org')",
    )
    .await;
    ada.require(&id, None).await.expect(200);
    bob.overview_of(&id)
        .await
        .refused(403, "two_factor_required");
    let settings = ada.settings(&id).await;
    assert_eq!(settings["coverage"]["covered"], 1);
    // Before the rule is changed, the page knows what the other one would do.
    assert_eq!(
        settings["uncovered"],
        json!({ "with_sms": 0, "without_sms": 1 })
    );
    let mut change = ada.change(&id, true, None).await;
    change["rules"]["sms_counts"] = json!(true);
    let weaker = json!({ "password": PASSWORD, "code": null });
    ada.save(&id, &change, weaker).await.expect(200);
    bob.overview_of(&id).await.expect(200);
    let settings = ada.settings(&id).await;
    assert_eq!(settings["coverage"]["covered"], 2);
    assert_eq!(
        settings["uncovered"],
        json!({ "with_sms": 0, "without_sms": 1 })
    );
    let mails = app.mails_with("requires two-factor").await;
    let mut change = ada.change(&id, true, None).await;
    change["rules"]["sms_counts"] = json!(false);
    ada.save(&id, &change, Value::Null).await.expect(200);
    bob.overview_of(&id)
        .await
        .refused(403, "two_factor_required");
    // One mail of a requirement a day.
    assert_eq!(app.mails_with("requires two-factor").await, mails);
}
