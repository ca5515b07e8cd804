//! Mailbox codes: valid for one session and one act, for ten minutes, five tries, once.

use serde_json::json;

use super::{ADA, stranger};
use crate::support::{Browser, PASSWORD, START, TestApp, last_mail_to, subject};

/// Another code than this one.
fn wrong(code: &str) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &code[..code.len() - 1])
}

#[tokio::test]
async fn a_code_lets_through_once_and_the_browser_has_proven_the_mailbox() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut ada = stranger(&app, ADA).await;
    let entry = ada.overview().await["entry"].clone();
    assert_eq!(entry["entry"], "code_due");
    assert_eq!(entry["masked"], "a…@example.org");
    assert_eq!(entry["delivery"], "folder");
    let reply = ada.mail_code("first_factor").await.expect(200).json();
    assert_eq!(reply["masked"], "a…@example.org");
    let mail = last_mail_to(&app, ADA).await;
    assert_eq!(subject(&mail), "The code you asked for");
    let code = app.mailed_code(ADA).await;
    let before = ada.clone();
    let typed = code.to_lowercase().replace('-', " ");
    ada.begin_with(&typed).await.expect(200);
    assert_eq!(ada.overview().await["entry"]["entry"], "open");
    // A copy of the cookie from before is none, and the code is spent.
    let mut copy = before;
    copy.begin_with(&code)
        .await
        .refused(409, "mailbox_code_over");
    ada.begin("enable", None).await.expect(200);
    let events = app.events().await;
    assert!(
        events.contains(&"mailbox_code_sent".to_owned()),
        "{events:?}"
    );
}

#[tokio::test]
async fn five_wrong_codes_end_a_code_and_another_one_takes_its_place() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut ada = stranger(&app, ADA).await;
    ada.mail_code("first_factor").await.expect(200);
    let code = app.mailed_code(ADA).await;
    ada.begin_with("123").await.refused(422, "invalid_fields");
    for left in [4, 3, 2, 1] {
        let reply = ada.begin_with(&wrong(&code)).await.expect(422).json();
        assert_eq!(reply["attempts_left"], left);
    }
    let reply = ada.begin_with(&wrong(&code)).await;
    reply.refused(409, "mailbox_code_over");
    ada.begin_with(&code)
        .await
        .refused(409, "mailbox_code_over");
    app.clock.advance(1);
    ada.mail_code("first_factor").await.expect(200);
    let newer = app.mailed_code(ADA).await;
    ada.begin_with(&code).await.refused(422, "wrong_code");
    ada.begin_with(&newer).await.expect(200);
}

#[tokio::test]
async fn a_code_is_over_after_ten_minutes_and_outlives_a_restart() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut ada = stranger(&app, ADA).await;
    ada.mail_code("first_factor").await.expect(200);
    let code = app.mailed_code(ADA).await;
    app.clock.advance(600);
    ada.begin_with(&code)
        .await
        .refused(409, "mailbox_code_over");
    ada.mail_code("first_factor").await.expect(200);
    let code = app.mailed_code(ADA).await;
    app.clock.advance(599);
    let app = app.restart().await;
    let mut again = app.browser().with(&ada.cookies);
    again.begin_with(&code).await.expect(200);
}

#[tokio::test]
async fn a_code_is_of_one_session_one_act_and_one_address() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut ada = stranger(&app, ADA).await;
    let mut other = stranger(&app, ADA).await;
    ada.mail_code("first_factor").await.expect(200);
    let code = app.mailed_code(ADA).await;
    let elsewhere = other.begin_with(&code).await;
    elsewhere.refused(409, "mailbox_code_over");
    app.clock.advance(1);
    other.mail_code("first_factor").await.expect(200);
    // What another session asks for ends nothing here.
    let elsewhere = other.begin_with(&code).await;
    elsewhere.refused(422, "wrong_code");
    app.sql("UPDATE users SET sign_in_link_due = true").await;
    let act = ada.decline(Some(&code)).await;
    act.refused(409, "mailbox_code_over");
    app.sql("UPDATE users SET sign_in_link_due = false, email = 'new@example.org'")
        .await;
    ada.begin_with(&code).await.refused(422, "wrong_code");
    app.sql("UPDATE users SET email = 'ada@example.org'").await;
    ada.begin_with(&code).await.expect(200);
}

