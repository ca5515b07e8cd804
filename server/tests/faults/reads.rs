//! What is declared to read only does: the database tells what was written while it was called.

use std::collections::BTreeSet;

use app::api::{Effect, Level, all_functions};
use serde_json::{Value, json};
use server::console::gate::EXPORTS;

use crate::calls::body;
use crate::support::{START, TestApp};
use crate::world::World;

/// Has the database note each row that is written, by its table.
async fn listen(app: &TestApp) {
    let mut tables = app.tables().await;
    tables.retain(|table| {
        let is_ours = !table.ends_with("_migrations") && !table.starts_with("kept_");
        // A server on PostgreSQL renews its lease by itself.
        is_ours && table != "leases"
    });
    let of_table = |table: &String| {
        // Mails are put into the queue by calls, and taken out of it in the background.
        let kinds: &[&str] = match table.as_str() {
            "mails" => &["INSERT"],
            _ => &["INSERT", "UPDATE", "DELETE"],
        };
        if app.is_postgres() {
            let kinds = kinds.join(" OR ");
            return format!(
                "CREATE TRIGGER heard AFTER {kinds} ON {table} FOR EACH ROW EXECUTE FUNCTION heard();"
            );
        }
        let of_kind = |kind: &&str| {
            format!(
                "CREATE TRIGGER heard_{kind}_{table} AFTER {kind} ON {table} BEGIN INSERT INTO heard VALUES ('{table}'); END;"
            )
        };
        kinds.iter().map(of_kind).collect()
    };
    let function = app.either(
        "",
        "CREATE FUNCTION heard() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN INSERT INTO heard VALUES (TG_TABLE_NAME); RETURN NULL; END $$;",
    );
    let triggers: String = tables.iter().map(of_table).collect();
    app.sql(&format!(
        "CREATE TABLE heard (name TEXT); {function} {triggers}"
    ))
    .await;
}

/// The tables that were written since the last time.
async fn written(app: &TestApp) -> BTreeSet<String> {
    let tables = app.texts("SELECT DISTINCT name FROM heard").await;
    app.sql("DELETE FROM heard").await;
    tables.into_iter().collect()
}

/// When a session and an account were used last, and the first time that a session is in an account: what every use may note.
const NOTED: [&str; 5] = [
    "sessions",
    "users",
    "memberships",
    "account_entries",
    "audit_events",
];

/// A function that takes no try off its user's budget writes nothing by which anything grows. The first call of a while may
/// note that its caller is there; the next one writes nothing at all.
#[tokio::test]
async fn what_is_declared_a_read_writes_nothing_but_that_its_caller_is_there() {
    let world = World::new().await;
    let app = &world.app;
    listen(app).await;
    let of_session = all_functions().filter(|one| one.level != Level::Anyone);
    let functions = of_session.map(|one| ("POST", one.path, one.effect));
    let files = EXPORTS
        .iter()
        .map(|(path, _)| ("GET", *path, Effect::Reads));
    let mut walked = 0;
    for (method, path, effect) in functions.chain(files) {
        if effect == Effect::Acts {
            continue;
        }
        walked += 1;
        world.put_back("").await;
        app.clock.set(START + 600);
        let mut olga = world.olga.clone();
        written(app).await;
        let reply = world.ask(&mut olga, method, path).await;
        // Without a gateway there is no country to send a code to.
        let status = if path.ends_with("/countries") {
            404
        } else {
            200
        };
        assert_eq!(reply.status, status, "{path}: {}", reply.text);
        let first = written(app).await;
        let others: Vec<_> = first
            .iter()
            .filter(|table| !NOTED.contains(&table.as_str()))
            .collect();
        assert!(others.is_empty(), "{path} writes {others:?}");
        world.ask(&mut olga, method, path).await.expect(status);
        let again = written(app).await;
        assert!(again.is_empty(), "{path} writes {again:?} each time");
        app.clock.set(START);
    }
    assert!(walked > 12, "{walked}");
    // What writes is heard.
    world
        .olga
        .clone()
        .post(
            "/api/profile/rename",
            &body("/api/profile/rename", &world.ids),
        )
        .await
        .expect(200);
    assert!(written(app).await.contains("users"));
}

/// What notes where its caller is writes over what stands there, whatever it is called with.
#[tokio::test]
async fn entering_one_account_after_another_writes_over_when_each_was_used() {
    let world = World::new().await;
    let app = &world.app;
    let mut olga = world.olga.clone();
    let second = olga.call("accounts/create", json!({ "name": "Third", "zone": null }));
    let second = second.await.expect(200).json();
    let accounts = [&json!(world.ids.account), &second];
    for account in accounts {
        let enter = json!({ "account": account });
        olga.call("account/enter", enter).await.expect(200);
    }
    listen(app).await;
    let notes = all_functions().filter(|one| one.effect == Effect::Notes);
    let notes: Vec<_> = notes.map(|one| one.path).collect();
    assert_eq!(notes, ["/api/account/enter"], "a new one is called here");
    let rows = app.count("memberships").await;
    for account in accounts.repeat(3) {
        let enter = json!({ "account": account });
        olga.call("account/enter", enter).await.expect(200);
        let tables: Vec<_> = written(app).await.into_iter().collect();
        assert_eq!(tables, ["memberships"]);
    }
    assert_eq!(app.count("memberships").await, rows);
}

/// The same of what anyone may call, with a link that leads somewhere.
#[tokio::test]
async fn what_anyone_may_read_writes_nothing() {
    let app = TestApp::start_with(|settings| settings.sign_up = true).await;
    let mut ada = app.member("ada@example.org").await;
    let forgot = json!({ "email": "ada@example.org" });
    ada.call("password/forgot", forgot).await.expect(200);
    let wanted = body("/api/sign-up/request", &crate::calls::Ids::nobodys());
    app.browser()
        .call("sign-up/request", wanted)
        .await
        .expect(200);
    let reset = app.links("/reset-password").await.pop().unwrap();
    let sign_up = app.links("/verify-email").await.pop().unwrap();
    let calls: [(&str, Value); 3] = [
        ("/api/session/state", json!({})),
        ("/api/sign-up/open", json!({ "token": sign_up })),
        ("/api/password/open", json!({ "token": reset })),
    ];
    let of_anyone = all_functions().filter(|one| one.level == Level::Anyone);
    let reads: BTreeSet<_> = of_anyone
        .filter(|one| one.effect != Effect::Acts)
        .map(|one| one.path)
        .collect();
    let called: BTreeSet<_> = calls.iter().map(|(path, _)| *path).collect();
    assert_eq!(called, reads);
    listen(&app).await;
    for (path, call) in calls {
        written(&app).await;
        let reply = ada.post(path, &call).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        let tables = written(&app).await;
        assert!(tables.is_empty(), "{path} writes {tables:?}");
    }
}
