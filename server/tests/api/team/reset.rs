//! Reset of somebody's second factor.

use app::types::email::EmailAddress;
use serde_json::{Value, json};
use server::storage::users::find_user_by_email;

use super::{ADMIN, DEVELOPER, SECOND, five, on, proven};
use crate::support::{OWNER, START, TestApp, last_mail_to, subject, unfolded};

#[tokio::test]
async fn a_reset_takes_factor_codes_and_sessions_and_asks_for_a_mailed_link_next() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let authenticator = five.developer.enable_two_factor(&app).await;
    let dora = five.team.owner.id_of(DEVELOPER).await;
    let mut pending = app.browser();
    pending.sign_in(DEVELOPER).await.expect(200);
    assert_eq!(pending.state().await, "second_factor_due");
    app.clock.advance(1);
    five.admin
        .call("team/reset-two-factor", proven(&dora, None))
        .await
        .expect(200);
    assert_eq!(five.developer.state().await, "signed_out");
    pending
        .give_recovery_code(&authenticator.recovery_codes[0])
        .await
        .refused(401, "sign_in_over");
    let user = five.admin.user(DEVELOPER).await;
    assert_eq!(user["two_factor_since"], Value::Null);
    assert_eq!(user["reset_two_factor"], "two_factor_off");
    five.admin
        .call("team/reset-two-factor", proven(&dora, None))
        .await
        .refused(409, "two_factor_off");
    let mail = unfolded(&last_mail_to(&app, DEVELOPER).await);
    assert_eq!(subject(&mail), "Two-factor authentication was reset");
    assert!(
        mail.contains("Grace of the account Analytical Engines"),
        "{mail}"
    );
    assert!(app.events().await.contains(&"two_factor_reset".to_owned()));
    let (db, email) = (app.services.database.read(), EmailAddress::parse(DEVELOPER));
    let user = find_user_by_email(db, &email.unwrap()).await.unwrap();
    assert!(user.unwrap().is_sign_in_link_due);
}

/// F66: ranks hold for resets too.
#[tokio::test]
async fn nobody_resets_the_second_factor_of_their_own_rank_or_above() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    for browser in [
        &mut five.team.owner,
        &mut five.admin,
        &mut five.second,
        &mut five.developer,
    ] {
        browser.enable_two_factor(&app).await;
    }
    let owner = &mut five.team.owner;
    let (olga, ada) = (owner.id_of(OWNER).await, owner.id_of(ADMIN).await);
    let (alan, dora) = (owner.id_of(SECOND).await, owner.id_of(DEVELOPER).await);
    for (mut browser, user) in [
        (five.admin.clone(), &olga),
        (five.admin.clone(), &alan),
        (five.admin.clone(), &ada),
        (five.developer.clone(), &ada),
        (five.developer.clone(), &dora),
        (five.billing.clone(), &dora),
        (five.team.owner.clone(), &olga),
    ] {
        browser
            .call("team/reset-two-factor", proven(user, None))
            .await
            .refused(403, "forbidden");
    }
    assert!(!app.events().await.contains(&"two_factor_reset".to_owned()));
    for (mut browser, user) in [
        (five.team.owner.clone(), &ada),
        (five.second.clone(), &dora),
    ] {
        browser
            .call("team/reset-two-factor", proven(user, None))
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn transfer_and_reset_take_the_password_and_a_code_that_is_not_fresh_no_more() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let authenticator = five.team.owner.enable_two_factor(&app).await;
    five.developer.enable_two_factor(&app).await;
    let dora = five.team.owner.id_of(DEVELOPER).await;
    let now = START + 1_800;
    app.clock.set(now);
    let owner = &mut five.team.owner;
    for endpoint in ["team/transfer", "team/reset-two-factor"] {
        owner
            .call(endpoint, proven(&dora, None))
            .await
            .refused(422, "code_needed");
        owner
            .call(
                endpoint,
                proven(&dora, Some(&authenticator.wrong_code(now))),
            )
            .await
            .refused(422, "wrong_code");
        owner
            .call(endpoint, on(&dora))
            .await
            .refused(400, "malformed");
    }
    assert_eq!(owner.users(json!({})).await["step_up_needs_code"], true);
    let code = authenticator.code(now);
    owner
        .call("team/reset-two-factor", proven(&dora, Some(&code)))
        .await
        .expect(200);
}
