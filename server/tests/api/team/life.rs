//! The life of an account: its name, and what somebody reads who is in none any more.

use crypto::clock::Clock as _;
use serde_json::{Value, json};

use super::{BILLING, five, on};
use crate::support::{Browser, TestApp};

async fn left(browser: &mut Browser) -> Value {
    let reply = browser.call("accounts/list", json!({})).await;
    reply.expect(200).json()["left"].clone()
}

#[tokio::test]
async fn the_owner_gives_the_account_another_name_and_the_log_has_the_one_before() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let renamed = |name: &str| json!({ "account": "any", "name": name });
    for browser in [&mut five.admin, &mut five.developer, &mut five.billing] {
        browser
            .call("account/rename", renamed("Mine"))
            .await
            .refused(403, "forbidden");
    }
    let owner = &mut five.team.owner;
    let too_long = "x".repeat(101);
    for (name, problem) in [
        (" ", "missing"),
        (too_long.as_str(), "too_long"),
        ("a\u{202e}b", "not_text"),
    ] {
        let reply = owner.call("account/rename", renamed(name)).await;
        let reply = reply.refused(422, "invalid_fields").json();
        assert_eq!(reply["fields"][0]["field"], "account_name");
        assert_eq!(reply["fields"][0]["problem"]["problem"], problem);
    }
    let before = app.count("audit_events").await;
    // The same name changes nothing and tells nobody.
    for name in [" Difference Engines ", "Difference Engines"] {
        owner
            .call("account/rename", renamed(name))
            .await
            .expect(200);
    }
    assert_eq!(app.count("audit_events").await, before + 1);
    let line = "account_renamed Analytical Engines".to_owned();
    assert!(
        app.events().await.contains(&line),
        "{:?}",
        app.events().await
    );
    for browser in [&mut five.team.owner, &mut five.developer] {
        let entered = browser.of_account("enter", "any").await.expect(200).json();
        assert_eq!(entered["name"], "Difference Engines");
    }
    let mut stranger = app.member("eve@example.org").await;
    let id = five.team.owner.own_account().await;
    stranger
        .call("account/rename", json!({ "account": id, "name": "Eve's" }))
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn whoever_is_in_no_account_reads_how_that_came_to_be_under_the_name_of_that_time() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    assert_eq!(left(&mut five.billing).await, Value::Null, "in one");
    let bill = five.team.owner.id_of(BILLING).await;
    app.clock.advance(1);
    let removed_at = app.clock.now().seconds();
    five.admin.call("team/remove", on(&bill)).await.expect(200);
    app.clock.advance(1);
    let any = json!({ "account": "any" });
    five.developer.call("team/leave", any).await.expect(200);
    for name in ["Secret Plans", "Other Plans"] {
        app.clock.advance(1);
        let renamed = json!({ "account": "any", "name": name });
        let owner = &mut five.team.owner;
        owner.call("account/rename", renamed).await.expect(200);
    }
    let said =
        |at: i64, by: Value| json!({ "name": "Analytical Engines", "at": at, "removed_by": by });
    assert_eq!(
        left(&mut five.billing).await,
        said(removed_at, json!("Grace"))
    );
    assert_eq!(
        left(&mut five.developer).await,
        said(removed_at + 1, Value::Null)
    );
    // Somebody who joins another one is in one again.
    let created = json!({ "name": "Own" });
    five.billing
        .call("accounts/create", created)
        .await
        .expect(200);
    assert_eq!(left(&mut five.billing).await, Value::Null);
    // An account that is gone has no name.
    app.sql("UPDATE audit_events SET account_id = NULL WHERE kind = 'user_left'")
        .await;
    assert_eq!(left(&mut five.developer).await["name"], Value::Null);
}

#[tokio::test]
async fn the_list_says_what_an_account_requires_and_who_cannot_leave() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owned = &five.team.owner.accounts().await[0];
    assert_eq!(owned["leave"], "owner_stays");
    assert_eq!(owned["required_from"], Value::Null);
    let soon = app.clock.now().seconds() + 60;
    app.sql(&format!("UPDATE accounts SET required_from = {soon}"))
        .await;
    let listed = &five.billing.accounts().await[0];
    assert_eq!(listed["leave"], Value::Null);
    assert_eq!(listed["required_from"]["at"], soon);
    assert_eq!(listed["in_force"], false);
    app.clock.advance(60);
    let listed = &five.billing.accounts().await[0];
    assert_eq!(
        (&listed["in_force"], &listed["is_shut"]),
        (&json!(true), &json!(true))
    );
}
