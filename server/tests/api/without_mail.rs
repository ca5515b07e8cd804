//! A team in an empty folder without a mail server: everybody gets in, with two-factor authentication on, and nobody has a
//! shell or reads the folder of mails.

use serde_json::{Value, json};
use settings::Settings;

use crate::support::{Browser, PASSWORD, TestApp, invitation};

const BOB: &str = "bob@example.org";
const CAROL: &str = "carol@example.org";

fn step_up() -> Value {
    json!({ "password": PASSWORD, "code": null })
}

/// The owner hands a new person the link of an invitation; they choose a password by it.
async fn join(app: &TestApp, owner: &mut Browser, email: &str, roles: &[&str]) -> Browser {
    let invited = owner.call("team/invite", invitation("any", email, roles));
    // Not a word of a mail on its way.
    assert_eq!(invited.await.expect(200).json()["delivery"], "folder");
    let list = owner.call("team/invitations", json!({ "account": "any" }));
    let list = list.await.expect(200).json();
    assert_eq!(list["no_mail_server"], true);
    let id = &list["invitations"][0]["id"];
    let copy = json!({ "account": "any", "invitation": id, "step_up": step_up() });
    let shown = owner.call("team/copy-invitation-link", copy).await;
    let shown = shown.expect(200).json();
    let (_, token) = shown["link"].as_str().unwrap().split_once('#').unwrap();
    let mut browser = app.browser();
    let user = json!({ "name": "Grace", "password": PASSWORD });
    let joined = browser.call("invitation/join", json!({ "token": token, "user": user }));
    joined.await.expect(200);
    browser
}

#[tokio::test]
async fn an_owner_and_two_whom_they_invite_are_in_with_two_factor_and_without_a_shell() {
    let app = TestApp::start().await;
    let mut owner = app.browser();
    let first = json!({ "token": app.setup_token.clone().unwrap(), "user": {
        "name": "Ada", "email": "ada@example.org", "account_name": "Engines", "password": PASSWORD,
    }});
    owner.call("setup/create", first).await.expect(200);
    // The link of the set-up has proven what there is to prove.
    owner.enable_two_factor_as_it_is(&app).await;
    let account = owner.own_account().await;
    owner.require(&account, None).await.expect(200);
    let settings = owner.of_account("settings", &account).await.expect(200);
    assert_eq!(settings.json()["unreachable"]["no_mail_server"], true);
    for (email, roles) in [(BOB, "developer"), (CAROL, "admin")] {
        let mut browser = join(&app, &mut owner, email, &[roles]).await;
        browser.sign_in(email).await.expect(200);
        let shut = browser.overview_of(&account).await;
        shut.refused(403, "two_factor_required");
        // Enable says who can help, and the owner sees who is not set up.
        let entry = browser.overview().await["entry"].clone();
        assert_eq!(entry, json!({ "entry": "help_due", "helper": "owner" }));
        let user = owner.user(email).await;
        assert_eq!(user["not_set_up"], "address_not_proven");
        assert_eq!(user["allow_first_factor"], Value::Null);
        let allow = json!({ "account": "any", "user": user["id"], "step_up": step_up() });
        let allowed = owner.call("team/allow-first-factor", allow).await;
        allowed.expect(200);
        browser
            .call("session/sign-out", json!({}))
            .await
            .expect(200);
        browser.sign_in(email).await.expect(200);
        browser.enable_two_factor_as_it_is(&app).await;
        browser.overview_of(&account).await.expect(200);
        let user = owner.user(email).await;
        assert_ne!(user["two_factor_since"], Value::Null);
        assert_eq!(user["not_set_up"], Value::Null);
    }
    assert_eq!(app.count("second_factors").await, 3);
}

/// Nothing is said to be on its way that stays in a folder; and nobody is told of one mailbox whether it refuses.
#[tokio::test]
async fn every_door_that_mails_a_link_says_whether_mails_leave_the_server() {
    let open = |settings: &mut Settings| settings.sign_up = true;
    let without = TestApp::start_with(open).await;
    let (with, mailbox) = TestApp::start_with_mail(open).await;
    for (app, delivery) in [(&without, "folder"), (&with, "sent")] {
        let mut bob = app.member(BOB).await;
        mailbox.refuse(BOB, true);
        for email in [BOB, CAROL, BOB] {
            let told = asked(app, "password/forgot", json!({ "email": email })).await;
            assert_eq!(told, delivery, "password/forgot {email}");
            let user = json!({
                "name": "Grace", "email": email, "account_name": "Navy", "password": PASSWORD,
            });
            let told = asked(app, "sign-up/request", json!({ "user": user })).await;
            assert_eq!(told, delivery, "sign-up/request {email}");
            app.mails().await;
        }
        let change = json!({ "email": "new@example.org", "step_up": step_up() });
        let told = bob.call("profile/change-email", change).await.expect(200);
        assert_eq!(told.json(), delivery);
    }
}

async fn asked(app: &TestApp, door: &str, arguments: Value) -> Value {
    let reply = app.browser().call(door, arguments).await;
    reply.expect(200).json()
}
