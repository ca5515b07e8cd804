//! An address that its user has never proven is won by its mailbox in a sign-up. The user who loses it keeps the rest, and
//! signs in by it for 14 days.

mod doors;
mod guessing;
mod letters;
mod races;
mod twice;

use domain::user_address::SIGNS_IN_FOR;
use serde_json::{Value, json};
use service::upkeep::remove_expired;
use service::users::{address, listed, operator};
use storage::users::User;

use crate::support::{
    Browser, OWNER, PASSWORD, Team, TestApp, invitation, last_mail_to, subject, unfolded,
};

pub(super) const GRACE: &str = "grace@example.org";
pub(super) const NEW: &str = "grace.hopper@example.org";
/// The password of whoever signs up with Grace's address; that of Grace is `PASSWORD`.
pub(super) const NEWCOMERS: &str = "violet-sofa-7-drum";
const STANDS_IN: &str = "lost-address.invalid";

pub(super) async fn open_app() -> TestApp {
    TestApp::start_with(|settings| settings.sign_up = true).await
}

/// An owner, and Grace among their users, whose address nobody has proven: signed in.
pub(super) async fn with_grace(app: &TestApp) -> (Team, Browser) {
    let mut team = Team::found(app).await;
    let grace = team.add(app, GRACE, &["developer"]).await;
    app.sql("UPDATE users SET email_verified_at = NULL WHERE email = 'grace@example.org'")
        .await;
    (team, grace)
}

/// Asks for a sign-up with Grace's address; gives the mailed link.
pub(super) async fn sign_up_link(app: &TestApp) -> String {
    app.clock.advance(1);
    let form = json!({ "user": {
        "name": "Mallory", "email": GRACE, "account_name": "Compilers", "password": NEWCOMERS,
    }});
    let asked = app.browser().call("sign-up/request", form).await;
    asked.expect(200);
    app.links("/verify-email").await.pop().unwrap()
}

/// Signs up with Grace's address, and signs in.
pub(super) async fn newcomer(app: &TestApp) -> Browser {
    let link = sign_up_link(app).await;
    let mut browser = app.browser();
    let finish = json!({ "token": link, "password": NEWCOMERS });
    browser.call("sign-up/finish", finish).await.expect(200);
    browser.sign_in_with(GRACE, NEWCOMERS).await.expect(200);
    browser
}

/// Grace as the database has her, whatever her address.
pub(super) async fn grace_now(app: &TestApp) -> User {
    let users = listed::list(&app.services, false, None, 100).await.unwrap();
    let mut users = users.rows.into_iter().map(|listed| listed.user);
    users.find(|user| user.name == "Grace").unwrap()
}

pub(super) async fn state(browser: &mut Browser) -> Value {
    let state = browser.call("session/state", json!({})).await;
    state.expect(200).json()
}

#[tokio::test]
async fn the_mailbox_gets_a_user_of_its_own_and_the_other_keeps_everything_else() {
    let app = open_app().await;
    let (_, mut grace) = with_grace(&app).await;
    let authenticator = {
        // By the owner's word, since no code of the mailbox proves anything.
        app.sql("UPDATE users SET email_verified_at = 1 WHERE email = 'grace@example.org'")
            .await;
        let authenticator = grace.enable_two_factor(&app).await;
        app.sql("UPDATE users SET email_verified_at = NULL WHERE email = 'grace@example.org'")
            .await;
        authenticator
    };
    let before = app.user(GRACE).await;
    let mut theirs = newcomer(&app).await;
    let newcomers = app.user(GRACE).await;
    assert_ne!(newcomers.id, before.id);
    assert!(newcomers.is_email_verified);
    assert_eq!(state(&mut theirs).await["name"], "Mallory");
    assert_eq!(theirs.accounts().await[0]["name"], "Compilers");
    // Her session goes on, and says what has happened.
    let said = state(&mut grace).await;
    assert_eq!(
        (&said["name"], &said["email"]),
        (&json!("Grace"), &json!(""))
    );
    assert_eq!(said["lost_address"]["email"], GRACE);
    let until = app.services.now() + SIGNS_IN_FOR;
    assert_eq!(said["lost_address"]["until"], until.seconds());
    assert_eq!(state(&mut theirs).await["lost_address"], Value::Null);
    // Password, factor and account are hers, by the old address.
    let mut again = app.browser();
    again.sign_in(GRACE).await.expect(200);
    app.clock.advance(30);
    let code = authenticator.code(app.services.now());
    again.give_code(&code).await.expect(200);
    assert_eq!(state(&mut again).await["name"], "Grace");
    assert_eq!(again.accounts().await[0]["name"], "Analytical Engines");
    // No other password is anybody's.
    let wrong = app
        .browser()
        .sign_in_with(GRACE, "another-sofa-9-drum")
        .await;
    wrong.refused(401, "wrong_credentials");
}

