//! The list of users: what it shows, in pages, searched and filtered, small and large.

use std::fmt::Write as _;

use crypto::clock::Clock as _;
use serde_json::{Value, json};
use service::upkeep::fold_names;

use crate::support::{OWNER, START, Team, TestApp};

pub(super) fn names(page: &Value) -> Vec<String> {
    let users = page["users"].as_array().unwrap();
    let names = users.iter().map(|user| user["name"].as_str().unwrap());
    names.map(str::to_owned).collect()
}

/// Adds so many users to the only account, behind the server's back: `User 00000` and on, every tenth with an app,
/// every hundredth by SMS.
pub(super) async fn fill(app: &TestApp, count: usize) {
    let account = app.account_of(OWNER).await.replace('-', "");
    let (account, nothing) = (app.id(&account), app.bytes("00"));
    let mut sql = String::new();
    for n in 0..count {
        let id = app.id(&format!("{:032x}", 0x7000_0000_0000 + n));
        let _ = write!(
            sql,
            "INSERT INTO users (id, email, name, password_hash, created_at, password_changed_at, factor_failures, sign_in_link_due)
             VALUES ({id}, 'user{n:05}@example.org', 'User {n:05}', '', 1, 1, 0, FALSE);
             INSERT INTO memberships (account_id, user_id, roles, joined_at) VALUES ({account}, {id}, 2, 1);"
        );
        if n % 10 == 0 {
            let kind = if n % 100 == 0 { "sms" } else { "app" };
            let _ = write!(
                sql,
                "INSERT INTO second_factors (user_id, kind, sealed_secret, key_id, enabled_at, last_step)
                 VALUES ({id}, '{kind}', {nothing}, '', 5, 0);"
            );
        }
    }
    app.sql(&sql).await;
}

#[tokio::test]
async fn the_list_shows_roles_second_factor_and_activity_and_what_the_reader_may_do() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let mut admin = team.add(&app, "ada@example.org", &["admin"]).await;
    team.add(&app, "dora@example.org", &["developer", "billing"])
        .await;
    app.clock.set(START + 30);
    admin.enable_two_factor(&app).await;
    app.clock.set(START + 600);
    let page = admin.users(json!({})).await;
    assert_eq!((&page["found"], &page["next"]), (&json!(3), &Value::Null));
    assert_eq!(page["may_give"], json!(["admin", "developer", "billing"]));
    assert_eq!(page["step_up_needs_code"], false);
    assert_eq!(page["email"], "ada@example.org");
    let ada = admin.user("ada@example.org").await;
    assert_eq!(ada["roles"], json!(["admin"]));
    assert_eq!(ada["two_factor_since"], START.seconds() + 30);
    assert_eq!(ada["last_active_at"], START.seconds() + 600);
    for denial in ["change_roles", "remove", "reset_two_factor"] {
        assert_eq!(ada[denial], "yourself");
    }
    let olga = admin.user(OWNER).await;
    assert_eq!(olga["roles"], json!(["owner"]));
    assert_eq!(olga["two_factor_since"], Value::Null);
    assert_eq!(olga["change_roles"], "owner_stays");
    assert_eq!(olga["remove"], "owner_stays");
    assert_eq!(olga["reset_two_factor"], "not_below");
    assert_eq!(olga["transfer"], "owner_only");
    let dora = admin.user("dora@example.org").await;
    assert_eq!(dora["roles"], json!(["developer", "billing"]));
    assert_eq!(dora["change_roles"], Value::Null);
    assert_eq!(dora["remove"], Value::Null);
    assert_eq!(dora["reset_two_factor"], "two_factor_off");
    let all = page.to_string();
    for secret in ["hash", "sealed", "secret", "otpauth", "argon2"] {
        assert!(!all.contains(secret), "{all}");
    }
}

