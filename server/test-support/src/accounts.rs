//! Accounts in tests: who belongs to them, their settings, files of their logs.

use app::types::timestamp::Timestamp;
use http::Request;
use http_body_util::Full;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use super::{Authenticator, Browser, PASSWORD, Reply, START, TestApp};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";

/// Ada, who owns an account and has two-factor authentication, and Bob, a user of it without.
pub struct AdaAndBob {
    /// Their server.
    pub app: TestApp,
    /// The browser of Ada, who owns the account.
    pub ada: Browser,
    /// Ada's authenticator app.
    pub app_of_ada: Authenticator,
    /// The browser of Bob.
    pub bob: Browser,
    /// The id of the account.
    pub id: String,
}

/// Both in their account; Bob's roles as storage keeps them.
pub async fn ada_and_bob(roles_of_bob: u8) -> AdaAndBob {
    let app = TestApp::start().await;
    let (mut ada, app_of_ada) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    let bob = app.member(BOB).await;
    app.join(ADA, BOB, roles_of_bob).await;
    AdaAndBob {
        app,
        ada,
        app_of_ada,
        bob,
        id,
    }
}

impl TestApp {
    /// Changes the database behind the server's back.
    pub async fn sql(&self, statement: &str) {
        let transaction = self.services.database.begin_write().await.unwrap();
        transaction.execute_unprepared(statement).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// One number out of the database.
    pub async fn number(&self, query: &str) -> i64 {
        let transaction = self.services.database.begin_write().await.unwrap();
        let statement = Statement::from_string(transaction.get_database_backend(), query);
        let row = transaction.query_one_raw(statement).await.unwrap().unwrap();
        // PostgreSQL has narrower numbers, too.
        row.try_get_by_index(0)
            .unwrap_or_else(|_| row.try_get_by_index::<i32>(0).unwrap().into())
    }

    /// How many memberships say something else of their user than the user's own rows.
    pub async fn stale_memberships(&self) -> i64 {
        let stale = "SELECT COUNT(*) FROM memberships
             LEFT JOIN users ON users.id = memberships.user_id
             LEFT JOIN second_factors ON second_factors.user_id = memberships.user_id
             WHERE user_name <> COALESCE(name, '') OR COALESCE(factor_kind, '') <> COALESCE(kind, '')";
        self.number(stale).await
    }

    /// Makes a user one of the account that another owns; roles as storage keeps them.
    pub async fn join(&self, owner: &str, email: &str, roles: u8) {
        let joined_at = START.0 - 1;
        self.sql(&format!(
            "INSERT INTO memberships (account_id, user_id, roles, joined_at)
             SELECT accounts.id, users.id, {roles}, {joined_at} FROM accounts, users
             WHERE users.email = '{email}'
             AND accounts.owner_id = (SELECT id FROM users WHERE email = '{owner}')"
        ))
        .await;
    }

    /// Adds users without two-factor authentication to the account that a user owns.
    pub async fn crowd(&self, owner: &str, users: u32) {
        let new_id = self.new_id();
        self.sql(&format!(
            "INSERT INTO users (id, email, name, password_hash, created_at, password_changed_at,
                                factor_failures, sign_in_link_due, email_verified_at)
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {users})
             SELECT {new_id}, 'crowd' || i || '@example.org', 'Crowd ' || i, 'x', 0, 0, 0, false, 0 FROM n;
             INSERT INTO memberships (account_id, user_id, roles, joined_at)
             SELECT accounts.id, users.id, 2, 0 FROM accounts, users
             WHERE users.email LIKE 'crowd%'
             AND accounts.owner_id = (SELECT id FROM users WHERE email = '{owner}')"
        ))
        .await;
    }

    /// How many of the mails have this subject, read across folded lines.
    pub async fn mails_with(&self, subject: &str) -> usize {
        let mails = self.mails().await;
        let unfolded = mails.iter().map(|mail| mail.replace("\r\n ", " "));
        unfolded.filter(|mail| mail.contains(subject)).count()
    }
}

impl Browser {
    /// Asks for the overview of an account, as an example of what a requirement shuts.
    pub async fn overview_of(&mut self, account: &str) -> Reply {
        self.of_account("overview", account).await
    }

    /// The accounts of the user.
    pub async fn accounts(&mut self) -> Vec<Value> {
        let reply = self.call("accounts/list", json!({})).await.expect(200);
        reply.json()["accounts"].as_array().unwrap().clone()
    }

    /// The account that the user owns.
    pub async fn own_account(&mut self) -> String {
        let accounts = self.accounts().await;
        let own = accounts
            .iter()
            .find(|account| account["roles"][0] == "owner")
            .unwrap();
        own["id"].as_str().unwrap().to_owned()
    }

    /// Calls a function of an account that takes nothing else.
    pub async fn of_account(&mut self, function: &str, account: &str) -> Reply {
        self.call(
            &format!("account/{function}"),
            json!({ "account": account }),
        )
        .await
    }

    /// The authentication settings of an account.
    pub async fn settings(&mut self, account: &str) -> Value {
        self.of_account("settings", account)
            .await
            .expect(200)
            .json()
    }

    /// Saves settings.
    pub async fn save(&mut self, account: &str, change: &Value, step_up: Value) -> Reply {
        self.call(
            "account/save-settings",
            json!({ "account": account, "change": change, "step_up": step_up }),
        )
        .await
    }

    /// Turns the requirement on, on top of what the account has now: from the day (UTC) of that moment on, or at once.
    pub async fn require(&mut self, account: &str, from: Option<i64>) -> Reply {
        let change = self.change(account, true, from).await;
        self.save(account, &change, Value::Null).await
    }

    /// Puts the requirement off with the password.
    pub async fn put_off(&mut self, account: &str, from: i64) -> Reply {
        let change = self.change(account, true, Some(from)).await;
        let step_up = json!({ "password": PASSWORD, "code": null });
        self.save(account, &change, step_up).await
    }

    /// Turns the requirement off with the password.
    pub async fn lift(&mut self, account: &str) -> Reply {
        let change = self.change(account, false, None).await;
        let step_up = json!({ "password": PASSWORD, "code": null });
        self.save(account, &change, step_up).await
    }

    /// A change of the requirement alone.
    pub async fn change(&mut self, account: &str, required: bool, from: Option<i64>) -> Value {
        let now = self.settings(account).await;
        let from = from.map(|at| crate::day_of(Timestamp(at)));
        json!({
            "version": now["version"], "required": required, "required_from": from,
            "rules": now["rules"],
        })
    }

    /// Gets a file as our pages do.
    pub async fn download(&mut self, path: &str) -> Reply {
        let request = self.file(path).header("sec-fetch-site", "same-origin");
        self.send(request.body(Full::default()).unwrap()).await
    }

    /// A request for a file, with cookies and nothing else.
    pub fn file(&self, path: &str) -> http::request::Builder {
        let posted = self.request("x").body(()).unwrap();
        let mut request = Request::builder().uri(format!("{}{path}", self.base()));
        if let Some(cookie) = posted.headers().get("cookie") {
            request = request.header("cookie", cookie);
        }
        request
    }
}
