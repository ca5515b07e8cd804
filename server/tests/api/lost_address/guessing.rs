//! Guessing at an address that is two users': what a wrong password costs, and what it counts against.

use domain::user_address::SIGNS_IN_FOR;
use serde_json::json;
use service::change::Change;
use service::limits::{Bucket, Limit};
use service::users::operator;

use super::{GRACE, NEWCOMERS, grace_now, newcomer, open_app, state, with_grace};
use crate::support::{Browser, OWNER, PASSWORD, TestApp};

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

/// Tries that one wrong password takes, for the address of two users, of one and of none.
async fn takes(app: &TestApp) -> Vec<i64> {
    let all = "SELECT CAST(COALESCE(SUM(count), 0) AS BIGINT) FROM tries";
    let mut takes = Vec::new();
    for email in [GRACE, OWNER, "nobody@example.org"] {
        let before = app.number(all).await;
        let refused = app.browser().sign_in_with(email, WRONG).await;
        refused.refused(401, "wrong_credentials");
        takes.push(app.number(all).await - before);
    }
    takes
}

/// Nor does it write more, or in more transactions: one try of each password, and the first with that of the client.
#[tokio::test]
async fn a_wrong_password_takes_as_many_tries_for_every_address() {
    let app = open_app().await;
    with_grace(&app).await;
    for _ in 0..3 {
        assert_eq!(takes(&app).await, [2, 2, 2]);
    }
    newcomer(&app).await;
    for _ in 0..3 {
        assert_eq!(takes(&app).await, [3, 3, 3]);
    }
}

