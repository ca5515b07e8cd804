//! Roles, removals, leaving, transfer and reset, by everybody to everybody.

use app::types::email::EmailAddress;
use serde_json::{Value, json};
use server::storage::users::find_user_by_email;

use crate::support::{
    Browser, OWNER, PASSWORD, START, Team, TestApp, last_mail_to, subject, unfolded,
};

const ADMIN: &str = "ada@example.org";
const SECOND: &str = "alan@example.org";
const DEVELOPER: &str = "dora@example.org";
const BILLING: &str = "bill@example.org";

fn on(user: &str) -> Value {
    json!({ "account": "any", "user": user })
}

fn roles(user: &str, roles: &[&str]) -> Value {
    json!({ "account": "any", "user": user, "roles": roles })
}

fn proven(user: &str, code: Option<&str>) -> Value {
    json!({ "account": "any", "user": user, "step_up": { "password": PASSWORD, "code": code } })
}

/// An account with an owner, two administrators, a developer and somebody for billing.
struct Five {
    team: Team,
    admin: Browser,
    second: Browser,
    developer: Browser,
    billing: Browser,
}

async fn five(app: &TestApp) -> Five {
    let mut team = Team::found(app).await;
    Five {
        admin: team.add(app, ADMIN, &["admin"]).await,
        second: team.add(app, SECOND, &["admin", "billing"]).await,
        developer: team.add(app, DEVELOPER, &["developer"]).await,
        billing: team.add(app, BILLING, &["billing"]).await,
        team,
    }
}

#[tokio::test]
async fn owners_and_administrators_change_roles_below_their_own_and_whoever_is_changed_is_told() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let (admin, dora) = (owner.id_of(ADMIN).await, owner.id_of(DEVELOPER).await);
    five.admin
        .call("team/change-roles", roles(&dora, &["billing", "developer"]))
        .await
        .expect(200);
    assert_eq!(
        owner.user(DEVELOPER).await["roles"],
        json!(["developer", "billing"])
    );
    let mail = last_mail_to(&app, DEVELOPER).await;
    assert_eq!(
        subject(&mail),
        "Your roles in Analytical Engines were changed"
    );
    let text = unfolded(&mail);
    assert!(text.contains("You are now: Developer, Billing."), "{text}");
    owner
        .call("team/change-roles", roles(&admin, &["developer"]))
        .await
        .expect(200);
    five.admin
        .call("team/change-roles", roles(&dora, &["developer"]))
        .await
        .refused(403, "forbidden");
    five.admin
        .call("team/users", json!({ "account": "any", "query": { "search": "", "without_two_factor": false, "after": null } }))
        .await
        .refused(403, "forbidden");
    let events = app.events().await;
    assert!(events.contains(&"roles_changed Developer, Billing".to_owned()));
    assert!(events.contains(&"roles_changed Developer".to_owned()));
}

#[tokio::test]
async fn nobody_touches_their_own_rank_or_above_or_gives_more_than_they_have() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let (ada, alan) = (owner.id_of(ADMIN).await, owner.id_of(SECOND).await);
    let dora = owner.id_of(DEVELOPER).await;
    for (mut browser, user, to_be) in [
        (five.admin.clone(), &alan, "developer"),
        (five.admin.clone(), &ada, "developer"),
        (five.admin.clone(), &ada, "owner"),
        (five.admin.clone(), &dora, "owner"),
        (five.developer.clone(), &dora, "admin"),
        (five.developer.clone(), &ada, "billing"),
        (five.billing.clone(), &dora, "billing"),
        (five.team.owner.clone(), &ada, "owner"),
    ] {
        browser
            .call("team/change-roles", roles(user, &[to_be]))
            .await
            .refused(403, "forbidden");
    }
    for (mut browser, user) in [
        (five.admin.clone(), &alan),
        (five.admin.clone(), &ada),
        (five.developer.clone(), &dora),
        (five.developer.clone(), &ada),
        (five.billing.clone(), &dora),
    ] {
        browser
            .call("team/remove", on(user))
            .await
            .refused(403, "forbidden");
    }
    let no_roles = five
        .admin
        .call("team/change-roles", roles(&dora, &[]))
        .await;
    assert_eq!(
        no_roles.refused(422, "invalid_fields").json()["fields"],
        json!([{ "field": "roles", "problem": { "problem": "missing" } }])
    );
    assert!(
        !app.events()
            .await
            .iter()
            .any(|line| line.starts_with("roles_changed") || line.starts_with("user_removed"))
    );
}

