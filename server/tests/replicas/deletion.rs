//! Deleting, restoring and erasing an account, on several servers at once.

use app::types::timestamp::Timestamp;
use crypto::clock::Clock as _;
use serde_json::{Value, json};
use service::accounts::deletion::erase_due;

use crate::cluster::Cluster;
use crate::support::{Browser, PASSWORD};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const NAME: &str = "Analytical Engines";

fn with_step_up(mut call: Value) -> Value {
    call["step_up"] = json!({ "password": PASSWORD, "code": null });
    call
}

async fn delete(owner: &mut Browser, id: &str) -> u16 {
    let call = with_step_up(json!({ "account": id, "name": NAME }));
    owner.call("account/delete", call).await.status
}

async fn restore(owner: &mut Browser, id: &str) -> u16 {
    let call = with_step_up(json!({ "account": id }));
    owner.call("accounts/restore", call).await.status
}

/// The rows of the account and of its memberships, live and deleted.
async fn rows(cluster: &Cluster) -> (i64, i64, i64, i64) {
    let app = &cluster.app;
    let of = |table: &str| format!("SELECT count(*) FROM {table}");
    (
        app.number(&of("accounts")).await,
        app.number(&of("memberships")).await,
        app.number(&of("deleted_accounts")).await,
        app.number(&of("deleted_memberships")).await,
    )
}

/// Of a restore and two servers that erase, around the moment at which the week is over, one does it, and wholly.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_comes_back_whole_or_is_erased_by_one_server() {
    let cluster = Cluster::start().await;
    let app = &cluster.app;
    let mut erased_ever = 0;
    for round in 0..8 {
        app.sql("DELETE FROM tries; DELETE FROM users; DELETE FROM accounts; DELETE FROM deleted_accounts")
            .await;
        let mut owner = app.member(ADA).await;
        app.create_user(BOB).await;
        app.sql("DELETE FROM accounts WHERE owner_id = (SELECT id FROM users WHERE email = 'bob@example.org')")
            .await;
        app.join(ADA, BOB, 2).await;
        let id = owner.own_account().await;
        assert_eq!(delete(&mut owner, &id).await, 200);
        // Deleted so long ago that the moment comes while the restore is under way, or just before or after it.
        let end = app.clock.now().seconds() + i64::from(round % 2);
        app.sql(&format!("UPDATE deleted_accounts SET expires_at = {end}"))
            .await;
        let mut browser = owner.clone();
        let of_restore = id.clone();
        let restoring = tokio::spawn(async move { restore(&mut browser, &of_restore).await });
        let (first, second) = (app.services.clone(), cluster.second.services.clone());
        app.clock.set(Timestamp(end));
        let erasing = [first, second]
            .map(|services| tokio::spawn(async move { erase_due(&services).await.unwrap() }));
        let mut erased = 0;
        for one in erasing {
            erased += one.await.unwrap();
        }
        let restored = u64::from(restoring.await.unwrap() == 200);
        erased += erase_due(&app.services).await.unwrap();
        assert_eq!(erased + restored, 1, "erased {erased}, restored {restored}");
        let expected = if restored == 1 {
            (1, 2, 0, 0)
        } else {
            (0, 0, 0, 0)
        };
        assert_eq!(rows(&cluster).await, expected);
        erased_ever += erased;
    }
    assert!(erased_ever > 0, "nothing was ever erased");
}

/// What is under way in an account when it is deleted is done before, and moves with it, or is not done.
#[tokio::test(flavor = "multi_thread")]
async fn an_act_under_way_is_done_before_the_deletion_or_not_at_all() {
    let cluster = Cluster::start().await;
    let app = &cluster.app;
    let mut owner = app.member(ADA).await;
    let mut member = app.member(BOB).await;
    app.join(ADA, BOB, 2).await;
    let id = owner.own_account().await;
    let renamed = |name: &str| json!({ "account": id, "name": name });
    for round in 0..3 {
        let (mut a, mut b, mut c) = (owner.clone(), owner.clone(), member.clone());
        let of_delete = id.clone();
        let deleting = tokio::spawn(async move { delete(&mut a, &of_delete).await });
        let call = renamed("Difference Engines");
        let renaming = tokio::spawn(async move { b.call("account/rename", call).await.status });
        let call = json!({ "account": id });
        let leaving = tokio::spawn(async move { c.call("team/leave", call).await.status });
        let deleted = deleting.await.unwrap();
        let (rename, leave) = (renaming.await.unwrap(), leaving.await.unwrap());
        for status in [rename, leave] {
            assert!([200, 404].contains(&status), "{status}");
        }
        // Under another name it is another one than was confirmed.
        assert!([200, 422].contains(&deleted), "{deleted}");
        if deleted == 422 {
            assert_eq!(rename, 200);
        } else {
            let left = i64::from(leave == 200);
            let (accounts, _, deleted, moved) = rows(&cluster).await;
            assert_eq!(
                (accounts, deleted, moved),
                (1, 1, 2 - left),
                "round {round}"
            );
            assert_eq!(restore(&mut owner, &id).await, 200);
        }
        app.sql(&format!("UPDATE accounts SET name = '{NAME}'"))
            .await;
        app.sql("DELETE FROM tries; DELETE FROM memberships WHERE roles = 2")
            .await;
        app.join(ADA, BOB, 2).await;
        member.state().await;
    }
    assert_eq!(app.number("SELECT count(*) FROM deleted_accounts").await, 0);
}
