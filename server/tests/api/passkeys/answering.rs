//! Counters and flags of answers.

use super::*;

async fn counter(app: &TestApp) -> i64 {
    app.number("SELECT sign_count FROM passkeys").await
}

/// K13, of a key that cannot be synced: a counter that does not rise may be that of a copy.
#[tokio::test]
async fn a_counter_that_does_not_rise_is_refused_and_told_and_locks_nothing() {
    let app = start().await;
    let mut key = Key::passkey(1);
    key.counter = AtomicU32::new(5);
    let (_, key, _) = with_key(&app, ADA, key).await;
    assert_eq!(counter(&app).await, 5);
    assert!(is_in(&Visiting::new(&app).by(&app, &key).await.unwrap()));
    assert_eq!(counter(&app).await, 6);
    for copy in [6, 5, 0] {
        key.counter.store(copy, Ordering::Relaxed);
        let refused = Visiting::new(&app).by(&app, &key).await;
        assert_eq!(refusal(refused), not_accepted(true), "{copy}");
    }
    assert_eq!(counter(&app).await, 6);
    assert_eq!(
        app.mails_with("A key of yours may have been copied").await,
        3
    );
    let lines = app.events().await;
    let told = lines.iter().filter(|line| *line == "key_refused Passkey");
    assert_eq!(told.count(), 3);
    key.counter.store(7, Ordering::Relaxed);
    assert!(is_in(&Visiting::new(&app).by(&app, &key).await.unwrap()));
}

/// K13, of one that is synced, and of one without a counter.
#[tokio::test]
async fn a_synced_key_or_one_without_a_counter_passes() {
    let app = start().await;
    let mut synced = Key::passkey(1);
    (synced.flags, synced.counter) = (VERIFIED | SYNCED, AtomicU32::new(5));
    let (_, synced, _) = with_key(&app, ADA, synced).await;
    synced.counter.store(3, Ordering::Relaxed);
    assert!(is_in(&Visiting::new(&app).by(&app, &synced).await.unwrap()));
    assert_eq!(
        app.mails_with("A key of yours may have been copied").await,
        0
    );
    let (_, without, _) = with_key(&app, BOB, Key::passkey(2)).await;
    for _ in 0..2 {
        assert!(is_in(
            &Visiting::new(&app).by(&app, &without).await.unwrap()
        ));
    }
}

/// K14, W14: an update of a password manager locks nobody out.
#[tokio::test]
async fn backup_eligibility_that_changes_is_taken_over() {
    let app = start().await;
    let (_, mut key, _) = with_key(&app, ADA, Key::passkey(1)).await;
    let eligible = "SELECT COUNT(*) FROM passkeys WHERE backup_eligible";
    assert_eq!(app.number(eligible).await, 0);
    key.flags = VERIFIED | SYNCED;
    assert!(is_in(&Visiting::new(&app).by(&app, &key).await.unwrap()));
    assert_eq!(app.number(eligible).await, 1);
}

/// 14.14: each kind of signature that is offered.
#[tokio::test]
async fn keys_of_each_algorithm_sign_in() {
    let app = start().await;
    for (email, id, device) in [
        (ADA, 1, Device::ed25519()),
        (BOB, 2, Device::rsa()),
        ("eve@example.org", 3, Device::p256()),
    ] {
        let mut key = Key::passkey(id);
        key.device = device;
        let (_, key, _) = with_key(&app, email, key).await;
        assert!(is_in(&Visiting::new(&app).by(&app, &key).await.unwrap()));
    }
}
