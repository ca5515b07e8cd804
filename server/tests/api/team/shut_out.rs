//! What somebody has offered while the account is shut to them: it is worth nothing until it opens, and can be taken back.

use serde_json::{Value, json};

use super::{ADMIN, BILLING, DEVELOPER, five, on, proven};
use crate::support::{PASSWORD, TestApp, invitation, invitation_token, last_mail_to};

const NEW: &str = "new@example.org";
const SHUT: &str = "UPDATE accounts SET required_from = 1";
const OPEN: &str = "UPDATE accounts SET required_from = NULL";

fn any() -> Value {
    json!({ "account": "any" })
}

#[tokio::test]
async fn an_owner_who_is_shut_out_gives_no_account_away_and_takes_the_offer_back() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let dora = owner.id_of(DEVELOPER).await;
    owner
        .call("team/offer-transfer", proven(&dora, None))
        .await
        .expect(200);
    let step_up = json!({ "password": PASSWORD, "code": null });
    let accept = json!({ "account": "any", "step_up": step_up });
    app.sql(SHUT).await;
    five.developer.enable_two_factor(&app).await;
    let overview = five.developer.call("account/overview", any()).await;
    assert_eq!(overview.expect(200).json()["transfer"], Value::Null);
    let accepted = five.developer.call("team/accept-transfer", accept).await;
    accepted.refused(409, "offer_over");
    owner
        .call("account/overview", any())
        .await
        .refused(403, "two_factor_required");
    let back = owner.call("team/take-back-transfer", any()).await;
    back.expect(200);
    assert_eq!(app.count("transfer_offers").await, 0);
}

#[tokio::test]
async fn who_is_shut_out_declines_what_they_were_offered() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let dora = owner.id_of(DEVELOPER).await;
    owner
        .call("team/offer-transfer", proven(&dora, None))
        .await
        .expect(200);
    app.sql(SHUT).await;
    let declined = five.developer.call("team/decline-transfer", any()).await;
    declined.expect(200);
    assert_eq!(app.count("transfer_offers").await, 0);
}

#[tokio::test]
async fn who_is_shut_out_brings_nobody_in() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let call = invitation("any", NEW, &["admin"]);
    five.admin.call("team/invite", call).await.expect(200);
    let token = invitation_token(&last_mail_to(&app, NEW).await);
    let joining = json!({ "token": token, "user": { "name": "New", "password": PASSWORD } });
    app.sql(SHUT).await;
    let mut anyone = app.browser();
    for (endpoint, call) in [
        ("invitation/open", json!({ "token": token })),
        ("invitation/join", joining.clone()),
    ] {
        let reply = anyone.call(endpoint, call).await;
        reply.refused(409, "inviter_without_right");
    }
    assert_eq!(five.admin.state().await, "signed_in", "{ADMIN}");
    five.admin.enable_two_factor(&app).await;
    anyone.call("invitation/join", joining).await.expect(200);
}

#[tokio::test]
async fn who_is_shut_out_lets_nobody_set_up_a_first_factor() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let bill = owner.id_of(BILLING).await;
    let mut call = on(&bill);
    call["step_up"] = json!({ "password": PASSWORD, "code": null });
    let allowed = owner.call("team/allow-first-factor", call).await;
    allowed.expect(200);
    let mut browser = app.browser();
    browser.sign_in(BILLING).await.expect(200);
    app.sql(SHUT).await;
    let refused = browser.begin("enable", None).await;
    assert_ne!(refused.status, 200, "{}", refused.text);
    app.sql(OPEN).await;
    browser.begin("enable", None).await.expect(200);
}
