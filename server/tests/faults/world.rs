//! A world with everybody in it, which can be put back as it was after each call.

use app::api::all_functions;
use std::sync::Mutex;

use server::console::gate::EXPORTS;
use settings::Settings;

use crate::calls::{Ids, body};
use crate::support::{Authenticator, Browser, PASSWORD, Reply, START, TestApp, invitation};

pub(crate) const OLGA: &str = "olga@example.org";
pub(crate) const TIM: &str = "tim@example.org";
pub(crate) const EVE: &str = "eve@example.org";
const NINA: &str = "nina@example.org";

/// What the log of deeds and the queue of mails hold is not put back: nothing depends on it. A server on PostgreSQL renews its
/// lease by itself meanwhile.
const KEPT: [&str; 3] = ["audit_events", "leases", "mails"];

/// Olga's account with Tim and Nina, who has proven nothing and belongs to no other account, and Eve, who has nothing to do with it.
pub(crate) struct World {
    pub(crate) app: TestApp,
    pub(crate) olga: Browser,
    pub(crate) app_of_olga: Authenticator,
    pub(crate) tim: Browser,
    pub(crate) app_of_tim: Authenticator,
    pub(crate) eve: Browser,
    /// Everything in Olga's account and of Tim.
    pub(crate) ids: Ids,
    tables: Vec<String>,
    /// How many changes there had been, and with which prelude, when everything was put back last.
    put_back: Mutex<Option<(i64, String)>>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With changed settings.
    pub(crate) async fn with(change: fn(&mut Settings)) -> Self {
        // A mail server is set: what takes one is open.
        let (app, _) = TestApp::start_with_mail(change).await;
        let (mut olga, app_of_olga) = app.member_with_two_factor(OLGA).await;
        let deleted = delete_second(&mut olga).await;
        let account = app.account_of(OLGA).await;
        let (mut tim, app_of_tim) = app.member_with_two_factor(TIM).await;
        app.join(OLGA, TIM, 2).await;
        // Somebody to be let in; where nothing is required, it keeps nobody out.
        app.sql(&format!(
            "UPDATE memberships SET opens_at = {} WHERE roles = 2",
            START.0 + 86_400
        ))
        .await;
        tim.of_account("enter", &account).await.expect(200);
        let code = app_of_tim.code(START + 30);
        let mut trusted = app.browser();
        trusted.sign_in(TIM).await.expect(200);
        trusted.give_code_and_trust(&code).await.expect(200);
        let enrolment = tim.begin("replace", None).await.expect(200).json();
        let invited = invitation(&account, "ivy@example.org", &["admin"]);
        olga.call("team/invite", invited).await.expect(200);
        olga.of_account("enter", &account).await.expect(200);
        let eve = app.member(EVE).await;
        let newcomer = add_newcomer(&app).await;
        let user = app.user(TIM).await.id.to_string();
        let of_tim = format!("WHERE user_id = (SELECT id FROM users WHERE email = '{TIM}')");
        let list = tim.call("sessions/list", serde_json::json!({})).await;
        let list = list.expect(200).json();
        let known = list["known_browsers"][1]["id"].as_str().unwrap();
        let ids = Ids {
            known: known.to_owned(),
            account,
            deleted,
            user,
            newcomer,
            invitation: id_in(&app, "invitations").await,
            session: id_in(&app, &format!("sessions {of_tim}")).await,
            browser: id_in(&app, "trusted_browsers").await,
            enrolment: enrolment["id"].as_str().unwrap().to_owned(),
            event: id_in(&app, "audit_events ORDER BY id DESC LIMIT 1").await,
        };
        let mut world = Self {
            app,
            olga,
            app_of_olga,
            tim,
            app_of_tim,
            eve,
            ids,
            tables: Vec::new(),
            put_back: Mutex::default(),
        };
        world.keep().await;
        world
    }

    /// Another user of Olga's account, without two-factor authentication; roles as storage keeps them.
    pub(crate) async fn add(&mut self, email: &str, roles: u8) -> Browser {
        let browser = self.app.member(email).await;
        self.app.join(OLGA, email, roles).await;
        browser
    }

    /// Makes what is there now what is put back later.
    pub(crate) async fn keep(&mut self) {
        self.tables = self.app.tables().await;
        self.tables.retain(|table| {
            let is_ours = !table.ends_with("_migrations") && !table.starts_with("kept_");
            is_ours && !KEPT.contains(&table.as_str())
        });
        let copy = self.tables.iter().map(|table| {
            format!("DROP TABLE IF EXISTS kept_{table}; CREATE TABLE kept_{table} AS SELECT * FROM {table};")
        });
        self.app.sql(&copy.collect::<String>()).await;
        *self.put_back.lock().unwrap() = None;
    }

