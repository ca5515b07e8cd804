//! Transfer of an account: an offer, which the other accepts.

use crypto::clock::Clock as _;
use serde_json::{Value, json};

use super::{ADMIN, DEVELOPER, five, on, proven, roles};
use crate::support::{
    Browser, OWNER, PASSWORD, Reply, START, TestApp, invitation, last_mail_to, subject,
};

const OFFER: &str = "team/offer-transfer";

fn any() -> Value {
    json!({ "account": "any" })
}

async fn accept(browser: &mut Browser, code: Option<&str>) -> Reply {
    let step_up = json!({ "password": PASSWORD, "code": code });
    let call = json!({ "account": "any", "step_up": step_up });
    browser.call("team/accept-transfer", call).await
}

/// The offer as a browser's user sees it.
async fn seen(browser: &mut Browser) -> Value {
    let overview = browser.call("account/overview", any()).await.expect(200);
    overview.json()["transfer"].clone()
}

#[tokio::test]
async fn an_account_is_offered_and_changes_hands_only_when_it_is_accepted() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let (olga, dora) = (owner.id_of(OWNER).await, owner.id_of(DEVELOPER).await);
    let wrong =
        json!({ "account": "any", "user": dora, "step_up": { "password": "wrong", "code": null } });
    owner
        .call(OFFER, wrong)
        .await
        .refused(422, "wrong_password");
    owner
        .call(OFFER, proven(&olga, None))
        .await
        .refused(403, "forbidden");
    five.admin
        .call(OFFER, proven(&dora, None))
        .await
        .refused(403, "forbidden");
    accept(&mut five.developer, None)
        .await
        .refused(409, "offer_over");
    let owner = &mut five.team.owner;
    owner.call(OFFER, proven(&dora, None)).await.expect(200);
    assert_eq!(owner.user(OWNER).await["roles"], json!(["owner"]));
    assert_eq!(owner.user(DEVELOPER).await["roles"], json!(["developer"]));
    let until = app.clock.now().seconds() + 7 * 86_400;
    let (by_owner, by_other) = (seen(owner).await, seen(&mut five.developer).await);
    assert_eq!(by_owner["until"], until);
    assert_eq!(by_owner["is_to_reader"], false);
    assert_eq!(by_other["is_to_reader"], true);
    assert_eq!(seen(&mut five.admin).await, Value::Null);
    for (to, expected) in [
        (OWNER, "You offered Analytical Engines to another user"),
        (DEVELOPER, "You are offered the account Analytical Engines"),
    ] {
        assert_eq!(subject(&last_mail_to(&app, to).await), expected);
    }
    accept(&mut five.admin, None)
        .await
        .refused(409, "offer_over");
    app.clock.advance(1);
    accept(&mut five.developer, None).await.expect(200);
    let owner = &mut five.team.owner;
    assert_eq!(owner.user(OWNER).await["roles"], json!(["admin"]));
    let roles = owner.user(DEVELOPER).await["roles"].clone();
    assert_eq!(roles, json!(["owner", "developer"]));
    for (to, expected) in [
        (OWNER, "You are no longer the owner of Analytical Engines"),
        (DEVELOPER, "You are the owner of Analytical Engines"),
    ] {
        assert_eq!(subject(&last_mail_to(&app, to).await), expected);
    }
    let events = app.events().await;
    assert!(events.contains(&"transfer_accepted".to_owned()));
    accept(&mut five.developer, None)
        .await
        .refused(409, "offer_over");
    five.team.owner.call("team/leave", any()).await.expect(200);
    five.developer
        .call("team/leave", any())
        .await
        .refused(409, "owner_stays");
}

