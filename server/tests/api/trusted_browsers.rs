//! Browsers that skip the second factor: what makes one, what it opens, and everything that ends it.

use crypto::clock::Clock as _;
use serde_json::{Value, json};
use service::users;

use crate::support::{Authenticator, Browser, PASSWORD, START, Team, TestApp};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const DAY: i64 = 24 * 60 * 60;

/// A browser that Ada trusts, and a session of hers in another.
async fn trusted(app: &TestApp) -> (Browser, Browser, Authenticator) {
    let (session, authenticator) = app.member_with_two_factor(ADA).await;
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    let code = authenticator.code(START + 30);
    browser.give_code_and_trust(&code).await.expect(200);
    (browser, session, authenticator)
}

async fn step_after_password(browser: &mut Browser) -> Value {
    browser.sign_in(ADA).await.expect(200).json()["step"].clone()
}

#[tokio::test]
async fn a_trusted_browser_needs_the_password_alone_and_proves_no_second_factor() {
    let app = TestApp::start().await;
    let (mut browser, _, _) = trusted(&app).await;
    assert_eq!(step_after_password(&mut browser).await, "signed_in");
    assert_eq!(browser.overview().await["step_up_needs_code"], true);
    let step_up = json!({ "step_up": { "password": PASSWORD, "code": null } });
    browser
        .call("two-factor/disable", step_up)
        .await
        .refused(422, "code_needed");
    assert_eq!(
        step_after_password(&mut app.browser()).await,
        "second_factor_due"
    );
    browser
        .sign_in_with(ADA, "wrong password")
        .await
        .refused(401, "wrong_credentials");
    assert_eq!(
        app.count_mails("A browser skips your second factor").await,
        1
    );
}

#[tokio::test]
async fn its_cookie_is_out_of_reach_and_lasts_thirty_days() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    let planted = "A".repeat(43);
    browser
        .cookies
        .insert("twofold_trusted".to_owned(), planted.clone());
    let code = authenticator.code(START + 30);
    let reply = browser.give_code_and_trust(&code).await.expect(200);
    let cookies = reply.headers.get_all("set-cookie").iter();
    let cookie = cookies
        .map(|cookie| cookie.to_str().unwrap())
        .find(|cookie| cookie.starts_with("twofold_trusted="))
        .unwrap();
    let (_, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(
        attributes,
        "Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000"
    );
    assert_ne!(browser.cookies["twofold_trusted"], planted);
}

#[tokio::test]
async fn trust_is_for_one_user() {
    let app = TestApp::start().await;
    let (mut browser, _, _) = trusted(&app).await;
    let (_, _) = app.member_with_two_factor(BOB).await;
    let reply = browser.sign_in(BOB).await.expect(200);
    assert_eq!(reply.json()["step"], "second_factor_due");
}

#[tokio::test]
async fn a_token_that_is_cut_or_of_another_kind_is_no_trust() {
    let app = TestApp::start().await;
    let (browser, _, _) = trusted(&app).await;
    let token = browser.cookies["twofold_trusted"].clone();
    for value in [
        token[..42].to_owned(),
        format!("{token}{token}"),
        browser.cookies["twofold_browser"].clone(),
        browser.cookies["twofold_session"].clone(),
    ] {
        let mut other = app.browser();
        other.cookies.insert("twofold_trusted".to_owned(), value);
        assert_eq!(step_after_password(&mut other).await, "second_factor_due");
    }
}

/// F45: (e) with time, used or not.
#[tokio::test]
async fn thirty_days_end_it_though_it_is_used() {
    let app = TestApp::start().await;
    let (mut browser, _, _) = trusted(&app).await;
    for _ in 0..29 {
        app.clock.advance(DAY);
        assert_eq!(step_after_password(&mut browser).await, "signed_in");
    }
    app.clock.set(START + 30 * DAY - 1);
    assert_eq!(step_after_password(&mut browser).await, "signed_in");
    app.clock.set(START + 30 * DAY);
    assert_eq!(step_after_password(&mut browser).await, "second_factor_due");
}

/// F45: (a) with the password.
#[tokio::test]
async fn another_password_ends_it() {
    let app = TestApp::start().await;
    let (mut browser, mut session, _) = trusted(&app).await;
    let step_up = json!({ "password": PASSWORD, "code": null });
    let change = json!({ "password": "violet-sofa-7-drum", "step_up": step_up });
    session.call("password/change", change).await.expect(200);
    let reply = browser.sign_in_with(ADA, "violet-sofa-7-drum").await;
    assert_eq!(reply.expect(200).json()["step"], "second_factor_due");
}

