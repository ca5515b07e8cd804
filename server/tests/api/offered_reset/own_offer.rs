//! Whoever had a hand in the offer of a reset opens no account after it: another one looks at the letter first.

use serde_json::{Value, json};
use service::accounts::operator;

use super::{MALLORY, VERA, World, confirm, subjects};
use crate::support::{Browser, PASSWORD};

const OLGA: &str = "olga@example.org";
const ADAM: &str = "adam@example.org";

/// Mallory and Adam are administrators of Vera's account, and Olga, who is to become the owner of Mallory's, is one too.
struct Inside {
    world: World,
    olga: Browser,
    adam: Browser,
}

async fn inside() -> Inside {
    let mut world = World::new().await;
    for email in [MALLORY, ADAM, OLGA] {
        if email != MALLORY {
            world.app.create_user(email).await;
        }
        world.app.join(VERA, email, 1).await;
    }
    world.app.join(MALLORY, OLGA, 1).await;
    world.mallory.enable_two_factor(&world.app).await;
    let mut browsers = Vec::new();
    for email in [OLGA, ADAM] {
        let mut browser = world.app.browser();
        browser.sign_in(email).await.expect(200);
        browser.enable_two_factor(&world.app).await;
        browsers.push(browser);
    }
    let adam = browsers.pop().unwrap();
    let olga = browsers.pop().unwrap();
    Inside { world, olga, adam }
}

impl Inside {
    fn let_in(&self) -> Value {
        let step_up = json!({ "password": PASSWORD, "code": null });
        json!({ "account": self.world.big, "user": self.world.id_of_vera, "step_up": step_up })
    }

    async fn refused(&self, mut browser: Browser) {
        let shown = browser.user_in(&self.world.big, VERA).await;
        assert_eq!(shown["let_in"], "own_offer");
        let reply = browser.call("team/let-in", self.let_in()).await;
        assert_eq!(reply.json()["denial"], "own_offer", "{}", reply.text);
        reply.refused(403, "forbidden");
    }

    async fn confirmed(&self, token: &str) -> Browser {
        let mut vera = self.world.app.browser();
        confirm(&mut vera, token).await.expect(200);
        vera.enable_two_factor(&self.world.app).await;
        let shut = vera.overview_of(&self.world.big).await;
        shut.refused(403, "two_factor_required");
        vera
    }
}

#[tokio::test]
async fn who_offered_the_reset_lets_nobody_in_and_another_administrator_does() {
    let mut inside = inside().await;
    let token = inside.world.offer().await;
    let mut vera = inside.confirmed(&token).await;
    inside.refused(inside.world.mallory.clone()).await;
    let call = inside.let_in();
    inside.world.app.clock.advance(1);
    inside.adam.call("team/let-in", call).await.expect(200);
    let big = inside.world.big.clone();
    vera.overview_of(&big).await.expect(200);
    let said = "Analytical Engines was opened to somebody after a reset";
    for (email, is_told) in [(MALLORY, true), (OLGA, true), (ADAM, false), (VERA, false)] {
        let told = subjects(&inside.world.app, email).await;
        assert_eq!(told.iter().any(|it| it == said), is_told, "{email}");
    }
}

/// Neither the owner in whose account somebody else offered it, nor the one before, nor the one after.
#[tokio::test]
async fn nor_does_whoever_owns_or_owned_the_account_that_offered_it() {
    let mut inside = inside().await;
    let mut olga = inside.olga.clone();
    let token = inside.world.offer_by(&mut olga).await;
    let mut vera = inside.confirmed(&token).await;
    inside.refused(inside.olga.clone()).await;
    inside.refused(inside.world.mallory.clone()).await;
    let guests = inside.world.guests.clone();
    let olgas = inside.world.app.user(OLGA).await.id;
    let step_up = json!({ "password": PASSWORD, "code": null });
    let offer = json!({ "account": guests, "user": olgas, "step_up": step_up });
    let mallory = &mut inside.world.mallory;
    mallory.call("team/offer-transfer", offer).await.expect(200);
    let accept = json!({ "account": guests, "step_up": step_up });
    olga.call("team/accept-transfer", accept).await.expect(200);
    inside.refused(inside.world.mallory.clone()).await;
    operator::delete(&inside.world.app.services, &guests)
        .await
        .unwrap();
    inside.refused(inside.world.mallory.clone()).await;
    inside.refused(inside.olga.clone()).await;
    let big = inside.world.big.clone();
    vera.overview_of(&big)
        .await
        .refused(403, "two_factor_required");
}

#[tokio::test]
async fn an_administrator_opens_to_no_other_administrator() {
    let mut inside = inside().await;
    let app = &inside.world.app;
    app.sql("UPDATE memberships SET opens_at = 2000000000 WHERE roles = 1")
        .await;
    app.sql(&format!(
        "UPDATE memberships SET opens_at = NULL WHERE user_id = (SELECT id FROM users WHERE email = '{ADAM}')"
    ))
    .await;
    let olgas = app.user(OLGA).await.id;
    let mut call = inside.let_in();
    call["user"] = json!(olgas);
    let reply = inside.adam.call("team/let-in", call.clone()).await;
    assert_eq!(reply.json()["denial"], "not_below", "{}", reply.text);
    let mut vera = inside.world.vera.clone();
    vera.call("team/let-in", call).await.expect(200);
}
