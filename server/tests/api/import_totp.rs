//! Authenticator apps that users bring from another product.

mod command;

use std::fmt::Write as _;

use data_encoding::BASE32_NOPAD;
use domain::totp::import::read;
use serde_json::{Value, json};
use service::two_factor::import::{CannotImport, Imported, RefusedLine, Run, import};
use service::users;
use service::users::operator;

use crate::support::{AdaAndBob, Authenticator, PASSWORD, START, TestApp, ada_and_bob};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";

/// A secret of so many bytes, like no other.
fn key(seed: u8, bytes: usize) -> String {
    BASE32_NOPAD.encode(&vec![seed; bytes])
}

async fn imported(app: &TestApp, file: &str) -> Imported {
    let imports = read(file).unwrap();
    import(&app.services, &imports, Run::Real).await.unwrap()
}

/// How many rows of each table an import could change.
async fn rows(app: &TestApp) -> Vec<i64> {
    let mut rows = Vec::new();
    for table in ["second_factors", "sessions", "audit_events", "mails"] {
        rows.push(app.count(table).await);
    }
    rows
}

#[tokio::test]
async fn users_sign_in_with_the_app_that_they_have_and_make_recovery_codes() {
    let app = TestApp::start().await;
    let mut before = app.member(ADA).await;
    before.begin("enable", None).await.expect(200);
    app.create_user(BOB).await;
    let file = format!(
        "{ADA},{}\n{BOB},otpauth://totp/Old:bob?secret={}",
        key(1, 20),
        key(2, 16)
    );
    assert_eq!(imported(&app, &file).await, Imported::All);
    assert_eq!(before.state().await, "signed_out");
    assert_eq!(app.count("enrolments").await, 0);
    let authenticator = Authenticator::new(&key(1, 20));
    let mut browser = app.browser();
    let reply = browser.sign_in(ADA).await.expect(200);
    assert_eq!(reply.json()["step"], "second_factor_due");
    // The product before may have taken this one, and the next.
    for step in [-30, 0, 30] {
        let used = authenticator.code(START + step);
        browser.give_code(&used).await.refused(422, "wrong_code");
    }
    app.clock.set(START + 60);
    let code = authenticator.code(START + 60);
    browser.give_code(&code).await.expect(200);
    let overview = browser.overview().await;
    let since = json!({ "state": "on", "since": START.0, "factors": [{ "kind": "app" }], "recovery_codes_left": 0 });
    assert_eq!(overview["two_factor"], since);
    let step_up = json!({ "step_up": { "password": PASSWORD, "code": null } });
    let codes = browser.call("two-factor/new-recovery-codes", step_up).await;
    assert_eq!(
        codes.expect(200).json()["codes"].as_array().unwrap().len(),
        10
    );
    let mut other = app.browser();
    other.sign_in(BOB).await.expect(200);
    let code = Authenticator::new(&key(2, 16)).code(START + 60);
    other.give_code(&code).await.expect(200);
    let events = app.events().await;
    let taken = events
        .iter()
        .filter(|event| *event == "two_factor_imported");
    // Each is a line of the account of its user, too.
    assert_eq!(taken.count(), 4);
    assert_eq!(app.count_mails("Two-factor authentication is on").await, 2);
    let activity = browser.call("sessions/activity", json!({ "before": null }));
    let events = activity.await.expect(200).json()["events"].clone();
    let of_import = |event: &&Value| event["kind"] == "two_factor_imported";
    let event = events.as_array().unwrap().iter().find(of_import).unwrap();
    assert_eq!(
        (&event["actor"], &event["subject"]),
        (&Value::Null, &json!("Ada"))
    );
}

/// Products make keys of 128 to 512 bits.
#[tokio::test]
async fn codes_of_secrets_of_every_length_are_the_apps_codes() {
    let app = TestApp::start().await;
    let mut file = String::new();
    let lengths = [16, 20, 32, 64];
    for bytes in lengths {
        app.create_user(&format!("u{bytes}@example.org")).await;
        writeln!(file, "u{bytes}@example.org,{}", key(7, bytes)).unwrap();
    }
    assert_eq!(imported(&app, &file).await, Imported::All);
    app.clock.set(START + 60);
    for bytes in lengths {
        let mut browser = app.browser();
        browser
            .sign_in(&format!("u{bytes}@example.org"))
            .await
            .expect(200);
        let code = Authenticator::new(&key(7, bytes)).code(START + 60);
        browser.give_code(&code).await.expect(200);
    }
}

/// What an account requires is met, as by enabling it oneself.
#[tokio::test]
async fn an_account_that_requires_it_opens() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    ada.require(&id, None).await.expect(200);
    let file = format!("{BOB},{}", key(2, 20));
    assert_eq!(imported(&app, &file).await, Imported::All);
    app.clock.set(START + 60);
    let mut bob = app.browser();
    bob.sign_in(BOB).await.expect(200);
    let code = Authenticator::new(&key(2, 20)).code(START + 60);
    bob.give_code(&code).await.expect(200);
    bob.overview_of(&id).await.expect(200);
}

