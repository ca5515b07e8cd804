//! An address that nobody has proven: its mailbox gets nothing of the user who has it.

mod redeemed;

use serde_json::{Value, json};
use service::first_factor::allowance::allow_by_operator;
use service::limits::LINKS_TO_OWN_ADDRESS;
use service::users::{AfterReset, address, reset_two_factor};

use crate::support::{
    Authenticator, Browser, PASSWORD, Team, TestApp, last_mail_to, subject, unfolded,
};

pub(super) const GRACE: &str = "grace@example.org";
/// What the reader of the mailbox chooses.
pub(super) const READERS: &str = "violet-sofa-7-drum";

/// An owner, and Grace among their users, whose address nobody has proven: signed in.
async fn with_grace(app: &TestApp) -> (Team, Browser) {
    let mut team = Team::found(app).await;
    let grace = team.add(app, GRACE, &["developer"]).await;
    unprove(app).await;
    (team, grace)
}

/// The same with her app.
async fn with_graces_factor(app: &TestApp) -> (Team, Browser, Authenticator) {
    let (team, mut grace) = with_grace(app).await;
    allow_by_operator(&app.services, GRACE).await.unwrap();
    grace.sign_in(GRACE).await.expect(200);
    let authenticator = grace.enable_two_factor_as_it_is(app).await;
    (team, grace, authenticator)
}

/// As the address of who has joined by a link that was handed over.
pub(super) async fn unprove(app: &TestApp) {
    app.sql("UPDATE users SET email_verified_at = NULL WHERE email = 'grace@example.org'")
        .await;
}

pub(super) async fn forgot(app: &TestApp) {
    app.clock.advance(1);
    let email = json!({ "email": GRACE });
    let asked = app.browser().call("password/forgot", email).await;
    assert_eq!(asked.expect(200).json(), "folder");
}

/// The reader of the mailbox got the whole user by it, with the accounts and their roles there.
#[tokio::test]
async fn no_link_that_sets_a_password_is_mailed_there_and_a_letter_says_why() {
    let app = TestApp::start().await;
    let (_, mut grace) = with_grace(&app).await;
    forgot(&app).await;
    assert!(app.links("/reset-password").await.is_empty());
    assert_eq!(app.count("password_resets").await, 0);
    let told = last_mail_to(&app, GRACE).await;
    assert_eq!(subject(&told), "Set a new password");
    let told = unfolded(&told);
    assert!(told.contains("no link is mailed to it"), "{told}");
    for word in ["Grace", "Engines", "/reset-password"] {
        assert!(!told.contains(word), "{word}: {told}");
    }
    // Nothing of hers has changed, and her log does not say that a link was asked for.
    assert_eq!(grace.state().await, "signed_in");
    app.browser().sign_in(GRACE).await.expect(200);
    let asked = app.events().await;
    let asked = asked
        .iter()
        .filter(|event| event.starts_with("password_reset"));
    assert_eq!(asked.count(), 0);
}

/// As many of them as of the links that anybody asks for.
#[tokio::test]
async fn the_letter_that_says_why_counts_as_the_link_would() {
    let app = TestApp::start().await;
    with_grace(&app).await;
    let mut asked = Vec::new();
    for email in [GRACE, "nobody@example.org"] {
        let mut statuses = Vec::new();
        for _ in 0..5 {
            let arguments = json!({ "email": email });
            let reply = app.browser().call("password/forgot", arguments).await;
            statuses.push(reply.status);
        }
        asked.push(statuses);
    }
    assert_eq!(asked[0], asked[1]);
    assert_eq!(asked[0].last(), Some(&429));
    let sent = asked[0].iter().filter(|status| **status == 200).count();
    assert_eq!(app.count_mails("Set a new password").await, sent);
}

