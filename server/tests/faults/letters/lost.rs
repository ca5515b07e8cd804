//! No letter of any kind goes to an address that its user has lost: it is somebody else's mailbox.

use serde_json::json;
use service::change::Change;
use service::letters::Addressed;
use service::letters::table::{LetterKind, Recipient};
use service::users::listed::list;

use super::samples::Words;
use crate::support::{Team, TestApp};

const GRACE: &str = "grace@example.org";
const NEWCOMERS: &str = "violet-sofa-7-drum";

/// Somebody signs up with an address that its user had never proven.
async fn win_address(app: &TestApp) {
    let form = json!({ "user": {
        "name": "Mallory", "email": GRACE, "account_name": "Compilers", "password": NEWCOMERS,
    }});
    app.browser()
        .call("sign-up/request", form)
        .await
        .expect(200);
    let link = app.links("/verify-email").await.pop().unwrap();
    let finish = json!({ "token": link, "password": NEWCOMERS });
    app.browser()
        .call("sign-up/finish", finish)
        .await
        .expect(200);
}

/// One letter of each kind that is mailed.
async fn write_each(app: &TestApp, to: Addressed<'_>) -> usize {
    let words = Words::hostile();
    let mailed = LetterKind::ALL
        .iter()
        .filter(|kind| kind.rule().to != Recipient::Phone);
    let mut count = 0;
    for kind in mailed {
        let change = Change::by_server(&app.services).await.unwrap();
        let letter = words.letter(*kind);
        change.queue(to, &letter).await.unwrap();
        change.commit().await.unwrap();
        count += 1;
    }
    count
}

#[tokio::test]
async fn no_letter_of_any_kind_goes_to_an_address_that_its_user_has_lost() {
    let app = TestApp::start_with(|settings| settings.sign_up = true).await;
    let mut team = Team::found(&app).await;
    team.add(&app, GRACE, &["developer"]).await;
    app.sql("UPDATE users SET email_verified_at = NULL WHERE email = 'grace@example.org'")
        .await;
    // As whoever had read the user before still has them.
    let before = app.user(GRACE).await;
    win_address(&app).await;
    let users = list(&app.services, false, None, 10).await.unwrap();
    let mut lost = users.rows.into_iter().map(|listed| listed.user);
    let lost = lost.find(|user| user.id == before.id).unwrap();
    app.mails_gone().await;
    let sent = app.mails().await.len();
    assert!(write_each(&app, (&lost).into()).await > 50);
    assert_eq!(app.count("mails").await, 0, "none is queued");
    write_each(&app, (&before).into()).await;
    app.mails_gone().await;
    assert_eq!(
        app.mails().await.len(),
        sent,
        "what was queued is thrown away"
    );
    // The same letters to the user who has the address now arrive. What the others took of the mailbox's day is given back.
    app.sql("DELETE FROM tries").await;
    let holder = app.user(GRACE).await;
    assert_ne!(holder.id, before.id);
    let written = write_each(&app, (&holder).into()).await;
    app.mails_gone().await;
    assert_eq!(app.mails().await.len(), sent + written);
}
