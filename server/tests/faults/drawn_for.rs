//! A page says for whom it was drawn, and does nothing as somebody else who has signed in in the same browser since.

use app::api::{Level, all_functions};
use app::client::DRAWN_FOR;

use crate::calls::body;
use crate::support::{Browser, Reply};
use crate::world::{EVE, OLGA, World};

async fn call_as(world: &World, browser: &Browser, path: &str, user: &str) -> Reply {
    let endpoint = path.strip_prefix("/api/").unwrap();
    let request = browser.request(endpoint).header(DRAWN_FOR, user);
    let arguments = body(path, &world.ids);
    let mut browser = browser.clone();
    browser
        .send(request.body(arguments.to_string().into()).unwrap())
        .await
}

#[tokio::test]
async fn nothing_is_done_for_a_page_that_was_drawn_for_another_user() {
    let mut world = World::new().await;
    world.keep().await;
    let (olga, eve) = (world.app.user(OLGA).await.id, world.app.user(EVE).await.id);
    let before = world.contents_but_tries().await;
    let mut walked = 0;
    for function in all_functions() {
        if !matches!(function.level, Level::Session | Level::WatchedSession) {
            continue;
        }
        walked += 1;
        for stranger in [eve.to_string(), String::new(), "\u{e9}".to_owned()] {
            let reply = call_as(&world, &world.olga, function.path, &stranger).await;
            assert_eq!(reply.code(), "signed_out", "{} {stranger}", function.path);
        }
        assert_eq!(
            world.contents_but_tries().await,
            before,
            "{}",
            function.path
        );
    }
    assert!(walked > 40, "{walked}");
    let own = olga.to_string();
    let reply = call_as(&world, &world.olga, "/api/accounts/list", &own).await;
    reply.expect(200);
}
