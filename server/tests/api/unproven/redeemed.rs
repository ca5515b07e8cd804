//! A link or code that gives a right over a user is worth nothing once the address that it went to is not proven: a server of
//! an earlier version mailed them to every address.

use domain::user_address::AtUnproven;
use serde_json::json;
use service::letters::table::LetterKind;
use storage::users::set_sign_in_link_due;

use super::{GRACE, READERS, forgot, unprove};
use crate::support::{Browser, PASSWORD, Reply, Team, TestApp};

/// Grace, whose address is proven, and her team.
async fn start() -> (TestApp, Team, Browser) {
    let (app, _mailbox) = TestApp::start_with_mail(|_| {}).await;
    let mut team = Team::found(&app).await;
    let grace = team.add(&app, GRACE, &["developer"]).await;
    (app, team, grace)
}

async fn set_password(app: &TestApp) -> Reply {
    let email = json!({ "email": GRACE });
    app.browser()
        .call("password/forgot", email)
        .await
        .expect(200);
    let link = app.links("/reset-password").await.pop().unwrap();
    unprove(app).await;
    let reset = json!({ "token": link, "password": READERS });
    app.browser().call("password/reset", reset).await
}

async fn finish_sign_in(app: &TestApp) -> Reply {
    let change = app.services.database.begin_write().await.unwrap();
    let grace = app.user(GRACE).await;
    set_sign_in_link_due(&change, grace.id, true).await.unwrap();
    change.commit().await.unwrap();
    let mut browser = app.browser();
    browser.sign_in(GRACE).await.expect(200);
    let link = app.links("/sign-in").await.pop().unwrap();
    unprove(app).await;
    browser.call("sign-in/link", json!({ "token": link })).await
}

async fn confirm_reset(app: &TestApp, team: &mut Team, grace: &mut Browser) -> Reply {
    grace.enable_two_factor(app).await;
    let step_up = json!({ "password": PASSWORD, "code": null });
    let id = team.owner.id_of(GRACE).await;
    let offer = json!({ "account": "any", "user": id, "step_up": step_up });
    team.owner.call("team/offer-reset", offer).await.expect(200);
    let link = app.links("/reset-two-factor").await.pop().unwrap();
    unprove(app).await;
    let mut browser = app.browser();
    let open = browser.call("reset/open", json!({ "token": link })).await;
    open.refused(409, "link_over");
    let confirm = json!({ "token": link, "password": PASSWORD });
    browser.call("reset/confirm", confirm).await
}

async fn give_code(app: &TestApp) -> Reply {
    let mut browser = app.browser();
    browser.sign_in(GRACE).await.expect(200);
    browser.mail_code("first_factor").await.expect(200);
    let code = app.mailed_code(GRACE).await;
    unprove(app).await;
    browser.begin_with(&code).await
}

/// Every letter with such a link or code: one that is added is played here, or this fails.
#[tokio::test]
async fn what_gives_a_right_over_the_user_asks_again_where_it_is_used() {
    for kind in LetterKind::ALL {
        if kind.rule().at_unproven != AtUnproven::NotSent {
            continue;
        }
        let (app, mut team, mut grace) = start().await;
        let (reply, code) = match kind {
            LetterKind::PasswordResetLink => (set_password(&app).await, "link_over"),
            LetterKind::SignInLink => (finish_sign_in(&app).await, "link_over"),
            LetterKind::TwoFactorResetOffered => (
                confirm_reset(&app, &mut team, &mut grace).await,
                "link_over",
            ),
            LetterKind::MailboxCode => (give_code(&app).await, "email_not_verified"),
            _ => panic!("{kind:?} gives a right over a user, and nobody has tried it"),
        };
        reply.refused(409, code);
        let events = app.events().await;
        for done in ["password_reset", "reset_confirmed", "signed_in_with_link"] {
            let is_done = events
                .iter()
                .any(|event| event.split(' ').next() == Some(done));
            assert!(!is_done, "{kind:?}: {done}");
        }
    }
}

/// A link to an address that was given up and taken back is over: it says nothing of who has it now.
#[tokio::test]
async fn a_link_to_an_address_that_changed_back_is_over() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    team.add(&app, GRACE, &["developer"]).await;
    forgot(&app).await;
    let link = app.links("/reset-password").await.pop().unwrap();
    let other = "grace.hopper@example.org";
    for to in [other, GRACE] {
        let from = if to == other { GRACE } else { other };
        service::users::address::set(&app.services, from, to)
            .await
            .unwrap();
    }
    let reset = json!({ "token": link, "password": READERS });
    let refused = app.browser().call("password/reset", reset).await;
    refused.refused(409, "link_over");
}