#[tokio::test]
async fn three_codes_are_mailed_to_a_session_and_the_last_of_a_day_to_known_browsers() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut old = stranger(&app, ADA).await;
    app.clock.advance(86_400);
    for _ in 0..5 {
        let mut thief = stranger(&app, ADA).await;
        for _ in 0..3 {
            thief.mail_code("first_factor").await.expect(200);
        }
        let fourth = thief.mail_code("decline_factor").await;
        fourth.refused(429, "too_many_mailed_codes");
    }
    let mut thief = stranger(&app, ADA).await;
    let sixteenth = thief.mail_code("first_factor").await;
    sixteenth.refused(429, "too_many_mailed_codes");
    old.sign_in(ADA).await.expect(200);
    for _ in 0..3 {
        old.mail_code("first_factor").await.expect(200);
    }
    old.sign_in(ADA).await.expect(200);
    for _ in 0..2 {
        old.mail_code("first_factor").await.expect(200);
    }
    let beyond = old.mail_code("decline_factor").await;
    beyond.refused(429, "too_many_mailed_codes");
    app.clock.advance(86_400);
    let mut thief = stranger(&app, ADA).await;
    thief.mail_code("first_factor").await.expect(200);
}

/// A page that was loaded again has nothing but the session, and its reader the mail.
#[tokio::test]
async fn where_no_more_codes_are_mailed_the_last_one_is_asked_for_while_it_is_good() {
    for act in ["first_factor", "decline_factor", "change_address"] {
        let app = TestApp::start().await;
        app.create_user(ADA).await;
        let mut ada = stranger(&app, ADA).await;
        app.sql("UPDATE users SET sign_in_link_due = true").await;
        for _ in 0..3 {
            let mailed = ada.mail_code(act).await.expect(200).json();
            assert_eq!(mailed["is_earlier"], false, "{act}");
            app.clock.advance(1);
        }
        let mails = app.mails().await.len();
        let code = app.mailed_code(ADA).await;
        for _ in 0..5 {
            let mailed = ada.mail_code(act).await.expect(200).json();
            let until = START.seconds() + 2 + 600;
            assert_eq!(mailed["is_earlier"], true, "{act}");
            assert_eq!(mailed["expires_at"], until, "{act}");
            assert_eq!(mailed["masked"], "a…@example.org");
        }
        assert_eq!(app.mails().await.len(), mails, "{act}");
        // Of another act or session there is none.
        let other = if act == "first_factor" {
            "decline_factor"
        } else {
            "first_factor"
        };
        let refused = ada.mail_code(other).await;
        refused.refused(429, "too_many_mailed_codes");
        let step_up = json!({ "password": PASSWORD, "code": null });
        let change =
            json!({ "email": "new@example.org", "step_up": step_up, "mailbox_code": code });
        let done = match act {
            "first_factor" => ada.begin_with(&code).await,
            "decline_factor" => ada.decline(Some(&code)).await,
            _ => ada.call("profile/change-email", change).await,
        };
        done.expect(200);
        // It is spent.
        let over = ada.mail_code(act).await;
        assert!(
            ["too_many_mailed_codes", "sign_in_link_not_due"].contains(&over.code().as_str()),
            "{act}: {}",
            over.text
        );
    }
}

/// A code that is over, by its time or by wrong ones, is none to type.
#[tokio::test]
async fn a_code_that_is_over_is_not_asked_for() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut ada = stranger(&app, ADA).await;
    for _ in 0..3 {
        ada.mail_code("first_factor").await.expect(200);
    }
    app.clock.advance(600);
    let over = ada.mail_code("first_factor").await;
    over.refused(429, "too_many_mailed_codes");
    app.create_user("bob@example.org").await;
    let mut bob = stranger(&app, "bob@example.org").await;
    for _ in 0..3 {
        bob.mail_code("first_factor").await.expect(200);
    }
    let code = app.mailed_code("bob@example.org").await;
    for _ in 0..5 {
        assert_ne!(bob.begin_with(&wrong(&code)).await.status, 200);
    }
    let over = bob.mail_code("first_factor").await;
    over.refused(429, "too_many_mailed_codes");
}

