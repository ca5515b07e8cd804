//! The databases of earlier versions, as the text of their statements in `released/`.
//!
//! `UPDATE_RELEASED=1` makes the file of a step that has none yet, from the schema of that step and what today's server
//! writes; a file that is there stays as it is, for good.

use std::fs;
use std::path::{Path, PathBuf};

use app::types::factors::CodeFactorKind;
use domain::factors::Factor;
use domain::first_factor::Admitted;
use domain::phone_number::PhoneNumber;
use domain::totp::TimeStep;
use sea_orm::{ConnectionTrait as _, Statement};
use service::factor_set::bind;
use service::second_factor::seal_number;
use settings::SecretSetting;
use storage::factors::insert_factor;
use storage::schema::steps;
use storage::{Database, Location};

use crate::support::{OWNER, START, Team, TestApp, make_as_of};

pub(crate) const ADA: &str = "ada@example.org";
pub(crate) const SAM: &str = "sam@example.org";
pub(crate) const ROB: &str = "rob@example.org";
const NUMBER: &str = "+447400123456";
/// Tables whose rows are kept; all others are of the moment.
const KEPT: [&str; 9] = [
    "users",
    "second_factors",
    "factor_sets",
    "recovery_codes",
    "accounts",
    "memberships",
    "invitations",
    "audit_events",
    "instance",
];
/// The first step that knows SMS.
const SMS_SINCE: &str = "m0006_sms";

fn released() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keeping/released")
}

fn keys() -> String {
    fs::read_to_string(released().join("keys")).unwrap()
}

/// What a test must know of a file's people: lines `-- name: value` at its top.
pub(crate) struct People(Vec<(String, String)>);

