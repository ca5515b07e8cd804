//! How many codes are sent: a message costs the operator, and a phone that does not stop ringing its owner.

use serde_json::json;

use super::{ADA, BOB, LATER, ada_with_sms};
use crate::support::{NUMBER, SmsGateway};

/// F34: what costs money is sent three times.
#[tokio::test]
async fn of_fifty_sends_three_go_out_and_the_wait_is_said() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let (_, _) = ada_with_sms(&app, &gateway).await;
    let before = gateway.taken().len();
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    for n in 0..50 {
        let reply = browser.send_sign_in_code().await;
        if n < 3 {
            reply.expect(200);
        } else {
            assert_eq!(reply.headers["retry-after"], "600");
            reply.refused(429, "too_many_codes");
        }
    }
    assert_eq!(gateway.taken().len() - before, 3);
    // The newest that was sent is still good.
    browser.give_code(&gateway.last_code()).await.expect(200);
    app.clock.advance(LATER);
    browser.send_code().await.expect(200);
}

#[tokio::test]
async fn of_many_sends_at_once_three_go_out() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let (ada, _) = ada_with_sms(&app, &gateway).await;
    let before = gateway.taken().len();
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let mut ada = ada.clone();
            tokio::spawn(async move { ada.send_code().await.status })
        })
        .collect();
    let mut sent = 0;
    for task in tasks {
        sent += usize::from(task.await.unwrap() == 200);
    }
    assert_eq!((sent, gateway.taken().len() - before), (3, 3));
}

/// Of any ten minutes, not of those that begin with the first.
#[tokio::test]
async fn no_ten_minutes_have_more_than_three() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let (_, _) = ada_with_sms(&app, &gateway).await;
    app.clock.advance(LATER);
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    browser.send_sign_in_code().await.expect(200);
    app.clock.advance(300);
    for _ in 0..2 {
        browser.send_sign_in_code().await.expect(200);
    }
    app.clock.advance(300);
    let mut again = app.browser();
    again.sign_in(ADA).await.expect(200);
    let reply = again.send_sign_in_code().await;
    assert_eq!(reply.headers["retry-after"], "300");
    reply.refused(429, "too_many_codes");
    app.clock.advance(300);
    again.send_sign_in_code().await.expect(200);
}

#[tokio::test]
async fn number_user_and_client_address_are_counted_each() {
    let gateway = SmsGateway::start().await;
    let app = gateway
        .app_with(|settings| {
            settings.trusted_proxies = serde_json::from_str("[\"127.0.0.1\"]").unwrap();
        })
        .await;
    let mut ada = app.member(ADA).await;
    let mut bob = app.member(BOB).await;
    let from = |n: u8| Some(format!("192.0.2.{n}"));
    // One number, from two users and three addresses.
    for n in 1..=3 {
        ada.forwarded_for = from(n);
        ada.begin_sms("GB", NUMBER).await.expect(200);
    }
    bob.forwarded_for = from(4);
    bob.begin_sms("GB", "+44 7400 123456")
        .await
        .refused(429, "too_many_codes");
    // One user, with a number for each.
    ada.forwarded_for = from(5);
    ada.begin_sms("GB", "07400 654321")
        .await
        .refused(429, "too_many_codes");
    // One client address, with numbers of its own: what was refused before was taken from nobody.
    for number in ["07400 111111", "07400 222222", "07400 333333"] {
        bob.begin_sms("GB", number).await.expect(200);
    }
    let mut eve = app.member("eve@example.org").await;
    eve.forwarded_for = from(4);
    eve.begin_sms("GB", "07400 444444")
        .await
        .refused(429, "too_many_codes");
    eve.forwarded_for = from(6);
    eve.begin_sms("GB", "07400 444444").await.expect(200);
}

/// A page that was loaded again asks for the code that is still good, as it does for a mailed one.
#[tokio::test]
async fn an_enrolment_begun_again_at_the_limit_goes_on_with_the_code_sent_last() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let mut ada = app.member(ADA).await;
    let mut begun = json!(null);
    for _ in 0..3 {
        begun = ada.begin_sms("GB", NUMBER).await.expect(200).json();
        assert_eq!(begun["is_earlier"], false);
        app.clock.advance(60);
    }
    let code = gateway.last_code();
    let again = ada.begin_sms("GB", "+44 7400 123456").await.expect(200);
    begun["is_earlier"] = json!(true);
    assert_eq!(again.json(), begun);
    assert_eq!(gateway.taken().len(), 3);
    // Of another number there is none, nor in another session.
    let another = ada.begin_sms("GB", "07400 654321").await;
    another.refused(429, "too_many_codes");
    let mut elsewhere = ada.clone();
    elsewhere.cookies.remove("twofold_session");
    elsewhere.sign_in(ADA).await.expect(200);
    let refused = elsewhere.begin_sms("GB", NUMBER).await;
    refused.refused(429, "too_many_codes");
    ada.confirm(&begun["id"], &code).await.expect(200);
}

