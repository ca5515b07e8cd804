//! Name, address and the end of being a user.

use serde_json::{Value, json};
use service::accounts::operator;

use crate::support::{Browser, PASSWORD, Reply, START, TestApp, last_mail_to, unfolded};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const NEW: &str = "lovelace@example.org";

fn step_up(password: &str) -> Value {
    json!({ "password": password, "code": null })
}

async fn overview(browser: &mut Browser) -> Value {
    let reply = browser.call("profile/overview", json!({})).await;
    reply.expect(200).json()
}

async fn change_email(browser: &mut Browser, email: &str) -> Reply {
    let arguments = json!({ "email": email, "step_up": step_up(PASSWORD) });
    browser.call("profile/change-email", arguments).await
}

async fn confirm(browser: &mut Browser, token: &str) -> Reply {
    let arguments = json!({ "token": token });
    browser.call("profile/confirm-email", arguments).await
}

/// The link that is mailed for a new address.
async fn link(app: &TestApp, browser: &mut Browser, email: &str) -> String {
    app.clock.advance(1);
    change_email(browser, email).await.expect(200);
    app.links("/confirm-email").await.pop().unwrap()
}

#[tokio::test]
async fn every_function_wants_a_session() {
    let app = TestApp::start().await;
    for endpoint in [
        "overview",
        "rename",
        "change-email",
        "confirm-email",
        "delete",
    ] {
        app.browser()
            .call(&format!("profile/{endpoint}"), json!({}))
            .await
            .refused(401, "signed_out");
    }
}

#[tokio::test]
async fn the_overview_says_what_there_is() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    assert_eq!(
        overview(&mut browser).await,
        json!({
            "name": "Ada", "email": ADA, "email_verified": true, "corrects": false, "new_email": null,
            "password_changed_at": START.0, "owns": [], "step_up_needs_code": false,
        })
    );
}

#[tokio::test]
async fn a_name_is_changed_and_one_that_is_none_is_refused() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    for name in ["", "  ", "a\u{0}b", &"x".repeat(1_000)] {
        browser
            .call("profile/rename", json!({ "name": name }))
            .await
            .refused(422, "invalid_fields");
    }
    browser
        .call("profile/rename", json!({ "name": "Ada Lovelace" }))
        .await
        .expect(200);
    assert_eq!(overview(&mut browser).await["name"], "Ada Lovelace");
}

#[tokio::test]
async fn a_new_address_counts_once_its_link_is_opened_and_both_are_told() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    let mut elsewhere = app.browser();
    elsewhere.sign_in(ADA).await.expect(200);
    app.browser()
        .call("password/forgot", json!({ "email": ADA }))
        .await
        .expect(200);
    let reset = app.links("/reset-password").await.pop().unwrap();
    let token = link(&app, &mut browser, " Lovelace@Example.org").await;
    let profile = overview(&mut browser).await;
    assert_eq!(
        (&profile["email"], &profile["new_email"]),
        (&json!(ADA), &json!(NEW))
    );
    app.browser()
        .sign_in(NEW)
        .await
        .refused(401, "wrong_credentials");
    assert_eq!(
        app.count_mails("A change of your address was asked for")
            .await,
        1
    );
    confirm(&mut browser, &token).await.expect(200);
    assert_eq!(browser.state().await, "signed_in");
    assert_eq!(elsewhere.state().await, "signed_out");
    let profile = overview(&mut browser).await;
    assert_eq!(
        (&profile["email"], &profile["new_email"]),
        (&json!(NEW), &Value::Null)
    );
    app.browser().sign_in(NEW).await.expect(200);
    app.browser()
        .sign_in(ADA)
        .await
        .refused(401, "wrong_credentials");
    assert_eq!(app.count_mails("Your address was changed").await, 2);
    confirm(&mut browser, &token)
        .await
        .refused(409, "link_over");
    let arguments = json!({ "token": reset, "password": "violet-sofa-7-drum" });
    app.browser()
        .call("password/reset", arguments)
        .await
        .refused(409, "link_over");
}

#[tokio::test]
async fn changing_the_address_takes_the_password_and_another_address() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    let wrong = json!({ "email": NEW, "step_up": step_up("wrong password") });
    browser
        .call("profile/change-email", wrong)
        .await
        .refused(422, "wrong_password");
    for email in ["ADA@example.org ", "nonsense", "l\u{f6}velace@example.org"] {
        change_email(&mut browser, email)
            .await
            .refused(422, "invalid_fields");
    }
    assert!(app.mails().await.is_empty());
}

/// F115: nor does changing the address.
#[tokio::test]
async fn an_address_that_has_a_user_reads_the_same_and_its_holder_is_told() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    app.create_user(BOB).await;
    let free = change_email(&mut ada, NEW).await.expect(200);
    let free_profile = overview(&mut ada).await;
    let taken = change_email(&mut ada, BOB).await.expect(200);
    assert_eq!(free.text, taken.text);
    let mut profile = overview(&mut ada).await;
    assert_eq!(profile["new_email"], BOB);
    profile["new_email"] = json!(NEW);
    assert_eq!(profile, free_profile);
    assert_eq!(app.links("/confirm-email").await.len(), 1);
    let subject = "Somebody tried to use your address";
    assert_eq!(app.count_mails(subject).await, 1);
}

