//! Every door that takes a new address behaves the same where its user has never proven it: the mailbox, or the word of the
//! operator, wins it. tests/architecture.rs holds the list of them complete.

use app::types::secret_text::SecretText;
use app::types::setup::NewUser;
use domain::days::Zone;
use serde_json::json;
use service::users::{address, create};

use super::{GRACE, NEWCOMERS, grace_now, open_app, sign_up_link, state, with_grace};
use crate::support::{
    Browser, OWNER, PASSWORD, Team, TestApp, invitation, invitation_token, last_mail_to, subject,
    unfolded,
};

const XAVIER: &str = "xavier@example.org";
const BOSS: &str = "boss@example.org";

/// A door by which somebody gets a new address.
#[derive(Clone, Copy, Debug)]
enum Door {
    SignUp,
    Invitation,
    ConfirmEmail,
    OperatorCreates,
    OperatorSets,
}

const DOORS: [Door; 5] = [
    Door::SignUp,
    Door::Invitation,
    Door::ConfirmEmail,
    Door::OperatorCreates,
    Door::OperatorSets,
];

/// Asks for a change to Grace's address; the link, where one is mailed to it.
async fn change_link(app: &TestApp, xavier: &mut Browser) -> Option<String> {
    app.clock.advance(1);
    let before = app.links("/confirm-email").await.len();
    let change = json!({ "email": GRACE, "step_up": { "password": PASSWORD, "code": null } });
    xavier
        .call("profile/change-email", change)
        .await
        .expect(200);
    let mut links = app.links("/confirm-email").await;
    (links.len() > before).then(|| links.pop().unwrap())
}

/// Takes the address through a door: whether it was got.
async fn take(app: &TestApp, door: Door) -> bool {
    match door {
        Door::SignUp => {
            let before = app.links("/verify-email").await.len();
            let form = json!({ "user": {
                "name": "Mallory", "email": GRACE, "account_name": "Compilers", "password": NEWCOMERS,
            }});
            app.browser()
                .call("sign-up/request", form)
                .await
                .expect(200);
            if app.links("/verify-email").await.len() == before {
                return false;
            }
            let link = sign_up_link(app).await;
            let finish = json!({ "token": link, "password": NEWCOMERS });
            app.browser().call("sign-up/finish", finish).await.status == 200
        }
        Door::Invitation => {
            let mut boss = app.member(BOSS).await;
            let account = boss.own_account().await;
            app.next_mails_are_last().await;
            let invite = invitation(&account, GRACE, &["billing"]);
            boss.call("team/invite", invite).await.expect(200);
            let token = invitation_token(&last_mail_to(app, GRACE).await);
            let user = json!({ "name": "Mallory", "password": NEWCOMERS });
            let join = json!({ "token": token, "user": user });
            app.browser().call("invitation/join", join).await.status == 200
        }
        Door::ConfirmEmail => {
            let mut xavier = app.member(XAVIER).await;
            let Some(link) = change_link(app, &mut xavier).await else {
                return false;
            };
            let confirm = json!({ "token": link });
            xavier.call("profile/confirm-email", confirm).await.status == 200
        }
        Door::OperatorCreates => {
            let user = NewUser {
                name: "Mallory".to_owned(),
                email: GRACE.to_owned(),
                account_name: "Compilers".to_owned(),
                password: SecretText::new(NEWCOMERS),
            };
            let grace = grace_now(app).await.id;
            match create(&app.services, &user, Zone::UTC).await {
                Ok(lost_by) => lost_by == Some(grace),
                Err(_) => false,
            }
        }
        Door::OperatorSets => {
            app.member(XAVIER).await;
            let grace = grace_now(app).await.id;
            match address::set(&app.services, XAVIER, GRACE).await {
                Ok(done) => done.lost_by == Some(grace),
                Err(_) => false,
            }
        }
    }
}

