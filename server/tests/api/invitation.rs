//! Invitations from the side of the invited person: what a link is valid for, and for whom.

mod handed;
mod member;
mod offer;
mod thief;
mod unproven;

use serde_json::{Value, json};

use crate::support::{Browser, OWNER, PASSWORD, Team, TestApp, invitation_token, last_mail_to};

const GRACE: &str = "grace@example.org";
const DAY: i64 = 86_400;

fn link(token: &str) -> Value {
    json!({ "token": token })
}

fn joining(token: &str, name: &str, password: &str) -> Value {
    json!({ "token": token, "user": { "name": name, "password": password } })
}

async fn next_step(browser: &mut Browser, token: &str) -> String {
    let offer = browser.call("invitation/open", link(token)).await;
    offer.expect(200).json()["next"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Nothing opens, accepts or joins by this link.
async fn assert_over(app: &TestApp, signed_in: &mut Browser, token: &str) {
    let mut anyone = app.browser();
    for browser in [&mut anyone, &mut *signed_in] {
        browser
            .call("invitation/open", link(token))
            .await
            .refused(409, "link_over");
        browser
            .call("invitation/join", joining(token, "Grace", PASSWORD))
            .await
            .refused(409, "link_over");
    }
    signed_in
        .call("invitation/accept", link(token))
        .await
        .refused(409, "link_over");
}

async fn pending(owner: &mut Browser) -> Vec<Value> {
    let list = owner.call("team/invitations", json!({ "account": "any" }));
    let list = list.await.expect(200).json();
    list["invitations"].as_array().unwrap().clone()
}

fn one(id: &Value) -> Value {
    json!({ "account": "any", "invitation": id })
}

/// F102: no answer is a way in.
#[tokio::test]
async fn a_new_user_joins_with_name_and_password_and_is_not_signed_in_by_it() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let token = team
        .invite(&app, " Grace@Example.org", &["developer", "admin"])
        .await;
    let mut grace = app.browser();
    let offer = grace
        .call("invitation/open", link(&token))
        .await
        .expect(200);
    assert_eq!(
        offer.json(),
        json!({
            "account_name": "Analytical Engines", "invited_by": "Ada", "name": "Grace", "email": GRACE,
            "roles": ["admin", "developer"], "next": "create_user",
        })
    );
    let reply = grace
        .call("invitation/join", joining(&token, "Grace Hopper", PASSWORD))
        .await
        .expect(200);
    assert_eq!(reply.text, "null");
    // The link has proven the mailbox, so the browser is known; nobody is signed in.
    let cookies: Vec<_> = grace.cookies.keys().collect();
    assert_eq!(cookies, ["twofold_browser"]);
    assert_eq!(grace.state().await, "signed_out");
    grace.sign_in(GRACE).await.expect(200);
    assert_eq!(grace.overview().await["entry"]["entry"], "open");
    let user = grace.user(GRACE).await;
    assert_eq!(user["name"], "Grace Hopper");
    assert_eq!(user["roles"], json!(["admin", "developer"]));
    assert!(pending(&mut team.owner).await.is_empty());
    assert_over(&app, &mut grace, &token).await;
    let events = app.events().await;
    for event in ["invited grace@example.org", "joined", "user_created"] {
        assert!(events.contains(&event.to_owned()), "{event}: {events:?}");
    }
}

#[tokio::test]
async fn a_user_signs_in_first_and_joins_by_one_button() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let (_, authenticator) = app.member_with_two_factor(GRACE).await;
    let token = team.invite(&app, GRACE, &["billing"]).await;
    let mut browser = app.browser();
    assert_eq!(next_step(&mut browser, &token).await, "sign_in");
    browser
        .call("invitation/join", joining(&token, "Grace", PASSWORD))
        .await
        .refused(409, "taken");
    browser
        .call("invitation/accept", link(&token))
        .await
        .refused(401, "signed_out");
    browser.sign_in(GRACE).await.expect(200);
    // The password alone is not enough.
    assert_eq!(next_step(&mut browser, &token).await, "sign_in");
    browser
        .call("invitation/accept", link(&token))
        .await
        .refused(401, "signed_out");
    app.clock.advance(30);
    let code = authenticator.code(crypto::clock::Clock::now(app.clock.as_ref()));
    browser.give_code(&code).await.expect(200);
    assert_eq!(next_step(&mut browser, &token).await, "accept");
    let account = browser
        .call("invitation/accept", link(&token))
        .await
        .expect(200);
    assert_eq!(account.json(), json!(app.account_of(OWNER).await));
    assert_eq!(team.owner.user(GRACE).await["roles"], json!(["billing"]));
    assert_over(&app, &mut browser, &token).await;
}

