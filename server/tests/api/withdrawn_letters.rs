//! Letters that wait, and what they lead to is withdrawn meanwhile: they are not sent.

use serde_json::json;
use settings::SecretSetting;

use crate::support::{Browser, MailServer, OWNER, PASSWORD, Team, TestApp, invitation};

const GRACE: &str = "grace@example.org";

/// The same server with a mail server that is away.
async fn without_mail_server(app: TestApp) -> TestApp {
    let port = MailServer::unused_port();
    app.restart_with(move |settings| {
        settings.sign_up = true;
        settings.mail.smtp_url = Some(SecretSetting(format!("smtp://localhost:{port}")));
    })
    .await
}

/// Its mails are written to the folder, once they are tried again: the subjects of what came.
async fn what_arrives(app: TestApp, before: usize) -> Vec<String> {
    let app = app.restart_with(|settings| settings.sign_up = true).await;
    // Past the pause after the first try, and not past the life of any of them: what has run out is not sent either.
    app.clock.advance(60);
    app.services.mail_queued.notify_one();
    app.mails_gone().await;
    let mails = app.mails().await;
    let new = mails.iter().skip(before);
    new.map(|mail| mail.replace("\r\n ", " "))
        .filter_map(|mail| {
            let subject = mail.lines().find(|line| line.starts_with("Subject: "))?;
            let to = mail.lines().find(|line| line.starts_with("To: "))?;
            Some(format!("{to} {subject}"))
        })
        .collect()
}

fn step_up() -> serde_json::Value {
    json!({ "password": PASSWORD, "code": null })
}

/// Each line of the table with a row, as far as its row can go while the letter waits: withdrawn, spent or replaced.
#[tokio::test]
async fn a_letter_that_waits_is_not_sent_once_what_it_leads_to_is_gone() {
    let app = TestApp::start_with(|settings| settings.sign_up = true).await;
    let mut team = Team::found(&app).await;
    let grace = team.add(&app, GRACE, &["developer"]).await;
    app.prove_mailbox(GRACE).await;
    app.mails_gone().await;
    let before = app.mails().await.len();
    // Mails are in the order of their moments.
    app.clock.advance(1);
    let grace_id = team.owner.id_of(GRACE).await;
    let app = without_mail_server(app).await;
    let again = |browser: &Browser| app.browser().with(&browser.cookies);
    let (mut owner, mut grace) = (again(&team.owner), again(&grace));

    // An invitation that is revoked, and one that stands.
    for email in ["gone@example.org", "stands@example.org"] {
        let call = invitation("any", email, &["developer"]);
        owner.call("team/invite", call).await.expect(200);
    }
    app.sql("DELETE FROM invitations WHERE email = 'gone@example.org'")
        .await;
    // An offer of the account that is taken back.
    let offer = json!({ "account": "any", "user": grace_id, "step_up": step_up() });
    owner.call("team/offer-transfer", offer).await.expect(200);
    owner
        .call("team/take-back-transfer", json!({ "account": "any" }))
        .await
        .expect(200);
    // A code that another one has replaced.
    for _ in 0..2 {
        grace.mail_code("first_factor").await.expect(200);
    }
    // A change of address that another one has replaced.
    for email in ["first@example.org", "second@example.org"] {
        let change = json!({ "email": email, "step_up": step_up() });
        owner.call("profile/change-email", change).await.expect(200);
    }
    // A link that sets a password, whose user has set one.
    let forgot = json!({ "email": OWNER });
    app.browser()
        .call("password/forgot", forgot)
        .await
        .expect(200);
    app.sql("DELETE FROM password_reset_links").await;
    // A sign-up that is over.
    let form = json!({ "user": {
        "name": "Eve", "email": "eve@example.org", "account_name": "Eve", "password": "violet-sofa-7-drum",
    }});
    app.browser()
        .call("sign-up/request", form)
        .await
        .expect(200);
    app.sql("DELETE FROM pending_sign_ups").await;

    let arrived = what_arrives(app, before).await;
    let came = |words: &str| arrived.iter().filter(|line| line.contains(words)).count();
    for (words, count) in [
        ("gone@example.org", 0),
        ("stands@example.org", 1),
        ("first@example.org", 0),
        ("second@example.org", 1),
        ("eve@example.org", 0),
        ("new password", 0),
        ("code", 1),
        ("are offered", 0),
        // Who never heard of the offer does not hear of its end.
        ("taken back", 0),
    ] {
        assert_eq!(came(words), count, "{words}: {arrived:#?}");
    }
}

/// The code is good in the session alone that has asked for it.
#[tokio::test]
async fn a_mailed_code_that_waits_is_not_sent_once_its_session_is_over() {
    for (end, count) in [
        (None, 1),
        (Some("session/sign-out"), 0),
        (Some("sessions/end-others"), 0),
    ] {
        let app = TestApp::start().await;
        let grace = app.member(GRACE).await;
        app.prove_mailbox(GRACE).await;
        let mut other = app.browser();
        other.sign_in(GRACE).await.expect(200);
        app.mails_gone().await;
        let before = app.mails().await.len();
        let app = without_mail_server(app).await;
        let again = |browser: &Browser| app.browser().with(&browser.cookies);
        let (mut grace, mut other) = (again(&grace), again(&other));
        grace.mail_code("first_factor").await.expect(200);
        match end {
            Some("session/sign-out") => {
                grace.call("session/sign-out", json!({})).await.expect(200);
            }
            Some(door) => {
                other.call(door, json!({})).await.expect(200);
            }
            None => {}
        }
        let arrived = what_arrives(app, before).await;
        assert_eq!(arrived.len(), count, "{end:?}: {arrived:#?}");
    }
}
