//! Guessing at an address that is two users': what a wrong password costs, and what it counts against.

use server::domain::user_address::SIGNS_IN_FOR;

use super::{GRACE, NEWCOMERS, grace_now, newcomer, open_app, with_grace};
use crate::support::{OWNER, PASSWORD, TestApp};

const WRONG: &str = "orange-lamp-4-wheel";
const QUARTER: i64 = 15 * 60;

/// Hashes that one wrong password costs, for the address of two users, of one and of none.
async fn costs(app: &TestApp) -> Vec<u64> {
    let mut costs = Vec::new();
    for email in [GRACE, OWNER, "nobody@example.org"] {
        let before = app.services.hasher.hashes();
        let refused = app.browser().sign_in_with(email, WRONG).await;
        refused.refused(401, "wrong_credentials");
        costs.push(app.services.hasher.hashes() - before);
    }
    costs
}

/// Else the one that cost more would be known for an address that somebody has lost.
#[tokio::test]
async fn a_wrong_password_costs_as_much_for_every_address() {
    let app = open_app().await;
    with_grace(&app).await;
    assert_eq!(costs(&app).await, [1, 1, 1]);
    newcomer(&app).await;
    assert_eq!(costs(&app).await, [2, 2, 2]);
    // A disabled user is looked at as everybody.
    app.sql("UPDATE users SET disabled_at = 1 WHERE name = 'Grace'")
        .await;
    assert_eq!(costs(&app).await, [2, 2, 2]);
    app.browser()
        .sign_in(GRACE)
        .await
        .refused(401, "wrong_credentials");
    app.clock.advance(SIGNS_IN_FOR);
    assert_eq!(costs(&app).await, [1, 1, 1]);
}

/// No browser that is known to one of the two is a way round what strangers may try at the other.
#[tokio::test]
async fn who_is_known_to_one_guesses_at_the_other_as_a_stranger() {
    let app = open_app().await;
    let (_, mut graces) = with_grace(&app).await;
    let mut newcomers = newcomer(&app).await;
    for _ in 0..10 {
        let refused = app.browser().sign_in_with(GRACE, WRONG).await;
        refused.refused(401, "wrong_credentials");
    }
    // Strangers have none left: the right passwords of both read as wrong in a new browser.
    for password in [PASSWORD, NEWCOMERS] {
        let refused = app.browser().sign_in_with(GRACE, password).await;
        refused.refused(401, "wrong_credentials");
    }
    // In the browser of one, only that one is heard.
    let refused = graces.sign_in_with(GRACE, NEWCOMERS).await;
    refused.refused(401, "wrong_credentials");
    let refused = newcomers.sign_in_with(GRACE, PASSWORD).await;
    refused.refused(401, "wrong_credentials");
    graces.sign_in_with(GRACE, PASSWORD).await.expect(200);
    newcomers.sign_in_with(GRACE, NEWCOMERS).await.expect(200);
    app.clock.advance(QUARTER);
    // Both in one browser, as where it is one person.
    graces.sign_in_with(GRACE, NEWCOMERS).await.expect(200);
    graces.sign_in_with(GRACE, PASSWORD).await.expect(200);
    for _ in 0..10 {
        app.browser().sign_in_with(GRACE, WRONG).await.expect(401);
    }
    assert_eq!(grace_now(&app).await.name, "Grace");
    graces.sign_in_with(GRACE, NEWCOMERS).await.expect(200);
    graces.sign_in_with(GRACE, PASSWORD).await.expect(200);
}

/// Right passwords take nothing from either.
#[tokio::test]
async fn right_passwords_of_both_use_no_try_up() {
    let app = open_app().await;
    with_grace(&app).await;
    newcomer(&app).await;
    for _ in 0..12 {
        for password in [PASSWORD, NEWCOMERS] {
            app.browser()
                .sign_in_with(GRACE, password)
                .await
                .expect(200);
        }
    }
}