/// F101: holding the link is not enough.
#[tokio::test]
async fn a_link_is_for_one_proven_address_whoever_holds_it() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let mut eve = app.member("eve@example.org").await;
    let mut grace = app.member(GRACE).await;
    let token = team.invite(&app, GRACE, &["admin"]).await;
    for browser in [&mut eve, &mut team.owner] {
        assert_eq!(next_step(browser, &token).await, "switch_user");
        browser
            .call("invitation/accept", link(&token))
            .await
            .refused(409, "invited_another");
    }
    app.sql("UPDATE users SET email_verified_at = NULL WHERE email LIKE 'grace%'")
        .await;
    grace
        .call("invitation/accept", link(&token))
        .await
        .refused(409, "invited_another");
    assert_eq!(pending(&mut team.owner).await.len(), 1);
    app.sql("UPDATE users SET email_verified_at = 1").await;
    grace
        .call("invitation/accept", link(&token))
        .await
        .expect(200);
}

/// F100: what is offered is stored, not sent along.
#[tokio::test]
async fn nothing_beside_the_token_changes_what_it_is_for() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let mut eve = app.member("eve@example.org").await;
    let token = team.invite(&app, GRACE, &["billing"]).await;
    let also = [
        ("email", json!("eve@example.org")),
        ("roles", json!(["admin"])),
        ("account", json!("any")),
        ("expires_at", json!(i64::MAX)),
    ];
    for (key, value) in also {
        let mut arguments = link(&token);
        arguments[key] = value.clone();
        eve.call("invitation/accept", arguments)
            .await
            .refused(400, "malformed");
        let mut arguments = joining(&token, "Eve", PASSWORD);
        arguments["user"][key] = value;
        eve.call("invitation/join", arguments)
            .await
            .refused(400, "malformed");
    }
    let mut altered = token.clone();
    let last = if altered.pop() == Some('A') { 'Q' } else { 'A' };
    altered.push(last);
    for wrong in [
        "",
        "A",
        "☃",
        &altered,
        &"A".repeat(43),
        &token.to_uppercase(),
    ] {
        assert_over(&app, &mut eve, wrong).await;
    }
    assert_eq!(next_step(&mut app.browser(), &token).await, "create_user");
}

#[tokio::test]
async fn a_link_is_dead_after_seven_days_when_sent_again_replaced_or_revoked() {
    let app = TestApp::start_with(|settings| {
        settings.limits.invitations_per_mailbox_and_user = 3;
    })
    .await;
    let mut team = Team::found(&app).await;
    let first = team.invite(&app, GRACE, &["billing"]).await;
    let second = team.invite(&app, GRACE, &["developer"]).await;
    assert_over(&app, &mut team.owner, &first).await;
    let invitations = pending(&mut team.owner).await;
    assert_eq!(invitations.len(), 1);
    assert_eq!(invitations[0]["roles"], json!(["developer"]));
    app.clock.advance(50 * 60);
    team.owner
        .call("team/resend-invitation", one(&invitations[0]["id"]))
        .await
        .expect(200);
    assert_over(&app, &mut team.owner, &second).await;
    let third = invitation_token(&last_mail_to(&app, GRACE).await);
    app.clock.advance(7 * DAY - 1);
    let mut owner = app.browser();
    owner.sign_in(OWNER).await.expect(200);
    assert_eq!(next_step(&mut app.browser(), &third).await, "create_user");
    app.clock.advance(1);
    assert_over(&app, &mut owner, &third).await;
    let invitations = pending(&mut owner).await;
    assert_eq!(invitations[0]["is_over"], true);
    owner
        .call("team/resend-invitation", one(&invitations[0]["id"]))
        .await
        .expect(200);
    let fourth = invitation_token(&last_mail_to(&app, GRACE).await);
    assert_eq!(next_step(&mut app.browser(), &fourth).await, "create_user");
    owner
        .call("team/revoke-invitation", one(&invitations[0]["id"]))
        .await
        .expect(200);
    assert_over(&app, &mut owner, &fourth).await;
    for endpoint in ["team/revoke-invitation", "team/resend-invitation"] {
        owner
            .call(endpoint, one(&invitations[0]["id"]))
            .await
            .refused(404, "not_found");
    }
    let events = app.events().await;
    for event in ["invitation_resent", "invitation_revoked"] {
        assert!(events.contains(&format!("{event} {GRACE}")), "{events:?}");
    }
}

