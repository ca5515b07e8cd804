//! Ids of others, at every function that takes one.

use app::api::{ServerFunction, all_functions};
use serde_json::Value;

use crate::calls::body;
use crate::world::World;

const NOBODYS: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// Puts another id wherever this one stands.
fn replace(body: &Value, from: &str, to: &str) -> Value {
    serde_json::from_str(&body.to_string().replace(from, to)).unwrap()
}

/// F65: whoever owns an account gets nothing of another by its ids, alone or beside an id of their own, changes nothing, and reads
/// the same as for an id that nobody has.
#[tokio::test]
async fn an_id_of_others_is_as_good_as_none_at_every_function() {
    let mut world = World::new().await;
    let own = world.app.account_of("eve@example.org").await;
    // The first access to an account is a line of its log.
    world
        .eve
        .clone()
        .of_account("enter", &own)
        .await
        .expect(200);
    world.keep().await;
    let mut tried = 0;
    for ServerFunction { path, .. } in all_functions() {
        let given = body(path, &world.ids);
        let of_account = given.get("account").is_some();
        for (kind, id) in world.ids.all() {
            if !given.to_string().contains(id) {
                continue;
            }
            tried += 1;
            let mut foreign = given.clone();
            if of_account && kind != "account" {
                foreign = replace(&foreign, &world.ids.account, &own);
            }
            let nobodys = replace(&foreign, id, NOBODYS);
            world.put_back("").await;
            let before = world.contents().await;
            let theirs = world.eve.clone().post(path, &foreign).await;
            let after = world.contents().await;
            world.put_back("").await;
            let none = world.eve.clone().post(path, &nobodys).await;
            // An event is a place in time, from which the asker's own are read.
            if kind != "event" {
                assert_eq!(
                    (theirs.status, &theirs.text),
                    (none.status, &none.text),
                    "{path} tells {kind} of others from none"
                );
            }
            // An act takes a try off what its own user has, whatever comes of it.
            let is_kept = |row: &&String| !row.starts_with("tries: ");
            let (before, after): (Vec<_>, Vec<_>) = (
                before.iter().filter(is_kept).collect(),
                after.iter().filter(is_kept).collect(),
            );
            assert_eq!(before, after, "{path} changes something by {kind}");
            let is_filter = matches!(kind, "event") || *path == "/api/account/activity";
            // Discarding what is not there is no error.
            let is_idempotent = *path == "/api/two-factor/cancel";
            if (!is_filter || kind == "account") && !is_idempotent {
                assert!(
                    [404, 409].contains(&theirs.status),
                    "{path} {}",
                    theirs.text
                );
            }
        }
    }
    assert!(tried > 20, "{tried}");
}

/// F65: files too.
#[tokio::test]
async fn a_file_of_others_is_not_there() {
    let mut world = World::new().await;
    for ending in ["csv", "jsonl"] {
        let theirs = format!("/api/accounts/{}/activity.{ending}", world.ids.account);
        let nobodys = format!("/api/accounts/{NOBODYS}/activity.{ending}");
        let theirs = world.eve.download(&theirs).await.refused(404, "not_found");
        let nobodys = world.eve.download(&nobodys).await;
        assert_eq!(theirs.text, nobodys.refused(404, "not_found").text);
    }
}
