//! Links of invitations that are handed over, where no mail server is set: who gets one, what it is worth, and to whom.

use crypto::clock::Clock as _;
use serde_json::{Value, json};
use settings::SecretSetting;

use super::{DAY, GRACE, assert_over, joining, link, next_step, one, pending};
use crate::support::{
    Browser, OWNER, PASSWORD, Team, TestApp, invitation, invitation_token, last_mail_to, subject,
};

const COPY: &str = "team/copy-invitation-link";
const ADMIN: &str = "ada@example.org";

/// The arguments of handing over, with the password.
fn proven(id: &Value) -> Value {
    let mut call = one(id);
    call["step_up"] = json!({ "password": PASSWORD, "code": null });
    call
}

/// Invites somebody and gives what is in the list.
async fn invited(owner: &mut Browser, email: &str, roles: &[&str]) -> Value {
    let sent = owner.call("team/invite", invitation("any", email, roles));
    assert_eq!(sent.await.expect(200).json()["delivery"], "folder");
    let all = pending(owner).await;
    let row = all.into_iter().find(|it| it["email"] == email);
    row.unwrap()["id"].clone()
}

/// The token of the link that handing over shows.
async fn copied(browser: &mut Browser, id: &Value) -> String {
    let shown = browser.call(COPY, proven(id)).await.expect(200).json();
    let link = shown["link"].as_str().unwrap();
    let (_, token) = link.split_once("/invitation#").unwrap();
    token.to_owned()
}

/// An owner, and Grace, who is invited as a developer: the id of the invitation.
async fn grace_is_invited() -> (TestApp, Team, Value) {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let id = invited(&mut team.owner, GRACE, &["developer"]).await;
    (app, team, id)
}

/// What nobody's mailbox has proven is not proven.
#[tokio::test]
async fn who_joins_by_it_has_an_address_that_is_not_proven() {
    let (app, mut team, id) = grace_is_invited().await;
    let mailed = invitation_token(&last_mail_to(&app, GRACE).await);
    let token = copied(&mut team.owner, &id).await;
    assert_ne!(token, mailed);
    assert_over(&app, &mut team.owner.clone(), &mailed).await;
    let row = pending(&mut team.owner).await[0].clone();
    assert_eq!(row["is_handed_over"], true);
    let mut grace = app.browser();
    assert_eq!(next_step(&mut grace, &token).await, "create_user");
    let joined = grace.call("invitation/join", joining(&token, "Grace", PASSWORD));
    joined.await.expect(200);
    assert!(!app.user(GRACE).await.is_email_verified);
    // Nor has the browser read any mail.
    let proven = "SELECT COUNT(*) FROM known_browsers WHERE mailbox_proven_at IS NOT NULL
                  AND user_id = (SELECT id FROM users WHERE email = 'grace@example.org')";
    assert_eq!(app.number(proven).await, 0);
    grace.sign_in(GRACE).await.expect(200);
    let overview = grace.overview().await;
    assert_eq!(overview["email_verified"], false);
    let expected = json!({ "entry": "help_due", "helper": "owner" });
    assert_eq!(overview["entry"], expected);
    assert_over(&app, &mut grace, &token).await;
    // An invitation of another account is for a proven address.
    let mut other = app.member("otto@example.org").await;
    let theirs = invited(&mut other, GRACE, &["developer"]).await;
    let mailed = invitation_token(&last_mail_to(&app, GRACE).await);
    let accepted = grace.call("invitation/accept", link(&mailed)).await;
    accepted.refused(409, "invited_another");
    let token = copied(&mut other, &theirs).await;
    let accepted = grace.call("invitation/accept", link(&token)).await;
    accepted.refused(409, "invited_another");
    assert_eq!(app.count("memberships").await, 3);
    let events = app.events().await;
    for event in ["invitation_handed_over", "joined_by_handed_over_link"] {
        let found = events.iter().any(|line| line.starts_with(event));
        assert!(found, "{event}: {events:?}");
    }
}