/// When somebody works is told to each account by what they do in it, and to no other.
#[tokio::test]
async fn last_active_is_of_the_account_and_not_of_what_a_member_does_elsewhere() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let here = team.owner.own_account().await;
    let mut ada = app.member("ada@example.org").await;
    let elsewhere = ada.own_account().await;
    app.join(OWNER, "ada@example.org", 1).await;
    let body = json!({ "account": elsewhere, "query": {} });
    let ways = [
        ("account/enter", json!({ "account": elsewhere })),
        ("account/overview", json!({ "account": elsewhere })),
        ("account/settings", json!({ "account": elsewhere })),
        ("account/activity", body.clone()),
        ("team/users", body),
        ("sessions/list", json!({})),
        ("profile/rename", json!({ "name": "Ada L." })),
    ];
    for (function, body) in ways.clone() {
        app.clock.advance(600);
        ada.call(function, body).await.expect(200);
        let seen = team.owner.user("ada@example.org").await;
        assert_eq!(seen["last_active_at"], Value::Null, "{function}");
    }
    // Within the account, each door counts, once a minute.
    for (function, body) in ways
        .into_iter()
        .filter(|(_, body)| body["account"] != Value::Null)
    {
        app.clock.advance(600);
        let text = body.to_string().replace(&elsewhere, &here);
        let body: Value = serde_json::from_str(&text).unwrap();
        ada.call(function, body.clone()).await.expect(200);
        let now = app.clock.now();
        app.clock.advance(59);
        ada.call(function, body).await.expect(200);
        let seen = team.owner.user("ada@example.org").await;
        assert_eq!(seen["last_active_at"], now.seconds(), "{function}");
    }
    // Nor is it ahead of the clock, though each step from one account to another is behind the one before.
    for account in [&elsewhere, &here, &elsewhere, &here] {
        ada.of_account("enter", account).await.expect(200);
    }
    let seen = team.owner.user("ada@example.org").await;
    assert_eq!(seen["last_active_at"], app.clock.now().seconds());
}

#[tokio::test]
async fn ten_thousand_users_are_read_in_pages_of_fifty_without_gap_or_repetition() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    fill(&app, 10_000).await;
    let owner = &mut team.owner;
    let (mut read, mut after, mut pages) = (Vec::new(), Value::Null, 0);
    loop {
        let page = owner.users(json!({ "after": after })).await;
        assert_eq!(page["found"], 10_001);
        read.extend(names(&page));
        after = page["next"].clone();
        pages += 1;
        if after.is_null() {
            break;
        }
        assert_eq!(names(&page).len(), 50);
    }
    assert_eq!((pages, read.len()), (201, 10_001));
    assert!(read.is_sorted());
    assert_eq!(read[1], "User 00000");
    let found = owner.users(json!({ "search": "user0424" })).await;
    assert_eq!(found["found"], 10);
    assert_eq!(names(&found)[9], "User 04249");
    let without = owner.users(json!({ "two_factor": "without" })).await;
    assert_eq!(without["found"], 10_001 - 900);
    assert_eq!(names(&without)[1], "User 00000");
    app.sql("UPDATE accounts SET sms_counts = TRUE").await;
    let without = owner.users(json!({ "two_factor": "without" })).await;
    assert_eq!(without["found"], 10_001 - 1_000);
    assert_eq!(names(&without)[1], "User 00001");
    let user = owner.user("user00100@example.org").await;
    assert_eq!(user["factors"], json!(["sms"]));
}

#[tokio::test]
async fn users_of_one_name_are_all_listed() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    fill(&app, 120).await;
    app.sql("UPDATE users SET name = 'Ada'").await;
    let mut ids = std::collections::BTreeSet::new();
    let mut after = Value::Null;
    for _ in 0..3 {
        let page = team.owner.users(json!({ "after": after })).await;
        let users = page["users"].as_array().unwrap();
        ids.extend(users.iter().map(|user| user["id"].to_string()));
        after = page["next"].clone();
    }
    assert_eq!((ids.len(), after), (121, Value::Null));
}

