//! Sensitive acts: the session alone is never enough.

use app::types::secret_text::SecretText;
use app::types::two_factor::StepUp;
use crypto::clock::Clock as _;
use crypto::token::Token;
use serde_json::{Value, json};
use service::change::Change;
use service::refusal::Refusal;
use service::sessions::{self, SignedIn};
use service::step_up::{self, Proven};
use service::{Failure, Visitor};

use crate::cut_off::FullSlots;
use crate::doors::{ALL_ASK, call, doors};
use crate::support::{Browser, PASSWORD, START, invitation, wait_until};
use crate::world::World;

pub(crate) const TRIES: &str = "SELECT max(step_up_failures) FROM sessions";

/// What is there, but for what counts failures.
async fn contents(world: &World) -> Vec<String> {
    let mut lines = world.contents().await;
    lines.retain(|line| {
        !["sessions:", "tries:"]
            .iter()
            .any(|kind| line.starts_with(kind))
    });
    lines
}

/// F63: without a proof, with a wrong one, with one that is too old, or with somebody else's, nothing changes at any door.
#[tokio::test]
async fn no_door_opens_without_a_proof_of_ones_own() {
    let world = World::new().await;
    let of_tim = world.app_of_tim.recovery_codes[1].clone();
    let proofs = [
        (Value::Null, &["malformed", "step_up_needed"][..]),
        (json!({}), &["malformed"]),
        (json!({ "password": "", "code": null }), &["invalid_fields"]),
        (
            json!({ "password": "wrong", "code": null }),
            &["wrong_password"],
        ),
        (
            json!({ "password": "wrong", "code": world.app_of_olga.code(START + 30) }),
            &["wrong_password"],
        ),
        (
            json!({ "password": PASSWORD, "code": null }),
            &["code_needed"],
        ),
        (
            json!({ "password": PASSWORD, "code": " " }),
            &["code_needed"],
        ),
        (
            json!({ "password": PASSWORD, "code": "12" }),
            &["invalid_fields"],
        ),
        (
            json!({ "password": PASSWORD, "code": of_tim }),
            &["wrong_code"],
        ),
    ];
    for door in doors() {
        for (proof, codes) in &proofs {
            world.put_back(ALL_ASK).await;
            let before = contents(&world).await;
            let reply = world
                .olga
                .clone()
                .post(door, &call(&world, door, proof.clone()))
                .await;
            assert!(
                codes.contains(&reply.code().as_str()),
                "{door} {proof}: {}",
                reply.text
            );
            world
                .app
                .sql(
                    "UPDATE users SET factor_failures = 0, factor_failed_at = NULL;
                     UPDATE known_browsers SET factor_failures = 0",
                )
                .await;
            assert_eq!(before, contents(&world).await, "{door} {proof}");
        }
    }
}

/// F63: a code is fresh for a quarter of an hour and not a second longer, at every door.
#[tokio::test]
async fn a_second_factor_is_fresh_for_a_quarter_of_an_hour() {
    let world = World::new().await;
    let begun = world.app.clock.now();
    for door in doors() {
        for (age, is_asked) in [(900, false), (901, true)] {
            world
                .put_back("UPDATE accounts SET required_from = 1800000000")
                .await;
            world.app.clock.set(begun + age);
            let step_up = json!({ "password": PASSWORD, "code": null });
            let reply = world
                .olga
                .clone()
                .post(door, &call(&world, door, step_up))
                .await;
            assert_eq!(
                reply.code() == "code_needed",
                is_asked,
                "{door}: {}",
                reply.text
            );
        }
    }
}

/// F63, F79: whoever ends a session ends the act that it has under way: a proof given before is worth nothing after.
#[tokio::test(flavor = "multi_thread")]
async fn an_act_of_a_session_that_ends_meanwhile_is_not_done() {
    let world = World::new().await;
    for door in doors() {
        world
            .put_back("UPDATE accounts SET required_from = 1800000000")
            .await;
        let before = contents(&world).await;
        let mut olga = world.olga.clone();
        let body = call(&world, door, json!({ "password": PASSWORD, "code": null }));
        // The password waits to be compared until the session has ended. That it waits says that its try was taken: a look for the
        // try itself can come before it is taken and again after it was given back.
        let slots = FullSlots::new(&world.app).await;
        let running = tokio::spawn(async move { olga.post(door, &body).await });
        let hasher = &world.app.services.hasher;
        let waits = async || hasher.load().waiting == 1;
        wait_until("the password waits", waits).await;
        assert_eq!(world.app.number(TRIES).await, 1, "{door}");
        world.app.sql("DELETE FROM sessions").await;
        slots.release().await;
        let reply = running.await.unwrap();
        assert_eq!(reply.code(), "signed_out", "{door}: {}", reply.text);
        assert_eq!(before, contents(&world).await, "{door}");
    }
}

