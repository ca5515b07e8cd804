//! The offer to reset somebody's second factor: who may make it, how often, and whom it reaches.

use serde_json::{Value, json};

use super::{ADMIN, DEVELOPER, Five, SECOND, five, on, proven};
use crate::support::{OWNER, START, TestApp, last_mail_to, subject, unfolded};

const OFFER: &str = "team/offer-reset";

/// The five, with a mail server, and a developer who has two-factor authentication.
async fn five_with_mail() -> (TestApp, Five) {
    let (app, _) = TestApp::start_with_mail(|_| {}).await;
    let mut five = five(&app).await;
    five.developer.enable_two_factor(&app).await;
    (app, five)
}

async fn offers(app: &TestApp) -> i64 {
    app.count("reset_offers").await
}

/// F66: what an account does to the factor of a user, who has it in all their accounts, is to offer.
#[tokio::test]
async fn an_offer_changes_nothing_and_mails_a_link() {
    let (app, mut five) = five_with_mail().await;
    let dora = five.team.owner.id_of(DEVELOPER).await;
    let before = five.developer.overview().await;
    app.next_mails_are_last().await;
    five.admin
        .call(OFFER, proven(&dora, None))
        .await
        .expect(200);
    assert_eq!(five.developer.overview().await, before);
    assert_eq!(five.developer.state().await, "signed_in");
    let user = five.admin.user(DEVELOPER).await;
    assert_ne!(user["two_factor_since"], Value::Null);
    assert!(!app.user(DEVELOPER).await.is_sign_in_link_due);
    let mail = unfolded(&last_mail_to(&app, DEVELOPER).await);
    let expected = "An offer to reset your two-factor authentication";
    assert_eq!(subject(&mail), expected);
    assert!(
        mail.contains("Grace of the account Analytical Engines offers to reset"),
        "{mail}"
    );
    assert_eq!(app.links("/reset-two-factor").await.len(), 1);
    let events = app.events().await;
    assert!(events.contains(&"reset_offered".to_owned()));
    assert!(
        !events
            .iter()
            .any(|line| line.starts_with("two_factor_reset"))
    );
}

/// F66: ranks hold for resets too.
#[tokio::test]
async fn nobody_offers_a_reset_to_their_own_rank_or_above() {
    let (app, mut five) = five_with_mail().await;
    for browser in [&mut five.team.owner, &mut five.admin, &mut five.second] {
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
            .call(OFFER, proven(user, None))
            .await
            .refused(403, "forbidden");
    }
    assert_eq!(offers(&app).await, 0);
    for (mut browser, user) in [
        (five.team.owner.clone(), &ada),
        (five.second.clone(), &dora),
    ] {
        browser.call(OFFER, proven(user, None)).await.expect(200);
    }
    assert_eq!(offers(&app).await, 2);
}

