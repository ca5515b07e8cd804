//! Starting: all at once, before the database, on a database that is not ours or not of this version.

use crypto::clock::Clock as _;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use serde_json::json;
use settings::{SecretSetting, Settings};

use crate::cluster::{Cluster, Replica};
use crate::support::TestApp;
use crate::wire::Wire;

const ADA: &str = "ada@example.org";

/// The schema and the keys are made once.
#[tokio::test(flavor = "multi_thread")]
async fn four_servers_that_start_at_once_on_an_empty_database_agree() {
    let app = TestApp::start().await;
    let settings = settings_of_database(&app, "empty", "").await;
    let starting = |seed| Replica::start(&app, settings.clone(), seed);
    let (a, b, c, d) = tokio::join!(starting(2), starting(3), starting(4), starting(5));
    let replicas = [a.unwrap(), b.unwrap(), c.unwrap(), d.unwrap()];
    let database = connect(&settings).await;
    for (table, rows) in [("instance", 1), ("users", 0)] {
        let sql = format!("SELECT count(*) AS n FROM {table} HAVING count(*) = {rows}");
        let found = database.query_one_raw(Statement::from_string(DbBackend::Postgres, sql));
        assert!(found.await.unwrap().is_some(), "{table}");
    }
    for replica in &replicas {
        let mut browser = crate::support::Browser::new(&replica.base);
        assert_eq!(browser.state().await, "signed_out");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_starts_before_its_database_waits_for_it() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut settings = app.settings();
    let wire = Wire::before(&mut settings).await;
    wire.cut();
    let (replica, ()) = tokio::join!(Replica::start(&app, settings, 2), async {
        while wire.refused() < 2 {
            tokio::task::yield_now().await;
        }
        wire.mend();
    });
    let replica = replica.unwrap();
    let mut ada = crate::support::Browser::new(&replica.base);
    ada.sign_in(ADA).await.expect(200);
}

/// A rolling upgrade: the new version adds to the schema and serves; those of the version before go on until they are exchanged.
#[tokio::test(flavor = "multi_thread")]
async fn servers_go_on_when_a_newer_version_has_added_to_the_schema() {
    let cluster = Cluster::start().await;
    let app = &cluster.app;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    app.sql(
        "ALTER TABLE users ADD COLUMN nickname text;
         ALTER TABLE sessions ADD COLUMN device text NOT NULL DEFAULT '';
         CREATE TABLE later_things (id uuid PRIMARY KEY, user_id uuid REFERENCES users (id) ON DELETE CASCADE);
         INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)",
    )
    .await;
    app.clock.advance(30);
    for _ in 0..2 {
        let mut ada = app.browser();
        ada.sign_in(ADA).await.expect(200);
        let code = authenticator.code(app.clock.now());
        ada.give_code(&code).await.expect(200);
        let name = json!({ "name": "Ada L." });
        ada.call("profile/rename", name).await.expect(200);
        assert_eq!(ada.overview().await["two_factor"]["state"], "on");
        app.clock.advance(30);
    }
    let mut bob = app.member("bob@example.org").await;
    bob.enable_two_factor(app).await;
    let problem = Replica::start(app, app.settings(), 3).await.err().unwrap();
    assert!(problem.contains("m9999_later"), "{problem}");
}

/// One line for the operator, and nothing of the password in the address.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_there_or_not_ours_or_newer_is_refused_in_one_line() {
    let app = TestApp::start().await;
    let good = app.settings();
    let url = good.database_url.clone().unwrap().0;
    let (server, _) = url.rsplit_once('/').unwrap();
    let mut elsewhere = good.clone();
    elsewhere.database_url = Some(SecretSetting(format!("{server}/no_such")));
    let problem = Replica::start(&app, elsewhere, 2).await.err().unwrap();
    assert!(
        problem.contains("no_such") && problem.lines().count() == 1,
        "{problem}"
    );
    app.sql("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)")
        .await;
    let problem = Replica::start(&app, good, 2).await.err().unwrap();
    assert!(
        problem.contains("newer version of Twofold (m9999_later)"),
        "{problem}"
    );
    let of_films = settings_of_database(&app, "films", "").await;
    let films = connect(&of_films).await;
    let table = "CREATE TABLE films (id int)";
    films.execute_unprepared(table).await.unwrap();
    let problem = Replica::start(&app, of_films, 2).await.err().unwrap();
    assert!(problem.contains("belongs to another program"), "{problem}");
}

