//! A browser that several users sign in with: what happens for one of them changes nothing for another, and gives whoever has
//! copied its cookie no other budget.

use crypto::token::Token;
use serde_json::json;
use service::browsers::{KnownTokens, MOST_TOKENS, known_hash};
use storage::known_browsers::{find_known_browser, remembered_of, renew_known_browser};

use super::{ADA, BOB, NEW_PASSWORD, known};
use crate::support::{Browser, PASSWORD, TestApp};

const KNOWN: &str = "twofold_browser";
const TOLD: &str = "You signed in from a new browser";

/// A browser that holds the cookie by which another one is known, and nothing else.
fn copy_of(app: &TestApp, browser: &Browser) -> Browser {
    let mut copy = app.browser();
    let cookie = browser.cookies[KNOWN].clone();
    copy.cookies.insert(KNOWN.to_owned(), cookie);
    copy
}

fn held(browser: &Browser) -> usize {
    let tokens = KnownTokens::parse(&browser.cookies[KNOWN]).unwrap();
    tokens.hashes().len()
}

/// Forgets what a user is known by, as they can for themselves on the Security page: their next sign-in is that of a new
/// browser.
async fn forget_all_of(app: &TestApp, email: &str) {
    app.sql(&format!(
        "DELETE FROM known_browsers WHERE user_id = (SELECT id FROM users WHERE email = '{email}')"
    ))
    .await;
}

async fn reset_password(app: &TestApp, browser: &mut Browser, email: &str) {
    let forgot = json!({ "email": email });
    browser.call("password/forgot", forgot).await.expect(200);
    let token = app.links("/reset-password").await.pop().unwrap();
    let new = json!({ "token": token, "password": NEW_PASSWORD });
    browser.call("password/reset", new).await.expect(200);
}

/// Who has copied the cookie by which a browser is known has the browser's tries, and no more of them by what they do as
/// themselves in it.
#[tokio::test]
async fn signing_in_as_oneself_gives_a_copied_cookie_no_more_guesses() {
    let app = TestApp::start().await;
    let ada = app.member(ADA).await;
    app.create_user(BOB).await;
    let mut thief = copy_of(&app, &ada);
    let mut looked_at = 0;
    for _ in 0..3 {
        for _ in 0..25 {
            let reply = thief.sign_in_with(ADA, "wrong password").await;
            looked_at += u32::from(reply.status == 401);
        }
        forget_all_of(&app, BOB).await;
        thief.sign_in(BOB).await.expect(200);
        thief.call("session/sign-out", json!({})).await.expect(200);
    }
    assert_eq!(looked_at, 20);
}

/// A browser keeps its budgets with another token, whoever it got that from.
#[tokio::test]
async fn another_token_of_a_browser_changes_nothing_of_what_it_is_counted_by() {
    let app = TestApp::start().await;
    app.member(ADA).await;
    let user = app.user(ADA).await.id;
    let db = app.services.database.begin_write().await.unwrap();
    let before = remembered_of(&db, user).await.unwrap();
    let before: [u8; 32] = before[0].0.clone().try_into().unwrap();
    let after = known_hash(&Token::of([7; 32]));
    let key_before = find_known_browser(&db, user, &[before]).await.unwrap();
    renew_known_browser(&db, user, &before, &after)
        .await
        .unwrap();
    assert!(
        find_known_browser(&db, user, &[before])
            .await
            .unwrap()
            .is_none()
    );
    let presented = [before, after];
    let key_after = find_known_browser(&db, user, &presented).await.unwrap();
    assert_eq!(key_before.unwrap().key, key_after.unwrap().key);
    db.commit().await.unwrap();
}

