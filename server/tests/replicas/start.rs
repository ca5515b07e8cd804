//! Starting: all at once, before the database, on a database that is not ours or not of this version.

use crate::cluster::Replica;
use crate::support::TestApp;
use crate::wire::Wire;

const ADA: &str = "ada@example.org";

/// The schema and the keys are made once.
#[tokio::test(flavor = "multi_thread")]
async fn four_servers_that_start_at_once_on_an_empty_database_agree() {
    let app = TestApp::start().await;
    app.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        .await;
    let mut settings = app.settings();
    settings.keys_file = Some(app.folder().join("other-keys"));
    let starting = |seed| Replica::start(&app, settings.clone(), seed);
    let (a, b, c, d) = tokio::join!(starting(2), starting(3), starting(4), starting(5));
    let replicas = [a.unwrap(), b.unwrap(), c.unwrap(), d.unwrap()];
    assert_eq!(app.count("instance").await, 1);
    assert_eq!(app.count("users").await, 0);
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

/// One line for the operator, and nothing of the password in the address.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_there_or_not_ours_or_newer_is_refused_in_one_line() {
    let app = TestApp::start().await;
    let good = app.settings();
    let url = good.database_url.clone().unwrap().0;
    let (server, _) = url.rsplit_once('/').unwrap();
    let mut elsewhere = good.clone();
    elsewhere.database_url = Some(server::config::SecretSetting(format!("{server}/no_such")));
    let problem = Replica::start(&app, elsewhere, 2).await.err().unwrap();
    assert!(
        problem.contains("no_such") && problem.lines().count() == 1,
        "{problem}"
    );
    app.sql("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)")
        .await;
    let problem = Replica::start(&app, good.clone(), 2).await.err().unwrap();
    assert!(
        problem.contains("newer version of Twofold (m9999_later)"),
        "{problem}"
    );
    app.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE films (id int)")
        .await;
    let problem = Replica::start(&app, good, 2).await.err().unwrap();
    assert!(problem.contains("belongs to another program"), "{problem}");
}
