//! Gateways: what they get, and what happens when they do not take it.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use server::delivery::sms;
use settings::{SecretSetting, Settings, SmsGatewayKind};
use sha2::Sha256;

use super::{ADA, BOB, LATER, ada_with_sms};
use crate::support::{Answer, MailServer, NUMBER, SMS_SECRET, START, SmsGateway, TestApp};

#[tokio::test]
async fn a_webhook_gets_a_signed_message_that_only_our_pages_fill_in() {
    let gateway = SmsGateway::start().await;
    let app = gateway
        .app_with(|settings| {
            settings.public_url = Some("https://security.example.org".to_owned());
        })
        .await;
    app.member(ADA).await.begin_sms("GB", NUMBER).await;
    let taken = gateway.taken().pop().unwrap();
    let message: Value = serde_json::from_str(&taken.body).unwrap();
    assert_eq!(message["to"], "+447400123456");
    let code = taken.code();
    assert_eq!(
        message["text"],
        format!(
            "{code} is your Twofold code. It is good for ten minutes. Give it to nobody.\n\n\
             @security.example.org #{code}"
        )
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(SMS_SECRET.as_bytes()).unwrap();
    mac.update(format!("{}.{}", START.0, taken.body).as_bytes());
    let signature = HEXLOWER.encode(&mac.finalize().into_bytes());
    assert_eq!(taken.headers["twofold-timestamp"], START.0.to_string());
    assert_eq!(taken.headers["twofold-signature"], signature);
}

#[tokio::test]
async fn a_gateway_of_twilios_shape_gets_its_form() {
    let gateway = SmsGateway::start().await;
    let app = gateway
        .app_with(|settings| {
            settings.sms.gateway = Some(SmsGatewayKind::Twilio);
            settings.sms.account = "AC1".to_owned();
            settings.sms.token = Some(SecretSetting("token".to_owned()));
            settings.sms.from = "+44 1".to_owned();
        })
        .await;
    let mut ada = app.member(ADA).await;
    ada.begin_sms("GB", NUMBER).await.expect(200);
    let taken = gateway.taken().pop().unwrap();
    assert_eq!(taken.path, "/2010-04-01/Accounts/AC1/Messages.json");
    assert_eq!(taken.headers["authorization"], "Basic QUMxOnRva2Vu");
    assert_eq!(
        taken.headers["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert!(
        taken
            .body
            .starts_with("To=%2B447400123456&From=%2B44+1&Body="),
        "{}",
        taken.body
    );
}

#[tokio::test]
async fn the_outbox_gets_a_file() {
    let app = TestApp::start_with(|settings| {
        settings.sms.gateway = Some(SmsGatewayKind::Outbox);
        settings.sms.enrolment = true;
    })
    .await;
    let mut ada = app.member(ADA).await;
    ada.begin_sms("GB", NUMBER).await.expect(200);
    let folder = std::fs::read_dir(app.folder().join("outbox")).unwrap();
    let texts: Vec<_> = folder
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "txt"))
        .collect();
    assert_eq!(texts.len(), 1);
    let text = std::fs::read_to_string(&texts[0]).unwrap();
    assert!(text.starts_with("To: +447400123456\n\n"), "{text}");
}

#[tokio::test]
async fn a_gateway_that_refuses_or_is_slow_is_a_clear_refusal_that_counts_as_sent() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let (_, recovery_codes) = ada_with_sms(&app, &gateway).await;
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    for answer in [Answer::Status(400), Answer::Status(503), Answer::Never] {
        gateway.answer(answer);
        let reply = browser.send_sign_in_code().await;
        assert_eq!(reply.headers["retry-after"], "60");
        reply.refused(503, "sms_not_sent");
    }
    gateway.answer(Answer::Status(200));
    browser
        .send_sign_in_code()
        .await
        .refused(429, "too_many_codes");
    browser
        .give_recovery_code(&recovery_codes[0])
        .await
        .expect(200);
    // A redirect is not followed: the code would go where the operator did not say.
    app.clock.advance(LATER);
    gateway.answer(Answer::Status(307));
    browser.send_code().await.refused(503, "sms_not_sent");
}

/// Nothing is sent after a restart with these settings, and a recovery code signs in all the same.
async fn goes_on_without(change: impl Fn(&mut Settings) + Send + Sync + 'static) {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let (_, recovery_codes) = ada_with_sms(&app, &gateway).await;
    let app = app.restart_with(change).await;
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    browser
        .send_sign_in_code()
        .await
        .refused(503, "sms_not_sent");
    browser
        .give_recovery_code(&recovery_codes[0])
        .await
        .expect(200);
}

#[tokio::test]
async fn a_gateway_that_is_down_lets_recovery_codes_go_on() {
    let port = MailServer::unused_port();
    goes_on_without(move |settings| {
        settings.sms.gateway = Some(SmsGatewayKind::Webhook);
        settings.sms.url = Some(format!("http://127.0.0.1:{port}"));
        settings.sms.secret = Some(SecretSetting(SMS_SECRET.to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_gateway_that_was_taken_away_lets_recovery_codes_go_on() {
    goes_on_without(|_| {}).await;
}

#[tokio::test]
async fn a_slow_gateway_holds_up_nobody_else() {
    let gateway = SmsGateway::start().await;
    let app = gateway
        .app_with(|settings| settings.sms.timeout_seconds = 30)
        .await;
    let (mut ada, _) = ada_with_sms(&app, &gateway).await;
    app.create_user(BOB).await;
    let before = gateway.taken().len();
    gateway.answer(Answer::Never);
    let waiting = tokio::spawn(async move { ada.send_code().await });
    while gateway.taken().len() == before {
        tokio::task::yield_now().await;
    }
    // Signing in writes, and on SQLite there is one writer at a time.
    app.browser().sign_in(BOB).await.expect(200);
    assert!(!waiting.is_finished());
    waiting.abort();
}

/// A change of settings.
type Change<'a> = &'a dyn Fn(&mut Settings);

#[tokio::test]
async fn settings_that_cannot_be_used_are_named() {
    let https = Some("https://sms.example.org".to_owned());
    let secret = Some(SecretSetting(SMS_SECRET.to_owned()));
    let named = |change: &dyn Fn(&mut Settings)| {
        let mut settings = Settings::default();
        change(&mut settings);
        match sms::gateway(&settings) {
            Ok(gateway) => format!("{}", gateway.is_some()),
            Err(problem) => problem.to_string(),
        }
    };
    let webhook = |settings: &mut Settings| {
        settings.sms.gateway = Some(SmsGatewayKind::Webhook);
        settings.sms.url = https.clone();
        settings.sms.secret = secret.clone();
    };
    assert_eq!(named(&|_| {}), "false");
    assert_eq!(named(&webhook), "true");
    let table: [(Change<'_>, &str); 4] = [
        (&|it| it.sms.url = None, "`sms.url`"),
        (
            &|it| it.sms.url = Some("http://sms.example.org".to_owned()),
            "`sms.url`",
        ),
        (
            &|it| it.sms.secret = Some(SecretSetting("short".to_owned())),
            "`sms.secret`",
        ),
        (
            &|it| it.sms.gateway = Some(SmsGatewayKind::Twilio),
            "`sms.account`",
        ),
    ];
    for (change, name) in table {
        let problem = named(&|settings| {
            webhook(settings);
            change(settings);
        });
        assert!(problem.contains(name), "{problem}");
    }
}
