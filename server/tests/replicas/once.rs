//! What happens once happens once, however many servers there are.

use app::types::timestamp::Timestamp;
use service::Services;
use service::upkeep::in_turn;
use storage::leases::take_lease;

use crate::cluster::Cluster;
use crate::support::{Authenticator, Browser, Reply, START};

const ADA: &str = "ada@example.org";
const MANY: usize = 50;

async fn start() -> Cluster {
    Cluster::start_with(|settings| {
        settings.limits.wrong_passwords_of_strangers = 200;
        settings.limits.wrong_passwords_per_client = 200;
    })
    .await
}

async fn pending(cluster: &Cluster) -> Vec<Browser> {
    let mut browsers = Vec::new();
    for _ in 0..MANY {
        let mut browser = cluster.app.browser();
        browser.sign_in(ADA).await.expect(200);
        browsers.push(browser);
    }
    browsers
}

/// How many of so many calls at once are taken.
async fn taken<F>(browsers: Vec<Browser>, call: impl Fn(Browser) -> F) -> usize
where
    F: Future<Output = Reply> + Send + 'static,
{
    let calls: Vec<_> = browsers
        .into_iter()
        .map(|browser| tokio::spawn(call(browser)))
        .collect();
    let mut taken = 0;
    for call in calls {
        taken += usize::from(call.await.unwrap().status == 200);
    }
    taken
}

/// Who lost the race is not locked out: the code of a later moment signs in.
async fn loser_signs_in(cluster: &Cluster, authenticator: &Authenticator, at: Timestamp) {
    cluster.app.clock.set(at);
    let mut loser = cluster.app.browser();
    loser.sign_in(ADA).await.expect(200);
    loser.give_code(&authenticator.code(at)).await.expect(200);
}

/// F03, F08, F13: of fifty uses of a code and of a recovery code over two servers one each is taken, and who lost the race
/// signs in with the next.
#[tokio::test(flavor = "multi_thread")]
async fn fifty_uses_of_one_code_over_two_servers_make_one_session() {
    let cluster = start().await;
    let (_, authenticator) = cluster.app.member_with_two_factor(ADA).await;
    let code = authenticator.code(START + 30);
    let recovery_code = authenticator.recovery_codes[0].clone();
    let left = "SELECT count(*) FROM recovery_codes WHERE used_at IS NULL";
    let before = cluster.app.number(left).await;
    let give_code = |mut browser: Browser| {
        let code = code.clone();
        async move { browser.give_code(&code).await }
    };
    assert_eq!(taken(pending(&cluster).await, give_code).await, 1);
    loser_signs_in(&cluster, &authenticator, START + 60).await;
    let give_recovery_code = |mut browser: Browser| {
        let code = recovery_code.clone();
        async move { browser.give_recovery_code(&code).await }
    };
    assert_eq!(taken(pending(&cluster).await, give_recovery_code).await, 1);
    assert_eq!(cluster.app.number(left).await, before - 1);
    loser_signs_in(&cluster, &authenticator, START + 90).await;
}

/// A mail is sent by one of the servers that look for mails, a lease has one holder, and another one afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_done_by_one_server_at_a_time() {
    let cluster = start().await;
    let app = &cluster.app;
    // Not upkeep itself: each server begins with a turn of its own, some time after its start.
    let turn = async |server: &Services| {
        let transaction = server.database.begin_write().await.unwrap();
        let now = server.now();
        let is_ours = take_lease(&transaction, "a job", now, now + 55).await;
        transaction.commit().await.unwrap();
        is_ours.unwrap()
    };
    let (first, second) = (&app.services, &cluster.second.services);
    for _ in 0..20 {
        let (a, b) = tokio::join!(turn(first), turn(second));
        assert!(a != b, "{a} and {b}");
        assert!(!turn(first).await && !turn(second).await);
        app.clock.advance(55);
    }
    assert!(turn(first).await);
    // A lease of a clock that was ahead holds nobody up.
    app.clock.advance(-86_400);
    assert!(turn(second).await);
    // Of these the first turns of both servers may take two.
    let mut turns = 0;
    for _ in 0..5 {
        app.clock.advance(60);
        turns += usize::from(in_turn(second).await.unwrap().is_some());
    }
    assert!(turns >= 3, "{turns} turns");
    for n in 0..12 {
        let (mut browser, _) = app
            .member_with_two_factor(&format!("ada{n}@example.org"))
            .await;
        browser.state().await;
    }
    let mails = app.mails().await;
    for n in 0..12 {
        let to = format!("To: ada{n}@example.org");
        let about = |mail: &&String| mail.contains(&to);
        let found = mails.iter().filter(about).count();
        assert_eq!(found, 1, "mails to ada{n}");
    }
}
