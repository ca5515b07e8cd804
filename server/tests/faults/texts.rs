//! Texts that no page sends, at every place of every function that takes a text.

use app::api::{ServerFunction, all_functions};
use serde_json::Value;

use crate::calls::{body, texts};
use crate::support::{Browser, Reply};
use crate::world::World;

/// Where a text only narrows a list: what cannot be found is not found.
const FILTERS: [&str; 3] = ["/query/search", "/query/filter/person", "/query/after"];
/// A code is looked at only when the last one is not fresh.
const STALE: &str = "UPDATE sessions SET second_factor_at = second_factor_at - 901;";
/// So that saving the settings turns something off, which takes a step-up.
const REQUIRED: &str = "UPDATE accounts SET required_from = 1800000000;";

async fn open_world() -> World {
    World::with(|settings| settings.sign_up = true).await
}

/// The browser that gets furthest with a function.
async fn caller(world: &World, path: &str) -> Browser {
    if path.starts_with("/api/sign-in/") {
        world.half_signed_in().await
    } else {
        world.olga.clone()
    }
}

async fn call_with(world: &World, path: &str, place: &str, text: &str) -> Reply {
    let stale = if place.ends_with("/code") { STALE } else { "" };
    world.put_back(&format!("{REQUIRED} {stale}")).await;
    let mut browser = caller(world, path).await;
    let mut body = body(path, &world.ids);
    *body.pointer_mut(place).unwrap() = text.into();
    browser.post(path, &body).await
}

fn assert_refused(path: &str, place: &str, reply: &Reply) {
    let finds_nothing = FILTERS.contains(&place)
        && reply.status == 200
        && ["users", "events"]
            .iter()
            .any(|list| reply.json()[list].as_array().is_some_and(Vec::is_empty));
    // What is said of a link is the answer, not a refusal.
    let is_wrong_link = path == "/api/setup/link" && reply.text != "\"good\"";
    assert!(
        (400..500).contains(&reply.status) || finds_nothing || is_wrong_link,
        "{path} {place}: {} {}",
        reply.status,
        reply.text
    );
}

/// F143: a NUL or another control character in any text of any function is refused, and is never a fault of ours.
#[tokio::test]
async fn no_text_of_any_function_takes_a_control_character() {
    let world = open_world().await;
    for ServerFunction { path, .. } in all_functions() {
        let given = body(path, &world.ids);
        for place in texts(&given) {
            let text = given.pointer(&place).and_then(Value::as_str);
            let text = text.unwrap_or_default();
            for spoilt in [format!("{text}\0"), format!("\u{1b}{text}")] {
                let reply = call_with(&world, path, &place, &spoilt).await;
                assert_refused(path, &place, &reply);
            }
        }
    }
}

/// Characters that show nothing: to whoever reads the page the field is empty.
#[tokio::test]
async fn no_text_of_any_function_is_one_that_shows_nothing() {
    let world = open_world().await;
    for ServerFunction { path, .. } in all_functions() {
        for place in texts(&body(path, &world.ids)) {
            for text in ["\u{200b}", "\u{3164}", "\u{301}"] {
                let reply = call_with(&world, path, &place, text).await;
                assert_refused(path, &place, &reply);
            }
        }
    }
}

/// Noncharacters, what no character is assigned to, and what makes two lines or turns text around, in every name that
/// somebody gives: whoever reads the page would read another name, or boxes.
#[tokio::test]
async fn no_name_of_any_function_holds_what_is_no_text() {
    let world = open_world().await;
    let mut tried = Vec::new();
    for ServerFunction { path, .. } in all_functions() {
        let given = body(path, &world.ids);
        for place in texts(&given)
            .into_iter()
            .filter(|place| place.ends_with("name"))
        {
            let name = given
                .pointer(&place)
                .and_then(Value::as_str)
                .unwrap_or_default();
            for spoilt in [
                "\u{fffe}",
                "\u{fdd0}",
                "\u{1ffff}",
                "\u{378}",
                "\u{2029}",
                "\u{2067}",
            ] {
                let reply = call_with(&world, path, &place, &format!("{name}{spoilt}a")).await;
                assert_refused(path, &place, &reply);
            }
            tried.push(format!("{path} {place}"));
        }
    }
    assert!(tried.len() > 7, "{tried:#?}");
}

