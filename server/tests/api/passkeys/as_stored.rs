//! What the database holds of keys, and whoever writes to it past the program.

use super::*;

/// K18, W59: a user who has keys alone is never let in by the password, by this version or the one before.
#[tokio::test]
async fn the_password_alone_never_lets_in_who_has_only_keys() {
    let app = start().await;
    with_key(&app, ADA, Key::passkey(1)).await;
    let mut browser = app.browser();
    let step = browser.sign_in(ADA).await.expect(200).json();
    assert_eq!(step["step"], "second_factor_due");
    assert_eq!(browser.state().await, "second_factor_due");
    // What the version before reads: a row, whose kind is neither of its words, so that it refuses its user.
    let kinds = app.texts("SELECT kind FROM second_factors").await;
    assert_eq!(kinds, ["passkey"]);
    assert!(!["app", "sms"].contains(&kinds[0].as_str()));
    // A reset by it takes the row, and the keys with it.
    app.sql("DELETE FROM second_factors").await;
    assert_eq!(app.count("passkeys").await, 0);
}

#[tokio::test]
async fn the_row_of_a_user_says_all_kinds_that_they_have() {
    let app = start().await;
    let (browser, _) = app.member_with_two_factor(ADA).await;
    let ada = signed_in(&app, &browser).await;
    let kinds = async || {
        let of_row = app.texts("SELECT kind FROM second_factors").await;
        let of_list = app.texts("SELECT factor_kind FROM memberships").await;
        assert_eq!(of_row, of_list);
        of_row[0].clone()
    };
    assert_eq!(kinds().await, "app");
    Key::security_key(1).add(&app, &ada).await.unwrap();
    assert_eq!(kinds().await, "security_key+app");
    Key::passkey(2).add(&app, &ada).await.unwrap();
    assert_eq!(kinds().await, "passkey+security_key+app");
    passkeys::remove_app(&app.services, &ada, &step_up(None))
        .await
        .unwrap();
    assert_eq!(kinds().await, "passkey+security_key");
    let ids = super::adding::passkey_ids(&app).await;
    passkeys::remove(&app.services, &ada, ids[0], &step_up(None))
        .await
        .unwrap();
    assert_eq!(kinds().await, "passkey");
}

/// Product rule 11: a key that was added, changed, given away or taken away in the database refuses its user.
#[tokio::test]
async fn keys_that_were_edited_in_the_database_open_nothing() {
    for edit in [
        // Another key pair of the same credential.
        "UPDATE passkeys SET public_key = (SELECT public_key FROM passkeys ORDER BY name DESC LIMIT 1)",
        "UPDATE passkeys SET signs_in = TRUE",
        "UPDATE passkeys SET rp_id = 'example.org'",
        "DELETE FROM passkeys WHERE signs_in = FALSE",
        "UPDATE second_factors SET kind = 'passkey'",
        "UPDATE second_factors SET kind = 'app'",
        "UPDATE second_factors SET kind = 'nothing of ours'",
    ] {
        let app = start().await;
        let (ada, passkey, _) = with_key(&app, ADA, Key::passkey(1)).await;
        let mut other = Key::security_key(2);
        other.device = Device::ed25519();
        other.add(&app, &ada).await.unwrap();
        assert!(is_in(
            &Visiting::new(&app).by(&app, &passkey).await.unwrap()
        ));
        app.sql(edit).await;
        for key in [&passkey, &other] {
            let refused = refusal(Visiting::new(&app).by(&app, key).await);
            assert!(
                [not_accepted(true), Refusal::PasskeyUnknown].contains(&refused),
                "{edit}: {refused:?}"
            );
        }
        let mut browser = app.browser();
        let reply = browser.sign_in(ADA).await;
        assert_eq!(reply.code(), "factor_unreadable", "{edit}");
    }
}

/// A key of one user that is given to another is nobody's.
#[tokio::test]
async fn a_key_that_was_moved_to_another_user_opens_neither() {
    let app = start().await;
    let (_, key, _) = with_key(&app, ADA, Key::passkey(1)).await;
    let (bob, ..) = with_key(&app, BOB, Key::passkey(2)).await;
    let of_bob = bob.user.id;
    let (hex, text) = (
        format!("X'{}'", of_bob.uuid().simple()),
        format!("'{of_bob}'"),
    );
    let to_bob = app.either(&hex, &text);
    app.sql(&format!("UPDATE passkeys SET user_id = {to_bob}"))
        .await;
    for handle in [
        key.handle.clone(),
        Some(bob.user.id.uuid().as_bytes().to_vec()),
    ] {
        let visiting = Visiting::new(&app);
        let answer = key.answer_of(&visiting.options(&app).await, |mut said| {
            said.user_handle = handle;
            said
        });
        let refused = visiting.alone(&app, &answer).await;
        assert_eq!(refusal(refused), not_accepted(true));
    }
}
