//! Concurrent changes of one team: each sees the result of the one before.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{Browser, OWNER, PASSWORD, Team, TestApp, invitation};

async fn statuses(calls: Vec<(Browser, &'static str, Value)>) -> BTreeMap<u16, usize> {
    let tasks: Vec<_> = calls
        .into_iter()
        .map(|(mut browser, endpoint, arguments)| {
            tokio::spawn(async move { browser.call(endpoint, arguments).await.status })
        })
        .collect();
    let mut counts = BTreeMap::new();
    for task in tasks {
        *counts.entry(task.await.unwrap()).or_default() += 1;
    }
    counts
}

async fn count(app: &TestApp, event: &str) -> usize {
    let events = app.events().await;
    events.iter().filter(|line| line.starts_with(event)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_removals_of_one_user_are_one() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    team.add(&app, "dora@example.org", &["developer"]).await;
    let dora = team.owner.id_of("dora@example.org").await;
    let arguments = json!({ "account": "any", "user": dora });
    let calls = vec![(team.owner.clone(), "team/remove", arguments); 10];
    assert_eq!(statuses(calls).await, BTreeMap::from([(200, 1), (404, 9)]));
    assert_eq!(count(&app, "user_removed").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_demotions_of_one_user_are_told_once() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    team.add(&app, "ada@example.org", &["admin"]).await;
    let ada = team.owner.id_of("ada@example.org").await;
    let arguments = json!({ "account": "any", "user": ada, "roles": ["billing"] });
    let calls = vec![(team.owner.clone(), "team/change-roles", arguments); 10];
    assert_eq!(statuses(calls).await, BTreeMap::from([(200, 10)]));
    assert_eq!(count(&app, "roles_changed").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn offers_to_two_users_at_once_are_one_and_ten_acceptances_make_one_owner() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let mut calls = Vec::new();
    let mut readers = Vec::new();
    for email in ["ada@example.org", "alan@example.org"] {
        readers.push(team.add(&app, email, &["admin"]).await);
        let user = team.owner.id_of(email).await;
        let step_up = json!({ "password": PASSWORD, "code": null });
        let arguments = json!({ "account": "any", "user": user, "step_up": step_up });
        calls.push((team.owner.clone(), "team/offer-transfer", arguments));
    }
    assert_eq!(statuses(calls).await, BTreeMap::from([(200, 1), (409, 1)]));
    let step_up = json!({ "password": PASSWORD, "code": null });
    let arguments = json!({ "account": "any", "step_up": step_up });
    let accepts = readers.iter().flat_map(|reader| {
        let accept = (reader.clone(), "team/accept-transfer", arguments.clone());
        vec![accept; 5]
    });
    let counts = statuses(accepts.collect()).await;
    assert_eq!(counts, BTreeMap::from([(200, 1), (409, 9)]));
    let page = readers[0].users(json!({})).await;
    let owners = page["users"].as_array().unwrap().iter();
    let owners = owners.filter(|user| user["roles"].as_array().unwrap().contains(&json!("owner")));
    assert_eq!(owners.count(), 1);
    assert_eq!(readers[0].user(OWNER).await["roles"], json!(["admin"]));
    assert_eq!(count(&app, "transfer_accepted").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_whose_offer_is_accepted_while_both_leave_is_never_a_removed_owner() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let mut ada = team.add(&app, "ada@example.org", &["admin"]).await;
    let (ada_id, olga) = (
        team.owner.id_of("ada@example.org").await,
        team.owner.id_of(OWNER).await,
    );
    let step_up = json!({ "password": PASSWORD, "code": null });
    let offer = json!({ "account": "any", "user": ada_id, "step_up": step_up });
    team.owner
        .call("team/offer-transfer", offer)
        .await
        .expect(200);
    let counts = statuses(vec![
        (
            ada.clone(),
            "team/accept-transfer",
            json!({ "account": "any", "step_up": step_up }),
        ),
        (
            team.owner.clone(),
            "team/leave",
            json!({ "account": "any" }),
        ),
        (
            ada.clone(),
            "team/remove",
            json!({ "account": "any", "user": olga }),
        ),
        (ada.clone(), "team/leave", json!({ "account": "any" })),
    ])
    .await;
    assert!(!counts.contains_key(&500), "{counts:?}");
    assert_eq!(app.count("transfer_offers").await, 0);
    let mut reader = if ada
        .call("team/invitations", json!({ "account": "any" }))
        .await
        .status
        == 200
    {
        ada
    } else {
        team.owner
    };
    let page = reader.users(json!({})).await;
    let owners = page["users"].as_array().unwrap().iter();
    let owners = owners.filter(|user| user["roles"].as_array().unwrap().contains(&json!("owner")));
    assert_eq!(owners.count(), 1, "{page}");
}

/// F105: one invitation, one place.
#[tokio::test(flavor = "multi_thread")]
async fn ten_accepts_and_joins_of_one_invitation_make_one_membership() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let grace = app.member("grace@example.org").await;
    let token = team.invite(&app, "grace@example.org", &["billing"]).await;
    let calls = vec![(grace, "invitation/accept", json!({ "token": token })); 10];
    assert_eq!(statuses(calls).await, BTreeMap::from([(200, 1), (409, 9)]));
    let token = team.invite(&app, "joan@example.org", &["billing"]).await;
    let user = json!({ "name": "Joan", "password": PASSWORD });
    let arguments = json!({ "token": token, "user": user });
    let calls = vec![(app.browser(), "invitation/join", arguments); 4];
    assert_eq!(statuses(calls).await, BTreeMap::from([(200, 1), (409, 3)]));
    assert_eq!(count(&app, "joined").await, 2);
    assert_eq!(team.owner.users(json!({})).await["found"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_invitations_for_one_address_at_once_leave_one() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    let arguments = invitation("any", "grace@example.org", &["admin"]);
    let calls = vec![(team.owner.clone(), "team/invite", arguments); 10];
    // Two a day to one mailbox, and one that waits.
    let expected = BTreeMap::from([(200, 3), (429, 7)]);
    assert_eq!(statuses(calls).await, expected);
    let any = json!({ "account": "any" });
    let list = team.owner.call("team/invitations", any).await.json();
    assert_eq!(list["invitations"].as_array().unwrap().len(), 1);
}

/// Each is locked before the other, by whoever acts on whom: two locks in two orders would break one of the acts off.
#[tokio::test(flavor = "multi_thread")]
async fn two_owners_act_on_each_other_at_once() {
    let app = TestApp::start().await;
    let (ada, bob) = ("ada@example.org", "bob@example.org");
    let mut browsers = Vec::new();
    for email in [ada, bob] {
        browsers.push(app.member(email).await);
    }
    app.join(ada, bob, 4).await;
    app.join(bob, ada, 4).await;
    let accounts = [app.account_of(ada).await, app.account_of(bob).await];
    let users = [app.user(bob).await.id, app.user(ada).await.id];
    for round in 0..10 {
        let calls = (0..2).map(|n| {
            let step_up = json!({ "password": PASSWORD, "code": null });
            let offer = json!({ "account": accounts[n], "user": users[n], "step_up": step_up });
            (browsers[n].clone(), "team/offer-transfer", offer)
        });
        let counts = statuses(calls.collect()).await;
        assert_eq!(counts, BTreeMap::from([(200, 2)]), "round {round}");
        for (browser, account) in browsers.iter_mut().zip(&accounts) {
            let arguments = json!({ "account": account });
            browser
                .call("team/take-back-transfer", arguments)
                .await
                .expect(200);
        }
    }
}
