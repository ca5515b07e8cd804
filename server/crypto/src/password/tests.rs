use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::*;
use crate::random::SeededRandom;

const CHEAP: HashParams = HashParams {
    memory_kib: 64,
    passes: 2,
    lanes: 1,
};
/// `correct horse` with the salt `somesalt8bytes16`, by the reference implementation in C (argon2-cffi).
const BY_THE_REFERENCE: &str = "$argon2id$v=19$m=256,t=3,p=1$c29tZXNhbHQ4Ynl0ZXMxNg$E43QuLzSzVruYdCavsl852krfzn+YX/RU2NZ76TyXVs";

fn hasher(params: HashParams) -> PasswordHasher {
    PasswordHasher::new(params, 2, 8, Arc::new(SeededRandom::new(7)))
}

#[tokio::test]
async fn the_right_password_is_right_and_another_is_wrong() {
    let hasher = hasher(CHEAP);
    let stored = hasher.hash("correct horse").await.unwrap();
    assert!(
        stored.starts_with("$argon2id$v=19$m=64,t=2,p=1$"),
        "{stored}"
    );
    assert_eq!(
        hasher.verify("correct horse", Some(&stored)).await,
        Ok(Verdict::Right { rehash: false })
    );
    assert_eq!(
        hasher.verify("correct horse ", Some(&stored)).await,
        Ok(Verdict::Wrong)
    );
    assert_eq!(hasher.verify("", Some(&stored)).await, Ok(Verdict::Wrong));
}

#[tokio::test]
async fn two_hashes_of_one_password_differ() {
    let hasher = hasher(CHEAP);
    assert_ne!(
        hasher.hash("correct horse").await,
        hasher.hash("correct horse").await
    );
}

#[tokio::test]
async fn every_attempt_costs_exactly_one_hash() {
    let hasher = hasher(CHEAP);
    let stored = hasher.hash("correct horse").await.unwrap();
    let broken = stored.replace("argon2id", "argon3");
    let greedy = stored.replace("m=64", "m=4294967295");
    let cut = stored.rsplit_once('$').unwrap().0;
    for (count, known) in [
        None,
        Some(""),
        Some("x"),
        Some(&*broken),
        Some(&*greedy),
        Some(cut),
        Some("$2b$12$abc"),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(hasher.hashes(), 1 + count as u64);
        assert_eq!(
            hasher.verify("correct horse", known).await,
            Ok(Verdict::Wrong),
            "{known:?}"
        );
    }
    assert_eq!(hasher.hashes(), 8);
}

/// F114: who has not signed in since the parameters grew is not told from nobody by a quicker refusal.
#[tokio::test]
async fn a_wrong_password_against_a_weaker_hash_costs_what_is_missing() {
    let today = HashParams {
        memory_kib: 256,
        passes: 2,
        lanes: 1,
    };
    let table = [
        ((64, 2), Some((192, 2))),
        ((256, 1), Some((128, 2))),
        ((64, 1), Some((224, 2))),
        ((252, 2), None),
        ((256, 2), None),
        ((512, 2), None),
        ((128, 4), None),
    ];
    for ((memory_kib, passes), missing) in table {
        let stored = HashParams {
            memory_kib,
            passes,
            lanes: 1,
        };
        let stored = hasher(stored).hash("correct horse").await.unwrap();
        let filler = StoredHash::parse(&stored).unwrap().missing_to(today);
        let filler = filler.map(|filler| (filler.memory_kib, filler.passes));
        assert_eq!(filler, missing, "{memory_kib} {passes}");
        let hasher = hasher(today);
        let wrong = hasher.verify("wrong horse", Some(&stored)).await;
        assert_eq!(wrong, Ok(Verdict::Wrong));
        assert_eq!(hasher.hashes(), 1 + u64::from(missing.is_some()));
        let right = hasher.verify("correct horse", Some(&stored)).await;
        assert!(matches!(right, Ok(Verdict::Right { .. })));
        assert_eq!(hasher.hashes(), 2 + u64::from(missing.is_some()));
    }
}

