//! What a confirmed reset means to the other accounts of its user that require two-factor authentication.

use serde_json::{Value, json};

use super::{VERA, World, confirm, subjects};
use crate::support::{Browser, PASSWORD, invitation, invitation_token, last_mail_to};

const OLGA: &str = "olga@example.org";
const ADAM: &str = "adam@example.org";
const DAY: i64 = 86_400;

/// Besides the world: Olga's account, which requires two-factor authentication, with Adam as administrator and Vera.
struct Team {
    world: World,
    olga: Browser,
    adam: Browser,
    account: String,
}

async fn team() -> Team {
    let world = World::new().await;
    let (mut olga, _) = world.app.member_with_two_factor(OLGA).await;
    let account = olga.own_account().await;
    let (adam, _) = world.app.member_with_two_factor(ADAM).await;
    world.app.join(OLGA, ADAM, 1).await;
    world.app.join(OLGA, VERA, 2).await;
    olga.require(&account, None).await.expect(200);
    Team {
        world,
        olga,
        adam,
        account,
    }
}

impl Team {
    /// Vera confirms Mallory's offer and has a new app: her browser.
    async fn reset(&mut self) -> Browser {
        let token = self.world.offer().await;
        let mut browser = self.world.app.browser();
        confirm(&mut browser, &token).await.expect(200);
        browser.enable_two_factor(&self.world.app).await;
        browser
    }

    fn let_in(&self, user: &str) -> Value {
        let step_up = json!({ "password": PASSWORD, "code": null });
        json!({ "account": self.account, "user": user, "step_up": step_up })
    }
}

#[tokio::test]
async fn an_account_that_requires_two_factor_opens_a_day_later_and_its_owner_is_told() {
    let mut team = team().await;
    let account = team.account.clone();
    let mut vera = team.reset().await;
    let opens_at = team.world.app.clock_seconds() + DAY;
    let shut = vera.overview_of(&account).await;
    let of_refusal = shut.json()["account"].clone();
    shut.refused(403, "two_factor_required");
    assert_eq!(of_refusal["opens_at"], opens_at);
    assert_eq!(of_refusal["has_two_factor"], true);
    // Her own account, too: what is reset by another's offer is looked at by somebody else first.
    let big = team.world.big.clone();
    vera.overview_of(&big)
        .await
        .refused(403, "two_factor_required");
    let guests = team.world.guests.clone();
    vera.overview_of(&guests).await.expect(200);
    let shown = team.olga.user_in(&account, VERA).await;
    assert_eq!(shown["opens_at"], opens_at);
    assert_eq!(shown["let_in"], Value::Null);
    let told = subjects(&team.world.app, OLGA).await.pop().unwrap();
    let expected = "Somebody in Analytical Engines had their two-factor authentication reset";
    assert_eq!(told, expected);
    // Who can do nothing about it is not told; nor is the offering account, which requires nothing.
    assert!(!subjects(&team.world.app, ADAM).await.contains(&told));
    let mallory = subjects(&team.world.app, super::MALLORY).await;
    assert!(!mallory.contains(&told), "{mallory:?}");
    let events = team.world.app.events().await;
    let kept_out = events.iter().filter(|it| it.starts_with("kept_out"));
    assert_eq!(kept_out.count(), 2);
    team.world.app.clock.advance(DAY);
    let mut vera = team.world.app.browser();
    vera.sign_in(VERA).await.expect(200);
    assert_eq!(vera.state().await, "second_factor_due");
}