#[tokio::test]
async fn an_address_that_its_user_has_never_proven_is_won_at_every_door() {
    for door in DOORS {
        let app = open_app().await;
        let (_, mut grace) = with_grace(&app).await;
        let before = grace_now(&app).await.id;
        // A link that proves it as hers is over then.
        let own = json!({ "email": GRACE, "step_up": { "password": PASSWORD, "code": null } });
        grace.call("profile/change-email", own).await.expect(200);
        assert!(take(&app, door).await, "{door:?}");
        let holder = app.user(GRACE).await;
        assert_ne!(holder.id, before, "{door:?}");
        assert!(
            holder.is_email_verified && !holder.is_email_corrected,
            "{door:?}"
        );
        // She goes on with the rest, and everybody hears of it.
        let said = state(&mut grace).await;
        assert_eq!(said["lost_address"]["email"], GRACE, "{door:?}");
        app.browser().sign_in(GRACE).await.expect(200);
        let told = last_mail_to(&app, OWNER).await;
        assert!(
            subject(&told).contains("has lost their address"),
            "{door:?}: {told}"
        );
        let told = unfolded(&told);
        for untrue in ["registered", "signed up", "does not belong"] {
            assert!(!told.contains(untrue), "{door:?}: {told}");
        }
        assert_eq!(
            app.count_mails("Your address is yours here").await,
            1,
            "{door:?}"
        );
        assert_eq!(app.count("email_changes").await, 0, "{door:?}");
        let kinds = app.events().await;
        let lost = format!("address_won {GRACE}");
        assert_eq!(
            kinds.iter().filter(|line| **line == lost).count(),
            2,
            "{door:?}"
        );
    }
}

#[tokio::test]
async fn a_proven_address_is_got_at_no_door() {
    for door in DOORS {
        let app = open_app().await;
        let mut team = Team::found(&app).await;
        team.add(&app, GRACE, &["developer"]).await;
        let before = app.user(GRACE).await.id;
        assert!(!take(&app, door).await, "{door:?}");
        assert_eq!(app.user(GRACE).await.id, before, "{door:?}");
        assert_eq!(app.count("lost_addresses").await, 0, "{door:?}");
    }
}

/// Another address that was asked for is the way out of who has lost theirs.
#[tokio::test]
async fn a_change_to_another_address_goes_on() {
    let app = open_app().await;
    let (_, mut grace) = with_grace(&app).await;
    let change = json!({ "email": super::NEW, "step_up": { "password": PASSWORD, "code": null } });
    grace.call("profile/change-email", change).await.expect(200);
    let link = app.links("/confirm-email").await.pop().unwrap();
    assert!(take(&app, Door::Invitation).await);
    let confirm = json!({ "token": link });
    grace
        .call("profile/confirm-email", confirm)
        .await
        .expect(200);
    assert_eq!(state(&mut grace).await["email"], super::NEW);
}

/// Who asks for the address reads and causes the same as for one that nobody has.
#[tokio::test]
async fn the_letter_and_the_answer_of_a_change_are_those_of_any_address() {
    let app = open_app().await;
    with_grace(&app).await;
    let mut xavier = app.member(XAVIER).await;
    let mut told = Vec::new();
    for email in [GRACE, "nobody@example.org"] {
        app.next_mails_are_last().await;
        let change = json!({ "email": email, "step_up": { "password": PASSWORD, "code": null } });
        let reply = xavier.call("profile/change-email", change).await;
        let mails = app.mails().await;
        let to = format!("To: {email}");
        let mail = mails.iter().rfind(|mail| mail.contains(&to)).unwrap();
        let words = unfolded(mail);
        let (words, _) = words.split_once("/confirm-email#").unwrap();
        let (_, words) = words.split_once("Hello").unwrap();
        told.push((
            reply.expect(200).text,
            subject(mail).to_owned(),
            words.to_owned(),
        ));
    }
    assert_eq!(told[0], told[1]);
    assert!(!told[0].2.contains("Grace"));
}

/// Two who have proven nothing win each other's address at once: neither waits for ever.
#[tokio::test]
async fn two_who_win_each_others_address_at_once_both_have_one() {
    for _ in 0..4 {
        let app = open_app().await;
        let (_, mut grace) = with_grace(&app).await;
        let mut xavier = app.member(XAVIER).await;
        app.sql("UPDATE users SET email_verified_at = NULL WHERE email = 'xavier@example.org'")
            .await;
        let graces = change_link(&app, &mut xavier).await.unwrap();
        app.clock.advance(1);
        let change = json!({ "email": XAVIER, "step_up": { "password": PASSWORD, "code": null } });
        grace.call("profile/change-email", change).await.expect(200);
        let xaviers = app.links("/confirm-email").await.pop().unwrap();
        let (one, two) = tokio::join!(
            xavier.call("profile/confirm-email", json!({ "token": graces })),
            grace.call("profile/confirm-email", json!({ "token": xaviers })),
        );
        assert_eq!(
            (one.status, two.status),
            (200, 200),
            "{} {}",
            one.text,
            two.text
        );
        assert_eq!(state(&mut xavier).await["email"], GRACE);
        assert_eq!(state(&mut grace).await["email"], XAVIER);
    }
}
