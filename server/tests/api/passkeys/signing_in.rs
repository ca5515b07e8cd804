//! Signing in by a key: alone, and after the password.

use tokio::task::JoinSet;

use super::*;

/// K11, W19: nothing is learnt about anybody before a right password.
#[tokio::test]
async fn options_before_the_password_are_the_same_for_everybody_and_store_nothing() {
    let app = start().await;
    let (_, key, _) = with_key(&app, ADA, Key::passkey(1)).await;
    let before = app.count("spent_challenges").await;
    let visiting = Visiting::new(&app);
    let (one, other) = (visiting.options(&app).await, visiting.options(&app).await);
    let without = |options: &str| {
        let mut options: Value = serde_json::from_str(options).unwrap();
        options["challenge"] = Value::Null;
        options
    };
    assert_eq!(without(&one), without(&other));
    assert_ne!(challenge_of(&one), challenge_of(&other));
    assert_eq!(without(&one)["allowCredentials"], serde_json::json!([]));
    assert_eq!(app.count("spent_challenges").await, before);
    let token = visiting.password(&app, ADA).await;
    let options = sign_in::key_options(&app.services, &token).await.unwrap();
    let listed = &without(&options)["allowCredentials"][0]["id"];
    assert_eq!(*listed, BASE64URL_NOPAD.encode(&key.id));
    let nobodys = Token::new(app.services.random.as_ref());
    let refused = sign_in::key_options(&app.services, &nobodys).await;
    assert_eq!(refusal(refused), Refusal::SignInOver);
}

/// K07, W01, W04, W42: once, whatever happens in between.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_signs_in_once() {
    let app = start().await;
    let (_, key, _) = with_key(&app, ADA, Key::passkey(1)).await;
    let before = sessions_of(&app).await;
    let visiting = Visiting::new(&app);
    let answer = key.answer(&visiting.options(&app).await);
    let mut all = JoinSet::new();
    for _ in 0..40 {
        let (services, ceremony) = (app.services.clone(), visiting.ceremony.clone());
        let answer = answer.clone();
        all.spawn(async move {
            let (held, visitor) = (Held::default(), visitor());
            let from = FromBrowser {
                held: &held,
                visitor: &visitor,
            };
            let stepped = sign_in::with_passkey(&services, &ceremony, &answer, &from).await;
            stepped.is_ok_and(|stepped| is_in(&stepped))
        });
    }
    let right = all.join_all().await.into_iter().filter(|it| *it).count();
    assert_eq!(right, 1);
    assert_eq!(sessions_of(&app).await, before + 1);
    let app = app.restart().await;
    let again = visiting.alone(&app, &answer).await;
    assert_eq!(refusal(again), not_accepted(true));
    // A clock that is set back revives nothing.
    app.clock.advance(-120);
    let again = visiting.alone(&app, &answer).await;
    assert_eq!(refusal(again), not_accepted(true));
}

/// K07: five minutes at the browser, and half of one for the way back.
#[tokio::test]
async fn a_challenge_is_good_for_five_minutes_and_a_half() {
    let app = start().await;
    let (_, key, _) = with_key(&app, ADA, Key::passkey(1)).await;
    let visiting = Visiting::new(&app);
    let answer = key.answer(&visiting.options(&app).await);
    let late = key.answer(&visiting.options(&app).await);
    app.clock.advance(330);
    assert!(is_in(&visiting.alone(&app, &answer).await.unwrap()));
    app.clock.advance(1);
    let refused = visiting.alone(&app, &late).await;
    assert_eq!(refusal(refused), not_accepted(true));
    // A minute ahead is no clock that was set back.
    let ahead = key.answer(&visiting.options(&app).await);
    app.clock.advance(-61);
    let refused = visiting.alone(&app, &ahead).await;
    assert_eq!(refusal(refused), not_accepted(true));
}

/// K07: what was spent since a backup is not known as spent after its restore.
#[tokio::test]
async fn no_challenge_of_before_a_restore_is_good() {
    let app = start().await;
    let (_, key, _) = with_key(&app, ADA, Key::passkey(1)).await;
    let visiting = Visiting::new(&app);
    let answer = key.answer(&visiting.options(&app).await);
    service::backup::restore::settle(&app.services, app.clock.now())
        .await
        .unwrap();
    let refused = visiting.alone(&app, &answer).await;
    assert_eq!(refusal(refused), not_accepted(true));
    assert!(is_in(&visiting.by(&app, &key).await.unwrap()));
}

