//! Transfer of an account to another owner.

use serde_json::{Value, json};

use super::{ADMIN, DEVELOPER, five, proven};
use crate::support::{OWNER, START, TestApp, last_mail_to, subject};

#[tokio::test]
async fn a_transfer_makes_another_user_the_owner_and_the_old_one_an_administrator() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let (olga, dora) = (owner.id_of(OWNER).await, owner.id_of(DEVELOPER).await);
    let wrong =
        json!({ "account": "any", "user": dora, "step_up": { "password": "wrong", "code": null } });
    owner
        .call("team/transfer", wrong)
        .await
        .refused(422, "wrong_password");
    owner
        .call("team/transfer", proven(&olga, None))
        .await
        .refused(403, "forbidden");
    five.admin
        .call("team/transfer", proven(&dora, None))
        .await
        .refused(403, "forbidden");
    let owner = &mut five.team.owner;
    owner
        .call("team/transfer", proven(&dora, None))
        .await
        .expect(200);
    assert_eq!(owner.user(OWNER).await["roles"], json!(["admin"]));
    assert_eq!(
        owner.user(DEVELOPER).await["roles"],
        json!(["owner", "developer"])
    );
    owner
        .call("team/transfer", proven(&olga, None))
        .await
        .refused(403, "forbidden");
    let mails = [
        (OWNER, "You are no longer the owner of Analytical Engines"),
        (DEVELOPER, "You are the owner of Analytical Engines"),
    ];
    for (to, expected) in mails {
        assert_eq!(subject(&last_mail_to(&app, to).await), expected);
    }
    assert!(
        app.events()
            .await
            .contains(&"account_transferred".to_owned())
    );
    owner
        .call("team/leave", json!({ "account": "any" }))
        .await
        .expect(200);
    five.developer
        .call("team/leave", json!({ "account": "any" }))
        .await
        .refused(409, "owner_stays");
}

#[tokio::test]
async fn an_account_that_requires_two_factor_goes_only_to_a_user_who_has_it() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    five.team.owner.enable_two_factor(&app).await;
    let owner = &mut five.team.owner;
    let (ada, dora) = (owner.id_of(ADMIN).await, owner.id_of(DEVELOPER).await);
    five.developer.enable_two_factor(&app).await;
    // From a day to come: it counts already.
    let soon = START.seconds() + 86_400;
    app.sql(&format!("UPDATE accounts SET required_from = {soon}"))
        .await;
    let owner = &mut five.team.owner;
    assert_eq!(
        owner.user(ADMIN).await["transfer"],
        "other_without_two_factor"
    );
    owner
        .call("team/transfer", proven(&ada, None))
        .await
        .refused(409, "new_owner_without_two_factor");
    assert_eq!(owner.user(DEVELOPER).await["transfer"], Value::Null);
    owner
        .call("team/transfer", proven(&dora, None))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_disabled_user_does_not_become_the_owner() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let dora = five.team.owner.id_of(DEVELOPER).await;
    app.sql("UPDATE users SET disabled_at = 1 WHERE email LIKE 'dora%'")
        .await;
    five.team
        .owner
        .call("team/transfer", proven(&dora, None))
        .await
        .refused(403, "forbidden");
}