#[tokio::test]
async fn an_address_that_somebody_got_first_is_not_taken_away() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let token = link(&app, &mut ada, NEW).await;
    app.create_user(NEW).await;
    confirm(&mut ada, &token).await.refused(409, "link_over");
    assert_eq!(overview(&mut ada).await["email"], ADA);
}

#[tokio::test]
async fn the_link_is_over_after_a_day_with_a_newer_one_and_with_another_password() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let first = link(&app, &mut ada, NEW).await;
    let second = link(&app, &mut ada, "countess@example.org").await;
    confirm(&mut ada, &first).await.refused(409, "link_over");
    for text in ["", &second[..42], &format!("{second}{second}")] {
        confirm(&mut ada, text).await.refused(409, "link_over");
    }
    let arguments = json!({ "password": "violet-sofa-7-drum", "step_up": step_up(PASSWORD) });
    ada.call("password/change", arguments).await.expect(200);
    confirm(&mut ada, &second).await.refused(409, "link_over");
    let mut bob = app.member(BOB).await;
    let third = link(&app, &mut bob, NEW).await;
    let app = app.restart().await;
    app.clock.advance(24 * 60 * 60);
    let mut bob = app.browser();
    bob.sign_in(BOB).await.expect(200);
    confirm(&mut bob, &third).await.refused(409, "link_over");
}

/// F75, F101: whoever reads the mailbox gives nobody their address by opening a link: it counts for the user who asked,
/// signed in, and for nobody else.
#[tokio::test]
async fn the_link_counts_for_the_user_who_asked_and_for_nobody_else() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let mut bob = app.member(BOB).await;
    let token = link(&app, &mut ada, NEW).await;
    confirm(&mut app.browser(), &token)
        .await
        .refused(401, "signed_out");
    confirm(&mut bob, &token)
        .await
        .refused(409, "link_of_another_user");
    assert_eq!(overview(&mut bob).await["email"], BOB);
    assert_eq!(overview(&mut ada).await["email"], ADA);
    let mut elsewhere = app.browser();
    elsewhere.sign_in(ADA).await.expect(200);
    confirm(&mut elsewhere, &token).await.expect(200);
    assert_eq!(overview(&mut elsewhere).await["email"], NEW);
    assert_eq!(ada.state().await, "signed_out");
}

/// Whoever gave a wrong address, or did not ask at all, takes it back; a session is enough, since nothing is gained by it.
#[tokio::test]
async fn a_pending_change_is_cancelled_and_its_link_is_over() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let none = json!({});
    ada.call("profile/cancel-email-change", none.clone())
        .await
        .refused(404, "not_found");
    let token = link(&app, &mut ada, NEW).await;
    let mut bob = app.member(BOB).await;
    bob.call("profile/cancel-email-change", none.clone())
        .await
        .refused(404, "not_found");
    assert_eq!(overview(&mut ada).await["new_email"], NEW);
    let cancelled = ada.call("profile/cancel-email-change", none.clone());
    cancelled.await.expect(200);
    assert_eq!(overview(&mut ada).await["new_email"], Value::Null);
    confirm(&mut ada, &token).await.refused(409, "link_over");
    let said = format!("email_change_cancelled {NEW}");
    assert!(app.events().await.contains(&said));
    // One whose link is over is none that waits.
    link(&app, &mut ada, NEW).await;
    app.clock.advance(24 * 60 * 60);
    let mut ada = app.browser();
    ada.sign_in(ADA).await.expect(200);
    ada.call("profile/cancel-email-change", none)
        .await
        .refused(404, "not_found");
}

/// The old address is told while nothing has changed, and afterwards what helps without signing in by it.
#[tokio::test]
async fn the_old_address_is_told_what_helps_before_and_after() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let token = link(&app, &mut ada, NEW).await;
    let asked = unfolded(&last_mail_to(&app, ADA).await);
    assert!(
        asked.contains("change your password. That ends this change"),
        "{asked}"
    );
    assert!(asked.contains("/forgot-password"), "{asked}");
    confirm(&mut ada, &token).await.expect(200);
    let lost = unfolded(&last_mail_to(&app, ADA).await);
    assert!(lost.contains("they can make it yours again"), "{lost}");
    assert!(
        !lost.contains("href="),
        "a button would take signing in: {lost}"
    );
}