impl People {
    pub(crate) fn of(sql: &str) -> Self {
        let lines = sql.lines().map_while(|line| line.strip_prefix("-- "));
        let pairs = lines.filter_map(|line| line.split_once(": "));
        Self(
            pairs
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A server whose keys are those of the files.
pub(crate) async fn server_in(folder: Option<PathBuf>) -> TestApp {
    TestApp::start_with(move |settings| {
        settings.keys = Some(SecretSetting(keys()));
        if let Some(folder) = &folder {
            settings.data.clone_from(folder);
        }
    })
    .await
}

/// The people of every file: Olga, whose account requires two-factor authentication and has it, Ada with an app, Sam with a
/// number, Rob with nothing, and somebody who is invited.
async fn people() -> (TestApp, Vec<(&'static str, String)>) {
    let app = server_in(None).await;
    let mut team = Team::found(&app).await;
    let olga = team.owner.enable_two_factor(&app).await;
    let mut known = vec![
        ("olga's key", olga.key().to_owned()),
        ("olga's recovery code", olga.recovery_codes[0].clone()),
    ];
    let mut browser = team.add(&app, ADA, &["developer"]).await;
    let ada = browser.enable_two_factor(&app).await;
    known.push(("ada's key", ada.key().to_owned()));
    known.push(("ada's recovery code", ada.recovery_codes[0].clone()));
    let mut browser = team.add(&app, SAM, &["developer"]).await;
    let sam = browser.enable_two_factor(&app).await;
    known.push(("sam's recovery code", sam.recovery_codes[0].clone()));
    to_sms(&app).await;
    team.add(&app, ROB, &["developer"]).await;
    let invited = team.invite(&app, "new@example.org", &["developer"]).await;
    known.push(("invitation", invited));
    let soon = START.0 + 60;
    app.sql(&format!(
        "UPDATE accounts SET required_from = {soon} WHERE owner_id = (SELECT id FROM users WHERE email = '{OWNER}')"
    ))
    .await;
    app.check_keys_as_before_tags().await;
    (app, known)
}

/// Sam has a number in place of the app.
async fn to_sms(app: &TestApp) {
    let user = app.user(SAM).await.id;
    let services = &app.services;
    app.sql("DELETE FROM second_factors WHERE user_id = (SELECT id FROM users WHERE email = 'sam@example.org')")
        .await;
    let transaction = services.database.begin_write().await.unwrap();
    let keys = services.keys.sealing(&transaction).await.unwrap();
    let number = PhoneNumber::from_e164(NUMBER).unwrap();
    let factor = Factor {
        kind: CodeFactorKind::Sms,
        sealed: seal_number(services, &keys, user, &number),
        since: START,
        last_step: TimeStep(0),
    };
    let key = keys.current().to_string();
    insert_factor(&transaction, user, factor, key, Admitted::by_operator())
        .await
        .unwrap();
    bind(services, &transaction, user).await.unwrap();
    transaction.commit().await.unwrap();
}

/// The first column of what a query gives.
async fn texts(database: &Database, sql: &str) -> Vec<String> {
    let db = database.read();
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}

/// Statements that make the rows of a table, of those columns that it has at a step.
async fn rows(from: &Database, table: &str, columns: &[String], condition: &str) -> Vec<String> {
    let values: Vec<_> = columns
        .iter()
        .map(|column| format!("quote(\"{column}\")"))
        .collect();
    let (names, values) = (columns.join(", "), values.join(" || ', ' || "));
    let sql = format!(
        "SELECT 'INSERT INTO {table} ({names}) VALUES (' || {values} || ');' FROM {table} WHERE {condition}"
    );
    texts(from, &sql).await
}

/// The file of one step.
async fn file_of(step: &str, full: &Database, known: &[(&str, String)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(folder.path().join("twofold.db"));
    let at = steps().iter().position(|one| one == step).unwrap();
    let count = u32::try_from(at + 1).unwrap();
    make_as_of(&folder.path().join("twofold.db"), count).await;
    let old = Database::open_as_it_is(&location).await.unwrap();
    let knows_sms = steps()[..=at].iter().any(|one| one == SMS_SINCE);
    let mut lines = vec![format!(
        "-- A database as of {step}. Never changed: see released.rs"
    )];
    let known = known
        .iter()
        .filter(|(name, _)| knows_sms || !name.starts_with("sam"));
    lines.extend(known.map(|(name, value)| format!("-- {name}: {value}")));
    let schema =
        "SELECT sql || ';' FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type = 'index', rowid";
    lines.extend(texts(&old, schema).await);
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid";
    for table in texts(&old, tables).await {
        let columns = format!("SELECT name FROM pragma_table_info('{table}')");
        let columns = texts(&old, &columns).await;
        if table == "seaql_migrations" {
            lines.extend(rows(&old, &table, &columns, "true").await);
        } else if KEPT.contains(&table.as_str()) {
            let is_factor = table == "second_factors";
            let condition = if is_factor && !knows_sms {
                "kind = 'app'"
            } else {
                "true"
            };
            lines.extend(rows(full, &table, &columns, condition).await);
        }
    }
    lines.join("\n") + "\n"
}

/// The text of every step's database; makes those that are missing where that is asked for.
pub(crate) async fn files() -> Vec<(String, String)> {
    static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _alone = ONE_AT_A_TIME.lock().await;
    let path = |step: &String| released().join(format!("{step}.sql"));
    let missing: Vec<_> = steps()
        .into_iter()
        .filter(|step| !path(step).exists())
        .collect();
    if !missing.is_empty() {
        assert!(
            std::env::var_os("UPDATE_RELEASED").is_some(),
            "no database as of {}: UPDATE_RELEASED=1 makes it",
            missing.join(", ")
        );
        let (app, known) = people().await;
        for step in missing {
            let text = file_of(&step, &app.services.database, &known).await;
            fs::write(path(&step), text).unwrap();
        }
    }
    let read = |step: String| {
        let text = fs::read_to_string(path(&step)).unwrap();
        (step, text)
    };
    steps().into_iter().map(read).collect()
}

/// A data folder with the database of a file, and its keys.
pub(crate) async fn unpacked(sql: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("twofold.db");
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let db = sea_orm::Database::connect(url).await.unwrap();
    // Rows come before those that they name.
    let sql = format!("PRAGMA foreign_keys = OFF; BEGIN; {sql} COMMIT;");
    db.execute_unprepared(&sql).await.unwrap();
    db.close().await.unwrap();
    fs::write(folder.path().join("keys"), keys()).unwrap();
    folder
}