/// It tells nobody, whoever holds it, whether the address has a user; and makes no second one.
#[tokio::test]
async fn it_is_for_a_new_address_and_tells_nobody_whether_there_is_a_user() {
    let (app, mut team, id) = grace_is_invited().await;
    let token = copied(&mut team.owner, &id).await;
    let opened = |mut browser: Browser, token: String| async move {
        let reply = browser.call("invitation/open", link(&token)).await;
        reply.expect(200).json()
    };
    let before = opened(app.browser(), token.clone()).await;
    // Meanwhile she signs up by herself.
    let mut grace = app.member(GRACE).await;
    assert_eq!(opened(app.browser(), token.clone()).await, before);
    let of_owner = opened(team.owner.clone(), token.clone()).await;
    assert_eq!(of_owner["next"], "sign_out");
    let joined = app
        .browser()
        .call(
            "invitation/join",
            joining(&token, "Mallory", "violet-sofa-7-drum"),
        )
        .await;
    joined.refused(409, "taken");
    // For her, who is signed in, it is no way in either: the mailed link is.
    for endpoint in ["invitation/open", "invitation/accept"] {
        let reply = grace.call(endpoint, link(&token)).await;
        reply.refused(409, "link_for_new_user");
    }
    // Copying is the same for an address that has a user.
    let again = copied(&mut team.owner, &id).await;
    assert_eq!(opened(app.browser(), again).await["next"], "create_user");
    team.owner
        .call("team/resend-invitation", one(&id))
        .await
        .expect(200);
    let mailed = invitation_token(&last_mail_to(&app, GRACE).await);
    assert_eq!(next_step(&mut grace, &mailed).await, "accept");
    let accepted = grace.call("invitation/accept", link(&mailed)).await;
    accepted.expect(200);
}

#[tokio::test]
async fn it_works_once_for_seven_days_until_the_invitation_is_sent_again_or_revoked() {
    let (app, mut team, id) = grace_is_invited().await;
    let owner = &mut team.owner;
    let first = copied(owner, &id).await;
    let second = copied(owner, &id).await;
    assert_over(&app, &mut owner.clone(), &first).await;
    let resent = owner.call("team/resend-invitation", one(&id)).await;
    assert_eq!(resent.expect(200).json()["delivery"], "folder");
    assert_over(&app, &mut owner.clone(), &second).await;
    assert_eq!(pending(owner).await[0]["is_handed_over"], false);
    // What is mailed after it proves the mailbox again.
    let third = copied(owner, &id).await;
    app.clock.advance(7 * DAY);
    let mut owner = app.browser();
    owner.sign_in(OWNER).await.expect(200);
    assert_over(&app, &mut owner, &third).await;
    let fourth = copied(&mut owner, &id).await;
    let revoked = owner.call("team/revoke-invitation", one(&id)).await;
    revoked.expect(200);
    assert_over(&app, &mut owner, &fourth).await;
    let reply = owner.call(COPY, proven(&id)).await;
    reply.refused(404, "not_found");
    assert!(app.count("users").await == 1);
}

