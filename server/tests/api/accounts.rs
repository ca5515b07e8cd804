//! Accounts: the list, a new one, entering one, `any`, the overview.

use crypto::clock::Clock as _;
use serde_json::{Value, json};

use crate::support::TestApp;

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";

#[tokio::test]
async fn whoever_creates_an_account_owns_it_and_the_log_says_so() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let created = ada
        .call(
            "accounts/create",
            json!({ "name": "  Difference Engines " }),
        )
        .await
        .expect(200);
    let id = created.json().as_str().unwrap().to_owned();
    let entered = ada.of_account("enter", &id).await.expect(200).json();
    assert_eq!(entered["name"], "Difference Engines");
    assert_eq!(entered["roles"], json!(["owner"]));
    assert_eq!(entered["leave"], "owner_stays");
    for free in ["read_users", "read_settings", "read_activity", "due_from"] {
        assert_eq!(entered[free], Value::Null, "{free}");
    }
    let log = ada
        .call("account/activity", json!({ "account": id, "query": {} }))
        .await
        .expect(200)
        .json();
    assert_eq!(log["events"][0]["kind"], "account_created");
    assert_eq!(log["events"][0]["actor"], "Ada");
}

#[tokio::test]
async fn what_is_no_name_is_refused_at_its_field() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    for (name, problem) in [
        (" ".to_owned(), "missing"),
        ("x".repeat(101), "too_long"),
        ("a\u{202e}b".to_owned(), "not_text"),
    ] {
        let reply = ada.call("accounts/create", json!({ "name": name })).await;
        let reply = reply.refused(422, "invalid_fields").json();
        assert_eq!(reply["fields"][0]["field"], "account_name");
        assert_eq!(reply["fields"][0]["problem"]["problem"], problem);
    }
    assert_eq!(ada.accounts().await.len(), 1);
}

#[tokio::test]
async fn any_is_the_account_entered_last_and_it_comes_first_in_the_list() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let first = ada.own_account().await;
    let mut created = Vec::new();
    for name in ["Zebra", "apple", "Mango"] {
        let reply = ada.call("accounts/create", json!({ "name": name })).await;
        created.push(reply.expect(200).json().as_str().unwrap().to_owned());
    }
    for id in [&created[0], &first, &created[2], &created[0]] {
        ada.of_account("enter", id).await.expect(200);
        let any = ada.of_account("enter", "any").await.expect(200).json();
        assert_eq!(any["id"], **id, "also within one second");
    }
    let names: Vec<_> = ada
        .accounts()
        .await
        .iter()
        .map(|account| account["name"].clone())
        .collect();
    assert_eq!(names, ["Zebra", "Analytical Engines", "apple", "Mango"]);
}

#[tokio::test]
async fn staying_in_an_account_is_noted_once_a_minute() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let id = ada.own_account().await;
    let noted = "SELECT last_used_at FROM memberships";
    ada.of_account("enter", &id).await.expect(200);
    let first = app.number(noted).await;
    app.clock.advance(59);
    ada.of_account("enter", &id).await.expect(200);
    assert_eq!(app.number(noted).await, first);
    app.clock.advance(1);
    ada.of_account("enter", "any").await.expect(200);
    assert_eq!(app.number(noted).await, app.clock.now().0);
}

#[tokio::test]
async fn an_account_of_others_is_not_there() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let mut bob = app.member(BOB).await;
    let id = ada.own_account().await;
    let unknown = "0190163d-8694-739b-aea5-966c26f8ad90";
    for account in [id.as_str(), unknown] {
        for function in ["enter", "overview", "settings"] {
            bob.of_account(function, account)
                .await
                .refused(404, "not_found");
        }
        bob.call(
            "account/activity",
            json!({ "account": account, "query": {} }),
        )
        .await
        .refused(404, "not_found");
        let change = json!({
            "version": 1, "required": true, "required_from": null,
            "rules": { "trusted_browsers_allowed": true, "sms_counts": false },
        });
        bob.save(account, &change, Value::Null)
            .await
            .refused(404, "not_found");
        for ending in ["csv", "jsonl"] {
            bob.download(&format!("/api/accounts/{account}/activity.{ending}"))
                .await
                .refused(404, "not_found");
        }
    }
    for nonsense in ["", "ANY", "1", "any/.."] {
        bob.of_account("enter", nonsense)
            .await
            .refused(400, "malformed");
    }
    app.sql("DELETE FROM memberships WHERE user_id = (SELECT id FROM users WHERE email = 'bob@example.org')").await;
    bob.of_account("enter", "any")
        .await
        .refused(404, "not_found");
    assert!(bob.accounts().await.is_empty());
}

#[tokio::test]
async fn nobody_signed_in_nothing_of_accounts() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let id = ada.own_account().await;
    let mut nobody = app.browser();
    for function in [
        "accounts/list",
        "accounts/create",
        "account/rename",
        "account/delete",
        "accounts/restore",
        "account/enter",
        "account/overview",
        "account/settings",
        "account/save-settings",
        "account/activity",
    ] {
        nobody
            .call(function, json!({ "account": id }))
            .await
            .refused(401, "signed_out");
    }
}

#[tokio::test]
async fn what_a_role_may_see_is_said_when_entering_and_kept_when_asked() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    let mut bob = app.member(BOB).await;
    app.join(ADA, BOB, 0b110).await;
    let entered = bob.of_account("enter", &id).await.expect(200).json();
    assert_eq!(entered["roles"], json!(["developer", "billing"]));
    for denied in ["read_users", "read_settings", "read_activity"] {
        assert_eq!(entered[denied], "admins_only");
    }
    assert_eq!(entered["leave"], Value::Null);
    let overview = bob.of_account("overview", &id).await.expect(200).json();
    assert_eq!(overview["coverage"], Value::Null);
    bob.of_account("settings", &id)
        .await
        .refused(403, "forbidden");
    bob.call("account/activity", json!({ "account": id, "query": {} }))
        .await
        .refused(403, "forbidden");
    bob.download(&format!("/api/accounts/{id}/activity.csv"))
        .await
        .refused(403, "forbidden");
    app.sql("UPDATE memberships SET roles = 1 WHERE roles = 6")
        .await;
    let settings = bob.settings(&id).await;
    assert_eq!(settings["change"], "owner_only");
    let change = bob.change(&id, true, None).await;
    bob.save(&id, &change, Value::Null)
        .await
        .refused(403, "forbidden");
}

#[tokio::test]
async fn the_overview_counts_who_is_covered_and_names_the_first_who_are_not() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    app.crowd(ADA, 7).await;
    let overview = ada.of_account("overview", &id).await.expect(200).json();
    assert_eq!(
        overview,
        json!({
            "required_from": null, "in_force": false,
            "coverage": {
                "users": 8, "covered": 1, "invitations": 0,
                "uncovered": ["Crowd 1", "Crowd 2", "Crowd 3", "Crowd 4", "Crowd 5"],
            },
            "transfer": null,
        })
    );
}