#[tokio::test]
async fn everybody_hears_of_it_and_nobody_sees_what_stands_in_its_place() {
    let app = open_app().await;
    let (mut team, mut grace) = with_grace(&app).await;
    let link = sign_up_link(&app).await;
    let held = unfolded(&last_mail_to(&app, GRACE).await);
    assert!(
        held.contains("has never shown that they read its mail"),
        "{held}"
    );
    assert!(
        !held.contains("Grace,") && !held.contains("Engines"),
        "{held}"
    );
    let finish = json!({ "token": link, "password": NEWCOMERS });
    let mut theirs = app.browser();
    theirs.call("sign-up/finish", finish).await.expect(200);
    theirs.sign_in_with(GRACE, NEWCOMERS).await.expect(200);
    let told = last_mail_to(&app, OWNER).await;
    assert!(subject(&told).contains("has lost their address"), "{told}");
    let told = unfolded(&told);
    assert!(told.contains("Grace") && told.contains(GRACE), "{told}");
    assert!(!told.contains("Mallory"), "{told}");
    assert_eq!(app.count_mails("Your address is yours here").await, 1);
    let events = app.events().await;
    let lost = format!("address_won {GRACE}");
    assert_eq!(events.iter().filter(|line| **line == lost).count(), 2);
    // From where it was done is not theirs to know.
    let from = "SELECT COUNT(*) FROM audit_events WHERE kind = 'address_won' AND (address <> '' OR browser <> '')";
    assert_eq!(app.number(from).await, 0);
    // What anybody is shown.
    let users = team.owner.users(json!({})).await;
    let row = users["users"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["name"] == "Grace");
    assert_eq!(row.unwrap()["email"], "");
    let mut shown = vec![users.to_string(), state(&mut grace).await.to_string()];
    for (endpoint, arguments) in [
        ("profile/overview", json!({})),
        ("two-factor/overview", json!({})),
        (
            "team/users",
            json!({ "account": "any", "query": {
            "search": "", "two_factor": null, "after": null } }),
        ),
    ] {
        let who = if endpoint == "team/users" {
            &mut team.owner
        } else {
            &mut grace
        };
        shown.push(
            who.call(endpoint, arguments)
                .await
                .expect(200)
                .json()
                .to_string(),
        );
    }
    shown.extend(app.mails().await);
    let page = listed::list(&app.services, false, None, 10).await;
    for one in page.unwrap().rows {
        shown.push(one.user.for_operator());
    }
    for text in shown {
        assert!(!text.contains(STANDS_IN), "{text}");
    }
}

#[tokio::test]
async fn another_address_ends_it_and_the_old_one_signs_only_its_mailbox_in() {
    let app = open_app().await;
    let (_, mut grace) = with_grace(&app).await;
    newcomer(&app).await;
    let change = json!({ "email": NEW, "step_up": { "password": PASSWORD, "code": null }, "mailbox_code": null });
    grace.call("profile/change-email", change).await.expect(200);
    let link = app.links("/confirm-email").await.pop().unwrap();
    let confirmed = grace
        .call("profile/confirm-email", json!({ "token": link }))
        .await;
    confirmed.expect(200);
    let said = state(&mut grace).await;
    assert_eq!(
        (&said["email"], &said["lost_address"]),
        (&json!(NEW), &Value::Null)
    );
    app.browser()
        .sign_in(GRACE)
        .await
        .refused(401, "wrong_credentials");
    app.browser().sign_in(NEW).await.expect(200);
    app.browser()
        .sign_in_with(GRACE, NEWCOMERS)
        .await
        .expect(200);
    // The old address hears nothing of the new one.
    let mails = app.mails().await;
    let told = mails.iter().filter(|mail| mail.contains(NEW));
    for mail in told {
        assert!(mail.contains(&format!("To: {NEW}")), "{mail}");
    }
}

