//! What the operator does at the command line, by the same services.

use app::error::ApiError;
use app::types::secret_text::SecretText;
use app::types::setup::NewUser;
use server::service::{Failure, users};

use crate::support::{PASSWORD, TestApp};

const ADA: &str = "ada@example.org";

#[tokio::test]
async fn a_reset_removes_factor_codes_and_sessions_and_tells_the_user() {
    let app = TestApp::start().await;
    let (mut browser, authenticator) = app.member_with_two_factor(ADA).await;
    users::reset_two_factor(&app.services, " Ada@example.org")
        .await
        .unwrap();
    assert_eq!(browser.state().await, "signed_out");
    browser.sign_in(ADA).await.expect(200);
    assert_eq!(browser.state().await, "signed_in");
    assert_eq!(browser.overview().await["two_factor"]["state"], "off");
    browser
        .give_recovery_code(&authenticator.recovery_codes[0])
        .await
        .refused(401, "sign_in_over");
    let mails = app.mails().await;
    let subject = "Subject: Two-factor authentication was reset";
    assert!(mails.iter().any(|mail| mail.contains(subject)), "{mails:?}");
}

#[tokio::test]
async fn what_cannot_be_reset_is_said() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    for (email, refusal) in [
        (ADA, ApiError::TwoFactorOff),
        ("nobody@example.org", ApiError::NotFound),
    ] {
        let failure = users::reset_two_factor(&app.services, email)
            .await
            .unwrap_err();
        assert!(
            matches!(failure, Failure::Refused(ref error) if *error == refusal),
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn an_address_can_have_one_user() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let user = NewUser {
        name: "Ada".to_owned(),
        email: "ADA@example.org".to_owned(),
        account_name: "Engines".to_owned(),
        password: SecretText::new(PASSWORD),
    };
    let failure = users::create(&app.services, &user).await.unwrap_err();
    assert!(
        matches!(failure, Failure::Refused(ApiError::Taken)),
        "{failure:?}"
    );
}