/// The day goes on for whoever leaves meanwhile and is invited again.
#[tokio::test]
async fn leaving_and_coming_again_opens_nothing_sooner() {
    let mut team = team().await;
    let account = team.account.clone();
    let mut vera = team.reset().await;
    let opens_at = team.world.app.clock_seconds() + DAY;
    let leave = json!({ "account": account });
    vera.call("team/leave", leave).await.expect(200);
    team.world.app.next_mails_are_last().await;
    let mut invite = invitation("any", VERA, &["developer"]);
    invite["account"] = json!(account);
    team.adam.call("team/invite", invite).await.expect(200);
    let token = invitation_token(&last_mail_to(&team.world.app, VERA).await);
    let accept = json!({ "token": token });
    vera.call("invitation/accept", accept).await.expect(200);
    let shut = vera.overview_of(&account).await;
    assert_eq!(shut.json()["account"]["opens_at"], opens_at);
    shut.refused(403, "two_factor_required");
}

#[tokio::test]
async fn the_second_that_was_said_is_the_one_in_which_it_opens() {
    let mut team = team().await;
    let (account, big) = (team.account.clone(), team.world.big.clone());
    let mut vera = team.reset().await;
    let nearly = DAY - 1;
    team.world
        .app
        .sql(&format!(
            "UPDATE memberships SET opens_at = opens_at - {nearly}"
        ))
        .await;
    vera.overview_of(&account)
        .await
        .refused(403, "two_factor_required");
    team.world.app.clock.advance(1);
    vera.overview_of(&account).await.expect(200);
    vera.overview_of(&big).await.expect(200);
}

#[tokio::test]
async fn owner_and_administrators_let_in_with_a_step_up_and_nobody_themselves() {
    let mut team = team().await;
    let (account, id) = (team.account.clone(), team.world.id_of_vera.clone());
    let mut vera = team.reset().await;
    let call = team.let_in(&id);
    vera.call("team/let-in", call.clone())
        .await
        .refused(403, "two_factor_required");
    let mut own = call.clone();
    own["account"] = json!(team.world.big);
    vera.call("team/let-in", own)
        .await
        .refused(403, "two_factor_required");
    // Mallory, in whose account she is open anyway, opens none of others.
    let mut foreign = call.clone();
    foreign["account"] = json!(team.world.guests);
    team.world
        .mallory
        .call("team/let-in", foreign)
        .await
        .refused(409, "open_already");
    team.world
        .mallory
        .call("team/let-in", call.clone())
        .await
        .refused(404, "not_found");
    let mut wrong = call.clone();
    wrong["step_up"]["password"] = json!("a wrong password");
    team.adam
        .call("team/let-in", wrong)
        .await
        .refused(422, "wrong_password");
    team.world.app.clock.advance(1);
    team.adam
        .call("team/let-in", call.clone())
        .await
        .expect(200);
    vera.overview_of(&account).await.expect(200);
    team.olga
        .call("team/let-in", call)
        .await
        .refused(409, "open_already");
    let told = subjects(&team.world.app, VERA).await.pop().unwrap();
    assert_eq!(told, "Analytical Engines is open to you again");
    let events = team.world.app.events().await;
    assert!(events.contains(&"let_in".to_owned()));
}

#[tokio::test]
async fn the_offering_account_opens_with_the_new_factor_and_its_owner_is_told_where_it_requires_one()
 {
    let mut team = team().await;
    let (account, id) = (team.account.clone(), team.world.id_of_vera.clone());
    team.world.app.clock.advance(1);
    team.olga
        .call("team/offer-reset", team.let_in(&id))
        .await
        .expect(200);
    let token = team
        .world
        .app
        .links("/reset-two-factor")
        .await
        .pop()
        .unwrap();
    let mut vera = team.world.app.browser();
    confirm(&mut vera, &token).await.expect(200);
    let refused = vera.overview_of(&account).await;
    assert_eq!(refused.json()["account"]["opens_at"], Value::Null);
    refused.refused(403, "two_factor_required");
    vera.enable_two_factor(&team.world.app).await;
    vera.overview_of(&account).await.expect(200);
    let told = subjects(&team.world.app, OLGA).await.pop().unwrap();
    let expected = "Somebody in Analytical Engines had their two-factor authentication reset";
    assert_eq!(told, expected);
}