/// F45: (b) with the factor.
#[tokio::test]
async fn another_app_ends_it() {
    let app = TestApp::start().await;
    let (mut browser, mut session, _) = trusted(&app).await;
    let enrolment = session.begin("replace", None).await.expect(200).json();
    let new = Authenticator::new(enrolment["key"].as_str().unwrap());
    session
        .confirm(&enrolment["id"], &new.code(START))
        .await
        .expect(200);
    assert_eq!(step_after_password(&mut browser).await, "second_factor_due");
}

#[tokio::test]
async fn a_row_that_outlives_its_factor_is_worth_nothing() {
    let app = TestApp::start().await;
    let (mut browser, _, _) = trusted(&app).await;
    renew_stamp(&app).await;
    assert_eq!(step_after_password(&mut browser).await, "second_factor_due");
}

/// As each change of a factor does, and here nothing else.
async fn renew_stamp(app: &TestApp) {
    let user = app.user(ADA).await.id;
    let transaction = app.services.database.begin_write().await.unwrap();
    service::factor_set::bind(&app.services, &transaction, user)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

/// F45: (c) with a recovery code.
#[tokio::test]
async fn a_recovery_code_ends_it_everywhere_and_trusts_nothing() {
    let app = TestApp::start().await;
    let (mut browser, _, authenticator) = trusted(&app).await;
    let mut other = app.browser();
    other.sign_in(ADA).await.expect(200);
    other
        .give_recovery_code(&authenticator.recovery_codes[0])
        .await
        .expect(200);
    assert!(!other.cookies.contains_key("twofold_trusted"));
    assert_eq!(step_after_password(&mut browser).await, "second_factor_due");
}

/// F45: (d) with a reset.
#[tokio::test]
async fn a_reset_ends_it_and_a_new_factor_does_not_bring_it_back() {
    let app = TestApp::start().await;
    let (mut browser, _, _) = trusted(&app).await;
    let cookie = browser.cookies["twofold_trusted"].clone();
    users::reset_two_factor(&app.services, ADA, false)
        .await
        .unwrap();
    assert_eq!(step_after_password(&mut browser).await, "signed_in");
    browser.enable_two_factor(&app).await;
    assert_eq!(browser.cookies["twofold_trusted"], cookie);
    assert_eq!(step_after_password(&mut browser).await, "second_factor_due");
}

#[tokio::test]
async fn an_account_that_forbids_it_wins() {
    let app = TestApp::start().await;
    let (mut browser, _, authenticator) = trusted(&app).await;
    app.sql("UPDATE accounts SET trusted_browsers_allowed = false")
        .await;
    let reply = browser.sign_in(ADA).await.expect(200).json();
    assert_eq!(reply["step"], "second_factor_due");
    assert_eq!(reply["may_trust_browser"], false);
    let state = browser.call("session/state", json!({})).await.json();
    assert_eq!(state["may_trust_browser"], false);
    app.clock.set(START + 60);
    let mut other = app.browser();
    other.sign_in(ADA).await.expect(200);
    let code = authenticator.code(app.clock.now());
    other.give_code_and_trust(&code).await.expect(200);
    assert!(!other.cookies.contains_key("twofold_trusted"));
    app.sql("UPDATE accounts SET trusted_browsers_allowed = true")
        .await;
    assert_eq!(step_after_password(&mut browser).await, "signed_in");
}

/// F45: every way to confirm with a recovery code, and new ones, as signing in with one.
#[tokio::test]
async fn a_recovery_code_as_proof_and_new_ones_end_it_and_are_told() {
    let app = TestApp::start().await;
    let (mut browser, mut session, _) = trusted(&app).await;
    let fresh = json!({ "step_up": { "password": PASSWORD, "code": null } });
    session
        .call("two-factor/new-recovery-codes", fresh)
        .await
        .expect(200);
    assert_eq!(step_after_password(&mut browser).await, "second_factor_due");

    let app = TestApp::start().await;
    let (mut browser, mut session, authenticator) = trusted(&app).await;
    app.clock.advance(16 * 60);
    let code = &authenticator.recovery_codes[0];
    session.begin("replace", Some(code)).await.expect(200);
    assert_eq!(step_after_password(&mut browser).await, "second_factor_due");
    let told = "Subject: A recovery code was used";
    assert!(app.mails().await.iter().any(|mail| mail.contains(told)));
    let noted = "SELECT data FROM audit_events WHERE kind = 'recovery_code_used'";
    assert_eq!(app.texts(noted).await, [r#"{"left":9}"#]);
}

/// "An account can forbid it, and then the code is asked": of whoever is in by trust, too, and for good.
#[tokio::test]
async fn an_account_that_begins_to_forbid_it_ends_what_it_opened() {
    let app = TestApp::start().await;
    let (mut browser, mut session, _) = trusted(&app).await;
    assert_eq!(step_after_password(&mut browser).await, "signed_in");
    let account = app.account_of(ADA).await;
    let mut save = async |allowed: bool| {
        let settings = session.of_account("settings", &account).await;
        let settings = settings.expect(200).json();
        let change = json!({
            "version": settings["version"],
            "required": false,
            "required_from": null,
            "rules": { "trusted_browsers_allowed": allowed, "sms_counts": settings["rules"]["sms_counts"] },
        });
        let step_up = json!({ "password": PASSWORD, "code": null });
        let body = json!({ "account": account, "change": change, "step_up": step_up });
        session
            .call("account/save-settings", body)
            .await
            .expect(200);
    };
    save(false).await;
    assert_eq!(browser.state().await, "signed_out");
    save(true).await;
    assert_eq!(step_after_password(&mut browser).await, "second_factor_due");
}

#[tokio::test]
async fn it_is_listed_and_removed_by_its_user_alone() {
    let app = TestApp::start().await;
    let (mut browser, mut session, _) = trusted(&app).await;
    let list = session.call("sessions/list", json!({})).await.expect(200);
    let trusted = list.json()["trusted_browsers"].clone();
    assert_eq!(trusted.as_array().unwrap().len(), 1);
    assert_eq!(trusted[0]["browser"], "Test browser");
    assert_eq!(trusted[0]["since"], START.0);
    assert_eq!(trusted[0]["until"], START.0 + 30 * DAY);
    let id = json!({ "browser": trusted[0]["id"] });
    let mut bob = app.member(BOB).await;
    bob.call("sessions/remove-trusted-browser", id.clone())
        .await
        .refused(404, "not_found");
    assert_eq!(step_after_password(&mut browser).await, "signed_in");
    for status in [200, 404] {
        session
            .call("sessions/remove-trusted-browser", id.clone())
            .await
            .expect(status);
    }
    assert_eq!(step_after_password(&mut browser).await, "second_factor_due");
}

#[tokio::test]
async fn it_outlives_a_restart_and_a_stronger_hash_of_the_same_password() {
    let app = TestApp::start().await;
    let (browser, _, _) = trusted(&app).await;
    let app = app.restart_with(|settings| {
        settings.password_hash.memory_kib = 8 * 1024;
        settings.password_hash.passes = 2;
    });
    let app = app.await;
    let mut again = app.browser();
    again.cookies = browser.cookies;
    let before = app.user(ADA).await.password_hash;
    assert_eq!(step_after_password(&mut again).await, "signed_in");
    assert_ne!(app.user(ADA).await.password_hash, before);
    assert_eq!(step_after_password(&mut again).await, "signed_in");
}

/// What a copy of the cookie has opened ends with the trust; the session that removes it goes on.
#[tokio::test]
async fn removing_it_ends_the_sessions_that_it_or_its_copy_opened() {
    let app = TestApp::start().await;
    let (mut browser, mut session, _) = trusted(&app).await;
    let mut copy = app.browser();
    let stolen = browser.cookies["twofold_trusted"].clone();
    copy.cookies.insert("twofold_trusted".to_owned(), stolen);
    assert_eq!(step_after_password(&mut copy).await, "signed_in");
    let list = session.call("sessions/list", json!({})).await.expect(200);
    let id = json!({ "browser": list.json()["trusted_browsers"][0]["id"] });
    session
        .call("sessions/remove-trusted-browser", id)
        .await
        .expect(200);
    assert_eq!(copy.state().await, "signed_out");
    assert_eq!(browser.state().await, "signed_in");
    assert_eq!(session.state().await, "signed_in");
}

/// A session that trust has opened does not read an account that forbids trust, by joining it either.
#[tokio::test]
async fn joining_an_account_that_forbids_it_ends_what_it_opened() {
    let app = TestApp::start().await;
    let (mut browser, mut session, _) = trusted(&app).await;
    assert_eq!(step_after_password(&mut browser).await, "signed_in");
    let mut team = Team::found(&app).await;
    let token = team.invite(&app, ADA, &["admin"]).await;
    app.sql("UPDATE accounts SET trusted_browsers_allowed = false")
        .await;
    let accept = json!({ "token": token });
    browser.call("invitation/accept", accept).await.expect(200);
    assert_eq!(browser.state().await, "signed_out");
    assert_eq!(session.state().await, "signed_in");
    assert_eq!(step_after_password(&mut browser).await, "second_factor_due");
}

/// Versions before kept a plain digest of what a browser is trusted with: from the first minute, or sign-in, it is a tag
/// under the keys.
#[tokio::test]
async fn a_browser_that_was_trusted_before_an_upgrade_stays_trusted_and_its_digest_goes() {
    let app = TestApp::start().await;
    let (mut browser, _, authenticator) = trusted(&app).await;
    for renewed_by in ["a sign-in", "upkeep"] {
        let plain = without_key(&app, &authenticator).await;
        let (stored, check) = (app.bytes(&plain), unbound_check(&app));
        app.sql(&format!(
            "UPDATE trusted_browsers SET fingerprint = {stored};
             UPDATE instance SET key_check = {check}; DELETE FROM factor_sets"
        ))
        .await;
        if renewed_by == "upkeep" {
            service::factor_set::bind_everyone(&app.services)
                .await
                .unwrap();
            assert_ne!(fingerprints(&app).await, [plain.as_str()], "{renewed_by}");
        }
        assert_eq!(step_after_password(&mut browser).await, "signed_in");
        assert_ne!(fingerprints(&app).await, [plain], "{renewed_by}");
    }
    // Whoever can write to the database, and has no keys, trusts nothing by a plain digest.
    let stored = app.bytes(&without_key(&app, &authenticator).await);
    app.sql(&format!(
        "UPDATE trusted_browsers SET fingerprint = {stored}"
    ))
    .await;
    assert_eq!(step_after_password(&mut browser).await, "second_factor_due");
}

/// The version before tagged the secret of the factor in place of a stamp. Its rows are good for as long as they live, also
/// after a rotation, and what this version writes counts only for the stamp of now.
#[tokio::test]
async fn trust_of_the_version_before_goes_on_and_another_stamp_ends_it() {
    let app = TestApp::start().await;
    let (mut browser, _, authenticator) = trusted(&app).await;
    let written = fingerprints(&app).await;
    let user = app.user(ADA).await;
    let since = app.number("SELECT enabled_at FROM second_factors").await;
    let tag = app.services.keys.ring().tag(
        "what a browser is trusted with",
        &[
            user.password_hash.as_bytes(),
            &secret_of(&authenticator),
            &since.to_be_bytes(),
        ],
    );
    let before = data_encoding::HEXLOWER.encode(&tag);
    let set = async |fingerprint: &str| {
        let stored = app.bytes(fingerprint);
        let sql = format!("UPDATE trusted_browsers SET fingerprint = {stored}");
        app.sql(&sql).await;
    };
    set(&before).await;
    assert_eq!(step_after_password(&mut browser).await, "signed_in");
    // The same factor under another stamp: who trusted a browser before it changed has not trusted it since.
    renew_stamp(&app).await;
    set(&written[0]).await;
    assert_eq!(step_after_password(&mut browser).await, "second_factor_due");
    // Another time of the factor makes another tag of the version before, too.
    set(&before).await;
    assert_eq!(step_after_password(&mut browser).await, "signed_in");
    app.sql("UPDATE second_factors SET enabled_at = enabled_at + 1")
        .await;
    assert_eq!(step_after_password(&mut browser).await, "second_factor_due");
}

async fn fingerprints(app: &TestApp) -> Vec<String> {
    let hex = app.either("lower(hex(fingerprint))", "encode(fingerprint, 'hex')");
    app.texts(&format!("SELECT {hex} FROM trusted_browsers"))
        .await
}

fn secret_of(authenticator: &Authenticator) -> Vec<u8> {
    data_encoding::BASE32_NOPAD
        .decode(authenticator.key().as_bytes())
        .unwrap()
}

/// As versions before that one stored it.
async fn without_key(app: &TestApp, authenticator: &Authenticator) -> String {
    use sha2::{Digest as _, Sha256};
    let user = app.user(ADA).await;
    let secret = secret_of(authenticator);
    let since = app.number("SELECT enabled_at FROM second_factors").await;
    let plain = Sha256::new()
        .chain_update(b"twofold trusted browser 1\0")
        .chain_update((user.password_hash.len() as u64).to_be_bytes())
        .chain_update(&user.password_hash)
        .chain_update(&secret)
        .chain_update(since.to_be_bytes())
        .finalize();
    data_encoding::HEXLOWER.encode(&plain)
}

/// Says that a version which knows no tags may still work on the database.
fn unbound_check(app: &TestApp) -> String {
    let keys = app.services.keys.ring();
    let text = b"these keys fit this database";
    let check = keys.seal(app.services.random.as_ref(), "key check", "instance", text);
    app.bytes(&data_encoding::HEXLOWER.encode(&check))
}

/// Another key takes over and the one before is dropped: trust goes on.
#[tokio::test]
async fn trust_outlives_a_rotation_of_the_keys() {
    use service::keys::rotation;
    let app = TestApp::start().await;
    let (mut browser, ..) = trusted(&app).await;
    let before = app.services.keys.ring().current();
    rotation::add(&app.services).await.unwrap();
    rotation::rotate(&app.services, None, &mut |_| {})
        .await
        .unwrap();
    rotation::drop_key(&app.services, before).await.unwrap();
    let app = app.restart().await;
    browser = app.browser().with(&browser.cookies);
    assert_eq!(step_after_password(&mut browser).await, "signed_in");
}