/// F141: a text of ten thousand characters is refused everywhere, at no hash.
#[tokio::test]
async fn no_text_of_any_function_is_longer_than_it_can_be() {
    let world = open_world().await;
    for ServerFunction { path, .. } in all_functions() {
        let given = body(path, &world.ids);
        for place in texts(&given) {
            world.put_back(REQUIRED).await;
            let mut browser = caller(&world, path).await;
            let hashes = world.app.services.hasher.hashes();
            let mut body = given.clone();
            *body.pointer_mut(&place).unwrap() = "x".repeat(10_000).into();
            let reply = browser.post(path, &body).await;
            let is_code_unread = place.ends_with("/code") && reply.status == 200;
            if !is_code_unread {
                assert_refused(path, &place, &reply);
            }
            if place.ends_with("/password") && !place.ends_with("/step_up/password") {
                let spent = world.app.services.hasher.hashes() - hashes;
                let proof = u64::from(given.get("step_up").is_some());
                assert!(spent <= proof, "{path} {place} costs {spent} hashes");
            }
        }
    }
}

/// F141: a password that is too long costs nothing, wherever one is given.
#[tokio::test]
async fn a_password_that_is_too_long_is_never_hashed() {
    let world = open_world().await;
    for ServerFunction { path, .. } in all_functions() {
        let given = body(path, &world.ids);
        for place in texts(&given) {
            if !place.ends_with("password") {
                continue;
            }
            for (size, status) in [(129, 422), (1 << 20, 413)] {
                world.put_back(REQUIRED).await;
                let hashes = world.app.services.hasher.hashes();
                let mut body = given.clone();
                *body.pointer_mut(&place).unwrap() = "é".repeat(size).into();
                let mut browser = world.olga.clone();
                let reply = browser.post(path, &body).await;
                // A dead link, or SMS where there is none, is said first.
                let is_nothing = matches!(reply.status, 404 | 409) && status == 422;
                assert!(
                    reply.status == status || is_nothing,
                    "{path} {place}: {}",
                    reply.text
                );
                let spent = world.app.services.hasher.hashes() - hashes;
                let proof = u64::from(place == "/password" && given.get("step_up").is_some());
                assert!(spent <= proof, "{path} {place} costs {spent} hashes");
            }
        }
    }
}

/// F143: what is not text at all, half a pair of surrogates say, is no call.
#[tokio::test]
async fn what_is_no_text_is_no_call() {
    let world = open_world().await;
    for ServerFunction { path, .. } in all_functions() {
        let given = body(path, &world.ids);
        for place in texts(&given) {
            if place.ends_with("/required_from") {
                continue;
            }
            let mut body = given.clone();
            *body.pointer_mut(&place).unwrap() = "HERE".into();
            for spoilt in [r#""\ud800""#, "1", "[]", "{}", "true", "\"\u{1}\""] {
                let text = body.to_string().replace("\"HERE\"", spoilt);
                let mut browser = caller(&world, path).await;
                let request = browser.request(path.trim_start_matches("/api/"));
                let reply = browser.send(request.body(text.into()).unwrap()).await;
                reply.refused(400, "malformed");
                world.put_back("").await;
            }
        }
    }
}

/// Every object in a body, by its place.
fn objects(value: &Value, place: &str, found: &mut Vec<String>) {
    if let Value::Object(map) = value {
        found.push(place.to_owned());
        for (key, value) in map {
            objects(value, &format!("{place}/{key}"), found);
        }
    }
}

/// F100: a field that a function does not know, a role or an account smuggled in say, is refused at every depth.
#[tokio::test]
async fn no_function_takes_a_field_that_it_does_not_know() {
    let world = open_world().await;
    for ServerFunction { path, .. } in all_functions() {
        let given = body(path, &world.ids);
        let mut places = Vec::new();
        objects(&given, "", &mut places);
        for place in places {
            for name in ["user_id", "roles_", "is_admin", "__proto__", ""] {
                let mut body = given.clone();
                body.pointer_mut(&place).unwrap()[name] = 1.into();
                let mut browser = caller(&world, path).await;
                browser.post(path, &body).await.refused(400, "malformed");
                world.put_back("").await;
            }
        }
    }
}
