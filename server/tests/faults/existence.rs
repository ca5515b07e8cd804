//! Nobody learns who is registered: the same answer at the same cost, from every function that takes an address.

use app::api::{Pace, all_functions};
use crypto::clock::Clock as _;
use serde_json::{Value, json};

use crate::register::program::{List, Program};
use crate::support::{Browser, PASSWORD, Reply};
use crate::world::{EVE, OLGA, TIM, World};

/// Everything of an answer that could tell, and its cost in hashes.
fn told(reply: &Reply, hashes: u64) -> String {
    format!("{} {hashes} hashes", reply.telling())
}

/// What each door tells of an address.
async fn at_every_door(world: &World, email: &str) -> Vec<(&'static str, String)> {
    let user = json!({
        "name": "Grace", "email": email, "account_name": "Navy", "password": "violet-sofa-7-drum",
    });
    let step_up = json!({ "password": PASSWORD, "code": null });
    let doors: [(&'static str, Value, Browser); 4] = [
        (
            "sign-in/password",
            json!({ "email": email, "password": "wrong" }),
            world.app.browser(),
        ),
        (
            "password/forgot",
            json!({ "email": email }),
            world.app.browser(),
        ),
        (
            "sign-up/request",
            json!({ "user": user }),
            world.app.browser(),
        ),
        (
            "profile/change-email",
            json!({ "email": email, "step_up": step_up }),
            world.olga.clone(),
        ),
    ];
    let mut all = Vec::new();
    for (door, arguments, mut browser) in doors {
        world
            .put_back("UPDATE users SET disabled_at = 1 WHERE email = 'dora@example.org'")
            .await;
        let hashes = world.app.services.hasher.hashes();
        let reply = browser.call(door, arguments).await;
        let spent = world.app.services.hasher.hashes() - hashes;
        all.push((door, told(&reply, spent)));
    }
    all
}

/// F114, F115: an unknown address, one with and one without two-factor authentication and a disabled one read the same.
#[tokio::test]
async fn no_door_tells_whether_an_address_has_a_user() {
    let mut world = World::with(|settings| settings.sign_up = true).await;
    world.add("dora@example.org", 2).await;
    // An address that nobody has proven.
    world.add("uma@example.org", 2).await;
    world
        .app
        .sql("UPDATE users SET email_verified_at = NULL WHERE email = 'uma@example.org'")
        .await;
    world.keep().await;
    let unknown = at_every_door(&world, "nobody@example.org").await;
    let dora_and_uma = ["dora@example.org", "uma@example.org"];
    for email in [TIM, EVE, "TIM@example.org"]
        .into_iter()
        .chain(dora_and_uma)
    {
        assert_eq!(at_every_door(&world, email).await, unknown, "{email}");
    }
}

/// F114: what a function does for an address never takes quite the same time; so each that takes one answers in steps, but
/// where nobody has a user yet, and where the hash of a password hides all else and people wait for it every day.
#[test]
fn every_door_that_takes_an_address_answers_in_steps() {
    let program = Program::read();
    let mut at_once = program.doors(List::Taking(&["email"]));
    for function in all_functions().filter(|one| one.pace == Pace::InSteps) {
        let door = function.path.trim_start_matches("/api/");
        assert!(at_once.remove(door), "{door} takes no address");
    }
    let at_once: Vec<_> = at_once.into_iter().collect();
    assert_eq!(at_once, ["setup/create", "sign-in/password"]);
}

/// F115: inviting reads the same for an address with and without a user.
#[tokio::test]
async fn inviting_does_not_tell_whether_an_address_has_a_user() {
    let world = World::new().await;
    let mut answers = Vec::new();
    for email in ["nobody@example.org", EVE] {
        world.put_back("").await;
        let body = crate::support::invitation("any", email, &["developer"]);
        let reply = world.olga.clone().call("team/invite", body).await;
        answers.push(told(&reply.expect(200), 0));
    }
    assert_eq!(answers[0], answers[1]);
}

/// F20, F21, F138: letters that fold onto others, in any door's spelling, are no address and find nobody.
#[tokio::test]
async fn letters_that_fold_onto_others_find_nobody() {
    let world = World::with(|settings| settings.sign_up = true).await;
    let mails = world.app.mails().await.len();
    for email in [
        "t\u{131}m@example.org",
        "tim@example.org\u{200b}",
        "ｔｉｍ@example.org",
        "tim@exa\u{1e3f}ple.org",
    ] {
        for (door, told) in at_every_door(&world, email).await {
            let is_silent = door == "password/forgot" && told.starts_with("200");
            assert!(
                told.starts_with("422") || is_silent,
                "{door} {email}: {told}"
            );
        }
    }
    assert_eq!(world.app.mails().await.len(), mails);
    assert_eq!(world.app.user(OLGA).await.email.shown(), OLGA);
    assert!(world.app.clock.now() >= crate::support::START);
}
