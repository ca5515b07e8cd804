//! What ends an offer before it is confirmed.

use crypto::clock::Clock as _;
use serde_json::{Value, json};

use super::{VERA, World, confirm, open};
use crate::support::PASSWORD;

impl World {
    /// The link is worth nothing, to whoever opens it, and Vera's factor is what it was.
    async fn is_over(&self, token: &str, because: &str) {
        let mut browser = self.app.browser();
        for reply in [
            open(&mut browser, token).await,
            confirm(&mut browser, token).await,
        ] {
            assert_eq!(reply.code(), "link_over", "{because}");
        }
        assert!(self.has_factor().await, "{because}");
    }
}

#[tokio::test]
async fn a_link_is_over_after_a_day_and_when_another_takes_its_place() {
    let mut world = World::new().await;
    let first = world.offer().await;
    let second = world.offer().await;
    world.is_over(&first, "another offer").await;
    world.app.clock.advance(86_400);
    world.is_over(&second, "a day").await;
}

#[tokio::test]
async fn an_offer_of_another_account_leaves_the_own_teams_good() {
    let mut world = World::new().await;
    let token = world.offer().await;
    let mut boss = world.app.member("boss@example.org").await;
    world.app.join("boss@example.org", VERA, 2).await;
    let step_up = json!({ "password": PASSWORD, "code": null });
    let account = boss.own_account().await;
    let call = json!({ "account": account, "user": world.id_of_vera, "step_up": step_up });
    boss.call("team/offer-reset", call).await.expect(200);
    open(&mut world.app.browser(), &token).await.expect(200);
}

#[tokio::test]
async fn who_offered_has_to_be_able_to_at_the_moment_of_the_confirmation() {
    let statements = [
        "DELETE FROM memberships WHERE user_id = (SELECT id FROM users WHERE email LIKE 'vera%') AND roles = 4",
        "UPDATE users SET disabled_at = 1 WHERE email LIKE 'mallory%'",
        "UPDATE users SET disabled_at = 1 WHERE email LIKE 'vera%'",
        "UPDATE accounts SET owner_id = (SELECT id FROM users WHERE email LIKE 'vera%')",
        "DELETE FROM memberships WHERE user_id = (SELECT id FROM users WHERE email LIKE 'mallory%')",
    ];
    for statement in statements {
        let mut world = World::new().await;
        let token = world.offer().await;
        world.app.sql(statement).await;
        world.is_over(&token, statement).await;
    }
}

/// A right that sleeps with the rank would wake with it.
#[tokio::test]
async fn another_rank_of_either_ends_it_for_good() {
    for of in ["who offered", "whom it is for"] {
        let mut world = World::new().await;
        let mut adam = world.app.member("adam@example.org").await;
        world
            .app
            .join("mallory@example.org", "adam@example.org", 1)
            .await;
        let adams = world.app.user("adam@example.org").await.id.to_string();
        let token = world.offer_by(&mut adam).await;
        let (user, others, own) = match of {
            "who offered" => (adams, ["developer"], ["admin"]),
            _ => (world.id_of_vera.clone(), ["admin"], ["billing"]),
        };
        let step_up = json!({ "password": PASSWORD, "code": null });
        for roles in [others, own] {
            let call = json!({
                "account": world.guests, "user": user, "roles": roles, "step_up": step_up,
            });
            let changed = world.mallory.call("team/change-roles", call).await;
            changed.expect(200);
            world.is_over(&token, of).await;
        }
        assert_eq!(world.app.count("reset_offers").await, 0, "{of}");
    }
}

/// The walk over what is offered: who is shut out of the account offers nothing while they are.
#[tokio::test]
async fn who_is_shut_out_offers_no_reset() {
    let shut = "UPDATE accounts SET required_from = 1";
    let mut world = World::new().await;
    let token = world.offer().await;
    world.app.sql(shut).await;
    world.is_over(&token, shut).await;
    world.mallory.enable_two_factor(&world.app).await;
    let mut browser = world.app.browser();
    open(&mut browser, &token).await.expect(200);
}

#[tokio::test]
async fn leaving_and_being_removed_end_it_for_good() {
    let mut world = World::new().await;
    let token = world.offer().await;
    let (guests, id) = (world.guests.clone(), world.id_of_vera.clone());
    world
        .mallory
        .call("team/remove", json!({ "account": guests, "user": id }))
        .await
        .expect(200);
    world.app.join("mallory@example.org", VERA, 4).await;
    world.is_over(&token, "removed, and invited again").await;
    let token = world.offer().await;
    world
        .vera
        .call("team/leave", json!({ "account": guests }))
        .await
        .expect(200);
    world.app.join("mallory@example.org", VERA, 4).await;
    world.is_over(&token, "left, and invited again").await;
}

#[tokio::test]
async fn a_change_of_password_factor_or_codes_ends_it() {
    let mut world = World::new().await;
    let step_up = json!({ "password": PASSWORD, "code": null });
    let token = world.offer().await;
    let new_codes = world
        .vera
        .call(
            "two-factor/new-recovery-codes",
            json!({ "step_up": step_up }),
        )
        .await;
    new_codes.expect(200);
    world.is_over(&token, "new recovery codes").await;
    let token = world.offer().await;
    let replaced = world.vera.begin("replace", None).await.expect(200).json();
    let app = crate::support::Authenticator::new(replaced["key"].as_str().unwrap());
    world.app.clock.advance(30);
    let code = app.code(world.app.clock.now());
    world.vera.confirm(&replaced["id"], &code).await.expect(200);
    world.is_over(&token, "another app").await;
    let token = world.offer().await;
    // The password goes back, so that only the link can be at fault.
    for (from, to) in [
        (PASSWORD, "another horse battery staple"),
        ("another horse battery staple", PASSWORD),
    ] {
        let step_up = json!({ "password": from, "code": Value::Null });
        let change = json!({ "password": to, "step_up": step_up });
        world.vera.call("password/change", change).await.expect(200);
    }
    world.is_over(&token, "another password").await;
}

#[tokio::test]
async fn the_operators_reset_works_at_once_and_ends_every_offer() {
    let mut world = World::new().await;
    let token = world.offer().await;
    service::users::reset_two_factor(&world.app.services, VERA, true)
        .await
        .unwrap();
    assert!(!world.has_factor().await);
    open(&mut world.app.browser(), &token)
        .await
        .refused(409, "link_over");
    assert_eq!(world.vera.state().await, "signed_out");
}
