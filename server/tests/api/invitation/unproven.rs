//! An invitation to an address whose user has never proven it: the password may be a stranger's, the mailbox is not.

use serde_json::json;

use super::{GRACE, joining, link, next_step};
use crate::support::{
    Browser, OWNER, PASSWORD, Team, TestApp, invitation, invitation_token, last_mail_to, subject,
    unfolded,
};

const MAILBOXES: &str = "violet-sofa-7-drum";
const BOSS: &str = "boss@example.org";

/// Somebody has a user of Grace's address that nobody has proven, in another account; her invitation is mailed.
async fn with_stranger(app: &TestApp) -> (Team, Browser, String) {
    let mut team = Team::found(app).await;
    let stranger = app.member(GRACE).await;
    app.sql("UPDATE users SET email_verified_at = NULL WHERE email = 'grace@example.org'")
        .await;
    let token = team.invite(app, GRACE, &["developer"]).await;
    (team, stranger, token)
}

#[tokio::test]
async fn the_reader_of_the_mailbox_gets_in_though_the_password_is_a_strangers() {
    let app = TestApp::start().await;
    let (mut team, mut stranger, token) = with_stranger(&app).await;
    let before = app.user(GRACE).await;
    let mut grace = app.browser();
    assert_eq!(next_step(&mut grace, &token).await, "claim_address");
    let joined = grace
        .call(
            "invitation/join",
            joining(&token, "Grace Hopper", MAILBOXES),
        )
        .await;
    joined.expect(200);
    grace.sign_in_with(GRACE, MAILBOXES).await.expect(200);
    let holder = app.user(GRACE).await;
    assert_ne!(holder.id, before.id);
    assert!(holder.is_email_verified);
    assert_eq!(team.owner.user(GRACE).await["name"], "Grace Hopper");
    assert_eq!(grace.accounts().await.len(), 1);
    assert_eq!(app.count_mails("Your address is yours here").await, 1);
    // The other keeps session, password and account, and nothing of this one.
    let state = stranger
        .call("session/state", json!({}))
        .await
        .expect(200)
        .json();
    assert_eq!(state["lost_address"]["email"], GRACE);
    app.browser()
        .sign_in_with(GRACE, PASSWORD)
        .await
        .expect(200);
    let again = app
        .browser()
        .call("invitation/join", joining(&token, "Eve", MAILBOXES))
        .await;
    again.refused(409, "link_over");
}

#[tokio::test]
async fn who_has_the_user_and_the_mailbox_proves_the_address_and_joins_with_that_user() {
    let app = TestApp::start().await;
    let (mut team, mut grace, token) = with_stranger(&app).await;
    let before = app.user(GRACE).await;
    assert_eq!(next_step(&mut grace, &token).await, "confirm_address");
    let accept = grace.call("invitation/accept", link(&token)).await;
    accept.refused(409, "invited_another");
    let step_up = json!({ "password": PASSWORD, "code": null });
    let ask = json!({ "email": GRACE, "step_up": step_up });
    grace.call("profile/change-email", ask).await.expect(200);
    let confirm = app.links("/confirm-email").await.pop().unwrap();
    let confirmed = grace.call("profile/confirm-email", link(&confirm)).await;
    confirmed.expect(200);
    assert_eq!(next_step(&mut grace, &token).await, "accept");
    grace
        .call("invitation/accept", link(&token))
        .await
        .expect(200);
    assert_eq!(app.user(GRACE).await.id, before.id);
    assert_eq!(team.owner.user(GRACE).await["roles"], json!(["developer"]));
    // Nobody wins the address from then on.
    assert_eq!(app.count("lost_addresses").await, 0);
}

/// Two at once: one joins, the other's link is over.
#[tokio::test]
async fn of_two_who_claim_by_one_link_one_joins() {
    let app = TestApp::start().await;
    let (_, _, token) = with_stranger(&app).await;
    let (mut one, mut two) = (app.browser(), app.browser());
    let (first, second) = tokio::join!(
        one.call("invitation/join", joining(&token, "One", MAILBOXES)),
        two.call("invitation/join", joining(&token, "Two", MAILBOXES)),
    );
    let mut answers = [first.status, second.status];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    assert_eq!(app.count("lost_addresses").await, 1);
}

/// Who invites, and who only knows the address, learns nothing: the letter and the answer are those of any address.
#[tokio::test]
async fn the_letter_and_the_answer_are_those_of_any_address() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    app.member(GRACE).await;
    app.sql("UPDATE users SET email_verified_at = NULL WHERE email = 'grace@example.org'")
        .await;
    let mut told = Vec::new();
    for email in [GRACE, "newer@example.org"] {
        let invite = invitation("any", email, &["billing"]);
        let sent = team.owner.call("team/invite", invite).await;
        let mail = last_mail_to(&app, email).await;
        let (letter, _) = unfolded(&mail)
            .split_once("/invitation#")
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        let (_, words) = letter.split_once("Hello").unwrap();
        told.push((
            sent.expect(200).text,
            subject(&mail).to_owned(),
            words.to_owned(),
        ));
    }
    assert_eq!(told[0], told[1]);
}

/// A proven address is not won: its user signs in.
#[tokio::test]
async fn a_proven_address_is_its_users() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    app.member(GRACE).await;
    let token = team.invite(&app, GRACE, &["developer"]).await;
    assert_eq!(next_step(&mut app.browser(), &token).await, "sign_in");
    let joined = app
        .browser()
        .call("invitation/join", joining(&token, "Eve", MAILBOXES))
        .await;
    joined.refused(409, "taken");
}

/// The owner of the account of whoever loses the address hears of it.
#[tokio::test]
async fn the_owner_of_the_account_of_who_loses_it_is_mailed() {
    let app = TestApp::start().await;
    let mut theirs = Team::found(&app).await;
    theirs.add(&app, GRACE, &["developer"]).await;
    app.sql("UPDATE users SET email_verified_at = NULL WHERE email = 'grace@example.org'")
        .await;
    let mut boss = app.member(BOSS).await;
    let account = boss.own_account().await;
    let invite = invitation(&account, GRACE, &["billing"]);
    boss.call("team/invite", invite).await.expect(200);
    let token = invitation_token(&last_mail_to(&app, GRACE).await);
    let joined = app
        .browser()
        .call("invitation/join", joining(&token, "Grace", MAILBOXES))
        .await;
    joined.expect(200);
    let told = last_mail_to(&app, OWNER).await;
    assert!(subject(&told).contains("has lost their address"), "{told}");
    let row = theirs.owner.users(json!({})).await;
    let row = row["users"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["name"] == "Grace")
        .cloned();
    assert_eq!(row.unwrap()["email"], "");
}
