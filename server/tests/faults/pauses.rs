//! A pause of the second factor ends the sign-ins that wait for a code.

use serde_json::json;

use crate::availability::{ALL_STRANGERS, guessed};
use crate::doors::{ALL_ASK, doors};
use crate::support::{START, TestApp};
use crate::world::{OLGA, World};

const ADA: &str = "ada@example.org";

/// F24: after a pause the password is due again, whichever door has begun it. Sign-ins that wait in a browser which is not
/// paused go on.
#[tokio::test]
async fn sign_ins_that_wait_end_with_the_pause() {
    let world = World::new().await;
    let wrong = world.app_of_olga.wrong_code(START);
    let right = world.app_of_olga.code(START + 30);
    for door in doors() {
        let before = format!("{ALL_ASK} {} {ALL_STRANGERS}", guessed(9));
        world.put_back(&before).await;
        let mut waiting = world.waiting().await.unwrap();
        let reply = world.knock(&mut world.olga.clone(), door, &wrong).await;
        assert_eq!(reply.code(), "wrong_code", "{door}");
        assert_eq!(waiting.state().await, "signed_out", "{door}");
        waiting.give_code(&right).await.refused(401, "sign_in_over");
        waiting.sign_in(OLGA).await.expect(200);
        waiting.give_code(&right).await.refused(429, "paused");
    }
    world.put_back(&guessed(9)).await;
    let mut own = world.olga.clone();
    own.call("session/sign-out", json!({})).await.expect(200);
    own.sign_in(OLGA).await.expect(200);
    let mut another = world.waiting().await.unwrap();
    let mut stranger = world.waiting().await.unwrap();
    let reply = stranger.give_code(&wrong).await.refused(422, "wrong_code");
    assert_eq!(reply.json()["attempts_left"], 0);
    assert_eq!(another.state().await, "signed_out");
    stranger
        .give_code(&wrong)
        .await
        .refused(401, "sign_in_over");
    own.give_code(&right).await.expect(200);
}

/// F24: the own wrong codes of a browser end what waits in it, when they pause it.
#[tokio::test]
async fn a_sign_in_in_the_own_browser_ends_with_its_own_pause() {
    let app = TestApp::start().await;
    let (mut own, authenticator) = app.member_with_two_factor(ADA).await;
    app.sql(&format!(
        "UPDATE known_browsers SET factor_failures = 9; {}",
        guessed(9)
    ))
    .await;
    own.call("session/sign-out", json!({})).await.expect(200);
    own.sign_in(ADA).await.expect(200);
    let reply = own.give_code(&authenticator.wrong_code(START)).await;
    assert_eq!(reply.json()["attempts_left"], 0);
    assert_eq!(own.state().await, "signed_out");
    own.sign_in(ADA).await.expect(200);
    let right = authenticator.code(START + 30);
    let reply = own.give_code(&right).await.refused(429, "paused");
    assert_eq!(reply.headers["retry-after"], "60");
}
