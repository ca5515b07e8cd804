//! Changing roles, removing, leaving.

use serde_json::json;

use super::{ADMIN, BILLING, DEVELOPER, SECOND, five, on, roles};
use crate::support::{OWNER, TestApp, last_mail_to, subject, unfolded};

#[tokio::test]
async fn owners_and_administrators_change_roles_below_their_own_and_whoever_is_changed_is_told() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let (admin, dora) = (owner.id_of(ADMIN).await, owner.id_of(DEVELOPER).await);
    five.admin
        .call("team/change-roles", roles(&dora, &["billing", "developer"]))
        .await
        .expect(200);
    assert_eq!(
        owner.user(DEVELOPER).await["roles"],
        json!(["developer", "billing"])
    );
    let mail = last_mail_to(&app, DEVELOPER).await;
    assert_eq!(
        subject(&mail),
        "Your roles in Analytical Engines were changed"
    );
    let text = unfolded(&mail);
    assert!(text.contains("You are now: Developer, Billing."), "{text}");
    owner
        .call("team/change-roles", roles(&admin, &["developer"]))
        .await
        .expect(200);
    five.admin
        .call("team/change-roles", roles(&dora, &["developer"]))
        .await
        .refused(403, "forbidden");
    five.admin
        .call("team/users", json!({ "account": "any", "query": { "search": "", "two_factor": null, "after": null } }))
        .await
        .refused(403, "forbidden");
    let events = app.events().await;
    assert!(events.contains(&r#"roles_changed ["developer","billing"]"#.to_owned()));
    assert!(events.contains(&r#"roles_changed ["developer"]"#.to_owned()));
}

#[tokio::test]
async fn nobody_touches_their_own_rank_or_above_or_gives_more_than_they_have() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let (ada, alan) = (owner.id_of(ADMIN).await, owner.id_of(SECOND).await);
    let dora = owner.id_of(DEVELOPER).await;
    for (mut browser, user, to_be) in [
        (five.admin.clone(), &alan, "developer"),
        (five.admin.clone(), &ada, "developer"),
        (five.admin.clone(), &ada, "owner"),
        (five.admin.clone(), &dora, "owner"),
        (five.developer.clone(), &dora, "admin"),
        (five.developer.clone(), &ada, "billing"),
        (five.billing.clone(), &dora, "billing"),
        (five.team.owner.clone(), &ada, "owner"),
    ] {
        browser
            .call("team/change-roles", roles(user, &[to_be]))
            .await
            .refused(403, "forbidden");
    }
    for (mut browser, user) in [
        (five.admin.clone(), &alan),
        (five.admin.clone(), &ada),
        (five.developer.clone(), &dora),
        (five.developer.clone(), &ada),
        (five.billing.clone(), &dora),
    ] {
        browser
            .call("team/remove", on(user))
            .await
            .refused(403, "forbidden");
    }
    let no_roles = five
        .admin
        .call("team/change-roles", roles(&dora, &[]))
        .await;
    assert_eq!(
        no_roles.refused(422, "invalid_fields").json()["fields"],
        json!([{ "field": "roles", "problem": { "problem": "missing" } }])
    );
    assert!(
        !app.events()
            .await
            .iter()
            .any(|line| line.starts_with("roles_changed") || line.starts_with("user_removed"))
    );
}

/// F97: an account keeps its owner.
#[tokio::test]
async fn the_owner_can_neither_leave_nor_be_removed_nor_be_demoted() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let olga = five.team.owner.id_of(OWNER).await;
    for browser in [&mut five.team.owner, &mut five.admin] {
        for to_be in ["admin", "developer", "owner"] {
            browser
                .call("team/change-roles", roles(&olga, &[to_be]))
                .await
                .refused(409, "owner_stays");
        }
        browser
            .call("team/remove", on(&olga))
            .await
            .refused(409, "owner_stays");
    }
    five.team
        .owner
        .call("team/leave", json!({ "account": "any" }))
        .await
        .refused(409, "owner_stays");
    five.developer
        .call("team/remove", on(&olga))
        .await
        .refused(403, "forbidden");
    assert_eq!(five.team.owner.user(OWNER).await["roles"], json!(["owner"]));
}

#[tokio::test]
async fn who_is_removed_keeps_the_session_and_finds_nothing_of_the_account() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let bill = five.team.owner.id_of(BILLING).await;
    app.clock.advance(1);
    five.admin.call("team/remove", on(&bill)).await.expect(200);
    assert_eq!(five.billing.state().await, "signed_in");
    five.billing
        .call("team/leave", json!({ "account": "any" }))
        .await
        .refused(404, "not_found");
    five.admin
        .call("team/remove", on(&bill))
        .await
        .refused(404, "not_found");
    let mail = last_mail_to(&app, BILLING).await;
    assert_eq!(subject(&mail), "You were removed from an account");
    assert!(unfolded(&mail).contains("the account =E2=80=9CAnalytical Engines=E2=80=9D."));
    assert!(app.events().await.contains(&"user_removed".to_owned()));
}

#[tokio::test]
async fn who_leaves_is_gone_also_from_an_account_that_is_shut() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let any = json!({ "account": "any" });
    five.developer
        .call("team/leave", any.clone())
        .await
        .expect(200);
    five.developer
        .call("team/leave", any.clone())
        .await
        .refused(404, "not_found");
    app.sql("UPDATE accounts SET required_from = 1").await;
    five.admin
        .call("team/invitations", any.clone())
        .await
        .refused(403, "two_factor_required");
    five.admin.call("team/leave", any).await.expect(200);
    assert_eq!(
        subject(&last_mail_to(&app, ADMIN).await),
        "You left an account"
    );
    let left = app.events().await;
    assert_eq!(left.iter().filter(|line| *line == "user_left").count(), 2);
}