#[tokio::test]
async fn there_is_one_offer_at_a_time_which_is_taken_back_declined_or_over_after_a_week() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let (ada, dora) = (owner.id_of(ADMIN).await, owner.id_of(DEVELOPER).await);
    owner.call(OFFER, proven(&dora, None)).await.expect(200);
    assert_eq!(owner.user(ADMIN).await["transfer"], "transfer_pending");
    owner
        .call(OFFER, proven(&ada, None))
        .await
        .refused(409, "transfer_pending");
    five.admin
        .call("team/take-back-transfer", any())
        .await
        .refused(403, "forbidden");
    five.admin
        .call("team/decline-transfer", any())
        .await
        .refused(409, "offer_over");
    let owner = &mut five.team.owner;
    // Whoever has not heard of the offer does not hear of its end.
    app.mails_gone().await;
    app.clock.advance(1);
    owner
        .call("team/take-back-transfer", any())
        .await
        .expect(200);
    owner
        .call("team/take-back-transfer", any())
        .await
        .refused(409, "offer_over");
    accept(&mut five.developer, None)
        .await
        .refused(409, "offer_over");
    let told = "The offer of Analytical Engines was taken back";
    assert_eq!(subject(&last_mail_to(&app, DEVELOPER).await), told);

    let owner = &mut five.team.owner;
    owner.call(OFFER, proven(&ada, None)).await.expect(200);
    app.next_mails_are_last().await;
    five.admin
        .call("team/decline-transfer", any())
        .await
        .expect(200);
    let told = "Your offer of Analytical Engines was declined";
    assert_eq!(subject(&last_mail_to(&app, OWNER).await), told);
    assert_eq!(seen(&mut five.team.owner).await, Value::Null);

    let owner = &mut five.team.owner;
    owner.call(OFFER, proven(&dora, None)).await.expect(200);
    app.clock.advance(7 * 86_400);
    let mut developer = app.browser();
    developer.sign_in(DEVELOPER).await.expect(200);
    accept(&mut developer, None)
        .await
        .refused(409, "offer_over");
    let mut owner = app.browser();
    owner.sign_in(OWNER).await.expect(200);
    assert_eq!(seen(&mut owner).await, Value::Null);
    // What is over makes room.
    owner.call(OFFER, proven(&ada, None)).await.expect(200);
    assert_eq!(app.count("transfer_offers").await, 1);
}

#[tokio::test]
async fn an_account_that_requires_two_factor_is_offered_to_and_accepted_by_who_has_it() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    five.team.owner.enable_two_factor(&app).await;
    let owner = &mut five.team.owner;
    let (ada, dora) = (owner.id_of(ADMIN).await, owner.id_of(DEVELOPER).await);
    five.developer.enable_two_factor(&app).await;
    // From a day to come: it counts already.
    let soon = START.seconds() + 86_400;
    let require = format!("UPDATE accounts SET required_from = {soon}");
    app.sql(&require).await;
    let owner = &mut five.team.owner;
    assert_eq!(
        owner.user(ADMIN).await["transfer"],
        "other_without_two_factor"
    );
    owner
        .call(OFFER, proven(&ada, None))
        .await
        .refused(409, "new_owner_without_two_factor");
    // Offered before it was required, or before they lost it.
    app.sql("UPDATE accounts SET required_from = NULL").await;
    owner.call(OFFER, proven(&ada, None)).await.expect(200);
    app.sql(&require).await;
    assert_eq!(seen(&mut five.admin).await["accept"], "without_two_factor");
    accept(&mut five.admin, None)
        .await
        .refused(409, "owner_without_two_factor");
    let owner = &mut five.team.owner;
    owner
        .call("team/take-back-transfer", any())
        .await
        .expect(200);
    assert_eq!(owner.user(DEVELOPER).await["transfer"], Value::Null);
    owner.call(OFFER, proven(&dora, None)).await.expect(200);
    accept(&mut five.developer, None).await.expect(200);
}

#[tokio::test]
async fn accepting_takes_the_step_up_and_a_code_stays_spent_though_it_is_refused() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let dora = five.team.owner.id_of(DEVELOPER).await;
    let authenticator = five.developer.enable_two_factor(&app).await;
    let owner = &mut five.team.owner;
    owner.call(OFFER, proven(&dora, None)).await.expect(200);
    let now = START + 1_800;
    app.clock.set(now);
    accept(&mut five.developer, None)
        .await
        .refused(422, "code_needed");
    accept(&mut five.developer, Some(&authenticator.wrong_code(now)))
        .await
        .refused(422, "wrong_code");
    let wrong = json!({ "account": "any", "step_up": { "password": "wrong", "code": null } });
    five.developer
        .call("team/accept-transfer", wrong)
        .await
        .refused(422, "wrong_password");
    // The operator disables the owner: what they offered is not theirs to give.
    app.sql(&format!(
        "UPDATE users SET disabled_at = 1 WHERE email = '{OWNER}'"
    ))
    .await;
    let code = authenticator.code(now);
    accept(&mut five.developer, Some(&code))
        .await
        .refused(409, "offer_over");
    let mut other = app.browser();
    other.sign_in(DEVELOPER).await.expect(200);
    other.give_code(&code).await.refused(422, "wrong_code");
    let accounts = format!(
        "SELECT COUNT(*) FROM accounts JOIN users ON users.id = owner_id WHERE email = '{OWNER}'"
    );
    assert_eq!(app.number(&accounts).await, 1);
}