/// Nothing is given that no code can finish.
#[tokio::test]
async fn an_enrolment_whose_tries_or_time_are_over_does_not_go_on_at_the_limit() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let mut ada = app.member(ADA).await;
    let enrolment = ada.begin_sms("GB", NUMBER).await.expect(200).json();
    let wrong = if gateway.last_code() == "000000" {
        "111111"
    } else {
        "000000"
    };
    app.clock.advance(300);
    ada.send_code().await.expect(200);
    ada.send_code().await.expect(200);
    for _ in 0..10 {
        ada.confirm(&enrolment["id"], wrong).await;
    }
    let refused = ada.begin_sms("GB", NUMBER).await;
    refused.refused(429, "too_many_codes");
    app.clock.advance(LATER);
    // The limit lasts from the last code on, and the enrolment from its beginning.
    let mut bob = app.member(BOB).await;
    bob.begin_sms("GB", "07400 111111").await.expect(200);
    app.clock.advance(300);
    bob.send_code().await.expect(200);
    bob.send_code().await.expect(200);
    app.clock.advance(300);
    let refused = bob.begin_sms("GB", "07400 111111").await;
    refused.refused(429, "too_many_codes");
}

#[tokio::test]
async fn sending_again_for_an_enrolment_kills_the_code_before_and_counts() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let mut ada = app.member(ADA).await;
    let enrolment = ada.begin_sms("GB", NUMBER).await.expect(200).json();
    let older = gateway.last_code();
    ada.send_code().await.expect(200);
    let newer = gateway.last_code();
    let reply = ada.confirm(&enrolment["id"], &older).await;
    assert_eq!(reply.json()["attempts_left"], 9);
    ada.send_code().await.expect(200);
    ada.send_code().await.refused(429, "too_many_codes");
    let reply = ada.confirm(&enrolment["id"], &newer).await;
    assert_eq!(reply.json()["attempts_left"], 8);
    let code = gateway.last_code();
    ada.confirm(&enrolment["id"], &code).await.expect(200);
}

#[tokio::test]
async fn nobody_sends_without_a_sign_in_or_a_session() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let (_, _) = ada_with_sms(&app, &gateway).await;
    let before = gateway.taken().len();
    let mut nobody = app.browser();
    nobody
        .send_sign_in_code()
        .await
        .refused(401, "sign_in_over");
    nobody.send_code().await.refused(401, "signed_out");
    nobody
        .begin_sms("GB", NUMBER)
        .await
        .refused(401, "signed_out");
    nobody
        .call("two-factor/countries", json!({}))
        .await
        .refused(401, "signed_out");
    // Another's session sends nothing to Ada.
    let mut bob = app.member(BOB).await;
    bob.send_code().await.refused(404, "not_found");
    // The sign-in has to live.
    let mut late = app.browser();
    late.sign_in(ADA).await.expect(200);
    app.clock.advance(LATER);
    late.send_sign_in_code().await.refused(401, "sign_in_over");
    assert_eq!(gateway.taken().len(), before);
}

/// Who sets the number up for themselves, has the password, or has copied a session's cookie, uses up no code that its user
/// needs elsewhere.
#[tokio::test]
async fn nobody_uses_up_the_codes_that_the_user_needs_elsewhere() {
    let gateway = SmsGateway::start().await;
    let app = gateway
        .app_with(|settings| {
            settings.trusted_proxies = serde_json::from_str("[\"127.0.0.1\"]").unwrap();
        })
        .await;
    let (mut ada, _) = ada_with_sms(&app, &gateway).await;
    let from = |n: u8| Some(format!("192.0.2.{n}"));
    // Somebody with a user of their own, who knows the number.
    let mut bob = app.member(BOB).await;
    bob.forwarded_for = from(1);
    for _ in 0..3 {
        bob.begin_sms("GB", NUMBER).await.expect(200);
    }
    bob.forwarded_for = from(2);
    let before = gateway.taken().len();
    let again = bob.begin_sms("GB", NUMBER).await.expect(200).json();
    assert_eq!(again["is_earlier"], true);
    assert_eq!(gateway.taken().len(), before);
    // Somebody with the password.
    let mut thief = app.browser();
    thief.forwarded_for = from(3);
    thief.sign_in(ADA).await.expect(200);
    for _ in 0..3 {
        thief.send_sign_in_code().await.expect(200);
    }
    let refused = thief.send_sign_in_code().await;
    refused.refused(429, "too_many_codes");
    // Somebody with a copy of the session's cookie.
    let mut copy = ada.clone();
    copy.cookies.retain(|name, _| name == "twofold_session");
    for _ in 0..3 {
        copy.send_code().await.expect(200);
    }
    copy.send_code().await.refused(429, "too_many_codes");
    // She signs in where she is known, all the same.
    ada.call("session/sign-out", json!({})).await.expect(200);
    ada.sign_in(ADA).await.expect(200);
    ada.send_sign_in_code().await.expect(200);
    ada.give_code(&gateway.last_code()).await.expect(200);
}