#[tokio::test]
async fn the_owner_can_neither_leave_nor_be_removed_nor_be_demoted() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let olga = five.team.owner.id_of(OWNER).await;
    for browser in [&mut five.team.owner, &mut five.admin] {
        for to_be in ["admin", "developer", "owner"] {
            browser
                .call("team/change-roles", roles(&olga, &[to_be]))
                .await
                .refused(409, "owner_stays");
        }
        browser
            .call("team/remove", on(&olga))
            .await
            .refused(409, "owner_stays");
    }
    five.team
        .owner
        .call("team/leave", json!({ "account": "any" }))
        .await
        .refused(409, "owner_stays");
    five.developer
        .call("team/remove", on(&olga))
        .await
        .refused(403, "forbidden");
    assert_eq!(five.team.owner.user(OWNER).await["roles"], json!(["owner"]));
}

#[tokio::test]
async fn who_is_removed_keeps_the_session_and_finds_nothing_of_the_account() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let bill = five.team.owner.id_of(BILLING).await;
    five.admin.call("team/remove", on(&bill)).await.expect(200);
    assert_eq!(five.billing.state().await, "signed_in");
    five.billing
        .call("team/leave", json!({ "account": "any" }))
        .await
        .refused(404, "not_found");
    five.admin
        .call("team/remove", on(&bill))
        .await
        .refused(404, "not_found");
    let mail = last_mail_to(&app, BILLING).await;
    assert_eq!(subject(&mail), "You were removed from Analytical Engines");
    assert!(app.events().await.contains(&"user_removed".to_owned()));
}

#[tokio::test]
async fn who_leaves_is_gone_also_from_an_account_that_is_shut() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let any = json!({ "account": "any" });
    five.developer
        .call("team/leave", any.clone())
        .await
        .expect(200);
    five.developer
        .call("team/leave", any.clone())
        .await
        .refused(404, "not_found");
    app.execute("UPDATE accounts SET required_from = 1").await;
    five.admin
        .call("team/invitations", any.clone())
        .await
        .refused(403, "two_factor_required");
    five.admin.call("team/leave", any).await.expect(200);
    assert_eq!(
        subject(&last_mail_to(&app, ADMIN).await),
        "You left Analytical Engines"
    );
    let left = app.events().await;
    assert_eq!(left.iter().filter(|line| *line == "user_left").count(), 2);
}

#[tokio::test]
async fn a_transfer_makes_another_user_the_owner_and_the_old_one_an_administrator() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let (olga, dora) = (owner.id_of(OWNER).await, owner.id_of(DEVELOPER).await);
    let wrong =
        json!({ "account": "any", "user": dora, "step_up": { "password": "wrong", "code": null } });
    owner
        .call("team/transfer", wrong)
        .await
        .refused(422, "wrong_password");
    owner
        .call("team/transfer", proven(&olga, None))
        .await
        .refused(403, "forbidden");
    five.admin
        .call("team/transfer", proven(&dora, None))
        .await
        .refused(403, "forbidden");
    let owner = &mut five.team.owner;
    owner
        .call("team/transfer", proven(&dora, None))
        .await
        .expect(200);
    assert_eq!(owner.user(OWNER).await["roles"], json!(["admin"]));
    assert_eq!(
        owner.user(DEVELOPER).await["roles"],
        json!(["owner", "developer"])
    );
    owner
        .call("team/transfer", proven(&olga, None))
        .await
        .refused(403, "forbidden");
    let mails = [
        (OWNER, "You are no longer the owner of Analytical Engines"),
        (DEVELOPER, "You are the owner of Analytical Engines"),
    ];
    for (to, expected) in mails {
        assert_eq!(subject(&last_mail_to(&app, to).await), expected);
    }
    assert!(
        app.events()
            .await
            .contains(&"account_transferred".to_owned())
    );
    owner
        .call("team/leave", json!({ "account": "any" }))
        .await
        .expect(200);
    five.developer
        .call("team/leave", json!({ "account": "any" }))
        .await
        .refused(409, "owner_stays");
}

#[tokio::test]
async fn an_account_that_requires_two_factor_goes_only_to_a_user_who_has_it() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    five.team.owner.enable_two_factor(&app).await;
    let owner = &mut five.team.owner;
    let (ada, dora) = (owner.id_of(ADMIN).await, owner.id_of(DEVELOPER).await);
    five.developer.enable_two_factor(&app).await;
    // From a day to come: it counts already.
    let soon = START.seconds() + 86_400;
    app.execute(&format!("UPDATE accounts SET required_from = {soon}"))
        .await;
    let owner = &mut five.team.owner;
    assert_eq!(
        owner.user(ADMIN).await["transfer"],
        "other_without_two_factor"
    );
    owner
        .call("team/transfer", proven(&ada, None))
        .await
        .refused(409, "new_owner_without_two_factor");
    assert_eq!(owner.user(DEVELOPER).await["transfer"], Value::Null);
    owner
        .call("team/transfer", proven(&dora, None))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_disabled_user_does_not_become_the_owner() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let dora = five.team.owner.id_of(DEVELOPER).await;
    app.execute("UPDATE users SET disabled_at = 1 WHERE email LIKE 'dora%'")
        .await;
    five.team
        .owner
        .call("team/transfer", proven(&dora, None))
        .await
        .refused(403, "forbidden");
}

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

