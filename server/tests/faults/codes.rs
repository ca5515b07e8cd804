//! Codes as people and apps write them, at every door.

use crate::doors::{ALL_ASK, doors, is_taken};
use crate::support::{Authenticator, START, TestApp};
use crate::world::World;

/// How one code is written: as the app shows it, as it is copied, as other keyboards and scripts have it.
fn spellings(code: &str) -> Vec<String> {
    let (head, tail) = code.split_at(3);
    let in_script = |zero: u32| {
        let digits = code.chars().map(|c| c.to_digit(10).unwrap());
        digits
            .map(|digit| char::from_u32(zero + digit).unwrap())
            .collect::<String>()
    };
    vec![
        format!("{head} {tail}"),
        format!(" {code}\n"),
        format!("{head}-{tail}"),
        format!("{head}\u{a0}{tail}"),
        format!("{head}\u{2009}{tail}"),
        in_script(0xff10),
        in_script(0x660),
        in_script(0x6f0),
    ]
}

/// F119, F120: the first use of a code is taken in every spelling, at every door.
#[tokio::test]
async fn a_code_is_taken_as_it_is_written_at_every_door() {
    let world = World::new().await;
    let code = world.app_of_olga.code(START + 30);
    let spellings = spellings(&code);
    for spelling in &spellings {
        world.put_back(ALL_ASK).await;
        let mut browser = world.waiting().await.unwrap();
        browser.give_code(spelling).await.expect(200);
    }
    // Each door reads by the same step-up: two spellings each, all of them in turn.
    for (n, door) in doors().into_iter().enumerate() {
        for spelling in [&spellings[n % 8], &spellings[(n + 3) % 8]] {
            world.put_back(ALL_ASK).await;
            let reply = world.knock(&mut world.olga.clone(), door, spelling).await;
            assert!(
                is_taken(door, &reply),
                "{door} {spelling:?}: {}",
                reply.text
            );
        }
    }
}

/// F119, F120: the code that finishes an enrolment is taken in every spelling too.
#[tokio::test]
async fn an_enrolment_is_finished_by_a_code_as_it_is_written() {
    let world = World::new().await;
    for n in 0..8 {
        world.put_back("").await;
        let mut eve = world.eve.clone();
        let enrolment = eve.begin("enable", None).await.expect(200).json();
        let app = Authenticator::new(enrolment["key"].as_str().unwrap());
        let spelling = &spellings(&app.code(START))[n];
        eve.confirm(&enrolment["id"], spelling).await.expect(200);
    }
}

/// F121: zeros in front belong to a code, and a number is none.
#[tokio::test]
async fn a_code_may_begin_with_zeros() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor("ada@example.org").await;
    let mut tried = 0;
    for step in 2..3_000 {
        let at = START + step * 30;
        let code = authenticator.code(at);
        if !code.starts_with("00") {
            continue;
        }
        app.clock.set(at);
        let mut browser = app.browser();
        browser.sign_in("ada@example.org").await.expect(200);
        let number = format!(
            "{{\"code\":{},\"trust_browser\":false}}",
            code.trim_start_matches('0')
        );
        let request = browser.request("sign-in/code").body(number.into());
        browser
            .send(request.unwrap())
            .await
            .refused(400, "malformed");
        let cut = code.trim_start_matches('0');
        assert_ne!(browser.give_code(cut).await.status, 200);
        browser.give_code(&code).await.expect(200);
        tried += 1;
        if tried == 3 {
            return;
        }
    }
    panic!("no code begins with zeros");
}

/// F133: a device that is 25 seconds ahead or behind signs in; one that is 95 seconds off does not.
#[tokio::test]
async fn a_clock_may_be_off_by_less_than_a_step_in_either_direction() {
    let world = World::new().await;
    let now = START + 615;
    for (off, status) in [(25, 200), (-25, 200), (95, 422), (-95, 422)] {
        world.put_back("").await;
        world.app.clock.set(now);
        let mut browser = world.waiting().await.unwrap();
        let code = world.app_of_olga.code(now + off);
        assert_eq!(browser.give_code(&code).await.status, status, "{off}");
    }
}
