//! No letter to or about who has lost an address goes to it.

use serde_json::json;
use service::change::Change;
use service::letters::Letter;
use service::users::address;
use storage::mails::count_mails;
use storage::users::User;

use super::{GRACE, NEW, NEWCOMERS, grace_now, newcomer, open_app, with_grace};
use crate::support::{PASSWORD, TestApp};

/// Queues a letter: how many there are then.
async fn write(app: &TestApp, to: &User, letter: &Letter<'_>) -> u64 {
    let change = Change::by_server(&app.services).await.unwrap();
    change.queue(to, letter).await.unwrap();
    let queued = count_mails(change.db()).await.unwrap();
    change.commit().await.unwrap();
    queued
}

/// One who has lost it gets none at all, and one that was queued before, or in that moment by who had read them before, is
/// dropped by the worker.
#[tokio::test]
async fn what_is_queued_to_the_old_address_is_dropped() {
    let app = open_app().await;
    with_grace(&app).await;
    let before = app.user(GRACE).await;
    newcomer(&app).await;
    app.mails_gone().await;
    let sent = app.mails().await.len();
    assert_eq!(write(&app, &before, &Letter::UserUnlocked).await, 1);
    assert_eq!(app.mails().await.len(), sent);
    assert_eq!(app.count("mails").await, 0);
    let now = grace_now(&app).await;
    assert_eq!(write(&app, &now, &Letter::UserUnlocked).await, 0);
    // Whoever has the address now gets theirs.
    let newcomer = app.user(GRACE).await;
    assert_eq!(write(&app, &newcomer, &Letter::UserUnlocked).await, 1);
    assert_eq!(app.mails().await.len(), sent + 1);
}

#[tokio::test]
async fn a_new_password_by_mail_is_the_newcomers() {
    let app = open_app().await;
    let (_, mut grace) = with_grace(&app).await;
    // One that was asked for before is over, by whatever server: it lies in a mailbox that is somebody else's.
    let forgot = json!({ "email": GRACE });
    app.sql("UPDATE users SET email_verified_at = 1 WHERE email = 'grace@example.org'")
        .await;
    app.browser()
        .call("password/forgot", forgot.clone())
        .await
        .expect(200);
    let old = app.links("/reset-password").await.pop().unwrap();
    app.sql("UPDATE users SET email_verified_at = NULL WHERE email = 'grace@example.org'")
        .await;
    newcomer(&app).await;
    let reset = |token: &str| json!({ "token": token, "password": "cobalt-fence-3-river" });
    let refused = app.browser().call("password/reset", reset(&old)).await;
    refused.refused(409, "link_over");
    app.clock.advance(1);
    app.browser()
        .call("password/forgot", forgot)
        .await
        .expect(200);
    let link = app.links("/reset-password").await.pop().unwrap();
    app.browser()
        .call("password/reset", reset(&link))
        .await
        .expect(200);
    app.browser()
        .sign_in_with(GRACE, NEWCOMERS)
        .await
        .refused(401, "wrong_credentials");
    app.browser()
        .sign_in_with(GRACE, "cobalt-fence-3-river")
        .await
        .expect(200);
    app.browser()
        .sign_in_with(GRACE, PASSWORD)
        .await
        .expect(200);
    assert_eq!(grace.state().await, "signed_in");
}

/// What she does herself is mailed to nobody, and nothing else of it fails.
#[tokio::test]
async fn acts_of_hers_are_done_and_mailed_to_nobody() {
    let app = open_app().await;
    let (mut team, mut grace) = with_grace(&app).await;
    newcomer(&app).await;
    let sent = app.mails().await.len();
    let step_up = json!({ "password": PASSWORD, "code": null });
    let change = json!({ "password": "cobalt-fence-3-river", "step_up": step_up });
    grace.call("password/change", change).await.expect(200);
    let mut browser = app.browser();
    browser
        .sign_in_with(GRACE, "cobalt-fence-3-river")
        .await
        .expect(200);
    let users = team.owner.users(json!({})).await;
    let users = users["users"].as_array().unwrap();
    let id = users.iter().find(|it| it["name"] == "Grace").unwrap()["id"].clone();
    let roles = json!({ "account": "any", "user": id, "roles": ["billing"], "step_up": null });
    team.owner
        .call("team/change-roles", roles)
        .await
        .expect(200);
    // A mailed reset is no way for her, and says so.
    let reset = json!({ "account": "any", "user": id, "step_up": step_up });
    let refused = team.owner.call("team/offer-reset", reset).await;
    refused.refused(409, "two_factor_off");
    let remove = json!({ "account": "any", "user": id });
    team.owner.call("team/remove", remove).await.expect(200);
    assert_eq!(app.mails().await.len(), sent);
}

/// One person who has two users by a slip may free the address and take it back: mail reaches it again at once.
#[tokio::test]
async fn who_gets_the_old_address_back_is_mailed_there_again() {
    let app = open_app().await;
    let (_, mut grace) = with_grace(&app).await;
    newcomer(&app).await;
    address::set(&app.services, GRACE, NEW).await.unwrap();
    let step_up = json!({ "password": PASSWORD, "code": null });
    let change = json!({ "email": GRACE, "step_up": step_up });
    grace.call("profile/change-email", change).await.expect(200);
    let link = app.links("/confirm-email").await.pop().unwrap();
    let confirm = json!({ "token": link });
    grace
        .call("profile/confirm-email", confirm)
        .await
        .expect(200);
    assert_eq!(grace_now(&app).await.email.in_use(), Some(GRACE));
    let sent = app.mails().await.len();
    write(&app, &grace_now(&app).await, &Letter::UserUnlocked).await;
    assert_eq!(app.mails().await.len(), sent + 1);
    let forgot = json!({ "email": GRACE });
    app.browser()
        .call("password/forgot", forgot)
        .await
        .expect(200);
    assert_eq!(app.links("/reset-password").await.len(), 1);
}