/// Right proofs that come at once are right, however many: each holds a try only until it is known to be right.
#[tokio::test(flavor = "multi_thread")]
async fn twenty_right_proofs_at_once_in_one_session_all_pass_and_count_nowhere() {
    let world = World::new().await;
    let mut running = Vec::new();
    for n in 0..20 {
        let mut olga = world.olga.clone();
        let email = format!("new{n}@example.org");
        let mut body = invitation(&world.ids.account, &email, &["admin"]);
        body["step_up"] = json!({ "password": PASSWORD, "code": null });
        running.push(tokio::spawn(async move {
            let reply = olga.call("team/invite", body).await;
            (reply.status, reply.text)
        }));
    }
    for one in running {
        let (status, text) = one.await.unwrap();
        assert_eq!(status, 200, "{text}");
    }
    assert_eq!(world.app.number(TRIES).await, 0);
}

/// Who a browser is signed in as, as the gate finds them.
async fn signed_in(world: &World, browser: &Browser) -> SignedIn {
    let is_session = |name: &str| name.contains("session");
    let mut cookies = browser.cookies.iter();
    let (_, cookie) = cookies.find(|(name, _)| is_session(name)).unwrap();
    let visitor = Visitor {
        address: "127.0.0.1".to_owned(),
        browser: String::new(),
    };
    let token = Token::parse(cookie).unwrap();
    let found = sessions::resolve(&world.app.services, &token, &visitor).await;
    found.unwrap().unwrap()
}

/// What an act that begins now is told about a proof.
async fn held(world: &World, caller: &SignedIn, proven: Proven) -> Result<(), Refusal> {
    let change = Change::proven(&world.app.services, caller, proven).await;
    match sessions::still(&change.unwrap(), caller).await {
        Ok(_) => Ok(()),
        Err(Failure::Refused(refusal)) => Err(refusal),
        Err(Failure::Fault(fault)) => panic!("{fault}"),
    }
}

/// F63, F79: a proof is committed before its act, which asks again: the session, whose it is, the password and the factor.
#[tokio::test]
async fn a_proof_is_worth_nothing_to_an_act_once_it_is_about_something_else() {
    let world = World::new().await;
    let services = &world.app.services;
    let given = StepUp::Password {
        password: SecretText::new(PASSWORD.to_owned()),
        second: None,
    };
    for change in [
        "DELETE FROM sessions",
        "UPDATE users SET disabled_at = 1",
        "UPDATE users SET password_hash = 'another', password_changed_at = password_changed_at + 1",
    ] {
        world.put_back("").await;
        let caller = signed_in(&world, &world.eve).await;
        let prove = || async {
            let proven = step_up::prove(services, &caller, &given).await;
            proven.unwrap_or_else(|_| panic!("the password is right"))
        };
        let held_before = held(&world, &caller, prove().await).await;
        assert_eq!(held_before, Ok(()), "{change}");
        let proven = prove().await;
        world.app.sql(change).await;
        let refused = Err(Refusal::SignedOut);
        assert_eq!(held(&world, &caller, proven).await, refused, "{change}");
    }
    // The session stays when its user turns on a factor in it, but no code of that was asked for.
    world.put_back("").await;
    let mut eve = world.eve.clone();
    let caller = signed_in(&world, &eve).await;
    let proven = step_up::prove(services, &caller, &given).await;
    let proven = proven.unwrap_or_else(|_| panic!("the password is right"));
    eve.enable_two_factor(&world.app).await;
    let refused = Err(Refusal::CodeNeeded);
    assert_eq!(held(&world, &caller, proven).await, refused);
}
