//! What changes between the moment somebody is let in and the moment their act is done.

use server::backend::gate::LEVELS;
use server::storage::ConnectionTrait as _;

use crate::calls::body;
use crate::support::{Browser, Reply};
use crate::world::{OLGA, World};

const ADAM: &str = "adam@example.org";

/// Calls a function, which waits for its turn to write, and finds the database changed then.
async fn call_while(world: &World, browser: &Browser, path: &'static str, change: &str) -> Reply {
    let transaction = world.app.services.database.begin_write().await.unwrap();
    if world.app.is_postgres() {
        // Whoever takes rights away locks what they hang on first.
        let first = "SELECT id FROM accounts FOR UPDATE; SELECT id FROM users FOR UPDATE";
        transaction.execute_unprepared(first).await.unwrap();
    }
    transaction.execute_unprepared(change).await.unwrap();
    let mut caller = browser.clone();
    let arguments = body(path, &world.ids);
    let running = tokio::spawn(async move { caller.post(path, &arguments).await });
    // Long enough for the call to be let in; if it is not, it is refused all the same.
    for _ in 0..5 {
        world.app.browser().state().await;
    }
    transaction.commit().await.unwrap();
    running.await.unwrap()
}

/// What there is, but for what counts tries and says who was here.
async fn contents(world: &World) -> Vec<String> {
    let mut lines = world.contents().await;
    lines.retain(|line| !line.starts_with("tries:"));
    lines
}

async fn assert_nothing_is_done(world: &World, browser: &Browser, change: &str) {
    let mut done = Vec::new();
    world.put_back(change).await;
    let before = contents(world).await;
    for (path, _) in LEVELS {
        if *path == "/api/session/sign-out" || path.starts_with("/api/sign-in/") {
            continue;
        }
        world.put_back(change).await;
        let refused = browser.clone().post(path, &body(path, &world.ids)).await;
        if refused.status == 200 {
            continue;
        }
        world.put_back("").await;
        let reply = call_while(world, browser, path, change).await;
        if contents(world).await != before {
            done.push(format!("{path} {} {}", reply.status, reply.text));
        }
    }
    assert!(done.is_empty(), "after {change}:\n{}", done.join("\n"));
}

/// F24, F91, F97: rights that are taken away meanwhile are gone when the act is done.
#[tokio::test(flavor = "multi_thread")]
async fn an_act_is_done_by_the_rights_of_its_moment() {
    let mut world = World::new().await;
    let adam = world.add(ADAM, 1).await;
    world.keep().await;
    let of_adam = format!("user_id = (SELECT id FROM users WHERE email = '{ADAM}')");
    for change in [
        format!("DELETE FROM memberships WHERE {of_adam};"),
        format!("UPDATE memberships SET roles = 4 WHERE {of_adam};"),
        "UPDATE accounts SET required_from = 1800000000;".to_owned(),
    ] {
        assert_nothing_is_done(&world, &adam, &change).await;
    }
}

/// F56, F79: whose session is ended, or who is disabled, does nothing any more, not even what was begun before.
#[tokio::test(flavor = "multi_thread")]
async fn an_act_is_not_done_for_a_session_that_is_over() {
    let mut world = World::new().await;
    let adam = world.add(ADAM, 1).await;
    world.keep().await;
    for (email, browser) in [(OLGA, &world.olga), (ADAM, &adam)] {
        let disabled = format!("UPDATE users SET disabled_at = 1 WHERE email = '{email}';");
        for change in ["DELETE FROM sessions;", &disabled] {
            assert_nothing_is_done(&world, browser, change).await;
        }
    }
}
