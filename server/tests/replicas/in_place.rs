//! `twofold restore --in-place` beside servers that live: nobody is signed out by a command for the wrong database.

use std::process::Output;

use service::presence::takes_writes;
use service::upkeep;
use tokio::process::Command;

use crate::cluster::Cluster;
use crate::support::{TestApp, wait_until};

const ADA: &str = "ada@example.org";
const SERVERS: &str = "SELECT count(*) FROM leases WHERE job LIKE 'server %'";

async fn settle(app: &TestApp, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_twofold"))
        .arg("--data")
        .arg(app.folder())
        .envs(app.database_variable())
        .args(["restore", "--in-place"])
        .args(more)
        .output()
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_servers_use_is_settled_only_by_force() {
    let mut cluster = Cluster::start().await;
    let mut ada = cluster.app.member(ADA).await;
    let are_both = async || cluster.app.number(SERVERS).await == 2;
    wait_until("both servers have leases", are_both).await;
    let refused = settle(&cluster.app, &[]).await;
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8(refused.stderr).unwrap();
    for server in [&cluster.first, &cluster.second.base] {
        let listens = server.trim_start_matches("http://");
        assert!(said.contains(listens) && said.contains("--force"), "{said}");
    }
    assert_eq!(said.lines().count(), 1, "{said}");
    assert_eq!(ada.state().await, "signed_in");

    let forced = settle(&cluster.app, &["--force"]).await;
    assert!(forced.status.success(), "{forced:?}");
    assert_eq!(ada.state().await, "signed_out");
    // It took the leases of those who worked on the database before; a server has its own again with the next sign of life.
    let is_back = async || {
        assert!(takes_writes(&cluster.second.services).await);
        cluster.app.number(SERVERS).await > 0
    };
    wait_until("the second server has a lease again", is_back).await;

    // One that was told to stop takes itself off; one that was killed counts until its time is over.
    cluster.app.stop().await;
    cluster.second.kill();
    let said = String::from_utf8(settle(&cluster.app, &[]).await.stderr).unwrap();
    assert!(
        !said.contains(cluster.first.trim_start_matches("http://")),
        "{said}"
    );
    assert!(
        said.contains(cluster.second.base.trim_start_matches("http://")),
        "{said}"
    );
}

/// Leases of servers are by the clock of the database, so no server removes them by its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_clock_is_ahead_removes_no_other_one() {
    let cluster = Cluster::start().await;
    let are_both = async || cluster.app.number(SERVERS).await == 2;
    wait_until("both servers have leases", are_both).await;
    let of_database = "SELECT EXTRACT(EPOCH FROM clock_timestamp())::bigint";
    let now = cluster.app.number(of_database).await;
    assert!(cluster.app.services.now().0 > now + 2 * 24 * 60 * 60);
    upkeep::remove_expired(&cluster.app.services).await.unwrap();
    assert!(are_both().await);

    let long_gone = "INSERT INTO leases (job, ends_at)
                     VALUES ('server gone', EXTRACT(EPOCH FROM clock_timestamp())::bigint - 90000)";
    cluster.app.sql(long_gone).await;
    upkeep::remove_expired(&cluster.app.services).await.unwrap();
    assert!(are_both().await);
}

/// A server of before there were such leases shows by its upkeep.
#[tokio::test]
async fn a_server_of_an_earlier_version_counts_too() {
    let mut app = TestApp::start().await;
    assert!(app.is_postgres(), "run this by scripts/with-postgres");
    app.stop().await;
    let upkeep = "DELETE FROM leases; INSERT INTO leases (job, ends_at)
                  VALUES ('upkeep', EXTRACT(EPOCH FROM clock_timestamp())::bigint + 30)";
    app.sql(upkeep).await;
    let said = String::from_utf8(settle(&app, &[]).await.stderr).unwrap();
    assert!(said.contains("earlier version"), "{said}");
    app.sql("DELETE FROM leases").await;
    let done = settle(&app, &[]).await;
    assert!(done.status.success(), "{done:?}");
}

/// A server that was told to stop is not there any more, nor does what it did for all read as another one.
#[tokio::test]
async fn a_server_that_has_stopped_reads_as_none_of_an_earlier_version() {
    let mut app = TestApp::start().await;
    assert!(app.is_postgres(), "run this by scripts/with-postgres");
    app.set_clock_by_database().await;
    // It may have done so by itself just now.
    upkeep::in_turn(&app.services).await.unwrap();
    let live = "SELECT count(*) FROM leases WHERE job LIKE 'upkeep%'
                AND ends_at > EXTRACT(EPOCH FROM clock_timestamp())::bigint";
    assert_eq!(app.number(live).await, 1);
    app.stop().await;
    let done = settle(&app, &[]).await;
    assert!(done.status.success(), "{done:?}");
    assert_eq!(app.count("leases").await, 0);
}