#[tokio::test]
async fn weaker_parameters_ask_for_another_hash_and_stronger_ones_still_verify() {
    let table = [
        (CHEAP, CHEAP, false),
        (
            HashParams {
                memory_kib: 32,
                ..CHEAP
            },
            CHEAP,
            true,
        ),
        (HashParams { passes: 1, ..CHEAP }, CHEAP, true),
        (
            HashParams {
                memory_kib: 128,
                passes: 1,
                lanes: 1,
            },
            CHEAP,
            false,
        ),
        (
            HashParams {
                memory_kib: 32,
                passes: 8,
                lanes: 1,
            },
            CHEAP,
            true,
        ),
        (
            HashParams {
                memory_kib: 256,
                passes: 4,
                lanes: 4,
            },
            CHEAP,
            false,
        ),
    ];
    for (then, today, rehash) in table {
        let stored = hasher(then).hash("correct horse").await.unwrap();
        let verdict = hasher(today).verify("correct horse", Some(&stored)).await;
        assert_eq!(verdict, Ok(Verdict::Right { rehash }), "{then:?}");
    }
}

#[tokio::test]
async fn a_hash_of_the_reference_implementation_verifies() {
    let verdict = hasher(CHEAP)
        .verify("correct horse", Some(BY_THE_REFERENCE))
        .await;
    assert_eq!(verdict, Ok(Verdict::Right { rehash: false }));
}

#[tokio::test]
async fn one_password_in_every_unicode_form_is_the_same_password() {
    let hasher = hasher(CHEAP);
    let stored = hasher.hash("Zoë’s caf\u{e9} \u{ac00}").await.unwrap();
    for same in [
        "Zoe\u{308}’s cafe\u{301} \u{1100}\u{1161}",
        "Zoë’s\u{a0}café\u{3000}가",
    ] {
        let verdict = hasher.verify(same, Some(&stored)).await;
        assert_eq!(verdict, Ok(Verdict::Right { rehash: false }), "{same}");
    }
    assert_eq!(
        hasher.verify("Zoë’s cafe \u{ac00}", Some(&stored)).await,
        Ok(Verdict::Wrong)
    );
}

#[tokio::test]
async fn a_long_password_is_not_cut() {
    let hasher = hasher(CHEAP);
    let long = "🔑".repeat(128);
    let stored = hasher.hash(&long).await.unwrap();
    let almost = format!("{}🔒", "🔑".repeat(127));
    assert_eq!(
        hasher.verify(&long, Some(&stored)).await,
        Ok(Verdict::Right { rehash: false })
    );
    assert_eq!(
        hasher.verify(&almost, Some(&stored)).await,
        Ok(Verdict::Wrong)
    );
}

#[tokio::test]
async fn what_does_not_fit_in_the_queue_is_refused_and_the_rest_is_answered() {
    let hasher = PasswordHasher::new(
        HashParams {
            memory_kib: 8192,
            ..CHEAP
        },
        1,
        2,
        Arc::new(SeededRandom::new(7)),
    );
    let mut context = Context::from_waker(Waker::noop());
    let mut attempts: Vec<_> = (0..5)
        .map(|_| Box::pin(hasher.hash("correct horse")))
        .collect();
    let refused: Vec<bool> = attempts
        .iter_mut()
        .map(|attempt| attempt.as_mut().poll(&mut context) == Poll::Ready(Err(HasherBusy)))
        .collect();
    assert_eq!(refused, [false, false, false, true, true]);
    for attempt in attempts.into_iter().take(3) {
        assert!(attempt.await.is_ok());
    }
    assert_eq!(hasher.hashes(), 3);
    assert!(hasher.hash("correct horse").await.is_ok());
}

#[tokio::test]
async fn callers_that_go_away_leave_their_place_to_others() {
    let hasher = PasswordHasher::new(
        HashParams {
            memory_kib: 8192,
            ..CHEAP
        },
        1,
        3,
        Arc::new(SeededRandom::new(7)),
    );
    for _ in 0..20 {
        // Polled once, so that the job is in the queue, then dropped.
        let mut attempt = pin!(hasher.hash("correct horse"));
        let _ = attempt
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
    }
    let answered =
        tokio::time::timeout(Duration::from_secs(20), hasher.hash("correct horse")).await;
    assert!(answered.is_ok_and(|outcome| outcome.is_ok()));
    assert!(
        hasher.hashes() < 20,
        "{} hashes for one caller",
        hasher.hashes()
    );
}

#[tokio::test]
async fn parameters_out_of_range_are_refused() {
    for params in [
        HashParams {
            memory_kib: 7,
            ..CHEAP
        },
        HashParams {
            memory_kib: 1 << 21,
            ..CHEAP
        },
        HashParams { passes: 0, ..CHEAP },
        HashParams {
            passes: 65,
            ..CHEAP
        },
        HashParams { lanes: 0, ..CHEAP },
        HashParams { lanes: 9, ..CHEAP },
    ] {
        assert_eq!(params.check(), Err(BadHashParams), "{params:?}");
    }
    assert_eq!(HashParams::default().check(), Ok(HashParams::default()));
}
