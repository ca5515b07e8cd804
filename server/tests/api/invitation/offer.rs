//! Invitations from the side of the account: who may invite whom, how often, and what is mailed.

use serde_json::json;

use super::{DAY, GRACE, one, pending};
use crate::support::{OWNER, Team, TestApp, invitation, last_mail_to, subject, unfolded};

#[tokio::test]
async fn invitations_offer_no_more_than_the_inviter_has() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let mut admin = team.add(&app, "ada@example.org", &["admin"]).await;
    let mut developer = team
        .add(&app, "dora@example.org", &["developer", "billing"])
        .await;
    for browser in [&mut team.owner, &mut admin] {
        for roles in [&["owner"] as &[&str], &["admin", "owner"]] {
            browser
                .call("team/invite", invitation("any", GRACE, roles))
                .await
                .refused(403, "forbidden");
        }
        browser
            .call("team/invite", invitation("any", GRACE, &["admin"]))
            .await
            .expect(200);
    }
    developer
        .call("team/invite", invitation("any", "", &[]))
        .await
        .refused(403, "forbidden");
    developer
        .call("team/invitations", json!({ "account": "any" }))
        .await
        .refused(403, "forbidden");
    let id = pending(&mut admin).await[0]["id"].clone();
    for endpoint in ["team/revoke-invitation", "team/resend-invitation"] {
        developer
            .call(endpoint, one(&id))
            .await
            .refused(403, "forbidden");
    }
}

#[tokio::test]
async fn what_cannot_be_invited_is_said_field_by_field() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let wrong = json!({ "name": " ", "email": "grace@", "roles": [] });
    let reply = team
        .owner
        .call(
            "team/invite",
            json!({ "account": "any", "invitation": wrong }),
        )
        .await
        .refused(422, "invalid_fields");
    assert_eq!(
        reply.json()["fields"],
        json!([
            { "field": "name", "problem": { "problem": "missing" } },
            { "field": "email", "problem": { "problem": "not_an_email" } },
            { "field": "roles", "problem": { "problem": "missing" } },
        ])
    );
    team.owner
        .call("team/invite", invitation("any", OWNER, &["admin"]))
        .await
        .refused(409, "already_in_account");
    team.owner
        .call("team/invite", invitation("any", GRACE, &["king"]))
        .await
        .refused(400, "malformed");
    // Whether an address has a user elsewhere is not told.
    app.create_user("eve@example.org").await;
    let known = team.owner.call(
        "team/invite",
        invitation("any", "eve@example.org", &["admin"]),
    );
    let known = known.await;
    let unknown = team
        .owner
        .call("team/invite", invitation("any", GRACE, &["admin"]))
        .await;
    assert_eq!((known.status, known.text), (unknown.status, unknown.text));
}

/// F108, F109: names are text.
#[tokio::test]
async fn names_that_are_markup_or_turn_text_around_are_text_in_the_mail_or_refused() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let long = "x".repeat(300);
    for (name, problem) in [
        (long.as_str(), "too_long"),
        ("a\u{202e}b", "not_text"),
        ("a\r\nBcc: eve@example.org", "not_text"),
        ("a\0b", "not_text"),
    ] {
        let new = json!({ "name": name, "email": GRACE, "roles": ["billing"] });
        let reply = team
            .owner
            .call(
                "team/invite",
                json!({ "account": "any", "invitation": new }),
            )
            .await
            .refused(422, "invalid_fields");
        assert_eq!(reply.json()["fields"][0]["problem"]["problem"], problem);
    }
    app.sql("UPDATE accounts SET name = 'Engines \"><img src=x onerror=alert(1)> 🦀 שלום'")
        .await;
    let name = "<b onclick=alert(1)>Grace</b> 👩‍🚀 سلام";
    let new = json!({ "name": name, "email": GRACE, "roles": ["billing"] });
    team.owner
        .call(
            "team/invite",
            json!({ "account": "any", "invitation": new }),
        )
        .await
        .expect(200);
    let mail = last_mail_to(&app, GRACE).await;
    assert!(subject(&mail).is_ascii(), "{mail}");
    let mail = unfolded(&mail);
    let (_, html) = mail.split_once("text/html").unwrap();
    assert!(
        !html.contains("<b onclick") && !html.contains("<img"),
        "{html}"
    );
    assert_eq!(pending(&mut team.owner).await[0]["name"], name);
}

#[tokio::test]
async fn an_account_sends_two_hundred_invitations_a_day_however_they_are_revoked() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    for n in 0..199 {
        let new = invitation("any", &format!("user{n}@example.org"), &["billing"]);
        team.owner.call("team/invite", new).await.expect(200);
    }
    let id = pending(&mut team.owner).await[0]["id"].clone();
    app.clock.advance(60);
    team.owner
        .call("team/resend-invitation", one(&id))
        .await
        .expect(200);
    team.owner
        .call("team/revoke-invitation", one(&id))
        .await
        .expect(200);
    let refused = team
        .owner
        .call("team/invite", invitation("any", GRACE, &["billing"]))
        .await
        .refused(429, "too_many_invitations");
    assert_eq!(
        refused.headers["retry-after"],
        (DAY - 60).to_string().as_str()
    );
    let mut other = app.member("eve@example.org").await;
    other
        .call("team/invite", invitation("any", GRACE, &["billing"]))
        .await
        .expect(200);
    app.clock.advance(DAY - 60);
    let mut owner = app.browser();
    owner.sign_in(OWNER).await.expect(200);
    owner
        .call("team/invite", invitation("any", GRACE, &["billing"]))
        .await
        .expect(200);
}

#[tokio::test]
async fn invitations_that_ran_out_are_shown_for_thirty_days() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    team.invite(&app, GRACE, &["billing"]).await;
    for (days, left) in [(36, 1), (2, 0)] {
        app.clock.advance(days * DAY);
        service::upkeep::remove_expired(&app.services)
            .await
            .unwrap();
        let mut owner = app.browser();
        owner.sign_in(OWNER).await.expect(200);
        assert_eq!(pending(&mut owner).await.len(), left);
    }
}
