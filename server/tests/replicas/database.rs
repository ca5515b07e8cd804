//! A PostgreSQL that goes away, is read-only or slow: calls are refused for now, and nothing has to be started anew.

use serde_json::json;
use storage::{ConnectionTrait as _, StorageError};

use crate::cluster::Replica;
use crate::support::{Browser, PASSWORD, TestApp};
use crate::wire::Wire;

const ADA: &str = "ada@example.org";

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_was_away_is_back_with_the_next_call() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let mut settings = app.settings();
    let wire = Wire::before(&mut settings).await;
    let replica = Replica::start(&app, settings, 2).await.unwrap();
    let mut ada = Browser::new(&replica.base);
    ada.sign_in(ADA).await.expect(200);
    for _ in 0..3 {
        let cookies = ada.cookies.clone();
        wire.cut();
        let reply = ada
            .call("profile/rename", json!({ "name": "Ada L." }))
            .await;
        let reply = reply.refused(503, "busy");
        assert_eq!(reply.headers["retry-after"], "5");
        assert_eq!(ada.cookies, cookies, "nobody is signed out by it");
        wire.mend();
        ada.call("profile/rename", json!({ "name": "Ada L." }))
            .await
            .expect(200);
    }
}

/// Makes a database read-only, or writable again, for all connections from now on; earlier ones end.
async fn set_read_only(app: &TestApp, value: &str) {
    let url = app.settings().database_url.unwrap().0;
    let (server, name) = url.rsplit_once('/').unwrap();
    let admin = sea_orm::Database::connect(format!("{server}/postgres")).await;
    let admin = admin.unwrap();
    for sql in [
        format!("ALTER DATABASE {name} SET default_transaction_read_only = {value}"),
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
    ] {
        admin.execute_unprepared(&sql).await.unwrap();
    }
}

/// As when a standby has not been promoted yet.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_read_only_refuses_for_now_and_loses_nothing() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    set_read_only(&app, "on").await;
    assert_eq!(ada.state().await, "signed_in");
    ada.call("profile/rename", json!({ "name": "Ada L." }))
        .await
        .refused(503, "busy");
    let mut other = app.browser();
    other.sign_in(ADA).await.refused(503, "busy");
    assert!(other.cookies.is_empty());
    set_read_only(&app, "off").await;
    ada.call("profile/rename", json!({ "name": "Ada L." }))
        .await
        .expect(200);
    other.sign_in(ADA).await.expect(200);
}

/// A statement that the database ends because it took too long may be tried again.
#[tokio::test]
async fn a_statement_that_takes_too_long_is_for_now() {
    let app = TestApp::start().await;
    let transaction = app.services.database.begin_write().await.unwrap();
    transaction
        .execute_unprepared("SET LOCAL statement_timeout = '10ms'")
        .await
        .unwrap();
    let slow = transaction.execute_unprepared("SELECT pg_sleep(10)").await;
    let error = StorageError::from(slow.unwrap_err());
    assert!(error.is_transient(), "{error}");
}

/// Somebody else's lock holds one call up for seconds, and the others not at all.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_held_holds_up_only_whoever_needs_it() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let mut bob = app.member("bob@example.org").await;
    let held = app.services.database.begin_write().await.unwrap();
    let lock = format!("SELECT id FROM users WHERE email = '{ADA}' FOR UPDATE");
    held.execute_unprepared(&lock).await.unwrap();
    let waiting = tokio::spawn(async move {
        let reply = ada
            .call("profile/rename", json!({ "name": "Ada L." }))
            .await;
        (ada, reply)
    });
    bob.call("profile/rename", json!({ "name": "Bobby" }))
        .await
        .expect(200);
    let (mut ada, reply) = waiting.await.unwrap();
    reply.refused(503, "busy");
    drop(held);
    ada.call("profile/rename", json!({ "name": "Ada L." }))
        .await
        .expect(200);
    let step_up = json!({ "password": PASSWORD, "code": null });
    ada.call(
        "two-factor/begin",
        json!({ "purpose": "enable", "step_up": step_up }),
    )
    .await
    .expect(200);
}

/// A mail that has left is the worker's alone until its lease is over: what became of it is written as soon as the database lets
/// it. Otherwise it would wait for a minute and go out a second time, and for ever on a clock that stands still.
#[tokio::test]
async fn a_mail_whose_end_cannot_be_written_at_first_is_sent_once_and_waits_for_no_lease() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    app.mails().await;
    app.sql(
        "CREATE SEQUENCE refusals;
         CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN
             IF nextval('refusals') <= 3 THEN RAISE EXCEPTION 'held' USING ERRCODE = '55P03'; END IF;
             RETURN OLD;
         END $$;
         CREATE TRIGGER refuse BEFORE DELETE ON mails FOR EACH ROW EXECUTE FUNCTION refuse()",
    )
    .await;
    let mut browser = app.browser();
    let forget = json!({ "email": ADA });
    browser.call("password/forgot", forget).await.expect(200);
    assert_eq!(app.links("/reset-password").await.len(), 1);
    let refusals = "SELECT last_value FROM refusals";
    assert_eq!(app.number(refusals).await, 4);
    let sent = app.services.metrics.print(None, true, &app.services.hasher);
    assert!(
        sent.contains("twofold_mails_total{fate=\"delayed\"} 0\n"),
        "{sent}"
    );
}
