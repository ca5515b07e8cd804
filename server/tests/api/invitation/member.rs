//! An invitation to somebody who belongs to the account by now.

use serde_json::{Value, json};
use service::users;

use super::{joining, link, pending};
use crate::support::{PASSWORD, Team, TestApp};

const DORA: &str = "dora@example.org";
const NEW: &str = "new@example.org";

#[tokio::test]
async fn who_changes_their_address_to_an_invited_one_ends_what_led_nowhere() {
    for by_operator in [false, true] {
        let app = TestApp::start().await;
        let mut team = Team::found(&app).await;
        let mut dora = team.add(&app, DORA, &["developer"]).await;
        let token = team.invite(&app, NEW, &["billing"]).await;
        let mut other = app.member("other@example.org").await;
        app.clock.advance(1);
        let elsewhere = json!({ "name": "New", "email": NEW, "roles": ["billing"] });
        let call = json!({ "account": "any", "invitation": elsewhere, "step_up": Value::Null });
        other.call("team/invite", call).await.expect(200);
        if by_operator {
            users::address::set(&app.services, DORA, NEW).await.unwrap();
        } else {
            app.clock.advance(1);
            let step_up = json!({ "password": PASSWORD, "code": null });
            let change = json!({ "email": NEW, "step_up": step_up });
            dora.call("profile/change-email", change).await.expect(200);
            let link = app.links("/confirm-email").await.pop().unwrap();
            let confirm = json!({ "token": link });
            let confirmed = dora.call("profile/confirm-email", confirm).await;
            confirmed.expect(200);
        }
        assert_eq!(pending(&mut team.owner).await.len(), 0);
        let mut anyone = app.browser();
        for (endpoint, call) in [
            ("invitation/open", link(&token)),
            ("invitation/join", joining(&token, "New", PASSWORD)),
        ] {
            anyone.call(endpoint, call).await.refused(409, "link_over");
        }
        // Of an account that they do not belong to, it still leads somewhere.
        assert_eq!(pending(&mut other).await.len(), 1);
        let line = format!("invitation_revoked {NEW}");
        assert!(app.events().await.contains(&line));
    }
}

/// As a server of the version before left it.
#[tokio::test]
async fn a_member_is_told_that_there_is_nothing_to_accept() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let mut dora = team.add(&app, DORA, &["developer"]).await;
    let token = team.invite(&app, NEW, &["billing"]).await;
    app.sql(&format!(
        "UPDATE users SET email = '{NEW}' WHERE email = '{DORA}'"
    ))
    .await;
    for browser in [&mut dora, &mut app.browser()] {
        let opened = browser.call("invitation/open", link(&token)).await;
        let refused = opened.refused(409, "you_in_account").json();
        let name = team.owner.accounts().await[0]["name"].clone();
        assert_eq!(refused["account"], name);
    }
}
