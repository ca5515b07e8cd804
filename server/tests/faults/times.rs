//! How long answers take: nobody learns by a watch who has a user here, or how near a code was.
//!
//! What follows an answer is timed as well: requests that write, sent while the mail worker may have something to do.
//!
//! Requests of all kinds are asked in an order that a seed shuffles, so that what else the machine does meets them alike.
//! Noise can make two lots look different once, a difference of ours does so each time: only what is seen in every round,
//! in the same direction, counts.

mod compare;

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use app::api::{Pace, all_functions};
use app::types::one_time_code::OneTimeCode;
use crypto::random::{Random as _, SeededRandom};
use domain::totp::{TotpSecret, check};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::support::{ANSWER_STEP, Authenticator, Browser, PASSWORD, START, TestApp};
use compare::Difference;

/// Requests of each kind in a round; `TWOFOLD_TIMES` says another number.
const SAMPLES: usize = 500;
/// Requests of each kind from which on noise is small enough for one round to decide by `FAIR`.
const MANY: usize = 10_000;
/// Where the probability lies that one kind is slower than the other.
const FAIR: std::ops::RangeInclusive<f64> = 0.48..=0.52;
/// The first ones of a round, which are not counted.
const WARM_UP: usize = 20;
/// In so many rounds a difference has to show.
const ROUNDS: usize = 4;
/// A difference of medians that counts, whatever the ranks say.
const PART: f64 = 0.05;

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const DORA: &str = "dora@example.org";
const NOBODY: &str = "nobody@example.org";

/// How long something takes.
#[expect(
    clippy::disallowed_methods,
    reason = "this is about the real time, not about the one that rules go by"
)]
async fn timed<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let begin = Instant::now();
    let result = work.await;
    (begin.elapsed(), result)
}

/// So many of each kind, in an order that the seed tells.
fn shuffled(kinds: usize, count: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<_> = (0..kinds * count).map(|n| n % kinds).collect();
    let mut bytes = vec![0; order.len() * 8];
    SeededRandom::new(seed).fill(&mut bytes);
    for (last, eight) in (1..order.len()).rev().zip(bytes.chunks_exact(8)) {
        let random = u64::from_le_bytes(eight.try_into().unwrap());
        let other = random % (u64::try_from(last).unwrap() + 1);
        order.swap(last, usize::try_from(other).unwrap());
    }
    order
}

/// The differences between the first kind and each other that show in every round.
async fn differences(
    names: &[&str],
    samples: usize,
    mut once: impl AsyncFnMut(usize) -> Duration,
) -> String {
    let _alone = ALONE.lock().await;
    let mut lasting: Vec<Option<Vec<Difference>>> = vec![Some(Vec::new()); names.len()];
    let rounds = if samples >= MANY { 1 } else { ROUNDS };
    for round in 0..rounds {
        let mut times = vec![Vec::with_capacity(samples); names.len()];
        for kind in shuffled(names.len(), samples + WARM_UP, round as u64) {
            times[kind].push(once(kind).await);
        }
        for (kind, found) in lasting.iter_mut().enumerate() {
            let so_far = found.take().unwrap_or_default();
            let now = Difference::of(&times[0][WARM_UP..], &times[kind][WARM_UP..]);
            if samples >= MANY {
                let superiority = now.superiority;
                eprintln!("{} and {}: {superiority:.4} {now:?}", names[0], names[kind]);
                *found = (!FAIR.contains(&superiority)).then(|| vec![now]);
                continue;
            }
            let is_as_before = so_far.iter().all(|it| it.seen(PART) == now.seen(PART));
            if so_far.len() == round && now.seen(PART).is_some() && is_as_before {
                *found = Some([so_far, vec![now]].concat());
            }
        }
        if lasting.iter().all(Option::is_none) {
            break;
        }
    }
    let mut text = String::new();
    for (name, found) in names.iter().zip(&lasting) {
        if let Some(found) = found {
            let _ = writeln!(text, "{} and {name}: {found:?}", names[0]);
        }
    }
    text
}

