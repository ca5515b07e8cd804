//! Adding, renaming and removing.

use super::*;

/// K05: the first one turns two-factor authentication on; a further one leaves other sessions alone.
#[tokio::test]
async fn the_first_key_turns_it_on_and_a_further_one_ends_no_session() {
    let app = start().await;
    let mut browser = app.member(ADA).await;
    let mut elsewhere = app.browser();
    elsewhere.sign_in(ADA).await.expect(200);
    let mut caller = signed_in(&app, &browser).await;
    let added = Key::passkey(1).add(&app, &caller).await.unwrap();
    assert_eq!(added.key.name, "Passkey");
    assert_eq!(added.recovery_codes.unwrap().codes.len(), 10);
    assert_eq!(elsewhere.state().await, "signed_out");
    // The token that was copied before is worth nothing.
    assert_eq!(browser.state().await, "signed_out");
    assert_eq!(sessions_of(&app).await, 1);
    let subject = "Two-factor authentication is on";
    assert_eq!(app.mails_with(subject).await, 1);
    let visiting = Visiting::new(&app);
    let mut other = Key::passkey(1);
    other.handle = Some(caller.user.id.uuid().as_bytes().to_vec());
    assert!(is_in(&visiting.by(&app, &other).await.unwrap()));
    assert_eq!(sessions_of(&app).await, 2);

    has_proven(&app, &mut caller);
    let second = Key::security_key(2).add(&app, &caller).await.unwrap();
    assert_eq!(second.key.name, "Security key");
    assert!(second.recovery_codes.is_none());
    assert_eq!(sessions_of(&app).await, 2);
    assert_eq!(app.mails_with("A security key was added").await, 1);
    let third = Key::passkey(3).add(&app, &caller).await.unwrap();
    assert_eq!(third.key.name, "Passkey 2");
    let lines = app.events().await;
    for line in [
        "passkey_added Passkey",
        "passkey_added Passkey 2",
        "security_key_added Security key",
        "signed_in_with_passkey Passkey",
    ] {
        assert!(lines.iter().any(|it| it == line), "{line}: {lines:#?}");
    }
}

#[tokio::test]
async fn a_first_key_takes_the_proof_of_the_mailbox_as_a_first_app_does() {
    let app = start().await;
    app.create_user(ADA).await;
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    let caller = signed_in(&app, &browser).await;
    let refused = refusal(Key::passkey(1).add(&app, &caller).await);
    assert_eq!(refused, Refusal::MailboxCodeNeeded);
    app.sql("UPDATE users SET email_verified_at = NULL").await;
    let refused = refusal(Key::passkey(1).add(&app, &caller).await);
    assert_eq!(refused, Refusal::EmailNotVerified);
    assert_eq!(app.count("passkeys").await, 0);
    assert_eq!(app.count("enrolments").await, 0);
}