/// All lines are told, and none is done.
#[tokio::test]
async fn one_user_who_cannot_be_taken_keeps_the_whole_file_out() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let (_, on) = app.member_with_two_factor("on@example.org").await;
    for who in ["off", "unproven", "reset"] {
        app.create_user(&format!("{who}@example.org")).await;
    }
    operator::disable(&app.services, "off@example.org")
        .await
        .unwrap();
    app.sql("UPDATE users SET email_verified_at = NULL WHERE email = 'unproven@example.org'")
        .await;
    app.sql("UPDATE users SET sign_in_link_due = true WHERE email = 'reset@example.org'")
        .await;
    app.mails().await;
    let before = rows(&app).await;
    let mut file = format!("# moved\n{ADA},{}\n", key(1, 20));
    let whys = [
        ("nobody", CannotImport::NoUser),
        ("on", CannotImport::AlreadyOn),
        ("off", CannotImport::Disabled),
        ("unproven", CannotImport::AddressNotConfirmed),
        ("reset", CannotImport::WasReset),
    ];
    for (seed, (who, _)) in (2..).zip(whys) {
        writeln!(file, "{who}@example.org,{}", key(seed, 20)).unwrap();
    }
    let refused = (3..).zip(whys).map(|(line, (who, reason))| RefusedLine {
        line,
        email: format!("{who}@example.org"),
        reason,
    });
    assert_eq!(
        imported(&app, &file).await,
        Imported::Nothing(refused.collect())
    );
    assert_eq!(rows(&app).await, before);
    assert_eq!(ada.state().await, "signed_in");
    let mut browser = app.browser();
    browser.sign_in("on@example.org").await.expect(200);
    browser.give_code(&on.code(START + 30)).await.expect(200);
}

#[tokio::test]
async fn a_dry_run_finds_the_same_and_changes_nothing() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    app.mails().await;
    let before = rows(&app).await;
    let good = read(&format!("{ADA},{}", key(1, 20))).unwrap();
    let done = import(&app.services, &good, Run::Dry).await.unwrap();
    assert_eq!(done, Imported::All);
    let bad = read(&format!("{BOB},{}", key(1, 20))).unwrap();
    let done = import(&app.services, &bad, Run::Dry).await.unwrap();
    assert!(matches!(done, Imported::Nothing(lines) if lines.len() == 1));
    assert_eq!(rows(&app).await, before);
    assert_eq!(ada.state().await, "signed_in");
}

/// Whoever is first has it; the other is refused, and changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_enables_it_in_the_same_moment_has_one_of_the_two_apps() {
    let app = TestApp::start().await;
    for n in 1..=8 {
        let email = format!("u{n}@example.org");
        let mut browser = app.member(&email).await;
        let enrolment = browser.begin("enable", None).await.expect(200).json();
        let own = Authenticator::new(enrolment["key"].as_str().unwrap());
        let code = own.code(START);
        let file = format!("{email},{}", key(n, 20));
        let (confirmed, imported) = tokio::join!(
            browser.confirm(&enrolment["id"], &code),
            imported(&app, &file)
        );
        let holder = match (confirmed.status, imported) {
            (200, Imported::Nothing(refused)) => {
                assert_eq!(refused[0].reason, CannotImport::AlreadyOn);
                own
            }
            (401 | 409, Imported::All) => Authenticator::new(&key(n, 20)),
            other => panic!("{other:?}"),
        };
        let user = app.user(&email).await.id;
        let id = app.id(&user.uuid().simple().to_string());
        let of_user = format!("SELECT COUNT(*) FROM recovery_codes WHERE user_id = {id}");
        let codes = if confirmed.status == 200 { 10 } else { 0 };
        assert_eq!(app.number(&of_user).await, codes);
        app.clock.set(START + 90);
        let mut browser = app.browser();
        browser.sign_in(&email).await.expect(200);
        browser
            .give_code(&holder.code(START + 90))
            .await
            .expect(200);
        app.clock.set(START);
    }
}

/// An app that was taken over is reset, replaced and imported again as any other.
#[tokio::test]
async fn after_a_reset_it_can_be_imported_again() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let file = format!("{ADA},{}", key(1, 20));
    assert_eq!(imported(&app, &file).await, Imported::All);
    assert!(matches!(imported(&app, &file).await, Imported::Nothing(_)));
    users::reset_two_factor(&app.services, ADA, false)
        .await
        .unwrap();
    assert_eq!(imported(&app, &file).await, Imported::All);
    assert_eq!(app.count("second_factors").await, 1);
}