/// K08: a challenge is good for what it was asked for, by whom.
#[tokio::test]
async fn a_challenge_for_one_thing_is_good_for_no_other() {
    let app = start().await;
    let (ada, key, _) = with_key(&app, ADA, Key::passkey(1)).await;
    let (visiting, other) = (Visiting::new(&app), Visiting::new(&app));
    let token = visiting.password(&app, ADA).await;
    let alone = visiting.options(&app).await;
    let after = sign_in::key_options(&app.services, &token).await.unwrap();
    let adding = Key::passkey(2).begin(&app, &ada, None).await.unwrap();
    // At another browser, and at another address.
    let refused = other.alone(&app, &key.answer(&alone)).await;
    assert_eq!(refusal(refused), not_accepted(true));
    for options in [&after, &adding.options] {
        let refused = visiting.alone(&app, &key.answer(options)).await;
        assert_eq!(refusal(refused), not_accepted(true));
    }
    let others = other.password(&app, ADA).await;
    let refused = other
        .after_password(&app, &others, &key.answer(&after))
        .await;
    assert_eq!(refusal(refused), not_accepted(true));
    for options in [&alone, &adding.options] {
        let refused = visiting
            .after_password(&app, &token, &key.answer(options))
            .await;
        assert_eq!(refusal(refused), not_accepted(true));
    }
    for options in [&alone, &after] {
        let created = Key::passkey(2).created(options);
        let refused = passkeys::confirm(&app.services, &ada, adding.id, &created).await;
        assert!(matches!(
            refusal(refused),
            Refusal::KeyNotAccepted { signs_in: false } | Refusal::EnrolmentOver
        ));
    }
    // Each of them is good where it belongs: none of these tries has spent it.
    assert!(is_in(
        &visiting.alone(&app, &key.answer(&alone)).await.unwrap()
    ));
}

/// K09, W09 to W11: the credential, and the handle beside it, have to be of the same user.
#[tokio::test]
async fn nobody_signs_in_as_somebody_else() {
    let app = start().await;
    let (ada, a_key, _) = with_key(&app, ADA, Key::passkey(1)).await;
    let (bob, b_key, _) = with_key(&app, BOB, Key::passkey(2)).await;
    let handles: [Option<Vec<u8>>; 4] = [
        Some(bob.user.id.uuid().as_bytes().to_vec()),
        Some(Vec::new()),
        Some(ada.user.id.to_string().into_bytes()),
        None,
    ];
    for handle in handles {
        let visiting = Visiting::new(&app);
        let answer = a_key.answer_of(&visiting.options(&app).await, |mut said| {
            said.user_handle.clone_from(&handle);
            said
        });
        let refused = visiting.alone(&app, &answer).await;
        assert_eq!(refusal(refused), not_accepted(true), "{handle:?}");
    }
    let visiting = Visiting::new(&app);
    let token = visiting.password(&app, ADA).await;
    let options = sign_in::key_options(&app.services, &token).await.unwrap();
    let refused = visiting
        .after_password(&app, &token, &b_key.answer(&options))
        .await;
    assert_eq!(refusal(refused), not_accepted(true));
}

/// K10, W06, W40: what signs in alone is a passkey that has verified its user.
#[tokio::test]
async fn a_security_key_or_an_unverified_passkey_signs_in_only_after_the_password() {
    let app = start().await;
    let (ada, mut passkey, _) = with_key(&app, ADA, Key::passkey(1)).await;
    let mut security_key = Key::security_key(2);
    security_key.add(&app, &ada).await.unwrap();
    passkey.flags = PRESENT;
    for key in [&passkey, &security_key] {
        let refused = Visiting::new(&app).by(&app, key).await;
        assert_eq!(refusal(refused), not_accepted(true));
        let visiting = Visiting::new(&app);
        let token = visiting.password(&app, ADA).await;
        let options = sign_in::key_options(&app.services, &token).await.unwrap();
        let stepped = visiting
            .after_password(&app, &token, &key.answer(&options))
            .await;
        assert!(is_in(&stepped.unwrap()));
    }
}

/// K12, W20: two answers, of which one says that nobody has this key.
#[tokio::test]
async fn who_signs_in_alone_is_told_one_of_two_things() {
    let app = start().await;
    let (_, key, _) = with_key(&app, ADA, Key::passkey(1)).await;
    let mut unknown = Key::passkey(9);
    unknown.handle.clone_from(&key.handle);
    let refused = Visiting::new(&app).by(&app, &unknown).await;
    assert_eq!(refusal(refused), Refusal::PasskeyUnknown);
    let visiting = Visiting::new(&app);
    let forged = key.answer_of(&visiting.options(&app).await, |said| said);
    let mut forged: Value = serde_json::from_str(&forged).unwrap();
    let other = key.answer(&visiting.options(&app).await);
    let other: Value = serde_json::from_str(&other).unwrap();
    forged["response"]["signature"] = other["response"]["signature"].clone();
    let refused = visiting.alone(&app, &forged.to_string()).await;
    assert_eq!(refusal(refused), not_accepted(true));
    app.sql("UPDATE users SET disabled_at = 1").await;
    let refused = Visiting::new(&app).by(&app, &key).await;
    assert_eq!(refusal(refused), not_accepted(true));
    app.sql("UPDATE users SET disabled_at = NULL").await;
    assert!(is_in(&Visiting::new(&app).by(&app, &key).await.unwrap()));
}