/// An address that is only asked for is its mailbox's: another user can have it meanwhile.
#[tokio::test]
async fn a_pending_change_blocks_nobody() {
    let app = TestApp::start_with(|settings| settings.sign_up = true).await;
    let mut ada = app.member(ADA).await;
    let token = link(&app, &mut ada, NEW).await;
    let user = json!({
        "name": "Lovelace", "email": NEW, "account_name": "Analysts", "password": PASSWORD,
    });
    let mut newcomer = app.browser();
    newcomer
        .call("sign-up/request", json!({ "user": user }))
        .await
        .expect(200);
    let mailed = app.links("/verify-email").await.pop().unwrap();
    let finish = json!({ "token": mailed, "password": PASSWORD });
    newcomer.call("sign-up/finish", finish).await.expect(200);
    confirm(&mut ada, &token).await.refused(409, "link_over");
    newcomer.sign_in(NEW).await.expect(200);
}

/// An address in use that nobody has proven is proven by the same link, which ends nothing.
#[tokio::test]
async fn an_address_that_is_not_proven_is_proven_by_its_mailbox() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    change_email(&mut ada, ADA)
        .await
        .refused(422, "invalid_fields");
    app.sql("UPDATE users SET email_verified_at = NULL").await;
    let mut elsewhere = app.browser();
    elsewhere.sign_in(ADA).await.expect(200);
    let token = link(&app, &mut ada, ADA).await;
    confirm(&mut ada, &token).await.expect(200);
    assert_eq!(overview(&mut ada).await["email_verified"], true);
    assert_eq!(elsewhere.state().await, "signed_in");
    assert_eq!(app.count_mails("Your address was changed").await, 0);
    let noted = "SELECT kind FROM audit_events WHERE kind = 'email_proven'";
    assert_eq!(app.texts(noted).await.len(), 1);
}

#[tokio::test]
async fn a_user_asks_for_five_changes_an_hour() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    for n in 0..5 {
        change_email(&mut ada, &format!("ada{n}@example.org"))
            .await
            .expect(200);
    }
    change_email(&mut ada, NEW).await.refused(429, "paused");
}

#[tokio::test]
async fn deleting_takes_the_password_and_removes_what_nobody_else_uses() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let mut elsewhere = app.browser();
    elsewhere.sign_in(ADA).await.expect(200);
    let delete = |password| json!({ "step_up": step_up(password) });
    ada.call("profile/delete", delete("wrong password"))
        .await
        .refused(422, "wrong_password");
    ada.call("profile/delete", delete(PASSWORD))
        .await
        .expect(200);
    assert!(!ada.cookies.contains_key("twofold_session"));
    assert_eq!(elsewhere.state().await, "signed_out");
    app.browser()
        .sign_in(ADA)
        .await
        .refused(401, "wrong_credentials");
    assert_eq!(app.count_mails("Your profile was deleted").await, 1);
    app.create_user(ADA).await;
    app.browser().sign_in(ADA).await.expect(200);
}

/// Whoever has the owner's session and password removes the others, and then deletes the profile: the account can be brought back
/// for a week all the same, by the operator, though nobody is left of its users.
#[tokio::test]
async fn the_account_of_who_deletes_their_profile_can_be_brought_back() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let bob = app.member(BOB).await;
    let account = ada.own_account().await;
    app.join(ADA, BOB, 0).await;
    let id_of_bob = ada.user_in(&account, BOB).await["id"].clone();
    let remove = json!({ "account": account, "user": id_of_bob });
    ada.call("team/remove", remove).await.expect(200);
    let delete = json!({ "step_up": step_up(PASSWORD) });
    ada.call("profile/delete", delete).await.expect(200);
    assert!(
        app.events()
            .await
            .iter()
            .any(|it| it.starts_with("account_deleted"))
    );
    let refused = operator::restore(&app.services, &account, None).await;
    let refused = refused.unwrap_err().to_string();
    assert!(
        refused.contains("the owner of that account is gone"),
        "{refused}"
    );
    operator::restore(&app.services, &account, Some(BOB))
        .await
        .unwrap();
    let mut bob = bob;
    let roles = bob.user_in(&account, BOB).await["roles"].clone();
    assert_eq!(roles, json!(["owner"]));
}

/// F97: deleting oneself is no way to leave an account without owner.
#[tokio::test]
async fn an_owner_of_an_account_that_others_use_stays() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let mut bob = app.member(BOB).await;
    let id_of = |email: &str| format!("(SELECT id FROM users WHERE email = '{email}')");
    app.sql(&format!(
        "INSERT INTO memberships (account_id, user_id, roles, joined_at) \
         SELECT id, {}, 0, 0 FROM accounts WHERE owner_id = {}",
        id_of(BOB),
        id_of(ADA)
    ))
    .await;
    let owns = overview(&mut ada).await["owns"].clone();
    let id = ada.own_account().await;
    assert_eq!(owns, json!([{ "id": id, "name": "Analytical Engines" }]));
    let delete = json!({ "step_up": step_up(PASSWORD) });
    ada.call("profile/delete", delete.clone())
        .await
        .refused(409, "owner_stays");
    assert_eq!(ada.state().await, "signed_in");
    bob.call("profile/delete", delete.clone()).await.expect(200);
    ada.call("profile/delete", delete).await.expect(200);
}