#[tokio::test]
async fn a_search_finds_parts_of_names_and_addresses_and_nothing_is_a_wildcard() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    fill(&app, 6).await;
    for (n, name) in [
        "Zoë Ångström",
        "100% Ada",
        "a_b!c",
        "ИВАН",
        "O'Hara \\ Sons",
    ]
    .into_iter()
    .enumerate()
    {
        let name = name.replace('\'', "''");
        app.sql(&format!(
            "UPDATE users SET name = '{name}' WHERE email = 'user{n:05}@example.org'"
        ))
        .await;
    }
    // As written they are found before upkeep has come by, without case and accents from then on.
    let page = team.owner.users(json!({ "search": "o'hara" })).await;
    assert_eq!(page["found"], 1);
    fold_names(&app.services).await.unwrap();
    let table = [
        ("zoë", 1),
        ("zoe", 1),
        ("angstrom", 1),
        ("o\u{2019}hara", 1),
        ("\u{301}", 0),
        ("ZOË", 1),
        ("zoe\u{308}", 1),
        ("ångström", 1),
        ("иван", 1),
        ("%", 1),
        ("0% a", 1),
        ("_", 1),
        ("a_b!", 1),
        ("!", 1),
        ("O'HARA \\", 1),
        (" USER00005@EXAMPLE.ORG ", 1),
        ("@example.org", 7),
        ("", 7),
        ("   ", 7),
        ("nobody", 0),
        ("a\0b", 0),
        ("\n\u{7f}", 0),
        (&"x".repeat(5_000), 0),
        ("' OR 1=1 --", 0),
    ];
    for (search, found) in table {
        let page = team.owner.users(json!({ "search": search })).await;
        assert_eq!(page["found"], found, "{search:?}");
    }
}

#[tokio::test]
async fn who_takes_another_name_is_found_by_it_at_once_and_by_the_former_one_no_more() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let mut eve = team.add(&app, "eve@example.org", &["developer"]).await;
    let rename = json!({ "name": "\u{c8}ve \u{c9}luard" });
    eve.call("profile/rename", rename).await.expect(200);
    for search in ["ÈVE ÉLUARD", "eve eluard", "éluard"] {
        let page = team.owner.users(json!({ "search": search })).await;
        assert_eq!(names(&page), ["Ève Éluard"], "{search}");
    }
    let rename = json!({ "name": "Weiß" });
    eve.call("profile/rename", rename).await.expect(200);
    let page = team.owner.users(json!({ "search": "weiss" })).await;
    assert_eq!(names(&page), ["Weiß"]);
    let page = team.owner.users(json!({ "search": "eluard" })).await;
    assert_eq!(page["found"], 0);
}

#[tokio::test]
async fn a_place_in_the_list_is_good_only_where_it_was_given() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    fill(&app, 60).await;
    let place = team.owner.users(json!({})).await["next"].clone();
    let place = place.as_str().unwrap().to_owned();
    assert!(!place.contains("User"));
    let mut stranger = app.member("eve@example.org").await;
    let query = |after: &str| json!({ "account": "any", "query": { "search": "", "two_factor": null, "after": after } });
    stranger
        .call("team/users", query(&place))
        .await
        .refused(404, "not_found");
    let mut other = place.clone();
    other.pop();
    for forged in [
        "",
        "A",
        "☃",
        &other,
        &format!("{place}A"),
        &"A".repeat(4_000),
    ] {
        team.owner
            .call("team/users", query(forged))
            .await
            .refused(404, "not_found");
    }
    team.owner
        .call("team/users", query(&place))
        .await
        .expect(200);
}

/// What stands beside each membership for the sake of the list follows its user, whoever changes what.
#[tokio::test]
async fn the_list_follows_names_and_second_factors() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let mut dora = team.add(&app, "dora@example.org", &["developer"]).await;
    team.add(&app, "ada@example.org", &["developer"]).await;
    let all = json!({ "search": "", "two_factor": null, "after": null });
    let before = team.owner.users(all.clone()).await;
    dora.call("profile/rename", json!({ "name": "Aaron" }))
        .await
        .expect(200);
    let renamed = team.owner.users(all.clone()).await;
    assert_eq!(names(&renamed)[0], "Aaron");
    assert_ne!(names(&renamed), names(&before));
    dora.enable_two_factor(&app).await;
    assert_eq!(
        app.number("SELECT COUNT(*) FROM memberships WHERE factor_kind = 'app'")
            .await,
        1
    );
    app.sql("UPDATE second_factors SET kind = 'sms'").await;
    assert_eq!(
        app.number("SELECT COUNT(*) FROM memberships WHERE factor_kind = 'sms'")
            .await,
        1
    );
    app.sql("DELETE FROM second_factors").await;
    assert_eq!(
        app.number("SELECT COUNT(*) FROM memberships WHERE factor_kind IS NOT NULL")
            .await,
        0
    );
    assert_eq!(app.stale_memberships().await, 0);
}