#[tokio::test]
async fn a_code_is_mailed_for_the_password_and_only_where_there_is_something_to_prove() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let reply = ada.mail_code("first_factor").await;
    reply.refused(409, "two_factor_already_on");
    app.create_user("bob@example.org").await;
    let mut bob = stranger(&app, "bob@example.org").await;
    let step_up = json!({ "password": "a wrong password", "code": null });
    let arguments = json!({ "act": "first_factor", "step_up": step_up });
    let reply = bob.call("two-factor/mail-code", arguments).await;
    reply.refused(422, "wrong_password");
    assert_eq!(app.count("mailbox_codes").await, 0);
    assert_eq!(app.count_mails("The code you asked for").await, 0);
}

/// Neither the code itself nor anything that it can be guessed by stands in the database.
#[tokio::test]
async fn what_is_kept_of_a_code_takes_the_keys_to_guess_at() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut ada = stranger(&app, ADA).await;
    ada.mail_code("first_factor").await.expect(200);
    let code = app.mailed_code(ADA).await;
    let same = app.number("SELECT COUNT(*) FROM mailbox_codes WHERE length(code_tag) = 32");
    assert_eq!(same.await, 1);
    let other = app.bytes("00");
    app.sql(&format!("UPDATE mailbox_codes SET code_tag = {other}"))
        .await;
    ada.begin_with(&code).await.refused(422, "wrong_code");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_uses_at_once_spend_a_code_once_and_ten_guesses_are_five() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut ada = stranger(&app, ADA).await;
    ada.mail_code("first_factor").await.expect(200);
    let code = app.mailed_code(ADA).await;
    let statuses = at_once(&ada, &code).await;
    assert_eq!(statuses.iter().filter(|it| **it == 200).count(), 1);
    assert_eq!(statuses.iter().filter(|it| **it == 409).count(), 9);
    let mut ada = stranger(&app, ADA).await;
    ada.mail_code("first_factor").await.expect(200);
    let code = app.mailed_code(ADA).await;
    let statuses = at_once(&ada, &wrong(&code)).await;
    assert_eq!(statuses.iter().filter(|it| **it == 422).count(), 4);
    assert_eq!(statuses.iter().filter(|it| **it == 409).count(), 6);
    ada.begin_with(&code)
        .await
        .refused(409, "mailbox_code_over");
}

async fn at_once(browser: &Browser, code: &str) -> Vec<u16> {
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let (mut browser, code) = (browser.clone(), code.to_owned());
            tokio::spawn(async move { browser.begin_with(&code).await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.unwrap());
    }
    statuses
}

/// Nothing is said that is not so: a code that the mailbox will hardly get is not on its way.
#[tokio::test]
async fn whose_mail_server_refused_the_last_letter_reads_so_and_who_can_help() {
    let (app, mailbox) = TestApp::start_with_mail(|_| {}).await;
    app.create_user(ADA).await;
    let mut ada = stranger(&app, ADA).await;
    assert_eq!(ada.overview().await["entry"]["delivery"], "sent");
    app.mails().await;
    mailbox.refuse(ADA, true);
    let sent = ada.mail_code("first_factor").await.expect(200).json();
    assert_eq!(sent["delivery"], "sent");
    app.mails().await;
    assert_eq!(ada.overview().await["entry"]["delivery"], "refused");
    let sent = ada.mail_code("first_factor").await.expect(200).json();
    assert_eq!(sent["delivery"], "refused");
    app.mails().await;
    // One that arrives says that it is right again.
    mailbox.refuse(ADA, false);
    ada.mail_code("first_factor").await.expect(200);
    app.mails().await;
    assert_eq!(ada.overview().await["entry"]["delivery"], "sent");
}

/// A letter that is refused for what it says tells nothing of the mailbox: others arrive.
#[tokio::test]
async fn a_letter_refused_for_its_content_refuses_no_mailbox() {
    let (app, mailbox) = TestApp::start_with_mail(|_| {}).await;
    app.create_user(ADA).await;
    let mut ada = stranger(&app, ADA).await;
    app.mails().await;
    for (words, delivery) in [
        ("550 5.7.1 rejected as spam", "sent"),
        ("554 5.6.0 not with these words", "sent"),
        ("550 5.2.1 mailbox disabled", "refused"),
    ] {
        mailbox.refuse_with(ADA, words);
        ada.mail_code("first_factor").await.expect(200);
        app.mails().await;
        let overview = ada.overview().await;
        assert_eq!(overview["entry"]["delivery"], delivery, "{words}");
    }
}