/// Whatever another user does with a copy of the cookie, the browser it was copied from stays known to its user: no mail,
/// no other row.
#[tokio::test]
async fn what_one_user_does_leaves_the_browser_known_to_another() {
    for act in ["sign-in", "password/reset", "two-factor", "forget"] {
        let app = TestApp::start().await;
        let mut ada = app.member(ADA).await;
        app.create_user(BOB).await;
        let mut bob = copy_of(&app, &ada);
        let before = app.mails_with(TOLD).await;
        match act {
            "password/reset" => reset_password(&app, &mut bob, BOB).await,
            "two-factor" => {
                bob.sign_in(BOB).await.expect(200);
                bob.enable_two_factor(&app).await;
            }
            "forget" => {
                bob.sign_in(BOB).await.expect(200);
                let id = known(&mut bob).await[0]["id"].clone();
                let step_up = json!({ "password": PASSWORD, "code": null });
                let call = json!({ "browser": id, "step_up": step_up });
                let forgotten = bob.call("sessions/forget-browser", call).await;
                forgotten.expect(200);
            }
            _ => drop(bob.sign_in(BOB).await.expect(200)),
        }
        ada.call("session/sign-out", json!({})).await.expect(200);
        ada.sign_in(ADA).await.expect(200);
        assert_eq!(app.mails_with(TOLD).await, before, "{act}");
        let listed = known(&mut ada).await;
        assert_eq!(listed.len(), 1, "{act}");
        assert_eq!(listed[0]["is_this"], true, "{act}");
    }
}

/// Two users of one browser stay known in it, each by a token of their own: renewing one takes the place of that one alone.
#[tokio::test]
async fn users_who_share_a_browser_are_known_in_it_by_turns() {
    let app = TestApp::start().await;
    let mut shared = app.member(ADA).await;
    app.create_user(BOB).await;
    shared.sign_in(BOB).await.expect(200);
    assert_eq!(held(&shared), 2);
    let before = app.mails_with(TOLD).await;
    for _ in 0..3 {
        for email in [ADA, BOB] {
            shared.sign_in(email).await.expect(200);
            let listed = known(&mut shared).await;
            assert_eq!(listed.len(), 1, "{email}");
            assert_eq!(listed[0]["is_this"], true, "{email}");
        }
    }
    // It ends all others, and gives this browser another token for Bob.
    let copy = shared.cookies[KNOWN].clone();
    shared.enable_two_factor(&app).await;
    assert_ne!(shared.cookies[KNOWN], copy);
    assert_eq!(held(&shared), 2);
    shared.sign_in(ADA).await.expect(200);
    assert_eq!(app.mails_with(TOLD).await, before);
    let rows = "SELECT COUNT(*) FROM known_browsers";
    assert_eq!(app.number(rows).await, 2);
}

/// The cookie has eight tokens at most: of nine users, the one who has not signed in for longest is the one who is mailed.
#[tokio::test]
async fn a_browser_stays_known_to_the_eight_users_who_signed_in_last() {
    let app = TestApp::start().await;
    let mut shared = app.browser();
    let email = |n: usize| format!("user{n}@example.org");
    for n in 0..=MOST_TOKENS {
        app.create_user(&email(n)).await;
        shared.sign_in(&email(n)).await.expect(200);
        assert_eq!(held(&shared), MOST_TOKENS.min(n + 1));
    }
    let length = shared.cookies[KNOWN].len();
    assert_eq!(length, MOST_TOKENS * 43 + MOST_TOKENS - 1);
    let before = app.mails_with(TOLD).await;
    for n in 1..=MOST_TOKENS {
        shared.sign_in(&email(n)).await.expect(200);
    }
    assert_eq!(app.mails_with(TOLD).await, before);
    shared.sign_in(&email(0)).await.expect(200);
    assert_eq!(app.mails_with(TOLD).await, before + 1);
}

/// A cookie that is none of ours, or has more tokens than there may be, is none: its browser is a new one.
#[tokio::test]
async fn a_list_that_is_too_long_is_no_cookie() {
    let app = TestApp::start().await;
    let ada = app.member(ADA).await;
    let own = ada.cookies[KNOWN].clone();
    let before = app.mails_with(TOLD).await;
    let long = [own.as_str(); MOST_TOKENS + 1].join(".");
    for (cookie, mailed) in [(long, 1), (format!("{own}.x"), 2), (own, 2)] {
        let mut browser = app.browser();
        browser.cookies.insert(KNOWN.to_owned(), cookie);
        browser.sign_in(ADA).await.expect(200);
        assert_eq!(app.mails_with(TOLD).await, before + mailed);
    }
}
