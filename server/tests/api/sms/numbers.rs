//! Which numbers are taken, and where none is.

use serde_json::json;

use super::{ADA, BOB, LATER, ada_with_sms};
use crate::support::{NUMBER, PASSWORD, SmsGateway, TestApp};

#[tokio::test]
async fn what_is_no_mobile_number_is_said_beside_the_field_and_sent_nothing() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let mut ada = app.member(ADA).await;
    for (country, number, field, problem) in [
        ("GB", "12", "phone_number", "not_a_phone_number"),
        ("GB", "", "phone_number", "not_a_phone_number"),
        ("GB", "09012 345678", "phone_number", "not_a_mobile"),
        ("US", "900 234 5678", "phone_number", "not_a_mobile"),
        ("GB", "0121 234 5678", "phone_number", "not_a_mobile"),
        ("XX", NUMBER, "country", "missing"),
        ("", NUMBER, "country", "missing"),
    ] {
        let reply = ada.begin_sms(country, number).await;
        let expected = json!([{ "field": field, "problem": { "problem": problem } }]);
        assert_eq!(reply.json()["fields"], expected, "{country} {number}");
        reply.refused(422, "invalid_fields");
    }
    let wrong = json!({ "password": "wrong password", "code": null });
    let arguments = json!({ "country": "GB", "number": NUMBER, "step_up": wrong });
    ada.call("two-factor/begin-sms", arguments)
        .await
        .refused(422, "wrong_password");
    assert_eq!(gateway.taken().len(), 0);
}

#[tokio::test]
async fn the_number_of_another_user_is_as_good_as_any() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let (_, _) = ada_with_sms(&app, &gateway).await;
    let mut bob = app.member(BOB).await;
    bob.enable_sms(&gateway, NUMBER).await;
    app.clock.advance(LATER);
    // A code of one is no code of the other, though the phone is the same.
    let mut ada = app.browser();
    ada.sign_in(ADA).await.expect(200);
    ada.send_sign_in_code().await.expect(200);
    let code = gateway.last_code();
    let mut other = app.browser();
    other.sign_in(BOB).await.expect(200);
    other.give_code(&code).await.refused(422, "wrong_code");
    ada.give_code(&code).await.expect(200);
}

#[tokio::test]
async fn who_has_sms_keeps_it_and_nobody_new_gets_it_unless_the_operator_says_so() {
    let gateway = SmsGateway::start().await;
    let app = gateway
        .app_with(|settings| settings.sms.enrolment = true)
        .await;
    let (_, _) = ada_with_sms(&app, &gateway).await;
    let url = gateway.url.clone();
    let app = app
        .restart_with(move |settings| {
            settings.sms.gateway = Some(settings::SmsGatewayKind::Webhook);
            settings.sms.url = Some(url.clone());
            let secret = crate::support::SMS_SECRET.to_owned();
            settings.sms.secret = Some(settings::SecretSetting(secret));
        })
        .await;
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    browser.send_sign_in_code().await.expect(200);
    browser.give_code(&gateway.last_code()).await.expect(200);
    refuses_new(&app, BOB).await;
}

#[tokio::test]
async fn sms_is_off_without_a_gateway() {
    let app = TestApp::start_with(|settings| settings.sms.enrolment = true).await;
    refuses_new(&app, ADA).await;
    let app = TestApp::start().await;
    refuses_new(&app, ADA).await;
}

async fn refuses_new(app: &TestApp, email: &str) {
    let mut browser = app.member(email).await;
    assert_eq!(browser.overview().await["sms_offered"], false);
    browser
        .begin_sms("GB", NUMBER)
        .await
        .refused(404, "not_found");
    browser
        .call("two-factor/countries", json!({}))
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn countries_have_names_and_calling_codes() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let mut ada = app.member(ADA).await;
    let countries = ada.call("two-factor/countries", json!({})).await;
    let countries = countries.expect(200).json();
    let all = countries.as_array().unwrap();
    assert!(all.len() > 200);
    let britain = json!({ "id": "GB", "name": "United Kingdom", "calling_code": 44 });
    assert!(all.contains(&britain));
}

#[tokio::test]
async fn an_address_that_is_not_verified_sets_up_nothing() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let mut ada = app.member(ADA).await;
    app.sql("UPDATE users SET email_verified_at = NULL").await;
    ada.begin_sms("GB", NUMBER)
        .await
        .refused(409, "email_not_verified");
    let step_up = json!({ "password": PASSWORD, "code": null });
    let arguments =
        json!({ "country": "GB", "number": NUMBER, "step_up": step_up, "purpose": "enable" });
    ada.call("two-factor/begin-sms", arguments)
        .await
        .refused(400, "malformed");
    assert_eq!(gateway.taken().len(), 0);
}