/// K06, W23, W33.
#[tokio::test]
async fn a_key_is_added_with_a_step_up_and_is_nobodys_yet() {
    let app = start().await;
    let (ada, ..) = with_key(&app, ADA, Key::passkey(1)).await;
    let bob = app.member(BOB).await;
    let bob = signed_in(&app, &bob).await;
    let wrong = StepUp::Password {
        password: SecretText::new("not the password"),
        second: None,
    };
    let given = EnrolmentProofs {
        step_up: &wrong,
        mailbox_code: None,
    };
    let refused = passkeys::begin(&app.services, &ada, KeyKind::Passkey, given).await;
    assert_eq!(refusal(refused), Refusal::WrongPassword);
    // The second factor was proven long ago.
    app.clock.advance(3_600);
    let refused = refusal(Key::passkey(2).begin(&app, &ada, None).await);
    assert_eq!(refused, Refusal::CodeNeeded);
    app.clock.advance(-3_600);
    for caller in [&ada, &bob] {
        let refused = refusal(Key::passkey(1).add(&app, caller).await);
        assert_eq!(refused, Refusal::PasskeyAlreadyAdded);
    }
    assert_eq!(app.count("passkeys").await, 1);
    // An enrolment takes one answer.
    assert_eq!(app.count("enrolments").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM second_factors").await, 1);
}

#[tokio::test]
async fn a_twenty_first_key_is_refused_before_anything_else() {
    let app = start().await;
    let (ada, ..) = with_key(&app, ADA, Key::passkey(1)).await;
    for id in 2..=20 {
        Key::passkey(id).add(&app, &ada).await.unwrap();
    }
    // Not even the password is looked at.
    let wrong = StepUp::Password {
        password: SecretText::new("not the password"),
        second: None,
    };
    let given = EnrolmentProofs {
        step_up: &wrong,
        mailbox_code: None,
    };
    let refused = passkeys::begin(&app.services, &ada, KeyKind::Passkey, given).await;
    assert_eq!(refusal(refused), Refusal::TooManyPasskeys);
    assert_eq!(app.count("passkeys").await, 20);
}

/// 14.3: what is lost on the way back is not lost for its user.
#[tokio::test]
async fn the_answer_that_added_a_key_is_answered_again_without_codes() {
    let app = start().await;
    let browser = app.member(ADA).await;
    let mut ada = signed_in(&app, &browser).await;
    let key = Key::passkey(1);
    let begun = key.begin(&app, &ada, None).await.unwrap();
    let created = key.created(&begun.options);
    let confirm = async || passkeys::confirm(&app.services, &ada, begun.id, &created).await;
    let first = confirm().await.unwrap();
    let again = confirm().await.unwrap();
    assert_eq!(again.key.key, first.key.key);
    assert!(first.recovery_codes.is_some() && again.recovery_codes.is_none());
    assert_eq!(app.count("passkeys").await, 1);
    // Another answer to it adds nothing, and the same one in another enrolment neither.
    let other = Key::passkey(2).created(&begun.options);
    let refused = passkeys::confirm(&app.services, &ada, begun.id, &other).await;
    refusal(refused);
    has_proven(&app, &mut ada);
    let later = key.begin(&app, &ada, None).await.unwrap();
    let refused = passkeys::confirm(&app.services, &ada, later.id, &created).await;
    assert_eq!(refusal(refused), not_accepted(false));
    assert_eq!(app.count("passkeys").await, 1);
}

/// K08: bound to its session and its kind, and over after one answer that was refused.
#[tokio::test]
async fn an_enrolment_is_of_one_session_one_kind_and_one_answer() {
    let app = start().await;
    let browser = app.member(ADA).await;
    let mut ada = signed_in(&app, &browser).await;
    let mut elsewhere = app.browser();
    elsewhere.sign_in(ADA).await.expect(200);
    let elsewhere = signed_in(&app, &elsewhere).await;
    let key = Key::passkey(1);
    let begun = key.begin(&app, &ada, None).await.unwrap();
    let created = key.created(&begun.options);
    let other = passkeys::confirm(&app.services, &elsewhere, begun.id, &created).await;
    assert_eq!(refusal(other), Refusal::EnrolmentOver);
    // Not verified, which a passkey has to be.
    let mut unverified = Key::passkey(1);
    unverified.flags = PRESENT;
    let refused = unverified.created(&begun.options);
    let refused = passkeys::confirm(&app.services, &ada, begun.id, &refused).await;
    assert_eq!(refusal(refused), not_accepted(false));
    let right = passkeys::confirm(&app.services, &ada, begun.id, &created).await;
    assert_eq!(refusal(right), Refusal::EnrolmentOver);
    assert_eq!(app.count("passkeys").await, 0);
    // As a security key it would do.
    let mut touched = Key::security_key(1);
    touched.flags = PRESENT;
    touched.add(&app, &ada).await.unwrap();
    // A code proves no key.
    has_proven(&app, &mut ada);
    let begun = key.begin(&app, &ada, None).await.unwrap();
    let code = SecretText::new("123456");
    let confirm = service::two_factor::confirm_enrolment(&app.services, &ada, begun.id, &code);
    assert_eq!(refusal(confirm.await), Refusal::EnrolmentOver);
}

/// K24: refused before a look-up, so that it ends no enrolment.
#[tokio::test]
async fn what_cannot_be_read_is_refused_before_anything_is_looked_up() {
    let app = start().await;
    let browser = app.member(ADA).await;
    let ada = signed_in(&app, &browser).await;
    let key = Key::passkey(1);
    let begun = key.begin(&app, &ada, None).await.unwrap();
    let created = key.created(&begun.options);
    let padded = created.replacen("\"rawId\":\"", "\"rawId\":\"=", 1);
    for spoiled in [
        String::new(),
        "{}".to_owned(),
        "x".repeat(8 * 1024 + 1),
        created.replace("public-key", "public\\u0000key"),
        created.replace("public-key", "\\ud800"),
        padded,
        format!("[{created}]"),
    ] {
        let refused = passkeys::confirm(&app.services, &ada, begun.id, &spoiled).await;
        assert_eq!(refusal(refused), not_accepted(false), "{spoiled}");
        let visiting = Visiting::new(&app);
        let refused = visiting.alone(&app, &spoiled).await;
        assert_eq!(refusal(refused), not_accepted(true), "{spoiled}");
    }
    assert_eq!(app.count("spent_challenges").await, 0);
    passkeys::confirm(&app.services, &ada, begun.id, &created)
        .await
        .unwrap();
}

/// K25: an address that browsers make no keys for.
#[tokio::test]
async fn keys_are_not_offered_at_an_ip_address() {
    let app = TestApp::start().await;
    let browser = app.member(ADA).await;
    let ada = signed_in(&app, &browser).await;
    let refused = refusal(Key::passkey(1).begin(&app, &ada, None).await);
    assert_eq!(refused, Refusal::PasskeysNotOffered);
    let visiting = Visiting::new(&app);
    let options = sign_in::passkey_options(&app.services, &visiting.ceremony).await;
    assert_eq!(refusal(options), Refusal::PasskeysNotOffered);
}

/// K15, W37: what remains is never nothing.
#[tokio::test]
async fn a_key_is_removed_while_another_factor_remains() {
    let app = start().await;
    let (ada, first, _) = with_key(&app, ADA, Key::passkey(1)).await;
    let first_id = passkey_ids(&app).await[0];
    let removed = passkeys::remove(&app.services, &ada, first_id, &step_up(None)).await;
    assert_eq!(refusal(removed), Refusal::LastFactor);
    let second = Key::passkey(2).add(&app, &ada).await.unwrap();
    let elsewhere = Visiting::new(&app);
    assert!(is_in(&elsewhere.by(&app, &first).await.unwrap()));
    let remaining = passkeys::remove(&app.services, &ada, first_id, &step_up(None)).await;
    assert_eq!(remaining.unwrap(), [vec![2; 16]]);
    assert_eq!(sessions_of(&app).await, 1);
    assert_eq!(app.mails_with("A passkey was removed").await, 1);
    let refused = refusal(Visiting::new(&app).by(&app, &first).await);
    assert_eq!(refused, Refusal::PasskeyUnknown);
    let gone = passkeys::remove(&app.services, &ada, first_id, &step_up(None)).await;
    assert_eq!(refusal(gone), Refusal::NotFound);
    let last = passkeys::remove(&app.services, &ada, second.key.key.id, &step_up(None)).await;
    assert_eq!(refusal(last), Refusal::LastFactor);
}

/// K15: two tabs at once.
#[tokio::test(flavor = "multi_thread")]
async fn of_the_last_two_removed_at_once_one_stays() {
    let app = start().await;
    let (ada, ..) = with_key(&app, ADA, Key::passkey(1)).await;
    Key::passkey(2).add(&app, &ada).await.unwrap();
    let [one, two] = passkey_ids(&app).await[..] else {
        panic!("two keys");
    };
    let given = step_up(None);
    let (first, second) = tokio::join!(
        passkeys::remove(&app.services, &ada, one, &given),
        passkeys::remove(&app.services, &ada, two, &given),
    );
    let removed = [&first, &second].into_iter().filter(|it| it.is_ok());
    assert_eq!(removed.count(), 1);
    assert_eq!(app.count("passkeys").await, 1);
    assert_eq!(app.count("second_factors").await, 1);
}

#[tokio::test]
async fn a_key_beside_an_app_leaves_the_app_and_the_app_can_go() {
    let app = start().await;
    let (browser, authenticator) = app.member_with_two_factor(ADA).await;
    let ada = signed_in(&app, &browser).await;
    let none = passkeys::remove_app(&app.services, &ada, &step_up(None)).await;
    assert_eq!(refusal(none), Refusal::LastFactor);
    let mut key = Key::security_key(1);
    key.add(&app, &ada).await.unwrap();
    app.clock.advance(30);
    let mut other = app.browser();
    other.sign_in(ADA).await.expect(200);
    other
        .give_code(&authenticator.code(app.clock.now()))
        .await
        .expect(200);
    passkeys::remove_app(&app.services, &ada, &step_up(None))
        .await
        .unwrap();
    assert_eq!(other.state().await, "signed_out");
    assert_eq!(
        app.mails_with("Your authenticator app was removed").await,
        1
    );
    app.clock.advance(30);
    other.sign_in(ADA).await.expect(200);
    other
        .give_code(&authenticator.code(app.clock.now()))
        .await
        .refused(422, "wrong_code");
    let visiting = Visiting::new(&app);
    let token = visiting.password(&app, ADA).await;
    let options = sign_in::key_options(&app.services, &token).await.unwrap();
    let answer = key.answer(&options);
    assert!(is_in(
        &visiting
            .after_password(&app, &token, &answer)
            .await
            .unwrap()
    ));
}

/// A browser that skips the second factor is asked again, though no session ends at the first of the two.
#[tokio::test]
async fn a_further_key_and_a_removed_one_end_trust() {
    let app = start().await;
    let (browser, authenticator) = app.member_with_two_factor(ADA).await;
    let ada = signed_in(&app, &browser).await;
    let trusts = async || {
        app.clock.advance(30);
        let mut trusted = app.browser();
        trusted.sign_in(ADA).await.expect(200);
        let code = authenticator.code(app.clock.now());
        trusted.give_code_and_trust(&code).await.expect(200);
        let again = trusted.sign_in(ADA).await.expect(200).json();
        assert_eq!(again["step"], "signed_in");
        trusted
    };
    let ended = async |mut trusted: Browser| {
        let asked = trusted.sign_in(ADA).await.expect(200).json();
        assert_eq!(asked["step"], "second_factor_due");
    };
    let trusted = trusts().await;
    let added = Key::security_key(1).add(&app, &ada).await.unwrap();
    ended(trusted).await;
    let trusted = trusts().await;
    passkeys::remove(&app.services, &ada, added.key.key.id, &step_up(None))
        .await
        .unwrap();
    ended(trusted).await;
}

#[tokio::test]
async fn a_name_is_one_to_fifty_characters() {
    let app = start().await;
    let (ada, ..) = with_key(&app, ADA, Key::passkey(1)).await;
    let id = passkey_ids(&app).await[0];
    let rename = async |name: &str| passkeys::rename(&app.services, &ada, id, name).await;
    for name in ["", "   ", "a\u{202e}b", &"é".repeat(51)] {
        assert!(
            matches!(refusal(rename(name).await), Refusal::Wrong(_)),
            "{name}"
        );
    }
    rename(&"é".repeat(50)).await.unwrap();
    rename("  Work laptop ").await.unwrap();
    assert_eq!(
        app.texts("SELECT name FROM passkeys").await,
        ["Work laptop"]
    );
    let bob = app.member(BOB).await;
    let bob = signed_in(&app, &bob).await;
    let others = passkeys::rename(&app.services, &bob, id, "Mine").await;
    assert_eq!(refusal(others), Refusal::NotFound);
}

/// K16: nothing is left of a factor that was turned off.
#[tokio::test]
async fn what_turns_it_off_leaves_no_key() {
    let app = start().await;
    let (ada, key, _) = with_key(&app, ADA, Key::passkey(1)).await;
    service::two_factor::disable(&app.services, &ada, &step_up(None))
        .await
        .unwrap();
    assert_eq!(app.count("passkeys").await, 0);
    let refused = refusal(Visiting::new(&app).by(&app, &key).await);
    assert_eq!(refused, Refusal::PasskeyUnknown);
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    app.prove_mailbox(ADA).await;
    let ada = signed_in(&app, &browser).await;
    let mut again = Key::passkey(1);
    again.add(&app, &ada).await.unwrap();
    assert!(is_in(&Visiting::new(&app).by(&app, &again).await.unwrap()));
    service::users::reset_two_factor(&app.services, ADA, false)
        .await
        .unwrap();
    assert_eq!(app.count("passkeys").await, 0);
    let refused = refusal(Visiting::new(&app).by(&app, &again).await);
    assert_eq!(refused, Refusal::PasskeyUnknown);
}

/// The ids of all keys, the oldest first.
pub(super) async fn passkey_ids(app: &TestApp) -> Vec<app::types::ids::UserKeyId> {
    use storage::user_keys::find_key_details;
    use storage::users::find_user_by_email;
    let db = app.services.database.read();
    let email = app::types::email::EmailAddress::parse(ADA).unwrap();
    let user = find_user_by_email(db, &email).await.unwrap().unwrap();
    let details = find_key_details(db, user.id).await.unwrap();
    details.into_iter().map(|it| it.key.id).collect()
}