/// The way out: the operator says that the address in use is theirs, and then a link is mailed.
#[tokio::test]
async fn the_operator_says_that_the_address_is_the_users_and_a_link_is_mailed() {
    let app = TestApp::start().await;
    let (_, mut grace) = with_grace(&app).await;
    address::set(&app.services, GRACE, GRACE).await.unwrap();
    assert!(app.user(GRACE).await.is_email_verified);
    let events = app.events().await;
    assert!(
        events
            .iter()
            .any(|line| line.starts_with("email_confirmed")),
        "{events:?}"
    );
    assert!(
        !events.iter().any(|line| line.starts_with("email_changed")),
        "{events:?}"
    );
    assert_eq!(grace.state().await, "signed_out");
    let told = last_mail_to(&app, GRACE).await;
    assert_eq!(subject(&told), "Your address counts as confirmed");
    // It is proven by the operator's word: a second time there is nothing to say.
    address::set(&app.services, GRACE, GRACE).await.unwrap_err();
    forgot(&app).await;
    let link = app.links("/reset-password").await.pop().unwrap();
    let reset = json!({ "token": link, "password": READERS });
    app.browser()
        .call("password/reset", reset)
        .await
        .expect(200);
    grace.sign_in_with(GRACE, READERS).await.expect(200);
}

/// And the user proves it in a session.
#[tokio::test]
async fn who_proves_the_address_gets_a_link_again() {
    let app = TestApp::start().await;
    let (_, mut grace) = with_grace(&app).await;
    let step_up = json!({ "password": PASSWORD, "code": null });
    let ask = json!({ "email": GRACE, "step_up": step_up });
    grace.call("profile/change-email", ask).await.expect(200);
    let link = app.links("/confirm-email").await.pop().unwrap();
    let confirm = json!({ "token": link });
    grace
        .call("profile/confirm-email", confirm)
        .await
        .expect(200);
    forgot(&app).await;
    assert_eq!(app.links("/reset-password").await.len(), 1);
}

/// Strangers who have filled the mailbox's day kept the user from a second link until midnight.
#[tokio::test]
async fn links_to_the_own_address_have_a_budget_of_their_own() {
    let app = TestApp::start_with(|settings| {
        settings.limits.mails_per_mailbox_a_day = 1;
        settings.limits.email_changes_per_user = 100;
    })
    .await;
    let (_, mut grace) = with_grace(&app).await;
    let ask = async |grace: &mut Browser| {
        let step_up = json!({ "password": PASSWORD, "code": null });
        let ask = json!({ "email": GRACE, "step_up": step_up });
        grace.call("profile/change-email", ask).await
    };
    for _ in 0..LINKS_TO_OWN_ADDRESS {
        app.clock.advance(60);
        ask(&mut grace).await.expect(200);
    }
    let refused = ask(&mut grace).await;
    assert_eq!(refused.status, 429);
    // The newest link is good all the same.
    let links = app.links("/confirm-email").await;
    assert_eq!(links.len(), LINKS_TO_OWN_ADDRESS as usize);
    app.clock.advance(6 * 60 * 60);
    grace.sign_in(GRACE).await.expect(200);
    ask(&mut grace).await.expect(200);
    let link = app.links("/confirm-email").await.pop().unwrap();
    let confirm = json!({ "token": link });
    grace
        .call("profile/confirm-email", confirm)
        .await
        .expect(200);
}

/// After the operator's reset no link brings anybody in: the operator lets the user in, or gives them an address.
#[tokio::test]
async fn after_a_reset_the_operator_lets_them_in() {
    let app = TestApp::start().await;
    with_graces_factor(&app).await;
    let next = reset_two_factor(&app.services, GRACE, true).await.unwrap();
    assert_eq!(next, AfterReset::SomebodyLetsThemIn);
    let told = unfolded(&last_mail_to(&app, GRACE).await);
    assert!(
        told.contains("whoever operates this server has to let you in"),
        "{told}"
    );
    let refused = app.browser().sign_in(GRACE).await;
    refused.refused(409, "email_not_verified");
    assert!(app.links("/sign-in").await.is_empty());
    allow_by_operator(&app.services, GRACE).await.unwrap();
    let mut grace = app.browser();
    grace.sign_in(GRACE).await.expect(200);
    grace.enable_two_factor_as_it_is(&app).await;
    let next = reset_two_factor(&app.services, GRACE, false).await.unwrap();
    assert_eq!(next, AfterReset::PasswordAlone);
    app.browser().sign_in(GRACE).await.expect(200);
    address::set(&app.services, GRACE, GRACE).await.unwrap();
    let mut grace = app.browser();
    grace.sign_in(GRACE).await.expect(200);
    grace.enable_two_factor(&app).await;
    let next = reset_two_factor(&app.services, GRACE, true).await.unwrap();
    assert_eq!(next, AfterReset::MailedLink);
}

