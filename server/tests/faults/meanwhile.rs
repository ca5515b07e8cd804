//! Races: what changes between the moment a caller is admitted and the moment their act commits.

use app::api::{ServerFunction, all_functions};
use server::console::gate::EXPORTS;
use storage::ConnectionTrait as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

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

async fn assert_nothing_is_done(world: &World, browser: &Browser, change: &str) {
    let mut done = Vec::new();
    world.put_back(change).await;
    let before = world.contents_but_tries().await;
    for ServerFunction { path, .. } in all_functions() {
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
        if world.contents_but_tries().await != before {
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

/// Enough that the server cannot have written all of it before the reader has begun.
const A_LONG_LOG: &str = "
    INSERT INTO audit_events (id, at, kind, actor_kind, actor_name, account_id, subject_name, address, browser, details)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
    SELECT NEW_ID, i, 'renamed', 'operator', '', (SELECT id FROM accounts WHERE owner_id = (SELECT id FROM users WHERE email = 'olga@example.org')), '', '', '', DETAILS FROM n";

/// Begins to read a file, changes the database, and reads on: how many bytes came, and whether that was the whole file.
async fn read_while(world: &World, browser: &Browser, path: &str, change: &str) -> (usize, bool) {
    let path = path.replace("{account}", &world.ids.account);
    let request = browser.file(&path).body(()).unwrap();
    let cookie = request.headers()["cookie"].to_str().unwrap();
    let host = browser.base().trim_start_matches("http://");
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    );
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut begun = vec![0; 4096];
    stream.read_exact(&mut begun).await.unwrap();
    assert!(begun.starts_with(b"HTTP/1.1 200"), "{path} begins");
    if !change.is_empty() {
        world.app.sql(change).await;
    }
    let mut rest = Vec::new();
    // A connection that breaks off is an end, too.
    let _ = stream.read_to_end(&mut rest).await;
    (rest.len(), rest.ends_with(b"\r\n0\r\n\r\n"))
}

/// F56, F79, F91: a file that is being written ends with the session, its limits, the user and their right to read it.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_breaks_off_when_the_right_to_it_ends() {
    let mut world = World::new().await;
    let adam = world.add(ADAM, 1).await;
    let details = world.app.either("hex(zeroblob(4096))", "repeat('0', 8192)");
    let long = A_LONG_LOG
        .replace("NEW_ID", world.app.new_id())
        .replace("DETAILS", details);
    world.app.sql(&long).await;
    world.keep().await;
    let of_adam = format!("user_id = (SELECT id FROM users WHERE email = '{ADAM}')");
    let changes = [
        "DELETE FROM sessions;".to_owned(),
        "UPDATE sessions SET last_active_at = last_active_at - 7200;".to_owned(),
        "UPDATE sessions SET created_at = created_at - 200000;".to_owned(),
        format!("UPDATE users SET disabled_at = 1 WHERE email = '{ADAM}';"),
        format!("DELETE FROM memberships WHERE {of_adam};"),
        format!("UPDATE memberships SET roles = 4 WHERE {of_adam};"),
        "UPDATE accounts SET required_from = 1800000000;".to_owned(),
    ];
    for (path, _) in EXPORTS {
        world.put_back("").await;
        let (whole, is_whole) = read_while(&world, &adam, path, "").await;
        assert!(is_whole, "{path} comes whole");
        for change in &changes {
            world.put_back("").await;
            let (length, is_whole) = read_while(&world, &adam, path, change).await;
            assert!(
                !is_whole && length < whole,
                "{path} goes on after {change}: {length} of {whole} bytes, whole: {is_whole}"
            );
        }
    }
}