#[tokio::test]
async fn offers_take_the_password_and_a_code_that_is_not_fresh_no_more() {
    let (app, mut five) = five_with_mail().await;
    let authenticator = five.team.owner.enable_two_factor(&app).await;
    let dora = five.team.owner.id_of(DEVELOPER).await;
    let now = START + 1_800;
    app.clock.set(now);
    let owner = &mut five.team.owner;
    for endpoint in ["team/offer-transfer", OFFER] {
        owner
            .call(endpoint, proven(&dora, None))
            .await
            .refused(422, "code_needed");
        let wrong = authenticator.wrong_code(now);
        owner
            .call(endpoint, proven(&dora, Some(&wrong)))
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
        .call(OFFER, proven(&dora, Some(&code)))
        .await
        .expect(200);
}

/// What a code was given for may be refused in the transaction that spends it.
#[tokio::test]
async fn a_code_stays_spent_though_the_offer_is_refused() {
    let (app, mut five) = five_with_mail().await;
    let authenticator = five.team.owner.enable_two_factor(&app).await;
    let dora = five.team.owner.id_of(DEVELOPER).await;
    for _ in 0..3 {
        let owner = &mut five.team.owner;
        owner.call(OFFER, proven(&dora, None)).await.expect(200);
    }
    let now = START + 1_800;
    app.clock.set(now);
    let code = authenticator.code(now);
    let owner = &mut five.team.owner;
    owner
        .call(OFFER, proven(&dora, Some(&code)))
        .await
        .refused(429, "too_many_offers");
    // Of the next second factor on, the session is fresh, but the code is not good for anybody.
    let mut other = app.browser();
    other.sign_in(OWNER).await.expect(200);
    other.give_code(&code).await.refused(422, "wrong_code");
}

#[tokio::test]
async fn a_day_has_three_offers_of_an_account_and_six_of_all_but_always_one_of_each() {
    let (app, mut five) = five_with_mail().await;
    let dora = five.team.owner.id_of(DEVELOPER).await;
    let mut others = Vec::new();
    for at in 0..3 {
        let email = format!("boss{at}@example.org");
        let other = app.member(&email).await;
        app.join(&email, DEVELOPER, 2).await;
        others.push((other, app.account_of(&email).await));
    }
    let offer = |account: &str| {
        let mut call = proven(&dora, None);
        call["account"] = account.into();
        call
    };
    let owner = &mut five.team.owner;
    for _ in 0..3 {
        owner.call(OFFER, offer("any")).await.expect(200);
    }
    let refused = owner.call(OFFER, offer("any")).await;
    assert_eq!(refused.json()["retry_after"], 86_400);
    refused.refused(429, "too_many_offers");
    let (other, account) = &mut others[0];
    for _ in 0..3 {
        other.call(OFFER, offer(account)).await.expect(200);
    }
    // Six are made: a third account has its first, and no second.
    for (other, account) in &mut others[1..] {
        other.call(OFFER, offer(account)).await.expect(200);
        other
            .call(OFFER, offer(account))
            .await
            .refused(429, "too_many_offers");
    }
    // The newest of each account is good; refused ones count for nothing and mail nothing.
    assert_eq!(offers(&app).await, 4);
    assert_eq!(app.links("/reset-two-factor").await.len(), 8);
    app.clock.advance(86_400);
    let mut owner = app.browser();
    owner.sign_in(OWNER).await.expect(200);
    owner.call(OFFER, offer("any")).await.expect(200);
}

#[tokio::test]
async fn without_a_letter_that_reaches_them_only_the_operator_can() {
    let (app, mailbox) = TestApp::start_with_mail(|_| {}).await;
    let mut five = five(&app).await;
    five.developer.enable_two_factor(&app).await;
    let dora = five.team.owner.id_of(DEVELOPER).await;
    app.mails().await;
    mailbox.refuse(DEVELOPER, true);
    let owner = &mut five.team.owner;
    assert_eq!(owner.user(DEVELOPER).await["reset_two_factor"], Value::Null);
    owner.call(OFFER, proven(&dora, None)).await.expect(200);
    app.mails().await;
    assert_eq!(
        owner.user(DEVELOPER).await["reset_two_factor"],
        "mail_refused"
    );
    owner
        .call(OFFER, proven(&dora, None))
        .await
        .refused(409, "mail_refused");
    // The next letter that arrives says that it is right again.
    mailbox.refuse(DEVELOPER, false);
    let forgot = json!({ "email": DEVELOPER });
    app.browser()
        .call("password/forgot", forgot)
        .await
        .expect(200);
    app.mails().await;
    assert_eq!(owner.user(DEVELOPER).await["reset_two_factor"], Value::Null);
    // Addresses of strangers fill no table.
    assert_eq!(app.count("refused_mailboxes").await, 0);
}

#[tokio::test]
async fn where_no_mail_server_is_set_the_list_says_so_and_the_server_refuses() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    five.developer.enable_two_factor(&app).await;
    let owner = &mut five.team.owner;
    let dora = owner.id_of(DEVELOPER).await;
    assert_eq!(
        owner.user(DEVELOPER).await["reset_two_factor"],
        "mail_not_set"
    );
    owner
        .call(OFFER, proven(&dora, None))
        .await
        .refused(409, "mail_not_set");
    assert_eq!(offers(&app).await, 0);
}

#[tokio::test]
async fn nothing_is_offered_to_who_has_no_factor_or_is_disabled() {
    let (app, mut five) = five_with_mail().await;
    let owner = &mut five.team.owner;
    let (ada, dora) = (owner.id_of(ADMIN).await, owner.id_of(DEVELOPER).await);
    owner
        .call(OFFER, proven(&ada, None))
        .await
        .refused(409, "two_factor_off");
    app.sql("UPDATE users SET disabled_at = 1 WHERE email LIKE 'dora%'")
        .await;
    assert_eq!(
        owner.user(DEVELOPER).await["reset_two_factor"],
        "user_disabled"
    );
    for endpoint in [OFFER, "team/offer-transfer"] {
        owner
            .call(endpoint, proven(&dora, None))
            .await
            .refused(409, "user_disabled");
    }
}
