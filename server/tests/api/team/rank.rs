//! Giving rank, and what ends with it: a stolen session makes no lasting administrator, and who was removed does not come
//! back by an invitation of their own.

use serde_json::{Value, json};
use service::users::operator;

use super::{ADMIN, DEVELOPER, SECOND, five, on, roles};
use crate::support::{
    Browser, OWNER, PASSWORD, Team, TestApp, invitation, invitation_token, last_mail_to, unfolded,
};

const THIEF: &str = "thief@example.org";
const OTHER: &str = "other-mailbox@example.org";

fn unproven(mut call: Value) -> Value {
    call["step_up"] = Value::Null;
    call
}

fn with_password(mut call: Value, password: &str) -> Value {
    call["step_up"] = json!({ "password": password, "code": null });
    call
}

/// Invites somebody, and gives the token that the mail holds.
async fn invites(app: &TestApp, browser: &mut Browser, email: &str, roles: &[&str]) -> String {
    app.next_mails_are_last().await;
    let call = invitation("any", email, roles);
    browser.call("team/invite", call).await.expect(200);
    invitation_token(&last_mail_to(app, email).await)
}

fn joining(token: &str) -> Value {
    json!({ "token": token, "user": { "name": "Mallory", "password": PASSWORD } })
}

/// Neither opens, accepts nor joins.
async fn assert_worthless(app: &TestApp, token: &str, status: u16, code: &str) {
    let mut anyone = app.browser();
    let link = json!({ "token": token });
    let opened = anyone.call("invitation/open", link.clone()).await;
    opened.refused(status, code);
    let joined = anyone.call("invitation/join", joining(token)).await;
    joined.refused(status, code);
}

/// The mails to the owner that have this sentence.
async fn told_owner(app: &TestApp, sentence: &str) -> usize {
    let to = format!("To: {OWNER}");
    let mails = app.mails().await;
    let mails = mails.iter().map(|mail| unfolded(mail));
    mails
        .filter(|mail| mail.contains(&to) && mail.contains(sentence))
        .count()
}

#[tokio::test]
async fn a_stolen_session_gives_no_rank() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let dora = five.team.owner.id_of(DEVELOPER).await;
    invites(&app, &mut five.team.owner, OTHER, &["admin"]).await;
    let pending = five
        .team
        .owner
        .call("team/invitations", json!({ "account": "any" }))
        .await
        .expect(200)
        .json();
    let pending = &pending["invitations"][0]["id"];
    let calls = [
        ("team/invite", invitation("any", THIEF, &["admin"])),
        (
            "team/invite",
            invitation("any", THIEF, &["billing", "admin"]),
        ),
        ("team/change-roles", roles(&dora, &["admin"])),
        ("team/change-roles", roles(&dora, &["developer", "admin"])),
        (
            "team/resend-invitation",
            json!({ "account": "any", "invitation": pending }),
        ),
    ];
    for browser in [&mut five.team.owner, &mut five.admin] {
        browser.of_account("enter", "any").await.expect(200);
    }
    let before = (app.events().await, app.mails().await.len());
    for browser in [&mut five.team.owner, &mut five.admin] {
        for (endpoint, call) in &calls {
            browser
                .call(endpoint, unproven(call.clone()))
                .await
                .refused(422, "step_up_needed");
            browser
                .call(endpoint, with_password(call.clone(), "a wrong password"))
                .await
                .refused(422, "wrong_password");
        }
    }
    assert_eq!((app.events().await, app.mails().await.len()), before);
    // What gives no rank takes no proof.
    for (endpoint, call) in [
        ("team/invite", invitation("any", THIEF, &["developer"])),
        ("team/change-roles", roles(&dora, &["billing"])),
    ] {
        let owner = &mut five.team.owner;
        owner.call(endpoint, unproven(call)).await.expect(200);
    }
}

#[tokio::test]
async fn giving_rank_asks_for_a_code_where_the_second_factor_is_not_fresh() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let authenticator = team.owner.enable_two_factor(&app).await;
    app.clock.advance(901);
    let call = invitation("any", THIEF, &["admin"]);
    team.owner
        .call("team/invite", call.clone())
        .await
        .refused(422, "code_needed");
    let now = crypto::clock::Clock::now(app.clock.as_ref());
    let mut proven = call;
    proven["step_up"]["code"] = json!(authenticator.code(now));
    team.owner.call("team/invite", proven).await.expect(200);
}