#[tokio::test]
async fn after_fourteen_days_only_the_operator_helps() {
    let app = open_app().await;
    let (_, mut grace) = with_grace(&app).await;
    newcomer(&app).await;
    app.clock.advance(SIGNS_IN_FOR - 60);
    grace.sign_in(GRACE).await.expect(200);
    app.clock.advance(60);
    app.browser()
        .sign_in(GRACE)
        .await
        .refused(401, "wrong_credentials");
    let said = state(&mut grace).await;
    assert_eq!(
        (&said["email"], &said["lost_address"]),
        (&json!(""), &Value::Null)
    );
    remove_expired(&app.services).await.unwrap();
    assert_eq!(app.count("lost_addresses").await, 0);
    // What stands in its place is no address that anybody signs in by.
    let stored = grace_now(&app).await;
    let typed = app.browser().sign_in(stored.email.stored()).await;
    typed.expect(422);
    // By the id that the list of users prints.
    let id = stored.for_operator();
    assert_eq!(id, stored.id.to_string());
    operator::unlock(&app.services, &id, None).await.unwrap();
    address::set(&app.services, &id, GRACE).await.unwrap_err();
    address::set(&app.services, &id, NEW).await.unwrap();
    assert!(app.user(NEW).await.is_email_verified);
    assert_eq!(state(&mut grace).await["state"], "signed_out");
    let told = last_mail_to(&app, NEW).await;
    assert_eq!(subject(&told), "Your address was changed");
    app.browser().sign_in(NEW).await.expect(200);
}

/// The way in which an address comes to be unproven: a link that somebody handed over.
#[tokio::test]
async fn a_link_that_was_handed_over_keeps_no_mailbox_from_its_address() {
    let app = open_app().await;
    let mut team = Team::found(&app).await;
    let join = async |team: &mut Team, name: &str| {
        let sent = team
            .owner
            .call("team/invite", invitation("any", GRACE, &["developer"]));
        sent.await.expect(200);
        let list = team
            .owner
            .call("team/invitations", json!({ "account": "any" }))
            .await;
        let id = list.expect(200).json()["invitations"][0]["id"].clone();
        let copy = json!({ "account": "any", "invitation": id, "step_up": { "password": PASSWORD, "code": null } });
        let shown = team.owner.call("team/copy-invitation-link", copy).await;
        let link = shown.expect(200).json()["link"]
            .as_str()
            .unwrap()
            .to_owned();
        let token = link.split_once('#').unwrap().1.to_owned();
        let user = json!({ "name": name, "password": PASSWORD });
        let joined = json!({ "token": token, "user": user });
        app.browser().call("invitation/join", joined).await
    };
    join(&mut team, "Grace").await.expect(200);
    let mut theirs = newcomer(&app).await;
    // Another sign-up finds a user who has proven it.
    let mails = app.links("/verify-email").await.len();
    let form = json!({ "user": {
        "name": "Eve", "email": GRACE, "account_name": "Spies", "password": NEWCOMERS,
    }});
    app.browser()
        .call("sign-up/request", form)
        .await
        .expect(200);
    assert_eq!(app.links("/verify-email").await.len(), mails);
    assert_eq!(app.count_mails("You are already registered").await, 1);
    // And while somebody signs in by it who has lost it, nobody comes to it unproven.
    let delete = json!({ "step_up": { "password": NEWCOMERS, "code": null } });
    theirs.call("profile/delete", delete).await.expect(200);
    join(&mut team, "Second").await.refused(409, "taken");
    app.browser().sign_in(GRACE).await.expect(200);
    app.clock.advance(SIGNS_IN_FOR);
    team.owner.sign_in(OWNER).await.expect(200);
    join(&mut team, "Second").await.expect(200);
}
