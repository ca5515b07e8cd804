//! The list of server functions is the public API: it changes only on purpose.

use crate::support::TestApp;

#[tokio::test]
async fn every_server_function_has_its_address_and_its_level() {
    let mut registered: Vec<_> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, method)| format!("{method} {path}"))
        .collect();
    registered.sort();
    let mut stated: Vec<_> = app::api::all_functions()
        .map(|one| format!("POST {} {:?}", one.path, one.level))
        .collect();
    stated.sort();
    let files = server::console::gate::EXPORTS
        .iter()
        .map(|(path, level)| format!("GET {path} {level:?}"));
    let addresses: Vec<_> = files.chain(stated.iter().cloned()).collect();
    insta::assert_snapshot!("server_functions", addresses.join("\n"));
    let without_level: Vec<_> = stated
        .iter()
        .map(|line| line.rsplit_once(' ').unwrap().0.to_owned())
        .collect();
    assert_eq!(registered, without_level);
}

#[tokio::test]
async fn an_address_that_is_not_listed_is_not_there() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    for endpoint in [
        "unknown",
        "session",
        "session/state/",
        "Session/state",
        "session//state",
    ] {
        browser
            .call(endpoint, serde_json::json!({}))
            .await
            .refused(404, "not_found");
    }
}
