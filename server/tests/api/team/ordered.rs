//! The list of users in its orders and by its filters.

use serde_json::{Value, json};

use super::list::{fill, names};
use crate::support::{OWNER, Team, TestApp};

/// A team whose owner has neither a factor nor been active, and 120 more: see [`fill`].
async fn large_team(app: &TestApp) -> Team {
    let team = Team::found(app).await;
    fill(app, 120).await;
    team
}

/// The names of all pages of a list, and how many users it says that there are.
async fn walked(team: &mut Team, query: Value) -> (Vec<String>, u64) {
    let (mut read, mut query) = (Vec::new(), query);
    loop {
        let page = team.owner.users(query.clone()).await;
        read.extend(names(&page));
        if page["next"].is_null() {
            return (read, page["found"].as_u64().unwrap());
        }
        query["after"] = page["next"].clone();
    }
}

#[tokio::test]
async fn by_two_factor_those_without_come_first_and_then_the_kinds_each_by_name() {
    let app = TestApp::start().await;
    let mut team = large_team(&app).await;
    let (read, found) = walked(&mut team, json!({ "sort": "two_factor" })).await;
    assert_eq!((read.len(), found), (121, 121));
    let place = |name: &str| read.iter().position(|it| it == name).unwrap();
    assert_eq!(place("User 00001"), 1);
    assert!(place("User 00119") < place("User 00000"));
    assert_eq!(
        read[109..],
        [
            "User 00000",
            "User 00100",
            "User 00010",
            "User 00020",
            "User 00030",
            "User 00040",
            "User 00050",
            "User 00060",
            "User 00070",
            "User 00080",
            "User 00090",
            "User 00110"
        ]
    );
}

#[tokio::test]
async fn by_last_active_those_who_never_were_come_last_and_nobody_twice() {
    let app = TestApp::start().await;
    let mut team = large_team(&app).await;
    app.sql(
        // What they do elsewhere moves nobody.
        "UPDATE users SET last_active_at = 3000 WHERE email LIKE 'user0001%';
         UPDATE memberships SET last_used_at = 1000 WHERE user_name LIKE 'User 0000%';
         UPDATE memberships SET last_used_at = 2000 WHERE user_name = 'User 00004'",
    )
    .await;
    let (mut read, found) = walked(&mut team, json!({ "sort": "last_active" })).await;
    assert_eq!(found, 121);
    // The owner is here now.
    assert_eq!(read[1], "User 00004");
    let active: std::collections::BTreeSet<_> = read[2..11].iter().cloned().collect();
    assert_eq!(active.len(), 9);
    assert!(active.iter().all(|name| name.starts_with("User 0000")));
    read.sort_unstable();
    read.dedup();
    assert_eq!(read.len(), 121);
}

#[tokio::test]
async fn filters_find_who_they_say_and_narrow_each_other() {
    let app = TestApp::start().await;
    let mut team = large_team(&app).await;
    app.sql("UPDATE memberships SET roles = 1 WHERE user_name IN ('User 00001', 'User 00010')")
        .await;
    app.sql("UPDATE memberships SET roles = 6 WHERE user_name = 'User 00002'")
        .await;
    for (query, found) in [
        (json!({ "two_factor": "off" }), 109),
        (json!({ "two_factor": "without" }), 111),
        (json!({ "two_factor": "app" }), 10),
        (json!({ "two_factor": "sms" }), 2),
        (json!({ "role": "owner" }), 1),
        (json!({ "role": "admin" }), 2),
        (json!({ "role": "developer" }), 118),
        (json!({ "role": "billing" }), 1),
        (json!({ "role": "admin", "two_factor": "app" }), 1),
        (json!({ "role": "admin", "two_factor": "sms" }), 0),
        (json!({ "role": "developer", "search": "user0000" }), 9),
        (
            json!({ "role": "developer", "search": "user0000", "sort": "last_active" }),
            9,
        ),
    ] {
        let (read, said) = walked(&mut team, query.clone()).await;
        assert_eq!((read.len(), said), (found, found as u64), "{query}");
    }
    let (read, _) = walked(&mut team, json!({ "role": "owner" })).await;
    let page = team.owner.users(json!({ "search": OWNER })).await;
    assert_eq!(read, names(&page));
    app.sql("UPDATE accounts SET sms_counts = TRUE").await;
    let (read, _) = walked(&mut team, json!({ "two_factor": "without" })).await;
    assert_eq!(read.len(), 109);
}

#[tokio::test]
async fn a_place_of_one_order_is_none_of_another() {
    let app = TestApp::start().await;
    let mut team = large_team(&app).await;
    for sort in ["name", "two_factor", "last_active"] {
        let place = team.owner.users(json!({ "sort": sort })).await["next"].clone();
        for other in ["name", "two_factor", "last_active"] {
            let query = json!({ "account": "any", "query": { "sort": other, "after": place } });
            let reply = team.owner.call("team/users", query).await;
            if other == sort {
                reply.expect(200);
            } else {
                reply.refused(404, "not_found");
            }
        }
    }
}

#[tokio::test]
async fn words_that_are_none_of_the_list_are_refused() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    for query in [
        json!({ "sort": "email" }),
        json!({ "two_factor": "on" }),
        json!({ "role": "root" }),
        json!({ "without_two_factor": true }),
    ] {
        let call = json!({ "account": "any", "query": query });
        assert_eq!(
            team.owner.call("team/users", call).await.status,
            400,
            "{query}"
        );
    }
}
