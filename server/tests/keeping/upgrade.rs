//! Databases of earlier versions, one for each step of the schema: who had two-factor authentication before an upgrade is
//! asked for it afterwards.

use std::fs;

use sea_orm::ConnectionTrait as _;
use serde_json::json;
use storage::schema::steps;

use crate::process::twofold;
use crate::released::{ADA, People, ROB, SAM, files, server_in, unpacked};
use crate::support::{Authenticator, OWNER, PASSWORD, START, TestApp};

/// F146, F153: an upgrade takes nobody's second factor away, and every way back in still works.
#[tokio::test]
async fn who_had_two_factor_authentication_before_an_upgrade_is_asked_for_it_afterwards() {
    for (step, sql) in files().await {
        let known = People::of(&sql);
        let folder = unpacked(&sql).await;
        let app = server_in(Some(folder.path().to_owned())).await;
        app.clock.set(START + 300);
        for (email, name) in [(OWNER, "olga"), (ADA, "ada"), (SAM, "sam")] {
            let Some(recovery) = known.get(&format!("{name}'s recovery code")) else {
                continue;
            };
            let mut browser = app.browser();
            let reply = browser.sign_in(email).await.expect(200);
            assert_eq!(reply.json()["step"], "second_factor_due", "{step}: {email}");
            browser
                .call("two-factor/overview", json!({}))
                .await
                .refused(401, "signed_out");
            if let Some(key) = known.get(&format!("{name}'s key")) {
                let code = Authenticator::new(key).code(START + 300);
                browser.give_code(&code).await.expect(200);
                assert_eq!(browser.overview().await["two_factor"]["state"], "on");
            }
            let mut browser = app.browser();
            browser.sign_in(email).await.expect(200);
            browser.give_recovery_code(recovery).await.expect(200);
            assert_eq!(browser.state().await, "signed_in", "{step}: {email}");
            let mut browser = app.browser();
            browser.sign_in(email).await.expect(200);
            browser
                .give_recovery_code(recovery)
                .await
                .refused(422, "wrong_code");
        }
        stays_required(&app, &known, &step).await;
    }
}

/// The account still requires two-factor authentication, and an invitation into it is still good.
async fn stays_required(app: &TestApp, known: &People, step: &str) {
    let mut rob = app.browser();
    rob.sign_in(ROB).await.expect(200);
    let accounts = rob.accounts().await;
    let shared = accounts.iter().find(|one| one["roles"][0] != "owner");
    let id = shared.unwrap()["id"].as_str().unwrap().to_owned();
    // Files of versions without days: it is said as the day in UTC.
    let from = json!({ "day": "2027-01-15", "zone": "UTC", "at": START.0 + 60 });
    assert_eq!(shared.unwrap()["required_from"], from, "{step}");
    rob.of_account("overview", &id)
        .await
        .refused(403, "two_factor_required");
    if app.count("invitations").await > 0 {
        let user = json!({ "name": "Grace", "password": PASSWORD });
        let join = json!({ "token": known.get("invitation").unwrap(), "user": user });
        app.browser()
            .call("invitation/join", join)
            .await
            .expect(200);
    } else {
        assert!(step < "m0004", "{step} has lost its invitation");
    }
}

#[tokio::test]
async fn migrate_says_what_is_due_and_does_it() {
    let files = files().await;
    let (_, sql) = files.get(2).unwrap();
    let folder = unpacked(sql).await;
    let steps = steps();
    let due: Vec<_> = steps.iter().skip(3).map(String::as_str).collect();
    let check = ["migrate", "--check"];
    twofold(folder.path(), &check).await.refused(&due);
    // A backup before the upgrade changes nothing and comes back with all steps taken.
    let file = folder.path().join("before");
    let path = file.to_str().unwrap();
    twofold(folder.path(), &["backup", path]).await.ok();
    twofold(folder.path(), &check).await.refused(&due);
    let said = twofold(folder.path(), &["migrate"]).await.ok().out;
    for step in &due {
        assert!(said.contains(&format!("{step} is done.")), "{said}");
    }
    for arguments in [&check[..], &["migrate"], &["keys", "check"]] {
        twofold(folder.path(), arguments).await.ok();
    }
    let other = tempfile::tempdir().unwrap();
    fs::copy(folder.path().join("keys"), other.path().join("keys")).unwrap();
    twofold(other.path(), &["restore", path]).await.ok();
    twofold(other.path(), &check).await.ok();
}

#[tokio::test]
async fn migrate_refuses_what_is_not_ours_or_newer_and_needs_a_database_to_check() {
    let folder = tempfile::tempdir().unwrap();
    let check = ["migrate", "--check"];
    twofold(folder.path(), &check)
        .await
        .refused(&["there is no database"]);
    twofold(folder.path(), &["migrate"])
        .await
        .refused(&["there is no database", "--config"]);
    let path = folder.path().join("twofold.db");
    let location = storage::Location::Sqlite(path.clone());
    let made = storage::Database::open(&location).await.unwrap();
    made.close().await.unwrap();
    twofold(folder.path(), &check).await.ok();
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let db = sea_orm::Database::connect(&url).await.unwrap();
    db.execute_unprepared("INSERT INTO seaql_migrations VALUES ('m9999_future', 0)")
        .await
        .unwrap();
    for arguments in [&check[..], &["migrate"]] {
        twofold(folder.path(), arguments)
            .await
            .refused(&["newer version", "m9999_future"]);
    }
    db.close().await.unwrap();
    fs::remove_file(&path).unwrap();
    let db = sea_orm::Database::connect(&url).await.unwrap();
    db.execute_unprepared("CREATE TABLE theirs (id INTEGER)")
        .await
        .unwrap();
    twofold(folder.path(), &["migrate"])
        .await
        .refused(&["another program"]);
}
