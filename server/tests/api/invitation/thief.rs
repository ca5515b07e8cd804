//! What a thief has sent in somebody's name: it ends with what the victim does against them.

use serde_json::json;
use service::users;

use super::{joining, pending};
use crate::support::{
    Browser, OWNER, PASSWORD, Team, TestApp, invitation, invitation_token, last_mail_to,
};

const VICTIM: &str = "vic@example.org";
const SPY: &str = "spy@example.org";
const HELP: &str = "help@example.org";
const OTHER: &str = "other@example.org";
const NEW_PASSWORD: &str = "violet-sofa-7-drum";

/// What the victim, or somebody for them, does.
const REMEDIES: [(&str, bool); 8] = [
    ("password by mail", true),
    ("password changed", true),
    ("factor reset by the operator", true),
    ("all other sessions ended", true),
    ("a session ended", false),
    ("a trusted browser removed", false),
    ("address set by the operator", false),
    ("ten wrong passwords in the session", false),
];

async fn invites(app: &TestApp, browser: &mut Browser, email: &str, role: &str) -> String {
    app.next_mails_are_last().await;
    let call = invitation("any", email, &[role]);
    browser.call("team/invite", call).await.expect(200);
    invitation_token(&last_mail_to(app, email).await)
}

async fn step(browser: &mut Browser, endpoint: &str) {
    let list = browser.call("sessions/list", json!({})).await.expect(200);
    let list = list.json();
    let call = match endpoint {
        "sessions/end" => {
            let mut others = list["sessions"].as_array().unwrap().iter();
            let other = others.find(|one| one["is_this"] == false).unwrap();
            json!({ "session": other["id"] })
        }
        _ => json!({ "browser": list["trusted_browsers"][0]["id"] }),
    };
    browser.call(endpoint, call).await.expect(200);
}

async fn remedy(app: &TestApp, (own, thief): (&mut Browser, &mut Browser), which: &str) {
    let step_up = json!({ "password": PASSWORD, "code": null });
    let change = json!({ "password": NEW_PASSWORD, "step_up": step_up });
    match which {
        "password by mail" => {
            app.clock.advance(1);
            let forgot = json!({ "email": VICTIM });
            app.browser()
                .call("password/forgot", forgot)
                .await
                .expect(200);
            let token = app.links("/reset-password").await.pop().unwrap();
            let reset = json!({ "token": token, "password": NEW_PASSWORD });
            app.browser()
                .call("password/reset", reset)
                .await
                .expect(200);
        }
        "password changed" => {
            own.call("password/change", change).await.expect(200);
        }
        "factor reset by the operator" => {
            let done = users::reset_two_factor(&app.services, VICTIM, true).await;
            assert!(done.is_ok());
        }
        "all other sessions ended" => {
            own.call("sessions/end-others", json!({})).await.expect(200);
        }
        "a session ended" => step(own, "sessions/end").await,
        "a trusted browser removed" => step(own, "sessions/remove-trusted-browser").await,
        "address set by the operator" => {
            let done = users::address::set(&app.services, VICTIM, "vic@example.net").await;
            assert!(done.is_ok());
        }
        _ => {
            let mut wrong = change;
            wrong["step_up"]["password"] = json!("wrong");
            for _ in 0..10 {
                thief.call("password/change", wrong.clone()).await;
            }
            assert_eq!(thief.state().await, "signed_out");
        }
    }
}

