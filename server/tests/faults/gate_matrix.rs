//! The gate matrix: every function and file, called by every kind of caller. The snapshot is the answer that each gets.

use app::api::{Level, ServerFunction, all_functions};
use std::fmt::Write as _;

use server::http::router::other_paths;

use crate::support::{Browser, PASSWORD, START};
use crate::world::{EVE, TIM, World};

/// Of the front end, which is the same for everybody: who may see what is asked when it calls.
const PAGES: [&str; 3] = ["/", "/accounts/any/security", "/no-such-file.js"];

/// Somebody who asks.
struct Asker {
    name: &'static str,
    browser: Browser,
    /// What is done to the database before each call.
    prelude: String,
    password: &'static str,
}

fn asker(name: &'static str, browser: &Browser, prelude: String) -> Asker {
    Asker {
        name,
        browser: browser.clone(),
        prelude,
        password: PASSWORD,
    }
}

async fn everybody(world: &mut World) -> Vec<Asker> {
    let nothing = String::new;
    let mut due = world.app.browser();
    world
        .app
        .sql(&format!(
            "UPDATE users SET sign_in_link_due = true WHERE email = '{EVE}'"
        ))
        .await;
    due.sign_in(EVE).await.expect(200);
    world
        .app
        .sql("UPDATE users SET sign_in_link_due = false")
        .await;
    let link_due = format!("UPDATE users SET sign_in_link_due = true WHERE email = '{EVE}';");
    let admin = world.add("adam@example.org", 1).await;
    let developer = world.add("dev@example.org", 2).await;
    let billing = world.add("bill@example.org", 4).await;
    let mut ended = world.app.browser();
    ended.sign_in("adam@example.org").await.expect(200);
    let half = world.half_signed_in().await;
    world.keep().await;
    let required = format!("UPDATE accounts SET required_from = {};", START.0);
    let olga = &world.olga;
    let wrong = Asker {
        password: "a wrong password",
        ..asker("owner with a wrong password", olga, nothing())
    };
    let stale = "UPDATE sessions SET second_factor_at = second_factor_at - 901;".to_owned();
    let day_old = "UPDATE sessions SET created_at = created_at - 86401;".to_owned();
    let disabled = format!("UPDATE users SET disabled_at = {};", START.0);
    vec![
        asker("nobody", &world.app.browser(), nothing()),
        asker("code due", &half, nothing()),
        asker("link due", &due, link_due),
        asker("session of yesterday", &ended, day_old),
        asker("disabled owner", olga, disabled),
        asker("user of another account", &world.eve, nothing()),
        asker("owner", olga, nothing()),
        asker("owner whose code is not fresh", olga, stale),
        wrong,
        asker("admin", &admin, nothing()),
        asker("admin who must enrol", &admin, required.clone()),
        asker("developer", &developer, nothing()),
        asker("developer who must enrol", &developer, required.clone()),
        asker("billing", &billing, nothing()),
        asker("billing who must enrol", &billing, required),
    ]
}

/// What an answer is, in two words.
async fn outcome(world: &World, asker: &Asker, method: &str, path: &str) -> String {
    world.put_back(&asker.prelude).await;
    let mut browser = asker.browser.clone();
    let reply = if method == "GET" {
        world.ask(&mut browser, method, path).await
    } else {
        let body = crate::calls::body(path, &world.ids).to_string();
        let body = body.replace(PASSWORD, asker.password);
        let request = browser.request(path.trim_start_matches("/api/"));
        browser.send(request.body(body.into()).unwrap()).await
    };
    assert!(reply.status < 500, "{path}: {}", reply.text);
    assert_ne!(reply.status, 400, "the call of {path} is out of date");
    format!("{} {}", reply.status, reply.code())
        .trim_end()
        .to_owned()
}

/// The table as people read it.
fn written(addresses: &[(&str, &str)], table: Vec<Vec<(String, Vec<&str>)>>) -> String {
    let mut text = String::new();
    for ((method, path), outcomes) in addresses.iter().zip(table) {
        let _ = writeln!(text, "{method} {path}");
        let is_same = outcomes.len() == 1;
        for (outcome, names) in outcomes {
            let names = if is_same {
                "everybody".to_owned()
            } else {
                names.join(", ")
            };
            let _ = writeln!(text, "    {outcome}: {names}");
        }
    }
    text
}

/// F31, F37, F38, F42, F56, F63, F91, F94: at every function, file and other address, a session that is half, over, disabled or not enrolled gets no further than its level.
#[tokio::test]
async fn everybody_gets_at_every_address_what_the_table_says() {
    let mut world = World::new().await;
    let everybody = everybody(&mut world).await;
    let others = other_paths().into_iter().chain(PAGES);
    let others = others.map(|path| ("GET", path));
    let mut addresses: Vec<_> = World::addresses().chain(others).collect();
    addresses.sort_by_key(|(method, path)| (*path, *method));
    let mut table = vec![Vec::<(String, Vec<&str>)>::new(); addresses.len()];
    for asker in &everybody {
        for ((method, path), outcomes) in addresses.iter().zip(&mut table) {
            let outcome = outcome(&world, asker, method, path).await;
            match outcomes.iter_mut().find(|(known, _)| *known == outcome) {
                Some((_, names)) => names.push(asker.name),
                None => outcomes.push((outcome, vec![asker.name])),
            }
        }
    }
    let table = written(&addresses, table);
    insta::assert_snapshot!("gate_matrix", table);
}

const fn is_without_session(level: Level) -> bool {
    matches!(level, Level::Anyone | Level::PendingSignIn)
}

/// F38, F40: the functions that a half session reaches are those that anyone reaches and those that finish it.
#[tokio::test]
async fn half_a_session_reaches_nothing_that_a_session_reaches() {
    let world = World::new().await;
    let half = world.half_signed_in().await;
    for (method, path) in World::addresses() {
        let mut browser = half.clone();
        let reply = world.ask(&mut browser, method, path).await;
        if !all_functions().any(|one| one.path == path && is_without_session(one.level)) {
            reply.refused(401, "signed_out");
        }
    }
    assert_eq!(world.app.user(TIM).await.email.shown(), TIM);
}

/// F37: a password in the header of every request opens nothing.
#[tokio::test]
async fn credentials_in_a_header_open_nothing() {
    let world = World::new().await;
    let credentials = data_encoding::BASE64.encode(format!("{TIM}:{PASSWORD}").as_bytes());
    for ServerFunction { path, level, .. } in all_functions() {
        if is_without_session(*level) {
            continue;
        }
        for value in [format!("Basic {credentials}"), format!("Bearer {PASSWORD}")] {
            let mut browser = world.app.browser();
            let request = browser
                .request(path.trim_start_matches("/api/"))
                .header("authorization", value)
                .body(crate::calls::body(path, &world.ids).to_string().into());
            browser
                .send(request.unwrap())
                .await
                .refused(401, "signed_out");
        }
    }
}
