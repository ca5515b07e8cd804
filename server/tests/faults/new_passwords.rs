//! Every function that takes a new password: the estimate costs a try, and runs on the hashing workers.

use app::api::all_functions;
use serde_json::{Value, json};

use crate::calls::{Ids, NEW_PASSWORD, body};
use crate::support::{Browser, PASSWORD, Team, TestApp};

/// Full of look-alikes, so that reading it takes longest; too easily guessed all the same.
const GUESSABLE: &str = "p4$$w0rdp4$$w0rdp4$$w0rd";
const MEMBER: &str = "mia@example.org";

/// Every function whose call holds a new password.
fn doors() -> Vec<&'static str> {
    let nobodys = Ids {
        account: "x".to_owned(),
        deleted: "x".to_owned(),
        user: "x".to_owned(),
        newcomer: "x".to_owned(),
        invitation: "x".to_owned(),
        session: "x".to_owned(),
        browser: "x".to_owned(),
        known: "x".to_owned(),
        enrolment: "x".to_owned(),
        event: "x".to_owned(),
    };
    let holds = |path: &str| body(path, &nobodys).to_string().contains(NEW_PASSWORD);
    let paths = all_functions().map(|one| one.path);
    let doors: Vec<_> = paths.filter(|path| holds(path)).collect();
    assert!(doors.len() >= 5, "{doors:?}");
    doors
}

/// Somebody who stands before a door, with what opens it.
struct Caller {
    app: TestApp,
    browser: Browser,
    token: Option<String>,
}

impl Caller {
    async fn before(door: &str) -> Self {
        let app = TestApp::start_with(|settings| {
            settings.sign_up = true;
            settings.limits.sign_ups_per_client = 5;
            settings.limits.invitations_per_client = 5;
        })
        .await;
        let mut browser = app.browser();
        let token = match door {
            "/api/setup/create" => app.setup_token.clone(),
            "/api/invitation/join" => {
                let mut team = Team::found(&app).await;
                Some(team.invite(&app, "ivy@example.org", &["developer"]).await)
            }
            "/api/password/reset" => {
                app.create_user(MEMBER).await;
                let forgotten = json!({ "email": MEMBER });
                browser.call("password/forgot", forgotten).await.expect(200);
                app.links("/reset-password").await.pop()
            }
            "/api/password/change" => {
                browser = app.member(MEMBER).await;
                None
            }
            "/api/sign-up/request" => None,
            _ => panic!("{door} takes a new password, and nobody here knows what opens it"),
        };
        Self {
            app,
            browser,
            token,
        }
    }

    /// The call of the door with another password.
    fn call(&self, door: &str, password: &str) -> Value {
        let text = json!({
            "/api/setup/create": { "token": null, "user": {
                "name": "Ada", "email": "ada@example.org", "account_name": "Engines", "password": password,
            }},
            "/api/sign-up/request": { "user": {
                "name": "Ada", "email": "ada@example.org", "account_name": "Engines", "password": password,
            }},
            "/api/invitation/join": { "token": null, "user": { "name": "Ivy", "password": password } },
            "/api/password/reset": { "token": null, "password": password },
            "/api/password/change": {
                "password": password, "step_up": { "password": PASSWORD, "code": null },
            },
        });
        let mut call = text[door].clone();
        if let Some(token) = &self.token {
            call["token"] = token.as_str().into();
        }
        call
    }
}

/// F141: a refused password costs its try, and none is estimated without one, or outside of the hasher's slots. That
/// nothing else estimates is held by tests/architecture.rs.
#[tokio::test]
async fn a_new_password_is_estimated_in_the_slots_and_only_while_a_try_is_left() {
    for door in doors() {
        let mut caller = Caller::before(door).await;
        let (shut, short) = (caller.call(door, GUESSABLE), caller.call(door, "short"));
        let hasher = &caller.app.services.hasher;
        let before = hasher.estimates();
        let reply = caller.browser.post(door, &short).await;
        reply.refused(422, "invalid_fields");
        assert_eq!(
            hasher.estimates(),
            before,
            "{door}: what is too short is not estimated"
        );
        let mut refused = 0;
        loop {
            let reply = caller.browser.post(door, &shut).await;
            if reply.status == 429 {
                break;
            }
            reply.refused(422, "invalid_fields");
            refused += 1;
            assert!(refused <= 20, "{door}: refusals count nowhere");
        }
        assert!(refused >= 5, "{door}: {refused}");
        assert_eq!(hasher.estimates(), before + refused, "{door}");
        for _ in 0..3 {
            let reply = caller.browser.post(door, &shut).await;
            reply.refused(429, "paused");
        }
        assert_eq!(hasher.estimates(), before + refused, "{door}");
    }
}

/// An estimate waits in the queue of the hasher, and is refused where that is full.
#[tokio::test(flavor = "multi_thread")]
async fn estimates_beyond_the_queue_are_refused() {
    let app = TestApp::start_with(|settings| {
        settings.sign_up = true;
        settings.limits.sign_ups_per_client = 10_000;
        settings.password_hash.queue = 0;
    })
    .await;
    let user = json!({ "user": {
        "name": "Ada", "email": "ada@example.org", "account_name": "Engines", "password": GUESSABLE,
    }});
    let mut running = Vec::new();
    for _ in 0..200 {
        let (mut browser, user) = (app.browser(), user.clone());
        running.push(tokio::spawn(async move {
            browser.call("sign-up/request", user).await.status
        }));
    }
    let mut statuses = std::collections::BTreeSet::new();
    for status in running {
        statuses.insert(status.await.unwrap());
    }
    assert_eq!(statuses, [422, 503].into());
}
