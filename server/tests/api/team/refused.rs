//! A user whose second factors are refused: their rows were edited past the program, or cannot be read. Every list says so, an
//! owner can offer a reset, and nobody makes them an owner before it.

use serde_json::json;
use service::accounts::operator::{self, NotDone};
use service::users::listed;

use super::{ADMIN, DEVELOPER, Five, five, proven};
use crate::support::{OWNER, PASSWORD, TestApp};
use domain::account_deletion::NotBroughtBack;

const NAME: &str = "Analytical Engines";

/// What makes the program refuse a user, each by statements on the rows of one user; `{of}` says of whom.
const EDITS: [(&str, &str); 5] = [
    (
        "the factor is gone",
        "DELETE FROM second_factors WHERE {of}",
    ),
    ("the tag is gone", "DELETE FROM factor_sets WHERE {of}"),
    (
        "the tag is another",
        "UPDATE factor_sets SET stamp = tag WHERE {of}",
    ),
    (
        "the kind is no word of ours",
        "UPDATE second_factors SET kind = 'none of ours' WHERE {of}",
    ),
    (
        // As where it was copied from another user by whoever could bind it.
        "the value cannot be opened, and the tag is of it",
        "UPDATE second_factors SET sealed_secret = (SELECT sealed_mail FROM mails WHERE key_id = '') WHERE {of}",
    ),
];

async fn edit(app: &TestApp, email: &str, statement: &str) {
    let of = format!("user_id = (SELECT id FROM users WHERE email = '{email}')");
    if statement.contains("sealed_mail") {
        let row = format!(
            "INSERT INTO mails (id, sealed_mail, key_id, created_at, next_try_at, tries)
             VALUES ({}, {}, '', 0, 9999999999, 0)",
            app.new_id(),
            app.bytes("01000000000011")
        );
        app.sql(&row).await;
    }
    app.sql(&statement.replace("{of}", &of)).await;
    if statement.contains("sealed_mail") {
        let user = app.user(email).await.id;
        let transaction = app.services.database.begin_write().await.unwrap();
        service::factor_set::bind(&app.services, &transaction, user)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        app.sql("DELETE FROM mails WHERE key_id = ''").await;
    }
}

async fn with_factor() -> (TestApp, Five) {
    let (app, _) = TestApp::start_with_mail(|_| {}).await;
    let mut five = five(&app).await;
    five.developer.enable_two_factor(&app).await;
    (app, five)
}

async fn listed(app: &TestApp, without_two_factor: bool) -> Vec<(String, bool)> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        // A page of one: one of which nobody is left is not the last.
        let page = listed::list(&app.services, without_two_factor, after, 1).await;
        let page = page.unwrap();
        let Some(last) = page.last else {
            found.sort();
            return found;
        };
        after = Some(last);
        let shown = |it: &listed::ListedUser| (it.user.email.shown().to_owned(), it.is_refused);
        found.extend(page.rows.iter().map(shown));
    }
}