/// Two servers on an empty database show one link, and it is good at either.
#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_an_empty_database_show_the_same_set_up_link() {
    let app = TestApp::start().await;
    let (second, third) = tokio::join!(Replica::beside(&app, 2), Replica::beside(&app, 3));
    let first = app.setup_token.clone().unwrap();
    for replica in [&second, &third] {
        let shown = service::setup::current_link(&replica.services).await;
        let shown = shown.unwrap().unwrap();
        assert_eq!(shown.token.to_text().expose(), first);
        let mut browser = crate::support::Browser::new(&replica.base);
        let reply = browser.call("setup/link", json!({ "token": first })).await;
        assert_eq!(reply.json(), "good");
    }
}

/// Makes a database beside that of the test, whose server goes on working there. Returns settings that name it.
async fn settings_of_database(app: &TestApp, name: &str, options: &str) -> Settings {
    let mut settings = app.settings();
    let url = settings.database_url.take().unwrap().0;
    let (server, own) = url.rsplit_once('/').unwrap();
    let name = format!("{own}_{name}");
    let admin = sea_orm::Database::connect(format!("{server}/postgres")).await;
    let sql = format!("CREATE DATABASE {name} {options}");
    admin.unwrap().execute_unprepared(&sql).await.unwrap();
    settings.database_url = Some(SecretSetting(format!("{server}/{name}")));
    settings.keys_file = Some(app.folder().join("other-keys"));
    settings
}

async fn connect(settings: &Settings) -> DatabaseConnection {
    let url = settings.database_url.clone().unwrap().0;
    sea_orm::Database::connect(url).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_keep_every_character_is_refused() {
    let app = TestApp::start().await;
    let how = "ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0";
    let settings = settings_of_database(&app, "latin1", how).await;
    let problem = Replica::start(&app, settings, 2).await.err().unwrap();
    assert!(
        problem.contains("encoding LATIN1") && problem.contains("UTF8"),
        "{problem}"
    );
}

/// The pool takes what there is, so that nobody waits for a connection that never comes.
#[tokio::test(flavor = "multi_thread")]
async fn fewer_connections_than_are_set_are_used_where_there_are_fewer() {
    let app = TestApp::start().await;
    let mut settings = settings_of_database(&app, "narrow", "CONNECTION LIMIT 3").await;
    for (wanted, used) in [(16, 3), (2, 2)] {
        settings.database_connections = wanted;
        let replica = Replica::start(&app, settings.clone(), 2).await.unwrap();
        let pool = replica
            .services
            .database
            .read()
            .get_postgres_connection_pool();
        assert_eq!(pool.options().get_max_connections(), used);
    }
}

/// A setting that does not fit the server is no database that is still starting.
#[tokio::test(flavor = "multi_thread")]
async fn tls_that_the_server_does_not_have_is_said_at_once() {
    let app = TestApp::start().await;
    let url = app.settings().database_url.unwrap().0;
    let mut settings = app.settings();
    settings.database_url = Some(SecretSetting(format!("{url}?sslmode=require")));
    let starting = Replica::start(&app, settings, 2);
    let ended = tokio::time::timeout(std::time::Duration::from_secs(20), starting).await;
    let problem = ended.expect("it does not wait").err().unwrap();
    assert!(problem.contains("TLS"), "{problem}");
}