#[tokio::test]
async fn who_is_signed_out_or_has_no_such_account_learns_nothing() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let dora = five.team.owner.id_of(DEVELOPER).await;
    let account = app.account_of(OWNER).await;
    let mut stranger = app.member("eve@example.org").await;
    let query = json!({ "search": "", "without_two_factor": false, "after": null });
    let step_up = json!({ "password": PASSWORD, "code": null });
    let invitation = json!({ "name": "Eve", "email": "eva@example.org", "roles": ["admin"] });
    five.team
        .invite(&app, "pia@example.org", &["billing"])
        .await;
    let pending = five
        .team
        .owner
        .call("team/invitations", json!({ "account": "any" }))
        .await;
    let pending = pending.json()["invitations"][0]["id"].clone();
    let calls = [
        ("team/users", json!({ "query": query })),
        ("team/invitations", json!({})),
        ("team/invite", json!({ "invitation": invitation })),
        ("team/resend-invitation", json!({ "invitation": pending })),
        ("team/revoke-invitation", json!({ "invitation": pending })),
        (
            "team/change-roles",
            json!({ "user": dora, "roles": ["admin"] }),
        ),
        ("team/remove", json!({ "user": dora })),
        ("team/leave", json!({})),
        ("team/transfer", json!({ "user": dora, "step_up": step_up })),
        (
            "team/reset-two-factor",
            json!({ "user": dora, "step_up": step_up }),
        ),
    ];
    let before = app.events().await;
    for (endpoint, arguments) in calls {
        let with = |account: &str| {
            let mut all = arguments.clone();
            all["account"] = json!(account);
            all
        };
        app.browser()
            .call(endpoint, with(&account))
            .await
            .refused(401, "signed_out");
        stranger
            .call(endpoint, with(&account))
            .await
            .refused(404, "not_found");
        // Ids of others, in an account of one's own.
        if arguments.get("user").is_some() || endpoint.ends_with("-invitation") {
            stranger
                .call(endpoint, with("any"))
                .await
                .refused(404, "not_found");
        }
        if endpoint != "team/leave" {
            app.execute("UPDATE accounts SET required_from = 1 WHERE owner_id = (SELECT id FROM users WHERE email LIKE 'olga%')").await;
            five.admin
                .call(endpoint, with(&account))
                .await
                .refused(403, "two_factor_required");
            app.execute("UPDATE accounts SET required_from = NULL")
                .await;
        }
    }
    assert_eq!(app.events().await, before);
}

#[tokio::test]
async fn every_mail_says_who_did_what_in_which_account() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let (ada, alan) = (owner.id_of(ADMIN).await, owner.id_of(SECOND).await);
    let (dora, bill) = (owner.id_of(DEVELOPER).await, owner.id_of(BILLING).await);
    five.developer.enable_two_factor(&app).await;
    let any = json!({ "account": "any" });
    let (owner, second) = (&mut five.team.owner, &mut five.second);
    for (browser, endpoint, arguments) in [
        (&mut *owner, "team/change-roles", roles(&ada, &["billing"])),
        (owner, "team/reset-two-factor", proven(&dora, None)),
        (second, "team/remove", on(&bill)),
        (&mut five.admin, "team/leave", any),
    ] {
        app.clock.advance(1);
        browser.call(endpoint, arguments).await.expect(200);
    }
    let owner = &mut five.team.owner;
    owner
        .call("team/transfer", proven(&alan, None))
        .await
        .expect(200);
    let mails = app.mails().await;
    let mails: Vec<_> = mails.iter().map(|mail| unfolded(mail)).collect();
    for (to, sentence) in [
        (
            ADMIN,
            "Ada invites you to the account Analytical Engines, as Admin.",
        ),
        (
            ADMIN,
            "Ada changed your roles in the account Analytical Engines. You are now: Billing.",
        ),
        (ADMIN, "You left the account Analytical Engines and"),
        (
            DEVELOPER,
            "Ada of the account Analytical Engines reset your two-factor",
        ),
        (
            BILLING,
            "Grace removed you from the account Analytical Engines.",
        ),
        (
            OWNER,
            "The account Analytical Engines was transferred from you to Grace.",
        ),
        (
            SECOND,
            "Ada transferred the account Analytical Engines to you. You own it from now on, and Ada stays",
        ),
    ] {
        let to = format!("To: {to}");
        let is_said = |mail: &String| mail.contains(&to) && mail.contains(sentence);
        assert!(mails.iter().any(is_said), "{sentence}: {mails:#?}");
    }
}
