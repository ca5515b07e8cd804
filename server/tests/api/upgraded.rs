//! Upgrades the data of an earlier version, from `tests/fixtures`: everybody signs in as before.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use app::types::timestamp::Timestamp;
use sea_orm::{ConnectionTrait as _, Database};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Authenticator, Browser, TestApp, TestDatabase};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// What the people of the data know.
struct Upgraded {
    app: TestApp,
    people: Value,
    now: Timestamp,
}

impl Upgraded {
    /// Starts on a copy, a minute after it was made.
    async fn start() -> Self {
        let database = TestDatabase::empty().await;
        let folder = tempfile::tempdir().unwrap();
        let from = match database.url() {
            Some(url) => {
                let from = fixtures().join("first_postgres");
                let dump = fs::read_to_string(from.join("dump.sql")).unwrap();
                let connection = Database::connect(url.0.clone()).await.unwrap();
                connection.execute_unprepared(&dump).await.unwrap();
                connection.close().await.unwrap();
                from
            }
            None => copied(&folder),
        };
        fs::copy(from.join("keys"), folder.path().join("keys")).unwrap();
        let people = fs::read_to_string(from.join("people.json")).unwrap();
        let people: Value = serde_json::from_str(&people).unwrap();
        let now = Timestamp(people["made_at"].as_i64().unwrap() + 60);
        let app = TestApp::start_on(folder, database, now).await;
        Self { app, people, now }
    }

    fn app_of(&self, name: &str) -> Authenticator {
        Authenticator::new(self.people[name]["key"].as_str().unwrap())
    }

    fn recovery_code(&self, name: &str, at: usize) -> &str {
        let codes = &self.people[name]["recovery_codes"];
        codes[at].as_str().unwrap()
    }

    async fn gives_password(&self, email: &str) -> (Browser, Value) {
        let mut browser = self.app.browser();
        let password = self.people["password"].as_str().unwrap();
        let reply = browser.sign_in_with(email, password).await.expect(200);
        (browser, reply.json()["step"].clone())
    }

    fn browser_with(&self, cookies: &Value) -> Browser {
        let cookies: BTreeMap<String, String> = serde_json::from_value(cookies.clone()).unwrap();
        self.app.browser().with(&cookies)
    }
}

/// Copies the data folder.
fn copied(folder: &TempDir) -> PathBuf {
    let from = fixtures().join("first_data_folder");
    fs::copy(from.join("twofold.db"), folder.path().join("twofold.db")).unwrap();
    from
}

/// F146, F153: who had a second factor is asked for it, by code and by recovery code, and nobody else is.
#[tokio::test]
async fn everybody_signs_in_after_the_upgrade_as_before() {
    let upgraded = Upgraded::start().await;
    for (email, name) in [("olga@example.org", "olga"), ("ada@example.org", "ada")] {
        let (mut browser, step) = upgraded.gives_password(email).await;
        assert_eq!(step, "second_factor_due", "{email}");
        let code = upgraded.app_of(name).code(upgraded.now);
        browser.give_code(&code).await.expect(200);
        assert_eq!(browser.state().await, "signed_in", "{email}");
        let (mut browser, _) = upgraded.gives_password(email).await;
        let code = upgraded.recovery_code(name, 5);
        browser.give_recovery_code(code).await.expect(200);
        assert_eq!(browser.state().await, "signed_in", "{email}");
    }
    let spent = upgraded.people["ada"]["spent"].as_str().unwrap();
    let (mut ada, _) = upgraded.gives_password("ada@example.org").await;
    ada.give_recovery_code(spent)
        .await
        .refused(422, "wrong_code");
    for email in ["bob@example.org", "carl@example.org"] {
        let (mut browser, step) = upgraded.gives_password(email).await;
        assert_eq!(step, "signed_in", "{email}");
        assert_eq!(browser.overview().await["two_factor"]["state"], "off");
    }
}

/// Sessions and trust go on, the requirement holds, and nobody has left.
#[tokio::test]
async fn what_was_open_before_the_upgrade_is_open_after_it() {
    let upgraded = Upgraded::start().await;
    let mut bob = upgraded.browser_with(&upgraded.people["bob_session"]);
    assert_eq!(bob.state().await, "signed_in");
    let acme = upgraded.people["accounts"][0]["id"].as_str().unwrap();
    bob.of_account("overview", acme)
        .await
        .refused(403, "two_factor_required");
    let mut trusted = upgraded.browser_with(&upgraded.people["ada"]["trusted"]);
    trusted.cookies.remove("twofold_session");
    let password = upgraded.people["password"].as_str().unwrap();
    let reply = trusted.sign_in_with("ada@example.org", password).await;
    assert_eq!(reply.expect(200).json()["step"], "signed_in");
    let page = trusted
        .call(
            "team/users",
            json!({
                "account": acme,
                "query": { "search": "", "two_factor": null, "after": null },
            }),
        )
        .await
        .expect(200)
        .json();
    let users = page["users"].as_array().unwrap();
    let states: Vec<_> = users
        .iter()
        .map(|user| user["email"].as_str().unwrap())
        .collect();
    assert_eq!(
        states,
        [
            "ada@example.org",
            "bob@example.org",
            "carl@example.org",
            "olga@example.org"
        ]
    );
    let token = &upgraded.people["dora"]["invitation"];
    let dora = json!({ "name": "Dora", "password": "violet-sofa-7-drum" });
    let join = json!({ "token": token, "user": dora });
    let mut browser = upgraded.app.browser();
    browser.call("invitation/join", join).await.expect(200);
}

/// Nothing that happened before the upgrade is missing in the log.
#[tokio::test]
async fn the_log_of_before_is_whole_after_the_upgrade() {
    let upgraded = Upgraded::start().await;
    let events = upgraded.app.events().await;
    for kind in [
        "invited",
        "joined",
        "two_factor_enabled",
        "two_factor_disabled",
    ] {
        assert!(
            events.iter().any(|event| event.starts_with(kind)),
            "{kind}: {events:?}"
        );
    }
}
