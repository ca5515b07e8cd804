//! Teams: what each user of an account may do to each other, and who learns of it.

mod deletion;
mod first_factor;
mod full_mailbox;
mod life;
mod list;
mod ordered;
mod parallel;
mod rank;
mod refused;
mod reset;
mod roles;
mod shut_out;
mod transfer;

use serde_json::{Value, json};

use crate::support::{Browser, OWNER, PASSWORD, Team, TestApp, unfolded};

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
async fn who_is_signed_out_or_has_no_such_account_learns_nothing() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let dora = five.team.owner.id_of(DEVELOPER).await;
    let account = app.account_of(OWNER).await;
    let mut stranger = app.member("eve@example.org").await;
    let query = json!({ "search": "", "two_factor": null, "after": null });
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
        (
            "team/offer-transfer",
            json!({ "user": dora, "step_up": step_up }),
        ),
        ("team/take-back-transfer", json!({})),
        ("team/accept-transfer", json!({ "step_up": step_up })),
        ("team/decline-transfer", json!({})),
        (
            "team/offer-reset",
            json!({ "user": dora, "step_up": step_up }),
        ),
        ("team/let-in", json!({ "user": dora, "step_up": step_up })),
    ];
    for browser in [&mut stranger, &mut five.admin] {
        browser.of_account("enter", "any").await.expect(200);
    }
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
        // What only takes something back works through a door that is shut.
        let takes_back = [
            "team/leave",
            "team/take-back-transfer",
            "team/decline-transfer",
        ];
        if !takes_back.contains(&endpoint) {
            app.sql("UPDATE accounts SET required_from = 1 WHERE owner_id = (SELECT id FROM users WHERE email LIKE 'olga%')").await;
            five.admin
                .call(endpoint, with(&account))
                .await
                .refused(403, "two_factor_required");
            app.sql("UPDATE accounts SET required_from = NULL").await;
        }
    }
    assert_eq!(app.events().await, before);
}

#[tokio::test]
async fn every_mail_says_who_did_what_in_which_account() {
    let (app, _) = TestApp::start_with_mail(|_| {}).await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let (ada, alan) = (owner.id_of(ADMIN).await, owner.id_of(SECOND).await);
    let (dora, bill) = (owner.id_of(DEVELOPER).await, owner.id_of(BILLING).await);
    five.developer.enable_two_factor(&app).await;
    let any = json!({ "account": "any" });
    for (mut browser, endpoint, arguments) in [
        (
            owner.clone(),
            "team/change-roles",
            roles(&ada, &["billing"]),
        ),
        (owner.clone(), "team/offer-reset", proven(&dora, None)),
        (five.second.clone(), "team/remove", on(&bill)),
        (five.admin.clone(), "team/leave", any),
    ] {
        app.clock.advance(1);
        browser.call(endpoint, arguments).await.expect(200);
    }
    let owner = &mut five.team.owner;
    owner
        .call("team/offer-transfer", proven(&alan, None))
        .await
        .expect(200);
    let step_up = json!({ "password": PASSWORD, "code": null });
    five.second
        .call(
            "team/accept-transfer",
            json!({ "account": "any", "step_up": step_up }),
        )
        .await
        .expect(200);
    let mails = app.mails().await;
    let mails: Vec<_> = mails.iter().map(|mail| unfolded(mail)).collect();
    for (to, sentence) in [
        (
            ADMIN,
            "=E2=80=9CAda=E2=80=9D invites you to the account =E2=80=9CAnalytical Engines=E2=80=9D, as Admin.",
        ),
        (
            ADMIN,
            "Ada changed your roles in the account Analytical Engines. You are now: Billing.",
        ),
        (
            ADMIN,
            "You left the account =E2=80=9CAnalytical Engines=E2=80=9D and",
        ),
        (
            DEVELOPER,
            "Ada of the account Analytical Engines offers to reset your two-factor",
        ),
        (
            BILLING,
            "=E2=80=9CGrace=E2=80=9D removed you from the account =E2=80=9CAnalytical Engines=E2=80=9D.",
        ),
        (
            OWNER,
            "Grace accepted the account Analytical Engines, which you had offered.",
        ),
        (
            SECOND,
            "You accepted the account Analytical Engines, which Ada had offered. You own it from now on, and Ada stays",
        ),
    ] {
        let to = format!("To: {to}");
        let is_said = |mail: &String| mail.contains(&to) && mail.contains(sentence);
        assert!(mails.iter().any(is_said), "{sentence}: {mails:#?}");
    }
}
