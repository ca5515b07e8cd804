//! A code is good once, whichever door it was given at.

use crate::doors::{ALL_ASK, doors, is_taken, sign_in_by};
use crate::support::{START, TestApp};
use crate::world::World;

fn codes(world: &World) -> [String; 2] {
    [
        world.app_of_olga.code(START + 30),
        world.app_of_olga.recovery_codes[0].clone(),
    ]
}

/// F01, F02, F03, F09, F13: a code of either kind that has signed in is worth nothing at any other door, in no spelling.
#[tokio::test]
async fn what_signed_in_is_refused_at_every_door() {
    let world = World::new().await;
    for code in codes(&world) {
        for door in doors() {
            world.put_back(ALL_ASK).await;
            let mut first = world.waiting().await.unwrap();
            sign_in_by(&mut first, &code).await.expect(200);
            let mut olga = world.olga.clone();
            for spelling in [code.clone(), format!(" {code}\n"), code.to_lowercase()] {
                let reply = world.knock(&mut olga, door, &spelling).await;
                assert_eq!(reply.code(), "wrong_code", "{door}: {}", reply.text);
            }
        }
    }
}

/// F03, F08, F13: a code of either kind that was given as proof at any door does not sign in, nor is it proof at the next.
#[tokio::test]
async fn what_was_given_as_proof_does_not_sign_in() {
    let world = World::new().await;
    for code in codes(&world) {
        for door in doors() {
            world.put_back(ALL_ASK).await;
            let mut olga = world.olga.clone();
            let reply = world.knock(&mut olga, door, &code).await;
            assert!(is_taken(door, &reply), "{door}: {}", reply.text);
            if let Some(mut browser) = world.waiting().await {
                let reply = sign_in_by(&mut browser, &code).await;
                assert_eq!(reply.code(), "wrong_code", "{door}: {}", reply.text);
            } else {
                assert_eq!(door, "/api/two-factor/disable");
            }
        }
    }
}

/// F05: the code that finished an enrolment is spent at every door; the next one is not.
#[tokio::test]
async fn the_code_of_an_enrolment_is_spent_at_every_door() {
    let world = World::new().await;
    let code = world.app_of_olga.code(START);
    let next = world.app_of_olga.code(START + 30);
    for door in doors() {
        world.put_back(ALL_ASK).await;
        let mut olga = world.olga.clone();
        let reply = world.knock(&mut olga, door, &code).await;
        assert_eq!(reply.code(), "wrong_code", "{door}");
        let reply = world.knock(&mut olga, door, &next).await;
        assert_ne!(reply.code(), "wrong_code", "{door}");
    }
}

/// F03, F13, F18: of forty uses of one code at once, half of them to sign in and half as proof, one counts.
#[tokio::test(flavor = "multi_thread")]
async fn one_code_at_two_doors_at_once_opens_one() {
    let world = World::with(|settings| settings.limits.wrong_passwords_of_strangers = 100).await;
    world.put_back(ALL_ASK).await;
    let code = world.app_of_olga.code(START + 30);
    let mut browsers = Vec::new();
    for _ in 0..20 {
        browsers.push(world.waiting().await.unwrap());
    }
    let step_up = serde_json::json!({ "password": crate::support::PASSWORD, "code": code });
    let mut running = Vec::new();
    for mut browser in browsers {
        let (code, mut olga) = (code.clone(), world.olga.clone());
        let arguments = serde_json::json!({ "step_up": step_up });
        running.push(tokio::spawn(async move {
            browser.give_code(&code).await.status
        }));
        running.push(tokio::spawn(async move {
            olga.call("two-factor/new-recovery-codes", arguments)
                .await
                .status
        }));
    }
    let mut right = 0;
    for call in running {
        right += usize::from(call.await.unwrap() == 200);
    }
    // Once the code has proven the session, a step-up of the same session asks for none.
    let signed_in = world.app.number("SELECT count(*) FROM sessions").await;
    let kept = world.app.number("SELECT count(*) FROM kept_sessions").await;
    assert!(signed_in - kept <= 1, "{signed_in} {kept}");
    assert!(right >= 1);
    if signed_in > kept {
        assert_eq!(right, 1);
    }
}

/// F04, F13: a code taken in the first second of its window is refused in the last one, by a server that has started anew.
#[tokio::test]
async fn a_code_is_spent_for_its_whole_window_and_on_the_disk() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor("ada@example.org").await;
    let code = authenticator.code(START + 30);
    let mut browser = app.browser();
    browser.sign_in("ada@example.org").await.expect(200);
    browser.give_code(&code).await.expect(200);
    let app = app.restart().await;
    for second in [1, 31, 59, 89] {
        app.clock.set(START + second);
        let mut browser = app.browser();
        browser.sign_in("ada@example.org").await.expect(200);
        browser.give_code(&code).await.refused(422, "wrong_code");
    }
}
