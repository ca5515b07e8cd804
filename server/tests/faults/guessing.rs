//! Guesses are counted in one place, whichever function they are tried at.

use serde_json::json;

use crate::availability::ALL_STRANGERS;
use crate::doors::{ALL_ASK, FOR_A_FIRST_FACTOR, call, doors, sign_in_by};
use crate::support::{PASSWORD, START, TestApp};
use crate::world::World;

/// F15, F16, F17, F24, F30: ten wrong codes, one at each door, pause every door, also for the right code and a recovery code,
/// where the browser has proven nothing. What others meet is in `availability`.
#[tokio::test]
async fn wrong_codes_at_all_doors_are_one_count() {
    let world = World::new().await;
    world.put_back(&format!("{ALL_ASK} {ALL_STRANGERS}")).await;
    let wrong = world.app_of_olga.wrong_code(START);
    let mut olga = world.olga.clone();
    let mut left = 10;
    let mut begun_before = world.waiting().await.unwrap();
    for code in [wrong.as_str(), "0000-0000-0000-0000"] {
        let mut browser = world.waiting().await.unwrap();
        let reply = sign_in_by(&mut browser, code).await;
        reply.refused(422, "wrong_code");
        left -= 1;
    }
    for door in doors().into_iter().cycle().take(left) {
        let reply = world.knock(&mut olga, door, &wrong).await;
        assert_eq!(reply.code(), "wrong_code", "{door}");
    }
    let right = world.app_of_olga.code(START + 30);
    for code in [&right, &world.app_of_olga.recovery_codes[0]] {
        for door in doors() {
            let reply = world.knock(&mut olga, door, code).await;
            assert_eq!(
                (reply.status, reply.code().as_str()),
                (429, "paused"),
                "{door}"
            );
            assert!(reply.headers.contains_key("retry-after"), "{door}");
        }
        let mut browser = world.waiting().await.unwrap();
        sign_in_by(&mut browser, code).await.refused(429, "paused");
        let reply = sign_in_by(&mut begun_before, code).await;
        reply.refused(401, "sign_in_over");
    }
    assert_eq!(olga.state().await, "signed_in");
    let mails = world.app.mails().await;
    assert!(mails.iter().any(|mail| mail.contains("wrong code")));
}

/// F18, F30: of sixty passwords guessed at once inside a session, at all doors, ten are looked at, and then the session is over.
#[tokio::test(flavor = "multi_thread")]
async fn many_passwords_at_once_inside_a_session_are_ten_guesses() {
    let world = World::with(|settings| settings.password_hash.queue = 1_000).await;
    world
        .put_back("UPDATE accounts SET required_from = 1800000000")
        .await;
    let hashes = world.app.services.hasher.hashes();
    let mut running = Vec::new();
    for (n, door) in doors().into_iter().cycle().take(60).enumerate() {
        let mut olga = world.olga.clone();
        let step_up = json!({ "password": format!("guess {n}"), "code": null });
        let body = call(&world, door, step_up);
        let door = door.to_owned();
        running.push(tokio::spawn(async move { olga.post(&door, &body).await }));
    }
    for reply in running {
        let reply = reply.await.unwrap();
        assert!([401, 422].contains(&reply.status), "{}", reply.text);
    }
    let spent = world.app.services.hasher.hashes() - hashes;
    assert!(spent <= 10, "{spent}");
    assert_eq!(world.olga.clone().state().await, "signed_out");
}

/// F30: at the doors of a first factor, too, ten wrong passwords end the session, and the right one counts no more.
#[tokio::test]
async fn ten_passwords_at_the_doors_of_a_first_factor_end_the_session() {
    let world = World::with(|settings| {
        settings.sms.gateway = Some(settings::SmsGatewayKind::Outbox);
        settings.sms.enrolment = true;
    })
    .await;
    for door in FOR_A_FIRST_FACTOR {
        // Only then is there something to decline.
        world
            .put_back("UPDATE users SET sign_in_link_due = true")
            .await;
        let mut eve = world.eve.clone();
        for n in 0..10 {
            let step_up = json!({ "password": format!("guess {n}"), "code": null });
            let reply = eve.post(door, &call(&world, door, step_up)).await;
            let codes = ["wrong_password", "signed_out"];
            assert!(
                codes.contains(&reply.code().as_str()),
                "{door} {n}: {}",
                reply.text
            );
        }
        assert_eq!(eve.state().await, "signed_out", "{door}");
    }
}

/// F30: right passwords count nowhere, however often they are given without the code that is due.
#[tokio::test]
async fn a_right_password_inside_a_session_is_no_guess() {
    let world = World::new().await;
    world.put_back(ALL_ASK).await;
    let mut olga = world.olga.clone();
    for door in doors().into_iter().cycle().take(30) {
        let step_up = json!({ "password": PASSWORD, "code": null });
        let reply = olga.post(door, &call(&world, door, step_up)).await;
        reply.refused(422, "code_needed");
    }
    assert_eq!(olga.state().await, "signed_in");
}

/// F46: a thousand numbers that are not the code are not the code.
#[tokio::test]
async fn no_number_but_the_code_is_the_code() {
    let world = World::new().await;
    let half = world.half_signed_in().await;
    let codes = [0, 30, 60].map(|second| world.app_of_tim.code(START + second - 30));
    for n in 0..1_000_u32 {
        let guess = format!("{:06}", n * 3_331 % 1_000_000);
        if codes.contains(&guess) {
            continue;
        }
        let reply = half.clone().give_code(&guess).await;
        reply.refused(422, "wrong_code");
        let forgive =
            "UPDATE users SET factor_failures = 0; UPDATE pending_sign_ins SET failures = 0;";
        world.app.sql(forgive).await;
    }
}

/// F32: whoever talks to us directly cannot choose under whose address guesses are counted.
#[tokio::test]
async fn an_address_in_a_header_gets_no_new_budget() {
    let app = TestApp::start().await;
    let mut statuses = Vec::new();
    for n in 0..60 {
        let mut browser = app.browser();
        browser.forwarded_for = Some(format!("10.0.{n}.1"));
        let email = format!("nobody{n}@example.org");
        statuses.push(browser.sign_in(&email).await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 50);
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 10);
}
