//! Generated users: they behave like others, and a database that has users is refused.

use seed::{Amounts, NotSeeded, SeedSecrets, seed};
use serde_json::json;

use crate::support::{Authenticator, START, TestApp};

async fn seeded(app: &TestApp, users: usize, accounts: usize) -> Result<SeedSecrets, NotSeeded> {
    let amounts = Amounts { users, accounts };
    seed(&app.services, amounts, |_| {}).await.unwrap()
}

#[tokio::test]
async fn seeded_users_sign_in_every_second_one_with_a_code() {
    let app = TestApp::start().await;
    let Ok(shared) = seeded(&app, 20, 4).await else {
        panic!("an empty database is seeded");
    };
    let password = shared.password.to_text();
    let mut even = app.browser();
    even.sign_in_with("user0@seed.example", password.expose())
        .await
        .expect(200);
    assert_eq!(even.state().await, "signed_in");
    let query = json!({ "search": "", "two_factor": null, "after": null });
    let users = even.call("team/users", json!({ "account": "any", "query": query }));
    let users = users.await.expect(200).json();
    assert_eq!(users["users"].as_array().unwrap().len(), 5);
    let mut odd = app.browser();
    odd.sign_in_with("user1@seed.example", password.expose())
        .await
        .expect(200);
    let authenticator = Authenticator::new(shared.secret.key_in_groups().expose());
    odd.give_code(&authenticator.code(START)).await.expect(200);
    assert_eq!(odd.state().await, "signed_in");
}

/// They share a password: nobody gets them beside real ones.
#[tokio::test]
async fn a_database_that_has_users_is_not_seeded() {
    let app = TestApp::start().await;
    app.create_user("ada@example.org").await;
    assert_eq!(seeded(&app, 2, 1).await.err(), Some(NotSeeded::HasUsers));
    assert_eq!(app.count("users").await, 1);
}

#[tokio::test]
async fn there_is_an_account_and_an_owner_for_each() {
    let app = TestApp::start().await;
    for (users, accounts) in [(0, 0), (3, 0), (3, 4)] {
        let refused = seeded(&app, users, accounts).await.err();
        assert_eq!(refused, Some(NotSeeded::Amounts));
    }
}