/// In their own browser, and in a new one as long as anybody else could: nobody's slip at an address that is two users'
/// costs them more.
#[tokio::test]
async fn neither_of_the_two_is_shut_out_by_slips_of_their_own() {
    for is_graces in [false, true] {
        let app = open_app().await;
        let (_, graces) = with_grace(&app).await;
        let newcomers = newcomer(&app).await;
        let (mut own, password) = if is_graces {
            (graces, PASSWORD)
        } else {
            (newcomers, NEWCOMERS)
        };
        for _ in 0..19 {
            own.sign_in_with(GRACE, WRONG).await.expect(401);
        }
        own.sign_in_with(GRACE, password).await.expect(200);
        app.clock.advance(QUARTER);
        for _ in 0..9 {
            app.browser().sign_in_with(GRACE, WRONG).await.expect(401);
        }
        let mut new = app.browser();
        new.sign_in_with(GRACE, password).await.expect(200);
        let name = &state(&mut new).await["name"];
        assert_eq!(*name == "Grace", is_graces);
    }
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

/// How many tries are left.
async fn left(app: &TestApp, bucket: Bucket) -> u32 {
    // Ends without a commit.
    let change = Change::by_server(&app.services).await.unwrap();
    let mut left = 0;
    while change.take(&bucket).await.unwrap().is_none() {
        left += 1;
    }
    left
}

/// What strangers have left at the password of the newcomer and at that of Grace.
async fn left_of_both(app: &TestApp) -> [u32; 2] {
    let limit = Limit::PasswordsOfStrangers;
    let newcomers = limit.of_address_of(&app.user(GRACE).await);
    let graces = limit.of_address_of(&grace_now(app).await);
    [left(app, newcomers).await, left(app, graces).await]
}

/// Each password that was compared and wrong has cost a try at it, and no other has.
#[tokio::test]
async fn every_browser_and_password_takes_its_tries_of_strangers() {
    // In which browser, which password, and what it takes of the tries at the newcomer's and at Grace's.
    let table = [
        ("new", NEWCOMERS, [0, 0]),
        ("new", PASSWORD, [1, 0]),
        ("new", WRONG, [1, 1]),
        ("newcomer's", NEWCOMERS, [0, 0]),
        ("newcomer's", PASSWORD, [0, 0]),
        ("newcomer's", WRONG, [0, 1]),
        ("Grace's", NEWCOMERS, [0, 0]),
        ("Grace's", PASSWORD, [0, 0]),
        ("Grace's", WRONG, [1, 0]),
        ("both's", NEWCOMERS, [0, 0]),
        ("both's", PASSWORD, [0, 0]),
        ("both's", WRONG, [0, 0]),
    ];
    for (whose, password, takes) in table {
        let app = open_app().await;
        let (_, graces) = with_grace(&app).await;
        let newcomers = newcomer(&app).await;
        let mut browser = match whose {
            "Grace's" => graces,
            "newcomer's" => newcomers,
            _ => app.browser(),
        };
        if whose == "both's" {
            browser.sign_in_with(GRACE, NEWCOMERS).await.expect(200);
            browser.sign_in_with(GRACE, PASSWORD).await.expect(200);
        }
        let before = left_of_both(&app).await;
        let status = browser.sign_in_with(GRACE, password).await.status;
        assert_eq!(status == 200, password != WRONG, "{whose} {password}");
        let after = left_of_both(&app).await;
        let taken = [before[0] - after[0], before[1] - after[1]];
        assert_eq!(taken, takes, "{whose} {password}");
    }
}

/// Whoever has lost the address takes, in new browsers, what any stranger can; nobody's known browser is slowed by it.
#[tokio::test]
async fn who_signs_in_often_from_new_browsers_shuts_nobody_known_out_and_not_themselves() {
    let app = open_app().await;
    with_grace(&app).await;
    let mut newcomers = newcomer(&app).await;
    for _ in 0..12 {
        let mut browser = app.browser();
        browser.sign_in_with(GRACE, NEWCOMERS).await.expect(200);
    }
    for _ in 0..12 {
        app.browser().sign_in(GRACE).await.expect(200);
    }
    let refused = app.browser().sign_in_with(GRACE, NEWCOMERS).await;
    refused.refused(401, "wrong_credentials");
    newcomers.sign_in_with(GRACE, NEWCOMERS).await.expect(200);
    app.clock.advance(QUARTER);
    let mut browser = app.browser();
    browser.sign_in_with(GRACE, NEWCOMERS).await.expect(200);
}

/// Each by the word that the list of users prints, and nothing of the other's.
#[tokio::test]
async fn the_operator_unlocks_each_of_the_two() {
    let app = open_app().await;
    with_grace(&app).await;
    newcomer(&app).await;
    let graces_id = grace_now(&app).await.for_operator();
    for (who, lets_in, keeps_out) in [
        (graces_id.as_str(), PASSWORD, NEWCOMERS),
        (GRACE, NEWCOMERS, PASSWORD),
    ] {
        for _ in 0..10 {
            app.browser().sign_in_with(GRACE, WRONG).await.expect(401);
        }
        app.browser().sign_in_with(GRACE, lets_in).await.expect(401);
        operator::unlock(&app.services, who, None).await.unwrap();
        let refused = app.browser().sign_in_with(GRACE, keeps_out).await;
        refused.refused(401, "wrong_credentials");
        app.browser().sign_in_with(GRACE, lets_in).await.expect(200);
        app.clock.advance(QUARTER);
    }
}

/// A browser whose own tries are used up is told so, whatever strangers have left at the other's password.
#[tokio::test]
async fn a_known_browser_without_tries_is_paused() {
    for (is_spent_by_strangers, is_graces) in
        [(true, true), (true, false), (false, true), (false, false)]
    {
        let app = open_app().await;
        let (_, graces) = with_grace(&app).await;
        let newcomers = newcomer(&app).await;
        if is_spent_by_strangers {
            for _ in 0..10 {
                app.browser().sign_in_with(GRACE, WRONG).await.expect(401);
            }
        }
        let (mut browser, own) = if is_graces {
            (graces, PASSWORD)
        } else {
            (newcomers, NEWCOMERS)
        };
        for _ in 0..20 {
            let refused = browser.sign_in_with(GRACE, WRONG).await;
            refused.refused(401, "wrong_credentials");
        }
        for password in [own, WRONG] {
            let refused = browser.sign_in_with(GRACE, password).await;
            refused.refused(429, "paused");
        }
    }
}

/// Gives who lost the address another password of their own.
async fn change_own(session: &mut Browser, from: &str, to: &str) {
    let change = json!({ "password": to, "step_up": { "password": from, "code": null } });
    session.call("password/change", change).await.expect(200);
}

/// A right password of their own gives no try at the other's password back, whichever browser it is given in.
#[tokio::test]
async fn who_makes_each_guess_their_own_password_has_no_more_tries_than_strangers() {
    for is_known in [true, false] {
        let app = open_app().await;
        let (_, mut session) = with_grace(&app).await;
        newcomer(&app).await;
        let mut own = PASSWORD.to_owned();
        for n in 0..11 {
            let guess = match n {
                10 => NEWCOMERS.to_owned(),
                n => format!("a guess with the number {n} zebra"),
            };
            change_own(&mut session, &own, &guess).await;
            own = guess;
            let mut stranger = app.browser();
            let browser = if is_known {
                &mut session
            } else {
                &mut stranger
            };
            browser.sign_in_with(GRACE, &own).await.expect(200);
            let name = &state(browser).await["name"];
            assert_eq!(name, "Grace", "known: {is_known}, guess {n}");
        }
    }
}