#[tokio::test]
async fn the_owner_is_mailed_of_every_rank_that_is_given_also_by_the_owner() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let dora = five.team.owner.id_of(DEVELOPER).await;
    assert_eq!(told_owner(&app, "Ada invited").await, 2);
    let token = invites(&app, &mut five.team.owner, THIEF, &["admin"]).await;
    let said = "Ada invited thief@example.org to the account Analytical Engines, as Admin.";
    assert_eq!(told_owner(&app, said).await, 1);
    assert_eq!(told_owner(&app, "IP address: 127.0.0.1").await, 3);
    app.browser()
        .call("invitation/join", joining(&token))
        .await
        .expect(200);
    let said = "Mallory (thief@example.org) accepted the invitation of Ada";
    assert_eq!(told_owner(&app, said).await, 1);
    five.admin
        .call(
            "team/change-roles",
            with_password(roles(&dora, &["admin"]), PASSWORD),
        )
        .await
        .expect(200);
    let said = "Grace changed the roles of Grace (dora@example.org) in the account";
    assert_eq!(told_owner(&app, said).await, 1);
    // Taking it away, and what gives none, is nothing to warn of.
    let before = told_owner(&app, "").await;
    five.team
        .owner
        .call("team/change-roles", roles(&dora, &["billing"]))
        .await
        .expect(200);
    invites(&app, &mut five.team.owner, OTHER, &["developer"]).await;
    assert_eq!(told_owner(&app, "").await, before);
}

#[tokio::test]
async fn who_loses_rank_has_invited_for_nothing_and_the_answer_says_how_many() {
    for way in ["removed", "demoted", "left"] {
        let app = TestApp::start().await;
        let mut five = five(&app).await;
        let ada = five.team.owner.id_of(ADMIN).await;
        let first = invites(&app, &mut five.admin, OTHER, &["admin"]).await;
        let second = invites(&app, &mut five.admin, THIEF, &["billing"]).await;
        let others = invites(&app, &mut five.second, "joan@example.org", &["admin"]).await;
        assert_eq!(five.team.owner.user(ADMIN).await["invitations"], 2, "{way}");
        let owner = &mut five.team.owner;
        let reply = match way {
            "removed" => owner.call("team/remove", on(&ada)).await,
            "demoted" => {
                let call = roles(&ada, &["developer", "billing"]);
                owner.call("team/change-roles", call).await
            }
            _ => {
                let any = json!({ "account": "any" });
                five.admin.call("team/leave", any).await
            }
        };
        assert_eq!(reply.expect(200).json(), json!({ "count": 2 }), "{way}");
        for token in [&first, &second] {
            assert_worthless(&app, token, 409, "link_over").await;
        }
        assert!(
            app.events()
                .await
                .contains(&"invitations_revoked 2".to_owned())
        );
        // Those of others go on.
        app.browser()
            .call("invitation/join", joining(&others))
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn who_stays_an_administrator_keeps_what_is_on_the_way() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let ada = five.team.owner.id_of(ADMIN).await;
    let token = invites(&app, &mut five.admin, OTHER, &["admin"]).await;
    let call = roles(&ada, &["admin", "billing"]);
    let reply = five.team.owner.call("team/change-roles", call).await;
    assert_eq!(reply.expect(200).json(), json!({ "count": 0 }));
    app.browser()
        .call("invitation/join", joining(&token))
        .await
        .expect(200);
}

#[tokio::test]
async fn who_is_disabled_or_deleted_has_invited_for_nothing() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let first = invites(&app, &mut five.admin, OTHER, &["admin"]).await;
    let second = invites(&app, &mut five.second, THIEF, &["admin"]).await;
    let disabled = operator::disable(&app.services, ADMIN).await.unwrap();
    let revoked = disabled.revoked;
    assert_eq!(revoked, 1);
    assert_worthless(&app, &first, 409, "link_over").await;
    operator::enable(&app.services, ADMIN).await.unwrap();
    assert_worthless(&app, &first, 409, "link_over").await;
    let step_up = json!({ "step_up": { "password": PASSWORD, "code": null } });
    five.second
        .call("profile/delete", step_up)
        .await
        .expect(200);
    assert_worthless(&app, &second, 409, "link_over").await;
    let events = app.events().await;
    let lines = events
        .iter()
        .filter(|line| *line == "invitations_revoked 1");
    assert_eq!(lines.count(), 2);
}

/// What no act revokes is weighed when it is used: a row of which only the name of its sender is known, say.
#[tokio::test]
async fn the_rank_of_the_sender_counts_at_the_moment_of_joining() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let mut mallory = app.member(THIEF).await;
    let token = invites(&app, &mut five.admin, THIEF, &["admin"]).await;
    let of_admin = format!("user_id = (SELECT id FROM users WHERE email = '{ADMIN}')");
    for (spoil, mend) in [
        (
            format!("UPDATE memberships SET roles = 6 WHERE {of_admin}"),
            format!("UPDATE memberships SET roles = 1 WHERE {of_admin}"),
        ),
        (
            format!("UPDATE users SET disabled_at = 1 WHERE email = '{ADMIN}'"),
            "UPDATE users SET disabled_at = NULL".to_owned(),
        ),
        (
            format!("UPDATE invitations SET invited_by_id = {}", app.new_id()),
            "UPDATE invitations SET invited_by_id = NULL".to_owned(),
        ),
    ] {
        app.sql(&spoil).await;
        assert_worthless(&app, &token, 409, "inviter_without_right").await;
        mallory
            .call("invitation/accept", json!({ "token": token }))
            .await
            .refused(409, "inviter_without_right");
        app.sql(&mend).await;
    }
    // Nobody is noted, as a server of an earlier version left it: its line of the log says who it was, whose right is weighed
    // as well.
    app.sql(&format!(
        "UPDATE audit_events SET details = '{THIEF}', data = NULL WHERE kind = 'invited'"
    ))
    .await;
    app.sql(&format!(
        "UPDATE memberships SET roles = 2 WHERE {of_admin}"
    ))
    .await;
    assert_worthless(&app, &token, 409, "inviter_without_right").await;
    app.sql(&format!(
        "UPDATE memberships SET roles = 1 WHERE {of_admin}"
    ))
    .await;
    mallory
        .call("invitation/accept", json!({ "token": token }))
        .await
        .expect(200);
}