#[tokio::test]
async fn every_list_says_who_is_refused_and_the_owner_can_offer_a_reset() {
    for (what, statement) in EDITS {
        let (app, mut five) = with_factor().await;
        let owner = &mut five.team.owner;
        let dora = owner.id_of(DEVELOPER).await;
        edit(&app, DEVELOPER, statement).await;
        let refused: Vec<_> = listed(&app, false).await;
        let refused = refused.iter().filter(|(_, is_refused)| *is_refused);
        let refused: Vec<_> = refused.map(|(email, _)| email.as_str()).collect();
        assert_eq!(refused, [DEVELOPER], "{what}");
        let without = listed(&app, true).await;
        assert_eq!(without.len(), 4, "{what}");
        assert!(
            without.iter().all(|(email, _)| email != DEVELOPER),
            "{what}"
        );
        let shown = owner.user(DEVELOPER).await;
        assert_eq!(shown["is_factor_refused"], true, "{what}");
        assert_eq!(shown["reset_two_factor"], json!(null), "{what}");
        assert_eq!(shown["not_set_up"], json!(null), "{what}");
        for act in ["transfer", "allow_first_factor"] {
            assert_eq!(shown[act], "other_factor_refused", "{what}: {act}");
        }
        assert_eq!(owner.user(ADMIN).await["is_factor_refused"], false);
        owner
            .call("team/offer-transfer", proven(&dora, None))
            .await
            .refused(409, "other_factor_refused");
        owner
            .call("team/allow-first-factor", proven(&dora, None))
            .await
            .refused(409, "other_factor_refused");
        owner
            .call("team/offer-reset", proven(&dora, None))
            .await
            .expect(200);
        let token = app.links("/reset-two-factor").await.pop().unwrap();
        let confirm = json!({ "token": token, "password": PASSWORD });
        let reply = app.browser().call("reset/confirm", confirm).await;
        reply.expect(200);
        let shown = owner.user(DEVELOPER).await;
        assert_eq!(shown["is_factor_refused"], false, "{what}");
        assert_eq!(shown["two_factor_since"], json!(null), "{what}");
        assert_eq!(listed(&app, true).await.len(), 5, "{what}");
    }
}

/// By each door of the operator's, with and without a requirement: who cannot sign in owns nothing.
#[tokio::test]
async fn nobody_who_cannot_sign_in_is_made_an_owner() {
    let disable = "UPDATE users SET disabled_at = 1 WHERE email = 'dora@example.org'";
    let edits = EDITS
        .into_iter()
        .map(|(what, edit)| (what, edit, "reset-two-factor"));
    let edits = edits.chain([("they are disabled", disable, "user enable")]);
    for (what, statement, helps) in edits {
        let (app, mut five) = with_factor().await;
        let id = five.team.owner.own_account().await;
        edit(&app, DEVELOPER, statement).await;
        let refused = operator::transfer(&app.services, &id, DEVELOPER).await;
        let refused = refused.unwrap_err();
        assert!(matches!(refused, NotDone::NewOwner(_)), "{what}: {refused}");
        assert!(refused.to_string().contains(helps), "{what}: {refused}");
        // The same of an account that was deleted and whose owner is gone.
        operator::delete(&app.services, &id).await.unwrap();
        let step_up = json!({ "password": PASSWORD, "code": null });
        let owner = &mut five.team.owner;
        let gone = json!({ "step_up": step_up });
        owner.call("profile/delete", gone).await.expect(200);
        let refused = operator::restore(&app.services, NAME, Some(DEVELOPER)).await;
        let refused = refused.unwrap_err();
        assert!(
            matches!(refused, NotDone::Owner(NotBroughtBack::Owner(_))),
            "{what}: {refused}"
        );
        assert!(refused.to_string().contains(helps), "{what}: {refused}");
        operator::restore(&app.services, NAME, Some(ADMIN))
            .await
            .unwrap();
    }
}

/// The requirement is not turned on over the head of an owner who is refused, and no word of ours is the name of a type.
#[tokio::test]
async fn an_owner_who_is_refused_is_named_in_words() {
    let app = TestApp::start().await;
    let (mut owner, _) = app.member_with_two_factor(OWNER).await;
    let id = owner.own_account().await;
    for (what, statement) in EDITS {
        edit(&app, OWNER, statement).await;
        let on = operator::RequirementChange::On(None);
        let refused = operator::require_two_factor(&app.services, &id, on).await;
        let refused = refused.unwrap_err();
        assert!(
            matches!(refused, NotDone::OwnerRefused),
            "{what}: {refused}"
        );
        assert!(
            refused.to_string().contains("reset-two-factor"),
            "{refused}"
        );
        service::users::reset_two_factor(&app.services, OWNER, false)
            .await
            .unwrap();
        let mut owner = app.browser();
        owner.sign_in(OWNER).await.expect(200);
        owner.enable_two_factor(&app).await;
    }
}
