//! Allowances: a user who gets no mail may set up a first factor in the next browser in which they sign in.

use crypto::clock::Clock as _;
use service::first_factor::allowance::{allow_all_of, allow_by_operator};
use service::users::reset_two_factor;

use super::{ADA, BOB, DEVELOPER, stranger};
use crate::operator_accounts::twofold;
use crate::support::{Browser, TestApp, ada_and_bob};

async fn entry(browser: &mut Browser) -> String {
    let overview = browser.overview().await;
    overview["entry"]["entry"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_operator_lets_a_user_in_for_the_next_browser_and_half_an_hour() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    app.sql("UPDATE users SET email_verified_at = NULL").await;
    let mut waiting = stranger(&app, ADA).await;
    assert_eq!(entry(&mut waiting).await, "help_due");
    let refused = waiting.begin("enable", None).await;
    refused.refused(409, "email_not_verified");
    let refused = waiting.mail_code("first_factor").await;
    refused.refused(409, "email_not_verified");
    allow_by_operator(&app.services, ADA).await.unwrap();
    // Not for a session that is open already.
    let refused = waiting.begin("enable", None).await;
    refused.refused(409, "email_not_verified");
    let mut next = stranger(&app, ADA).await;
    let shown = next.overview().await["entry"].clone();
    assert_eq!(shown["entry"], "let_in");
    assert_eq!(shown["until"], app.clock.now().seconds() + 1800);
    // Not for the one after it.
    let mut after = stranger(&app, ADA).await;
    assert_eq!(entry(&mut after).await, "help_due");
    let events = app.events().await;
    for event in ["first_factor_allowed", "first_factor_allowance_used"] {
        assert!(events.contains(&event.to_owned()), "{events:?}");
    }
    app.clock.advance(1800);
    let refused = next.begin("enable", None).await;
    refused.refused(409, "email_not_verified");
    allow_by_operator(&app.services, ADA).await.unwrap();
    next.sign_in(ADA).await.expect(200);
    next.enable_two_factor_as_it_is(&app).await;
    assert_eq!(app.count("first_factor_allowances").await, 0);
    assert!(allow_by_operator(&app.services, ADA).await.is_err());
    let subject = "You can set up two-factor authentication without a code from your mailbox";
    assert_eq!(app.mails_with(subject).await, 2);
}

/// After a reset a sign-in takes a mailed link: for who gets none, that is lifted too, once.
#[tokio::test]
async fn who_is_let_in_after_a_reset_signs_in_without_the_link_once() {
    let app = TestApp::start().await;
    app.member_with_two_factor(ADA).await;
    reset_two_factor(&app.services, ADA, true).await.unwrap();
    allow_by_operator(&app.services, ADA).await.unwrap();
    let mut ada = stranger(&app, ADA).await;
    assert_eq!(ada.state().await, "signed_in");
    assert_eq!(stranger(&app, ADA).await.state().await, "link_due");
    ada.enable_two_factor_as_it_is(&app).await;
}

#[tokio::test]
async fn all_of_an_account_who_have_no_factor_are_let_in_at_once() {
    let five = ada_and_bob(DEVELOPER).await;
    let all = allow_all_of(&five.app.services, &five.id).await.unwrap();
    assert_eq!((all.allowed, all.refused.len()), (vec![BOB.to_owned()], 0));
    let mut bob = stranger(&five.app, BOB).await;
    assert_eq!(entry(&mut bob).await, "let_in");
    assert!(allow_all_of(&five.app.services, "Nobody").await.is_err());
}

/// Whose tag says that something was there, or whose key is lost: nobody knows that they have no factor.
#[tokio::test]
async fn who_is_refused_is_passed_over_and_named() {
    for edit in [
        "DELETE FROM factor_sets WHERE user_id IN (SELECT id FROM users WHERE email = 'bob@example.org')",
        "UPDATE factor_sets SET key_id = 'deadbeef', tag = stamp WHERE user_id IN
         (SELECT id FROM users WHERE email = 'bob@example.org')",
    ] {
        let five = ada_and_bob(DEVELOPER).await;
        let app = &five.app;
        app.sql(edit).await;
        let (mails, lines) = (app.mails_with("can set up").await, app.events().await.len());
        let all = allow_all_of(&app.services, &five.id).await.unwrap();
        assert_eq!(
            (all.allowed.len(), all.refused),
            (0, vec![BOB.to_owned()]),
            "{edit}"
        );
        assert_eq!(app.count("first_factor_allowances").await, 0, "{edit}");
        assert_eq!(app.mails_with("can set up").await, mails, "{edit}");
        assert_eq!(app.events().await.len(), lines, "{edit}");
        assert!(
            allow_by_operator(&app.services, BOB).await.is_err(),
            "{edit}"
        );
        let arguments = ["user", "allow-first-factor", "--all-of", &five.id];
        let printed = twofold(app, &arguments).await;
        let said = String::from_utf8(printed.stdout).unwrap();
        assert!(said.contains("bob@example.org was passed over"), "{said}");
        assert!(said.contains("reset-two-factor"), "{said}");
    }
}

#[tokio::test]
async fn ten_sign_ins_at_once_take_one_allowance() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    allow_by_operator(&app.services, ADA).await.unwrap();
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let mut browser = app.browser();
            tokio::spawn(async move {
                // The slots that hash can be busy for a moment, with ten at once.
                let mut reply = browser.sign_in(ADA).await;
                while reply.status == 503 {
                    reply = browser.sign_in(ADA).await;
                }
                reply.expect(200);
                entry(&mut browser).await
            })
        })
        .collect();
    let mut let_in = 0;
    for task in tasks {
        let_in += usize::from(task.await.unwrap() == "let_in");
    }
    assert_eq!(let_in, 1);
}