#[tokio::test]
async fn an_invitation_that_is_sent_again_rests_on_who_sent_it_again() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let ada = five.team.owner.id_of(ADMIN).await;
    invites(&app, &mut five.admin, OTHER, &["admin"]).await;
    let any = json!({ "account": "any" });
    let list = five.second.call("team/invitations", any.clone()).await;
    let one = list.expect(200).json()["invitations"][0].clone();
    assert_eq!(one["invited_by"], "Grace");
    app.next_mails_are_last().await;
    let call = json!({ "account": "any", "invitation": one["id"] });
    let owner = &mut five.team.owner;
    owner
        .call("team/resend-invitation", with_password(call, PASSWORD))
        .await
        .expect(200);
    let token = invitation_token(&last_mail_to(&app, OTHER).await);
    let list = owner.call("team/invitations", any).await.expect(200);
    assert_eq!(list.json()["invitations"][0]["invited_by"], "Ada");
    let removed = owner.call("team/remove", on(&ada)).await.expect(200);
    assert_eq!(removed.json(), json!({ "count": 0 }));
    app.browser()
        .call("invitation/join", joining(&token))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_former_owner_keeps_what_an_administrator_may_offer() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let alan = five.team.owner.id_of(SECOND).await;
    let olga = five.team.owner.id_of(OWNER).await;
    let token = invites(&app, &mut five.team.owner, OTHER, &["admin"]).await;
    let later = invites(&app, &mut five.team.owner, THIEF, &["admin"]).await;
    five.team
        .owner
        .call("team/offer-transfer", with_password(on(&alan), PASSWORD))
        .await
        .expect(200);
    let accept = with_password(json!({ "account": "any" }), PASSWORD);
    five.second
        .call("team/accept-transfer", accept)
        .await
        .expect(200);
    app.browser()
        .call("invitation/join", joining(&token))
        .await
        .expect(200);
    let call = roles(&olga, &["billing"]);
    let reply = five
        .second
        .call("team/change-roles", call)
        .await
        .expect(200);
    assert_eq!(reply.json(), json!({ "count": 1 }));
    assert_worthless(&app, &later, 409, "link_over").await;
}

#[tokio::test]
async fn roles_changed_back_and_forth_mail_ten_times_a_day_and_no_oftener() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let (dora, bill) = (
        owner.id_of(DEVELOPER).await,
        owner.id_of("bill@example.org").await,
    );
    for round in 0..10 {
        let role = if round % 2 == 0 {
            "billing"
        } else {
            "developer"
        };
        let call = roles(&dora, &[role]);
        owner.call("team/change-roles", call).await.expect(200);
    }
    let call = roles(&dora, &["billing"]);
    let refused = owner.call("team/change-roles", call.clone()).await;
    let refused = refused.refused(429, "too_many_role_changes");
    assert_eq!(refused.json()["retry_after"], 86_400);
    assert_eq!(app.mails_with("You are now: ").await, 10);
    // Nobody else's are held up by it, and it ends.
    owner
        .call("team/change-roles", roles(&bill, &["developer"]))
        .await
        .expect(200);
    app.clock.advance(86_400);
    let mut owner = app.browser();
    owner.sign_in(OWNER).await.expect(200);
    owner.call("team/change-roles", call).await.expect(200);
}

/// Demoting and removing ask for the same: one is no way around the other. docs/decisions/0061-taking-rank-away.md
#[tokio::test]
async fn taking_rank_away_by_either_way_takes_the_session_alone_and_is_mailed() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let (first, second) = (owner.id_of(ADMIN).await, owner.id_of(SECOND).await);
    let demoted = unproven(roles(&first, &["developer"]));
    owner.call("team/change-roles", demoted).await.expect(200);
    let removed = json!({ "account": "any", "user": second });
    owner.call("team/remove", removed).await.expect(200);
    for (email, words) in [(ADMIN, "changed your roles"), (SECOND, "removed you")] {
        let mail = unfolded(&last_mail_to(&app, email).await);
        assert!(mail.contains(words), "{mail}");
    }
}