/// One test of these at a time: each would be noise to the other.
static ALONE: Mutex<()> = Mutex::const_new(());

/// A server with Ada, who has no second factor, Bob, who has one, and Dora, who is disabled; nothing is limited.
async fn app() -> TestApp {
    let app = TestApp::start_with(|settings| {
        // Cheap enough for the rest of an answer to show, and dear enough to be seen.
        settings.password_hash.memory_kib = 2 * 1024;
        settings.sign_up = true;
        settings.limits.wrong_passwords_per_client = u32::MAX;
        settings.limits.wrong_passwords_of_strangers = u32::MAX;
        settings.limits.wrong_passwords_per_browser = u32::MAX;
        settings.limits.password_resets_per_client = u32::MAX;
        settings.limits.mails_per_address = u32::MAX;
        settings.limits.mails_per_address_an_hour = u32::MAX;
        settings.limits.mails_per_mailbox_a_day = u32::MAX;
        settings.limits.sign_ups_per_client = u32::MAX;
        settings.limits.email_changes_per_user = u32::MAX;
    })
    .await;
    app.create_user(ADA).await;
    app.member_with_two_factor(BOB).await;
    app.create_user(DORA).await;
    app.sql("UPDATE users SET disabled_at = 1 WHERE email = 'dora@example.org'")
        .await;
    app
}

/// How many requests of each kind are timed in a round.
fn samples() -> usize {
    let wanted = std::env::var("TWOFOLD_TIMES");
    wanted.map_or(SAMPLES, |count| count.parse().unwrap())
}

/// Requests after an answer that are timed.
const FOLLOWING: usize = 3;

/// Times a door for several addresses, by the same browser: the answers, and then what follows them. Nothing waits for
/// the mail worker: it takes turns with whoever writes.
async fn at_door(
    app: &TestApp,
    browser: &Browser,
    door: &str,
    (emails, body): (&[&str], impl Fn(&str) -> Value),
) -> String {
    let mut status = None;
    let answers = differences(emails, samples(), async |kind| {
        let mut browser = browser.clone();
        let (time, reply) = timed(browser.call(door, body(emails[kind]))).await;
        assert_eq!(*status.get_or_insert(reply.status), reply.status);
        let is_too_soon = time < ANSWER_STEP && leaves_in_steps(door);
        assert!(!is_too_soon, "{door} answered after {time:?}");
        time
    });
    let answers = answers.await;
    let following = differences(emails, samples(), async |kind| {
        let mut browser = browser.clone();
        browser.call(door, body(emails[kind])).await;
        let (time, ()) = timed(async {
            for _ in 0..FOLLOWING {
                app.browser()
                    .sign_in_with("other@example.org", "wrong")
                    .await;
            }
        })
        .await;
        time
    });
    let following = following.await;
    let said = [("the answers", answers), ("what follows them", following)];
    let mut text = String::new();
    for (what, told) in said.iter().filter(|(_, told)| !told.is_empty()) {
        let _ = write!(text, "{what}: {told}");
    }
    text
}

/// Whether the answers of a function leave in steps, by its declaration.
fn leaves_in_steps(door: &str) -> bool {
    let mut functions = all_functions().filter(|one| one.path.strip_prefix("/api/") == Some(door));
    functions.next().unwrap().pace == Pace::InSteps
}

/// F114: whoever has no user, no second factor, one, or is disabled, is refused after the same time.
#[tokio::test]
async fn a_wrong_password_takes_as_long_for_every_address() {
    let app = app().await;
    let body = |email: &str| json!({ "email": email, "password": "wrong" });
    let emails = [NOBODY, ADA, BOB, DORA];
    let told = at_door(&app, &app.browser(), "sign-in/password", (&emails, body)).await;
    assert!(told.is_empty(), "{told}");
}