    /// Puts everything back, and then changes it by `prelude`.
    pub(crate) async fn put_back(&self, prelude: &str) {
        // Where nothing has changed since, nothing is to be put back.
        let changes = self.app.changes().await;
        let as_it_is = Some((changes, prelude.to_owned()));
        if *self.put_back.lock().unwrap() == as_it_is {
            return;
        }
        let empty = self
            .tables
            .iter()
            .map(|table| format!("DELETE FROM {table};"));
        let fill = self
            .tables
            .iter()
            .map(|table| format!("INSERT INTO {table} SELECT * FROM kept_{table};"));
        let statements: String = empty.chain(fill).collect();
        let in_any_order = self.app.either(
            "PRAGMA defer_foreign_keys = ON",
            // What is written in the background begins with the lock of one of these rows: it is over, or has not begun.
            "LOCK TABLE announcements, account_notices IN ACCESS EXCLUSIVE MODE; SET LOCAL session_replication_role = replica",
        );
        self.app
            .sql(&format!("{in_any_order}; {statements} {prelude}"))
            .await;
        let changes = self.app.changes().await;
        *self.put_back.lock().unwrap() = Some((changes, prelude.to_owned()));
    }

    /// What the tables hold, as text that can be compared; times of use aside.
    pub(crate) async fn contents(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for table in &self.tables {
            let columns = self.app.either(
                "SELECT 'quote(' || name || ')' FROM pragma_table_info('TABLE')
                 WHERE name NOT LIKE 'last%'",
                "SELECT 'quote_nullable(' || column_name || ')' FROM information_schema.columns
                 WHERE table_schema = 'public' AND table_name = 'TABLE' AND column_name NOT LIKE 'last%'",
            );
            let columns = self.app.texts(&columns.replace("TABLE", table)).await;
            let columns = columns.join(" || ',' || ");
            let select = format!("SELECT {columns} FROM {table}");
            let found = self.app.texts(&select).await;
            lines.extend(found.into_iter().map(|line| format!("{table}: {line}")));
        }
        lines.sort();
        lines
    }

    /// The same but for what counts tries, which a refusal may change.
    pub(crate) async fn contents_but_tries(&self) -> Vec<String> {
        let mut lines = self.contents().await;
        lines.retain(|line| !line.starts_with("tries:"));
        lines
    }

    /// Every function and file, in the order of the gate, by method and address.
    pub(crate) fn addresses() -> impl Iterator<Item = (&'static str, &'static str)> {
        let files = EXPORTS.iter().map(|(path, _)| ("GET", *path));
        all_functions().map(|one| ("POST", one.path)).chain(files)
    }

    /// Calls a function or gets a file, as our pages do.
    pub(crate) async fn ask(&self, browser: &mut Browser, method: &str, path: &str) -> Reply {
        if method == "GET" {
            let path = path.replace("{account}", &self.ids.account);
            browser.download(&path).await
        } else {
            browser.post(path, &body(path, &self.ids)).await
        }
    }

    /// A browser that gave Tim's password and no code.
    pub(crate) async fn half_signed_in(&self) -> Browser {
        let mut browser = self.app.browser();
        browser.sign_in_with(TIM, PASSWORD).await.expect(200);
        browser
    }
}

/// Another account of somebody's, which is deleted: its id.
async fn delete_second(owner: &mut Browser) -> String {
    let name = "Second";
    let created = serde_json::json!({ "name": name });
    let created = owner.call("accounts/create", created).await.expect(200);
    let id = created.json().as_str().unwrap().to_owned();
    let step_up = serde_json::json!({ "password": PASSWORD, "code": null });
    let call = serde_json::json!({ "account": id, "name": name, "step_up": step_up });
    owner.call("account/delete", call).await.expect(200);
    id
}

/// Somebody whom a mailed code does not reach, of Olga's account alone: their id.
async fn add_newcomer(app: &TestApp) -> String {
    app.create_user(NINA).await;
    let id = app.user(NINA).await.id.to_string();
    let her = format!("(SELECT id FROM users WHERE email = '{NINA}')");
    app.sql(&format!(
        "DELETE FROM memberships WHERE user_id = {her}; DELETE FROM accounts WHERE owner_id = {her};
         UPDATE users SET email_verified_at = NULL WHERE email = '{NINA}';"
    ))
    .await;
    app.join(OLGA, NINA, 2).await;
    id
}

/// The id of one row.
async fn id_in(app: &TestApp, rows: &str) -> String {
    let id = app.either("hex(id)", "id::text");
    let query = format!("SELECT {id} FROM {rows}");
    app.texts(&query).await.pop().unwrap()
}
