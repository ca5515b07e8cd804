//! The first start.

use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp};

fn first_user(token: &str) -> Value {
    json!({ "token": token, "user": {
        "name": "Ada", "email": "ada@example.org", "account_name": "Engines", "password": PASSWORD,
    }})
}

#[tokio::test]
async fn the_link_of_the_first_start_makes_the_first_user_once() {
    let app = TestApp::start().await;
    let token = app.setup_token.clone().unwrap();
    let mut browser = app.browser();
    let link = browser
        .call("setup/link", json!({ "token": token }))
        .await
        .expect(200);
    assert_eq!(link.json(), "good");
    browser
        .call("setup/create", first_user(&token))
        .await
        .expect(200);
    assert_eq!(browser.state().await, "signed_in");
    let link = browser
        .call("setup/link", json!({ "token": token }))
        .await
        .expect(200);
    assert_eq!(link.json(), "over");
    app.browser()
        .call("setup/create", first_user(&token))
        .await
        .refused(409, "setup_over");
}

#[tokio::test]
async fn without_the_link_nobody_makes_the_first_user() {
    let app = TestApp::start().await;
    let wrong = "A".repeat(43);
    for token in [
        wrong.as_str(),
        "",
        "no token",
        &format!("{}=", app.setup_token.clone().unwrap()),
    ] {
        let mut browser = app.browser();
        let link = browser
            .call("setup/link", json!({ "token": token }))
            .await
            .expect(200);
        assert_eq!(link.json(), "wrong", "{token}");
        browser
            .call("setup/create", first_user(token))
            .await
            .refused(409, "link_over");
    }
    assert_eq!(app.services.hasher.hashes(), 0);
}

#[tokio::test]
async fn two_at_once_make_one_user() {
    let app = TestApp::start().await;
    let token = app.setup_token.clone().unwrap();
    let mut both = Vec::new();
    for _ in 0..2 {
        let (mut browser, token) = (app.browser(), token.clone());
        both.push(tokio::spawn(async move {
            browser
                .call("setup/create", first_user(&token))
                .await
                .status
        }));
    }
    let mut statuses = Vec::new();
    for task in both {
        statuses.push(task.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn every_field_that_is_wrong_is_named_at_once() {
    let app = TestApp::start().await;
    let token = app.setup_token.clone().unwrap();
    let user = json!({ "name": " ", "email": "ada", "account_name": "a\u{202e}b", "password": "ada12345" });
    let reply = app
        .browser()
        .call("setup/create", json!({ "token": token, "user": user }))
        .await;
    let fields = reply.refused(422, "invalid_fields").json()["fields"].clone();
    insta::assert_json_snapshot!("wrong_fields", fields);
    let nothing = json!({ "name": "", "email": " ", "account_name": "", "password": "" });
    let reply = app
        .browser()
        .call("setup/create", json!({ "token": token, "user": nothing }))
        .await;
    let fields = reply.refused(422, "invalid_fields").json()["fields"].clone();
    for (at, name) in ["name", "email", "account_name", "password"]
        .iter()
        .enumerate()
    {
        let missing = json!({ "field": name, "problem": { "problem": "missing" } });
        assert_eq!(fields[at], missing);
    }
    assert_eq!(app.services.hasher.hashes(), 0);
}

/// The link stands in the log of the service; it is good for a day, and a start then makes another.
#[tokio::test]
async fn the_link_ends_after_a_day_and_a_start_makes_a_new_one() {
    let app = TestApp::start().await;
    let first = app.setup_token.clone().unwrap();
    let app = app.restart().await;
    assert_eq!(
        app.setup_token.clone().unwrap(),
        first,
        "while it is good it is the same"
    );
    app.clock.advance(24 * 60 * 60 - 1);
    let link = |token: String| {
        let mut browser = app.browser();
        async move {
            browser
                .call("setup/link", json!({ "token": token }))
                .await
                .expect(200)
                .json()
        }
    };
    assert_eq!(link(first.clone()).await, "good");
    app.clock.advance(1);
    assert_eq!(link(first.clone()).await, "ended");
    let reply = app.browser().call("setup/create", first_user(&first)).await;
    reply.refused(409, "link_over");
    let app = app.restart().await;
    let second = app.setup_token.clone().unwrap();
    assert_ne!(first, second);
    let mut browser = app.browser();
    let reply = browser.call("setup/link", json!({ "token": first })).await;
    assert_eq!(reply.json(), "wrong");
    let reply = browser.call("setup/create", first_user(&second)).await;
    reply.expect(200);
    let app = app.restart().await;
    assert_eq!(app.setup_token, None);
}

/// Who reads the database has no link: its token is made under the keys.
#[tokio::test]
async fn what_the_database_holds_is_no_link() {
    let app = TestApp::start().await;
    let token = app.setup_token.clone().unwrap();
    let seed = app.texts(app.either(
        "SELECT hex(setup_link_seed) FROM instance",
        "SELECT encode(setup_link_seed, 'hex') FROM instance",
    ));
    let seed = seed.await.remove(0);
    let bytes = data_encoding::HEXLOWER_PERMISSIVE
        .decode(seed.as_bytes())
        .unwrap();
    let of_seed = data_encoding::BASE64URL_NOPAD.encode(&bytes);
    assert_ne!(of_seed, token);
    let mut browser = app.browser();
    let reply = browser
        .call("setup/link", json!({ "token": of_seed }))
        .await;
    assert_eq!(reply.json(), "wrong");
}