#[tokio::test]
async fn an_offer_ends_with_what_it_rests_on() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let (ada, dora) = (owner.id_of(ADMIN).await, owner.id_of(DEVELOPER).await);
    let offered = || app.count("transfer_offers");
    owner.call(OFFER, proven(&dora, None)).await.expect(200);
    owner
        .call("team/remove", json!({ "account": "any", "user": dora }))
        .await
        .expect(200);
    assert_eq!(offered().await, 0);
    owner.call(OFFER, proven(&ada, None)).await.expect(200);
    five.admin.call("team/leave", any()).await.expect(200);
    assert_eq!(offered().await, 0);
    // A password that somebody else knew may have offered it.
    let owner = &mut five.team.owner;
    let alan = owner.id_of(super::SECOND).await;
    owner.call(OFFER, proven(&alan, None)).await.expect(200);
    let step_up = json!({ "password": PASSWORD, "code": null });
    let change = json!({ "password": "another horse battery staple", "step_up": step_up });
    owner.call("password/change", change).await.expect(200);
    assert_eq!(offered().await, 0);
}

#[tokio::test]
async fn the_operator_transfers_at_once_and_the_offer_is_gone() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let dora = five.team.owner.id_of(DEVELOPER).await;
    let owner = &mut five.team.owner;
    owner.call(OFFER, proven(&dora, None)).await.expect(200);
    let account = app.account_of(OWNER).await;
    service::accounts::operator::transfer(&app.services, &account, ADMIN)
        .await
        .unwrap();
    assert_eq!(app.count("transfer_offers").await, 0);
    accept(&mut five.developer, None)
        .await
        .refused(409, "offer_over");
}

/// Whoever is mailed all day by somebody's own account can still be removed and demoted elsewhere: no act
/// depends on room in a mailbox.
#[tokio::test]
async fn a_mailbox_that_an_accomplice_fills_protects_nobody() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let ada = five.team.owner.id_of(ADMIN).await;
    let mut mallory = app.member("mallory@example.org").await;
    let reply = mallory
        .call("accounts/create", json!({ "name": "Own" }))
        .await;
    let own = reply.expect(200).json().as_str().unwrap().to_owned();
    app.next_mails_are_last().await;
    mallory
        .call("team/invite", invitation(&own, ADMIN, &["developer"]))
        .await
        .expect(200);
    let token = app.links("/invitation").await.pop().unwrap();
    let accepted = json!({ "token": token });
    five.admin
        .call("invitation/accept", accepted)
        .await
        .expect(200);
    let step_up = json!({ "password": PASSWORD, "code": null });
    let offer = json!({ "account": own, "user": ada, "step_up": step_up });
    let back = json!({ "account": own });
    let mut offers = 0;
    for _ in 0..30 {
        let reply = mallory.call(OFFER, offer.clone()).await;
        if reply.status != 200 {
            reply.paused("transfer_offers");
            break;
        }
        offers += 1;
        mallory
            .call("team/take-back-transfer", back.clone())
            .await
            .expect(200);
    }
    assert_eq!(offers, 10);
    let owner = &mut five.team.owner;
    for _ in 0..2 {
        for given in [&["developer"], &["billing"]] {
            let call = roles(&ada, given);
            owner.call("team/change-roles", call).await.expect(200);
        }
    }
    owner.call("team/remove", on(&ada)).await.expect(200);
}

/// Each who may change somebody's roles has changes of their own.
#[tokio::test]
async fn nobody_uses_up_the_changes_of_roles_that_another_may_make() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let dora = five.team.owner.id_of(DEVELOPER).await;
    let mut refused = 0;
    for given in [&["billing"], &["developer"]].iter().cycle().take(30) {
        let reply = five
            .admin
            .call("team/change-roles", roles(&dora, *given))
            .await;
        refused += usize::from(reply.status == 429);
    }
    // Ten changes; then what would be another is refused, and what is so already is not.
    assert_eq!(refused, 10);
    let owner = &mut five.team.owner;
    let is_developer = owner.user(DEVELOPER).await["roles"] == json!(["developer"]);
    let other: &[&str] = if is_developer {
        &["billing"]
    } else {
        &["developer"]
    };
    owner
        .call("team/change-roles", roles(&dora, other))
        .await
        .expect(200);
}