#[tokio::test]
async fn what_a_thief_has_sent_ends_with_what_the_victim_does() {
    for (which, ends_all) in REMEDIES {
        let app = TestApp::start().await;
        let mut team = Team::found(&app).await;
        let mut own = team.add(&app, VICTIM, &["admin"]).await;
        let authenticator = own.enable_two_factor(&app).await;
        let mut thief = app.browser();
        thief.sign_in(VICTIM).await.expect(200);
        app.clock.advance(60);
        let now = crypto::clock::Clock::now(app.clock.as_ref());
        let code = authenticator.code(now);
        thief.give_code_and_trust(&code).await.expect(200);
        let rank = invites(&app, &mut thief, SPY, "admin").await;
        let plain = invites(&app, &mut thief, HELP, "developer").await;
        let of_owner = team.invite(&app, OTHER, &["admin"]).await;

        remedy(&app, (&mut own, &mut thief), which).await;

        let join = |token: &str| joining(token, "Spy", PASSWORD);
        app.browser()
            .call("invitation/open", json!({ "token": rank }))
            .await
            .refused(409, "link_over");
        app.browser()
            .call("invitation/join", join(&rank))
            .await
            .refused(409, "link_over");
        let joined = app.browser().call("invitation/join", join(&plain)).await;
        if ends_all {
            joined.refused(409, "link_over");
        } else {
            joined.expect(200);
        }
        // It stays to be seen, and those of others go on.
        let listed = pending(&mut team.owner).await;
        let over = listed.iter().find(|one| one["email"] == SPY).unwrap();
        assert_eq!(over["is_over"], true, "{which}");
        app.browser()
            .call("invitation/join", join(&of_owner))
            .await
            .expect(200);
        let count = if ends_all { 2 } else { 1 };
        let line = format!("invitations_ended {count}");
        assert!(app.events().await.contains(&line), "{which}");
        let subject = "Open invitations that you sent are over";
        assert_eq!(app.count_mails(subject).await, 1, "{which}");
        // Whom they were to shows whether it was the user who sent them.
        let mails = app.mails().await;
        let told = mails.iter().find(|mail| mail.contains(subject)).unwrap();
        assert!(told.contains(SPY), "{which}: {told}");
    }
}

/// The account itself is more than any rank in it.
#[tokio::test]
async fn an_account_that_a_thief_has_offered_stays_once_the_owner_ends_their_session() {
    for remedy in ["sessions/end-others", "sessions/end"] {
        let app = TestApp::start().await;
        let mut team = Team::found(&app).await;
        let mut spy = team.add(&app, SPY, &["admin"]).await;
        let mut thief = app.browser();
        thief.sign_in(OWNER).await.expect(200);
        let id = thief.id_of(SPY).await;
        let step_up = json!({ "password": PASSWORD, "code": null });
        let offer = json!({ "account": "any", "user": id, "step_up": step_up });
        thief.call("team/offer-transfer", offer).await.expect(200);
        if remedy == "sessions/end" {
            step(&mut team.owner, remedy).await;
        } else {
            let ended = team.owner.call(remedy, json!({})).await;
            ended.expect(200);
        }
        assert_eq!(thief.state().await, "signed_out");
        let accept = json!({ "account": "any", "step_up": step_up });
        let accepted = spy.call("team/accept-transfer", accept).await;
        assert!(accepted.status >= 400, "{remedy}: {}", accepted.text);
        assert_eq!(app.count("transfer_offers").await, 0, "{remedy}");
        let owner = team.owner.user_in("any", OWNER).await["roles"].clone();
        assert_eq!(owner, json!(["owner"]), "{remedy}");
    }
}

#[tokio::test]
async fn what_was_ended_is_sent_again_by_one_call() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let old = team.invite(&app, HELP, &["developer"]).await;
    let handed = team.invite(&app, SPY, &["developer"]).await;
    let id = pending(&mut team.owner).await[0]["id"].clone();
    let copy = json!({
        "account": "any", "invitation": id, "step_up": { "password": PASSWORD, "code": null },
    });
    let shown = team.owner.call("team/copy-invitation-link", copy).await;
    let shown = shown.expect(200).json()["link"]
        .as_str()
        .unwrap()
        .to_owned();
    let shown = shown.split('#').next_back().unwrap().to_owned();
    team.owner
        .call("sessions/end-others", json!({}))
        .await
        .expect(200);
    for token in [&old, &handed, &shown] {
        app.browser()
            .call("invitation/join", joining(token, "Spy", PASSWORD))
            .await
            .refused(409, "link_over");
    }
    let listed = pending(&mut team.owner).await;
    let one = listed.iter().find(|one| one["email"] == HELP).unwrap();
    app.next_mails_are_last().await;
    let again = json!({ "account": "any", "invitation": one["id"], "step_up": null });
    team.owner
        .call("team/resend-invitation", again)
        .await
        .expect(200);
    let token = invitation_token(&last_mail_to(&app, HELP).await);
    app.browser()
        .call("invitation/join", joining(&token, "Helen", PASSWORD))
        .await
        .expect(200);
}

/// A new owner invites others and sets up a factor in the same hour.
#[tokio::test]
async fn setting_up_a_factor_ends_no_invitation() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let token = team.invite(&app, HELP, &["admin"]).await;
    team.owner.enable_two_factor(&app).await;
    app.browser()
        .call("invitation/join", joining(&token, "Helen", PASSWORD))
        .await
        .expect(200);
    let sent = app.count_mails("Open invitations that you sent are over");
    assert_eq!(sent.await, 0);
}