/// The list says why the team cannot offer a reset, and the door refuses by it: at an address that is lost, too.
#[tokio::test]
async fn no_reset_is_offered_there() {
    let (app, _mailbox) = TestApp::start_with_mail(|settings| settings.sign_up = true).await;
    let (mut team, _, _) = with_graces_factor(&app).await;
    for is_lost in [false, true] {
        if is_lost {
            win(&app).await;
        }
        let users = team.owner.users(json!({})).await;
        let users = users["users"].as_array().unwrap().clone();
        let grace = users
            .into_iter()
            .find(|user| user["name"] == "Grace")
            .unwrap();
        assert_eq!(grace["reset_two_factor"], "address_not_proven", "{grace}");
        let sent = app.mails().await.len();
        let offer = json!({
            "account": "any", "user": grace["id"],
            "step_up": { "password": PASSWORD, "code": null },
        });
        let refused = team.owner.call("team/offer-reset", offer).await;
        refused.refused(409, "address_not_proven");
        assert_eq!(app.mails().await.len(), sent);
    }
    assert_eq!(app.count("reset_offers").await, 0);
}

/// Whoever reads the mailbox signs up with it.
async fn win(app: &TestApp) {
    app.clock.advance(1);
    let form = json!({ "user": {
        "name": "Mallory", "email": GRACE, "account_name": "Compilers", "password": READERS,
    }});
    let asked = app.browser().call("sign-up/request", form).await;
    asked.expect(200);
    let link = app.links("/verify-email").await.pop().unwrap();
    let finish = json!({ "token": link, "password": READERS });
    let finished: Value = app
        .browser()
        .call("sign-up/finish", finish)
        .await
        .expect(200)
        .json();
    assert_ne!(finished, Value::String(String::new()));
}

/// Strangers who fill the day of the mailbox keep nothing from it that is about the user, whom a thief shuts out.
#[tokio::test]
async fn strangers_keep_no_letter_about_the_user_from_the_mailbox() {
    let app = TestApp::start().await;
    with_grace(&app).await;
    fill_the_day(&app).await;
    let mut thief = app.browser();
    thief.sign_in(GRACE).await.expect(200);
    let step_up = json!({ "password": PASSWORD, "code": null });
    let change = json!({ "password": READERS, "step_up": step_up });
    thief.call("password/change", change).await.expect(200);
    assert_eq!(app.count_mails("Your password was changed").await, 1);
}

/// People of other accounts ask to change their addresses to Grace's until the mailbox gets no more of it.
async fn fill_the_day(app: &TestApp) {
    let step_up = json!({ "password": PASSWORD, "code": null });
    let ask = json!({ "email": GRACE, "step_up": step_up });
    // Who has proven their own mailbox is asked for no code.
    let now = app.services.now().seconds();
    let prove = format!("UPDATE known_browsers SET mailbox_proven_at = {now}");
    for n in 0..6 {
        let email = format!("stranger-{n}@example.org");
        app.create_user(&email).await;
        let mut stranger = app.browser();
        stranger.sign_in(&email).await.expect(200);
        app.sql(&prove).await;
        for _ in 0..5 {
            stranger.call("profile/change-email", ask.clone()).await;
        }
    }
    app.mails_gone().await;
    // And the invitation by which she joined.
    assert_eq!(app.count_mails("Confirm your new address").await, 19);
}