/// Who may send the invitation hands it over, with the password.
#[tokio::test]
async fn nobody_hands_over_what_they_could_not_send() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let mut admin = team.add(&app, ADMIN, &["admin"]).await;
    let mut developer = team.add(&app, "dora@example.org", &["developer"]).await;
    let id = invited(&mut team.owner, GRACE, &["admin"]).await;
    let reply = developer.call(COPY, proven(&id)).await;
    reply.refused(403, "forbidden");
    let mut stranger = app.member("eve@example.org").await;
    let reply = stranger.call(COPY, proven(&id)).await;
    reply.refused(404, "not_found");
    let owner = &mut team.owner;
    owner.call(COPY, one(&id)).await.refused(400, "malformed");
    let mut wrong = proven(&id);
    wrong["step_up"]["password"] = json!("a wrong password");
    let reply = owner.call(COPY, wrong).await;
    reply.refused(422, "wrong_password");
    assert!(
        !app.events()
            .await
            .iter()
            .any(|it| it.starts_with("invitation_handed_over"))
    );
    // Of rank the owner is told, whoever hands it over.
    let token = copied(&mut admin, &id).await;
    let told = last_mail_to(&app, OWNER).await;
    assert!(
        subject(&told).contains("An administrator was invited"),
        "{told}"
    );
    // It rests on the right of who handed it over: one who is removed does not come back by it.
    let ada = team.owner.id_of(ADMIN).await;
    let remove = json!({ "account": "any", "user": ada });
    let removed = team.owner.call("team/remove", remove).await;
    assert_eq!(removed.expect(200).json()["count"], 1);
    assert_over(&app, &mut admin, &token).await;
}

#[tokio::test]
async fn handing_over_takes_the_step_up_and_a_code_once() {
    let (app, mut team, id) = grace_is_invited().await;
    let owner = &mut team.owner;
    let authenticator = owner.enable_two_factor(&app).await;
    app.clock.advance(1_800);
    let with = |code: &str| {
        let mut call = proven(&id);
        call["step_up"]["code"] = json!(code);
        call
    };
    let reply = owner.call(COPY, proven(&id)).await;
    reply.refused(422, "code_needed");
    let wrong = authenticator.wrong_code(app.clock.now());
    let reply = owner.call(COPY, with(&wrong)).await;
    reply.refused(422, "wrong_code");
    assert_eq!(pending(owner).await[0]["is_handed_over"], false);
    let code = authenticator.code(app.clock.now());
    owner.call(COPY, with(&code)).await.expect(200);
    let mut other = app.browser();
    other.sign_in(OWNER).await.expect(200);
    other.give_code(&code).await.refused(422, "wrong_code");
}

/// Of two who use it at once, one joins.
#[tokio::test]
async fn of_many_who_use_it_at_once_one_joins() {
    let (app, mut team, id) = grace_is_invited().await;
    let token = copied(&mut team.owner, &id).await;
    let join = |mut browser: Browser| {
        let call = joining(&token, "Grace", PASSWORD);
        async move {
            let mut reply = browser.call("invitation/join", call.clone()).await;
            while reply.status == 503 {
                reply = browser.call("invitation/join", call.clone()).await;
            }
            reply.status
        }
    };
    let all = tokio::join!(
        join(app.browser()),
        join(app.browser()),
        join(app.browser())
    );
    let mut statuses = [all.0, all.1, all.2];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409]);
}

/// Once a mail server is set nothing is handed over any more; what was, still makes a user whose address is not proven.
#[tokio::test]
async fn where_a_mail_server_is_set_nothing_is_handed_over() {
    let (app, mut team, id) = grace_is_invited().await;
    let token = copied(&mut team.owner, &id).await;
    let app = app
        .restart_with(|settings| {
            settings.mail.smtp_url = Some(SecretSetting("smtp://127.0.0.1:9".to_owned()));
        })
        .await;
    let mut owner = app.browser();
    owner.sign_in(OWNER).await.expect(200);
    let list = owner.call("team/invitations", json!({ "account": "any" }));
    assert_eq!(list.await.expect(200).json()["no_mail_server"], false);
    let reply = owner.call(COPY, proven(&id)).await;
    reply.refused(409, "mail_is_set");
    let sent = owner.call(
        "team/invite",
        invitation("any", "ivy@example.org", &["developer"]),
    );
    assert_eq!(sent.await.expect(200).json()["delivery"], "sent");
    let mut grace = app.browser();
    let joined = grace.call("invitation/join", joining(&token, "Grace", PASSWORD));
    joined.await.expect(200);
    assert!(!app.user(GRACE).await.is_email_verified);
}