/// K04: the address has to be ours, character for character.
#[tokio::test]
async fn an_answer_from_another_address_is_refused() {
    let app = start().await;
    let (_, key, _) = with_key(&app, ADA, Key::passkey(1)).await;
    for (origin, rp_id) in [
        ("http://localhost:3001", RP_ID),
        ("https://localhost:3000", RP_ID),
        ("http://LOCALHOST:3000", RP_ID),
        ("http://localhost:3000.evil.example", RP_ID),
        ("null", RP_ID),
        (ORIGIN, "example.org"),
    ] {
        let visiting = Visiting::new(&app);
        let answer = key.answer_of(&visiting.options(&app).await, |said| said.at(origin, rp_id));
        let refused = visiting.alone(&app, &answer).await;
        assert_eq!(refusal(refused), not_accepted(true), "{origin} {rp_id}");
    }
}

/// K23: a broken password manager closes no codes, and a passkey opens them.
#[tokio::test]
async fn refused_keys_end_the_pending_sign_in_and_pause_nobody() {
    let app = start().await;
    let (_, key, codes) = with_key(&app, ADA, Key::passkey(1)).await;
    let visiting = Visiting::new(&app);
    let token = visiting.password(&app, ADA).await;
    let options = sign_in::key_options(&app.services, &token).await.unwrap();
    let broken = |_: u8| key.answer_of(&options, |said| said.at("https://evil.example", RP_ID));
    for n in 0..5 {
        let refused = visiting.after_password(&app, &token, &broken(n)).await;
        let refused = refusal(refused);
        // The challenge is spent by the first.
        let expected = if n == 0 {
            not_accepted(true)
        } else {
            Refusal::ChallengeOver
        };
        assert_eq!(refused, expected, "{n}");
    }
    let over = visiting
        .after_password(&app, &token, &key.answer(&options))
        .await;
    assert_eq!(refusal(over), Refusal::SignInOver);
    let failures = "SELECT factor_failures FROM users";
    assert_eq!(app.number(failures).await, 0);
    // Codes are closed by others; the passkey is looked at all the same, and opens them.
    app.sql("UPDATE users SET factor_failures = 100, factor_failed_at = 1800000000")
        .await;
    assert!(is_in(&visiting.by(&app, &key).await.unwrap()));
    assert_eq!(app.number(failures).await, 0);
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    browser.give_recovery_code(&codes[0]).await.expect(200);
}

/// 14.11: fifty refused ones from a client address in a quarter of an hour.
#[tokio::test]
async fn many_refused_passkeys_pause_the_client_address() {
    let app = start().await;
    let (_, key, _) = with_key(&app, ADA, Key::passkey(1)).await;
    let mut unknown = Key::passkey(9);
    unknown.handle.clone_from(&key.handle);
    // A right one takes nothing.
    for _ in 0..3 {
        assert!(is_in(&Visiting::new(&app).by(&app, &key).await.unwrap()));
    }
    for _ in 0..50 {
        let refused = Visiting::new(&app).by(&app, &unknown).await;
        assert_eq!(refusal(refused), Refusal::PasskeyUnknown);
    }
    for key in [&unknown, &key] {
        let refused = refusal(Visiting::new(&app).by(&app, key).await);
        assert!(matches!(refused, Refusal::Paused { .. }), "{refused:?}");
    }
    app.clock.advance(15 * 60);
    assert!(is_in(&Visiting::new(&app).by(&app, &key).await.unwrap()));
}

/// The session that was open in the browser is left, and the new one counts as proven.
#[tokio::test]
async fn a_sign_in_by_a_passkey_takes_the_place_of_the_one_before() {
    let app = start().await;
    let (_, key, _) = with_key(&app, ADA, Key::passkey(1)).await;
    let mut visiting = Visiting::new(&app);
    let stepped = visiting.by(&app, &key).await.unwrap();
    let NewCookie::Session(token) = stepped.cookie else {
        panic!("a session");
    };
    let before = sessions_of(&app).await;
    visiting.held.session = Some(token);
    assert!(is_in(&visiting.by(&app, &key).await.unwrap()));
    assert_eq!(sessions_of(&app).await, before);
    let unproven = "SELECT COUNT(*) FROM sessions WHERE second_factor_at IS NULL";
    assert_eq!(app.number(unproven).await, 0);
}
