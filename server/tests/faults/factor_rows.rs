//! Somebody who can write to the database but has no keys cannot turn off a second factor.

use serde_json::json;
use service::factor_set::bind_everyone;

use crate::support::{OWNER, PASSWORD, START, Team, TestApp};

const ADA: &str = "ada@example.org";
/// Keeps the rows of all second factors, for statements that put them back.
const KEEP: &str = "CREATE TABLE kept AS SELECT * FROM second_factors";

/// Every change of a row past the program.
const CHANGES: [(&str, &str); 5] = [
    ("the factor is gone", "DELETE FROM second_factors"),
    (
        "the factor and its tag are gone",
        "DELETE FROM second_factors; DELETE FROM factor_sets",
    ),
    ("the tag is gone", "DELETE FROM factor_sets"),
    (
        "the factor is of another kind",
        "CREATE TABLE sets AS SELECT * FROM factor_sets;
         UPDATE second_factors SET kind = 'sms';
         INSERT INTO factor_sets SELECT * FROM sets",
    ),
    (
        "the factor is gone and its tag is not",
        "CREATE TABLE sets AS SELECT * FROM factor_sets;
         DELETE FROM second_factors;
         INSERT INTO factor_sets SELECT * FROM sets",
    ),
];

/// F51: a row that was removed or changed is a refusal, never a sign-in by the password alone; the operator's reset ends it.
#[tokio::test]
async fn a_factor_that_was_changed_in_the_database_refuses_its_user() {
    for (what, statements) in CHANGES {
        let app = TestApp::start().await;
        let (mut session, authenticator) = app.member_with_two_factor(ADA).await;
        app.sql(statements).await;
        let mut browser = app.browser();
        let reply = browser.sign_in(ADA).await;
        assert_eq!(reply.status, 503, "{what}");
        assert_eq!(reply.code(), "factor_unreadable", "{what}");
        assert_eq!(browser.state().await, "signed_out", "{what}");
        app.clock.set(START + 3600);
        let code = authenticator.code(START + 3600);
        let step_up = json!({ "password": PASSWORD, "code": code });
        let disable = json!({ "step_up": step_up });
        let reply = session.call("two-factor/disable", disable).await;
        assert!(reply.status >= 400, "{what}");
        service::users::reset_two_factor(&app.services, ADA, false)
            .await
            .unwrap_or_else(|_| panic!("{what}"));
        app.browser().sign_in(ADA).await.expect(200);
    }
}

/// A factor that nobody enrolled counts as little as one that was taken away.
#[tokio::test]
async fn a_factor_that_was_put_into_the_database_refuses_its_user() {
    let app = TestApp::start().await;
    let (_, _) = app.member_with_two_factor(ADA).await;
    let mut eve = app.member("eve@example.org").await;
    app.sql(
        "INSERT INTO second_factors SELECT users.id, kind, sealed_secret, key_id, enabled_at, last_step
         FROM second_factors, users WHERE users.email = 'eve@example.org'",
    )
    .await;
    let reply = app.browser().sign_in("eve@example.org").await;
    reply.refused(503, "factor_unreadable");
    let step_up = json!({ "step_up": { "password": PASSWORD, "code": null } });
    let reply = eve.call("two-factor/new-recovery-codes", step_up).await;
    reply.refused(503, "factor_unreadable");
}

/// Every door that makes a user binds the factors that they do not have yet.
#[tokio::test]
async fn every_door_that_makes_a_user_binds_the_empty_set() {
    let app = TestApp::start_with(|settings| settings.sign_up = true).await;
    let mut team = Team::found(&app).await;
    team.add(&app, "grace@example.org", &["developer"]).await;
    let made = "SELECT COUNT(*) FROM users";
    let bound = "SELECT COUNT(*) FROM factor_sets";
    assert!(app.number(made).await >= 2);
    assert_eq!(app.number(made).await, app.number(bound).await);
    app.browser().sign_in(OWNER).await.expect(200);
}

/// Two versions at once: the one before enables, replaces and disables by its own statements, and this one signs in.
#[tokio::test]
async fn a_server_of_the_version_before_may_change_factors_while_it_lives() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    app.sql(KEEP).await;
    app.check_keys_as_before_tags().await;
    app.sql("DELETE FROM factor_sets").await;
    let lease = (START + 50).seconds();
    app.sql(&format!("INSERT INTO leases VALUES ('upkeep', {lease})"))
        .await;
    let (disable, enable) = (
        "DELETE FROM second_factors",
        "INSERT INTO second_factors SELECT * FROM kept",
    );
    // What the server before did, and what the password leads to here.
    let story = [
        ("", "second_factor_due"),
        (disable, "signed_in"),
        (enable, "second_factor_due"),
        (
            "DELETE FROM second_factors; INSERT INTO second_factors SELECT * FROM kept",
            "second_factor_due",
        ),
        (
            "UPDATE second_factors SET last_step = last_step + 1",
            "second_factor_due",
        ),
    ];
    for (statements, step) in story {
        app.sql(statements).await;
        let reply = app.browser().sign_in(ADA).await.expect(200);
        assert_eq!(reply.json()["step"], step, "{statements}");
        assert!(!bind_everyone(&app.services).await.unwrap(), "{statements}");
    }
    // Three minutes after the last sign of it, everybody is bound for good.
    app.clock.set(START + 50 + 180);
    assert!(bind_everyone(&app.services).await.unwrap());
    assert!(!bind_everyone(&app.services).await.unwrap());
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    let code = authenticator.code(START + 50 + 180);
    browser.give_code(&code).await.expect(200);
    app.sql(disable).await;
    let reply = app.browser().sign_in(ADA).await;
    reply.refused(503, "factor_unreadable");
}