#[tokio::test]
async fn a_new_user_is_refused_field_by_field_and_the_link_stays_good() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let token = team.invite(&app, GRACE, &["billing"]).await;
    let hashes = app.services.hasher.hashes();
    let mut browser = app.browser();
    for password in [
        "short",
        "analytical-engines",
        "Grace@example.org",
        "password1",
    ] {
        let reply = browser
            .call(
                "invitation/join",
                joining(&token, "\u{202e}Grace", password),
            )
            .await
            .refused(422, "invalid_fields");
        let fields = reply.json()["fields"].clone();
        assert_eq!(fields[0]["field"], "name", "{fields}");
        assert_eq!(fields[1]["field"], "password", "{fields}");
    }
    browser
        .call(
            "invitation/join",
            joining(&"A".repeat(43), "Grace", PASSWORD),
        )
        .await
        .refused(409, "link_over");
    assert_eq!(app.services.hasher.hashes(), hashes);
    assert_eq!(next_step(&mut browser, &token).await, "create_user");
}

/// F93: joining leads into set-up; who is only invited is left alone.
#[tokio::test]
async fn the_requirement_waits_until_somebody_joins_and_then_leads_to_set_up() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    team.owner.enable_two_factor(&app).await;
    app.sql("UPDATE accounts SET required_from = 1").await;
    let token = team.invite(&app, GRACE, &["admin"]).await;
    let mut grace = app.browser();
    assert_eq!(next_step(&mut grace, &token).await, "create_user");
    grace
        .call("invitation/join", joining(&token, "Grace", PASSWORD))
        .await
        .expect(200);
    grace.sign_in(GRACE).await.expect(200);
    let any = json!({ "account": "any" });
    let refused = grace
        .call("team/invitations", any.clone())
        .await
        .refused(403, "two_factor_required");
    assert_eq!(refused.json()["account"]["name"], "Analytical Engines");
    let mut joan = app.member("joan@example.org").await;
    let token = team.invite(&app, "joan@example.org", &["admin"]).await;
    let account = joan
        .call("invitation/accept", link(&token))
        .await
        .expect(200);
    let joined = json!({ "account": account.json() });
    joan.call("team/invitations", joined.clone())
        .await
        .refused(403, "two_factor_required");
    joan.enable_two_factor(&app).await;
    joan.call("team/invitations", joined).await.expect(200);
    grace.enable_two_factor(&app).await;
    grace.call("team/invitations", any).await.expect(200);
}

/// Whoever tries links is counted, whichever of the three doors they try them at.
#[tokio::test]
async fn openings_and_joins_of_a_client_are_one_count() {
    let app = TestApp::start_with(|settings| settings.limits.invitations_per_client = 3).await;
    let mut team = Team::found(&app).await;
    let token = team.invite(&app, GRACE, &["developer"]).await;
    let mut anyone = app.browser();
    next_step(&mut anyone, &token).await;
    let guessable = joining(&token, "Grace", "password");
    let refused = anyone.call("invitation/join", guessable).await;
    refused.refused(422, "invalid_fields");
    let mut signed_in = app.member("eve@example.org").await;
    let accepted = signed_in.call("invitation/accept", link(&token)).await;
    assert_ne!(accepted.status, 429);
    for (browser, door, arguments) in [
        (&mut anyone.clone(), "invitation/open", link(&token)),
        (
            &mut anyone,
            "invitation/join",
            joining(&token, "Grace", PASSWORD),
        ),
        (&mut signed_in, "invitation/accept", link(&token)),
    ] {
        browser.call(door, arguments).await.refused(429, "paused");
    }
}