/// F114: nor does it help to come from a browser in which somebody has signed in.
#[tokio::test]
async fn a_wrong_password_takes_as_long_in_a_browser_that_is_known_to_another() {
    let app = app().await;
    let mut eve = app.member("eve@example.org").await;
    eve.call("session/sign-out", json!({})).await.expect(200);
    let body = |email: &str| json!({ "email": email, "password": "wrong" });
    let told = at_door(&app, &eve, "sign-in/password", (&[NOBODY, BOB], body)).await;
    assert!(told.is_empty(), "{told}");
}

/// F114: the form that mails a link answers after the same time whether it mails one or not.
#[tokio::test]
async fn forgetting_a_password_takes_as_long_for_every_address() {
    let app = app().await;
    let body = |email: &str| json!({ "email": email });
    let emails = [NOBODY, BOB, DORA];
    let told = at_door(&app, &app.browser(), "password/forgot", (&emails, body)).await;
    assert!(told.is_empty(), "{told}");
}

/// F114: signing up with an address that has a user takes as long as with one that has none.
#[tokio::test]
async fn signing_up_takes_as_long_for_every_address() {
    let app = app().await;
    let body = |email: &str| {
        json!({ "user": {
            "name": "Grace", "email": email, "account_name": "Navy", "password": "violet-sofa-7-drum",
        } })
    };
    let emails = [NOBODY, BOB];
    let told = at_door(&app, &app.browser(), "sign-up/request", (&emails, body)).await;
    assert!(told.is_empty(), "{told}");
}

/// F114: asking for another address takes as long whether that has a user or not.
#[tokio::test]
async fn changing_the_address_takes_as_long_for_every_address() {
    let app = app().await;
    let eve = app.member("eve@example.org").await;
    let body =
        |email: &str| json!({ "email": email, "step_up": { "password": PASSWORD, "code": null } });
    let told = at_door(&app, &eve, "profile/change-email", (&[NOBODY, BOB], body)).await;
    assert!(told.is_empty(), "{told}");
}

/// What these tests would see: the hash of one password.
#[tokio::test]
async fn an_answer_without_a_hash_is_told_apart() {
    let app = app().await;
    let mut browser = app.browser();
    let told = differences(&["with", "without"], 50, async |kind| {
        let password = if kind == 0 { "wrong" } else { "" };
        timed(browser.sign_in_with(ADA, password)).await.0
    });
    assert!(told.await.starts_with("with and without"));
}

/// F74: a code whose first digits are right is refused after the same time as one that has none of them right.
#[tokio::test]
async fn a_code_that_is_nearly_right_is_refused_as_fast_as_any() {
    let secret = TotpSecret::new([7; 20]);
    let digits = Authenticator::new(secret.key_in_groups().expose()).code(START);
    assert!(is_right(&secret, &OneTimeCode::parse(&digits).unwrap()));
    let other = |digit: char| char::from_digit((digit.to_digit(10).unwrap() + 5) % 10, 10).unwrap();
    let changed = |from: usize, to: usize| -> OneTimeCode {
        let digits = digits.chars().enumerate();
        let digits = digits.map(|(n, digit)| {
            if (from..to).contains(&n) {
                other(digit)
            } else {
                digit
            }
        });
        OneTimeCode::parse(&digits.collect::<String>()).unwrap()
    };
    // None right, the first, the first five.
    let codes = [changed(0, 6), changed(1, 6), changed(5, 6)];
    assert!(codes.iter().all(|code| !is_right(&secret, code)));
    let told = differences(&["none", "one", "five"], 10_000, async |kind| {
        timed(async { black_box(is_right(&secret, black_box(&codes[kind]))) })
            .await
            .0
    });
    let told = told.await;
    assert!(told.is_empty(), "{told}");
}

fn is_right(secret: &TotpSecret, code: &OneTimeCode) -> bool {
    use domain::totp::CodeVerdict;
    matches!(check(secret, code, START, None), CodeVerdict::Right(_))
}
