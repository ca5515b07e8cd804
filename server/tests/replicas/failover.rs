//! A standby takes over while the primary of before lives on and only reads: the servers go with it, without a restart.

use app::types::secret_text::SecretText;
use app::types::setup::NewUser;
use crypto::clock::Stopwatch;
use domain::days::Zone;
use serde_json::{Value, json};
use service::presence::takes_writes;
use service::users;
use settings::SecretSetting;

use crate::cluster::Replica;
use crate::pair::Pair;
use crate::support::{Browser, PASSWORD, TestApp, wait_until};
use crate::wire::Wire;

const ADA: &str = "ada@example.org";
/// As many as a server keeps.
const AT_ONCE: usize = 16;

async fn readiness(operator: &mut Browser) -> (u16, Value) {
    let reply = operator.get("/readyz").await;
    (reply.status, reply.json())
}

/// Renames in many calls at once, so that every connection of the server is used; how many were taken.
async fn rename_at_once(ada: &Browser) -> usize {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let mut ada = ada.clone();
        let name = json!({ "name": "Ada L." });
        tasks.spawn(async move { ada.call("profile/rename", name).await.status });
    }
    let all = tasks.join_all().await;
    all.into_iter().filter(|status| *status == 200).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failover_whose_old_primary_lives_on_read_only_costs_no_restart() {
    let test = TestApp::start().await;
    let pair = Pair::start().await;
    let mut settings = test.settings();
    settings.database_url = Some(SecretSetting(pair.primary.url()));
    settings.keys_file = Some(test.folder().join("other-keys"));
    settings.metrics.listen = "127.0.0.1:0".parse().ok();
    let wire = Wire::before(&mut settings).await;
    let replica = Replica::start(&test, settings, 2).await.unwrap();
    let services = &replica.services;
    let listen = services.settings.metrics.listen.unwrap();
    let mut operator = Browser::new(&format!("http://{listen}"));
    let user = NewUser {
        name: "Ada".to_owned(),
        email: ADA.to_owned(),
        account_name: "Analytical Engines".to_owned(),
        password: SecretText::new(PASSWORD),
    };
    users::create(services, &user, Zone::UTC).await.unwrap();
    let mut ada = Browser::new(&replica.base);
    ada.sign_in_with(ADA, PASSWORD).await.expect(200);
    assert_eq!(rename_at_once(&ada).await, AT_ONCE);
    assert!(pair.primary.connections().await > 1);
    test.set_clock_by_database().await;
    assert_eq!(readiness(&mut operator).await.0, 200);

    pair.primary.become_read_only().await;
    wait_until("no writes are taken", async || {
        !takes_writes(services).await
    })
    .await;
    let (status, said) = readiness(&mut operator).await;
    assert_eq!(status, 503);
    assert_eq!(said["writes"]["ok"], false, "{said}");
    assert_eq!(said["database"]["ok"], true, "{said}");
    let gauge = operator.get("/metrics").await.text;
    assert!(gauge.contains("\ntwofold_database_writable 0\n"), "{gauge}");
    assert_eq!(rename_at_once(&ada).await, 0);
    assert_eq!(ada.state().await, "signed_in");

    pair.standby.promote();
    wire.lead_to(pair.standby.address);
    let promoted = Stopwatch::start();
    assert_eq!(rename_at_once(&ada).await, AT_ONCE);
    test.set_clock_by_database().await;
    wait_until("the server is ready again", async || {
        readiness(&mut operator).await.0 == 200
    })
    .await;
    assert!(promoted.seconds() < 5.0, "{} s", promoted.seconds());
    assert!(pair.standby.connections().await > 0);
    let mut other = Browser::new(&replica.base);
    other.sign_in_with(ADA, PASSWORD).await.expect(200);
}
