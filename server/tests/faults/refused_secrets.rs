//! Whoever guards the door reads of every secret that is refused: one line with the client's address, whichever door it was
//! given at, and whether it was looked at or not.

use app::api::{ServerFunction, all_functions};
use std::collections::BTreeSet;

use serde_json::{Value, json};
use settings::{Settings, SmsGatewayKind};

use crate::availability::{ALL_STRANGERS, guessed};
use crate::calls::{NEW_PASSWORD, body};
use crate::doors::{ALL_ASK, FOR_A_FIRST_FACTOR, call, doors};
use crate::support::{Browser, Lines, PASSWORD, Reply, START};
use crate::world::{OLGA, TIM, World};

const GUESS: &str = "a guess was refused";
const WRONG: &str = "not-the-password";
const ACCEPT: &str = "/api/team/accept-transfer";

/// Open only while no mail server is set, and one is set here; it asks by the same step-up as sending an invitation does.
const WITHOUT_A_MAIL_SERVER: &str = "/api/team/copy-invitation-link";
/// Doors whose password is a new one, which is no secret yet.
pub(crate) const TAKE_A_NEW_PASSWORD: [&str; 4] = [
    "/api/setup/create",
    "/api/sign-up/request",
    "/api/password/reset",
    "/api/invitation/join",
];
/// Doors that take a secret outside of a step-up; each has its lines in the walk.
const OUTSIDE_OF_A_STEP_UP: [&str; 6] = [
    "/api/sign-in/password",
    "/api/sign-in/code",
    "/api/sign-in/recovery-code",
    "/api/sign-up/finish",
    "/api/reset/confirm",
    "/api/two-factor/confirm",
];

/// A world whose log is read.
struct Watched {
    world: World,
    log: Lines,
    read: usize,
}

impl Watched {
    async fn new(log: &Lines) -> Self {
        let world = World::with(|settings: &mut Settings| {
            settings.sms.gateway = Some(SmsGatewayKind::Outbox);
            settings.sms.enrolment = true;
            settings.sign_up = true;
        })
        .await;
        let (log, read) = (log.clone(), log.all(GUESS).len());
        Self { world, log, read }
    }

    /// Demands that this refusal is one line more, with its reason, the client, and the user where one is known.
    fn read(&mut self, what: &str, reply: &Reply, is_somebodys: bool) {
        let code = reply.code();
        let lines = self.log.all(GUESS);
        assert_eq!(lines.len(), self.read + 1, "{what}: {}", reply.text);
        let line = &lines[self.read];
        assert_eq!(line["reason"], code.as_str(), "{what}");
        assert_eq!(line["span"]["client"], "127.0.0.1", "{what}");
        assert_eq!(line["span"]["user.id"].is_string(), is_somebodys, "{what}");
        self.read += 1;
        // The log has room for 300 lines a minute.
        self.world.app.clock.set(self.world.app.services.now() + 60);
    }

    /// Knocks at a door with a proof, from a world of this prelude.
    async fn knock(&mut self, door: &str, prelude: &str, (password, code): (&str, Value)) -> Reply {
        self.world.app.clock.set(START);
        self.world.put_back(prelude).await;
        let step_up = json!({ "password": password, "code": code });
        let body = call(&self.world, door, step_up);
        let mut olga = self.world.olga.clone();
        olga.post(door, &body).await
    }

    /// A browser that waits for Olga's code, and has proven nothing.
    async fn waiting(&self, prelude: &str) -> Browser {
        self.world.app.clock.set(START);
        self.world.put_back("").await;
        let mut browser = self.world.app.browser();
        browser.sign_in(OLGA).await.expect(200);
        self.world
            .app
            .sql(&format!("{ALL_STRANGERS} {prelude}"))
            .await;
        browser
    }
}

/// A door that is added is walked here, or fails.
#[test]
fn every_door_that_takes_a_secret_is_walked() {
    let ids = crate::calls::Ids::nobodys();
    let mut outside: BTreeSet<_> = OUTSIDE_OF_A_STEP_UP.into();
    let by_step_up: BTreeSet<_> = doors()
        .into_iter()
        .chain(FOR_A_FIRST_FACTOR)
        .chain([ACCEPT, WITHOUT_A_MAIL_SERVER])
        .collect();
    for ServerFunction { path, .. } in all_functions() {
        let body = body(path, &ids);
        let takes = |name: &str| body.get(name).is_some();
        if takes("step_up") {
            assert!(by_step_up.contains(path), "{path}");
        } else if !TAKE_A_NEW_PASSWORD.contains(path) && (takes("password") || takes("code")) {
            assert!(outside.remove(path), "{path}");
        }
    }
    assert!(outside.is_empty(), "{outside:?}");
}

/// Password, code and recovery code of a step-up, wrong, and right or wrong while nothing is looked at.
#[tokio::test]
async fn every_secret_that_a_step_up_refuses_is_a_line() {
    let log = Lines::default();
    let _guard = log.collect();
    let mut watched = Watched::new(&log).await;
    let recovery_code = watched.world.app_of_olga.recovery_codes[0].clone();
    for door in doors() {
        let reply = watched.knock(door, ALL_ASK, (WRONG, Value::Null)).await;
        let reply = reply.refused(422, "wrong_password");
        watched.read(door, &reply, true);
        for wrong in ["000000", "AAAA-AAAA-AAAA-AAAA"] {
            let reply = watched.knock(door, ALL_ASK, (PASSWORD, wrong.into())).await;
            let reply = reply.refused(422, "wrong_code");
            watched.read(door, &reply, true);
        }
        for (times, of_code) in [(10, "paused"), (100, "factor_closed")] {
            let prelude = format!("{ALL_ASK} {ALL_STRANGERS} {}", guessed(times));
            let code = (PASSWORD, json!("000000"));
            let reply = watched.knock(door, &prelude, code).await;
            let reply = reply.refused(429, of_code);
            watched.read(door, &reply, true);
            let code = (PASSWORD, json!(recovery_code));
            let reply = watched.knock(door, &prelude, code).await;
            let reply = reply.refused(429, "paused");
            watched.read(door, &reply, true);
        }
    }
    let text = log.text();
    assert!(!text.contains(WRONG) && !text.contains(&recovery_code));
}

/// The password that ends a session, and those for who has no factor or is offered an account.
#[tokio::test]
async fn a_wrong_password_is_a_line_at_the_other_doors_of_a_step_up_and_where_it_ends_the_session()
{
    let log = Lines::default();
    let _guard = log.collect();
    let mut watched = Watched::new(&log).await;
    let wrong = json!({ "password": WRONG, "code": null });
    for door in FOR_A_FIRST_FACTOR {
        let prelude = "UPDATE users SET sign_in_link_due = true";
        watched.world.put_back(prelude).await;
        let body = call(&watched.world, door, wrong.clone());
        let reply = watched.world.eve.clone().post(door, &body).await;
        let reply = reply.refused(422, "wrong_password");
        watched.read(door, &reply, true);
    }
    watched.world.put_back("").await;
    let offer = body("/api/team/offer-transfer", &watched.world.ids);
    let offered = watched.world.olga.post("/api/team/offer-transfer", &offer);
    offered.await.expect(200);
    let body = call(&watched.world, ACCEPT, wrong.clone());
    let reply = watched.world.tim.clone().post(ACCEPT, &body).await;
    let reply = reply.refused(422, "wrong_password");
    watched.read(ACCEPT, &reply, true);

    watched.world.put_back("").await;
    let disable = json!({ "step_up": wrong });
    for at in 1..=10 {
        let reply = watched
            .world
            .olga
            .call("two-factor/disable", disable.clone());
        let reply = reply.await;
        let expected = if at < 10 {
            "wrong_password"
        } else {
            "signed_out"
        };
        assert_eq!(reply.code(), expected);
        watched.read("the tenth", &reply, true);
    }
}

/// Codes from the mailbox.
#[tokio::test]
async fn a_refused_code_from_the_mailbox_is_a_line() {
    let log = Lines::default();
    let _guard = log.collect();
    let mut watched = Watched::new(&log).await;
    watched
        .world
        .app
        .sql("UPDATE known_browsers SET mailbox_proven_at = NULL")
        .await;
    let mut eve = watched.world.eve.clone();
    // Nobody has asked for one yet.
    let reply = eve.begin_with("AAAA-AAAA").await;
    let reply = reply.refused(409, "mailbox_code_over");
    watched.read("none was mailed", &reply, true);
    eve.mail_code("first_factor").await.expect(200);
    for at in 1..=5 {
        let reply = eve.begin_with("AAAA-AAAA").await;
        let expected = if at < 5 {
            "wrong_code"
        } else {
            "mailbox_code_over"
        };
        assert_eq!(reply.code(), expected);
        watched.read("a wrong one", &reply, true);
    }
}

/// Signing in, by password and by code of either kind.
#[tokio::test]
async fn every_secret_that_a_sign_in_refuses_is_a_line() {
    let log = Lines::default();
    let _guard = log.collect();
    let mut watched = Watched::new(&log).await;
    for (call, times, refusal) in [
        ("code", 0, "wrong_code"),
        ("code", 10, "paused"),
        ("code", 100, "factor_closed"),
        ("recovery-code", 0, "wrong_code"),
        ("recovery-code", 10, "paused"),
        ("recovery-code", 100, "paused"),
    ] {
        let mut browser = watched.waiting(&guessed(times)).await;
        let reply = match call {
            "code" => browser.give_code("000000").await,
            _ => browser.give_recovery_code("AAAA-AAAA-AAAA-AAAA").await,
        };
        assert_eq!(reply.code(), refusal, "{call}, {times}");
        watched.read(call, &reply, true);
    }
    watched.world.put_back("").await;
    let mut browser = watched.world.app.browser();
    for (email, is_somebodys) in [(OLGA, true), ("nobody@example.org", false)] {
        let reply = browser.sign_in_with(email, WRONG).await;
        let reply = reply.refused(401, "wrong_credentials");
        watched.read(email, &reply, is_somebodys);
    }
    // The client has none left: what it goes on with is not looked at.
    let spent = "UPDATE tries SET count = 1000000";
    watched.world.app.sql(spent).await;
    let reply = browser.sign_in_with(OLGA, PASSWORD).await;
    let reply = reply.refused(429, "paused");
    watched.read("a client that is paused", &reply, true);
    let mut olga = watched.world.olga.clone();
    olga.sign_in_with(OLGA, WRONG)
        .await
        .refused(401, "wrong_credentials");
    watched.read += 1;
    watched.world.app.sql(spent).await;
    let reply = olga.sign_in_with(OLGA, WRONG).await;
    let reply = reply.refused(429, "paused");
    watched.read("a known browser that is paused", &reply, true);
}

/// What is given beside a mailed link, and at the end of an enrolment.
#[tokio::test]
async fn every_secret_beside_a_link_and_of_an_enrolment_is_a_line() {
    let log = Lines::default();
    let _guard = log.collect();
    let mut watched = Watched::new(&log).await;
    let enrolment = watched.world.ids.enrolment.clone();
    for at in 1..=11 {
        // It ends after ten minutes, too.
        watched.world.app.clock.set(START);
        let body = json!({ "enrolment": enrolment, "code": "000000" });
        let reply = watched.world.tim.call("two-factor/confirm", body).await;
        let expected = if at <= 10 {
            "wrong_code"
        } else {
            "enrolment_over"
        };
        assert_eq!(reply.code(), expected);
        watched.read("two-factor/confirm", &reply, true);
    }
    let app = &watched.world.app;
    let user = json!({
        "name": "Grace", "email": "grace@example.org", "account_name": "Navy", "password": NEW_PASSWORD,
    });
    let mut grace = app.browser();
    let asked = grace.call("sign-up/request", json!({ "user": user }));
    asked.await.expect(200);
    let link = app.links("/verify-email").await.pop().unwrap();
    let wrong = json!({ "token": link, "password": WRONG });
    for at in 1..=11 {
        let reply = grace.call("sign-up/finish", wrong.clone()).await;
        let expected = if at <= 10 { "wrong_password" } else { "paused" };
        assert_eq!(reply.code(), expected);
        watched.read("sign-up/finish", &reply, false);
    }
    let offer = body("/api/team/offer-reset", &watched.world.ids);
    let offered = watched.world.olga.post("/api/team/offer-reset", &offer);
    offered.await.expect(200);
    let link = watched.world.app.links("/reset-two-factor").await.pop();
    let wrong = json!({ "token": link.unwrap(), "password": WRONG });
    let mut tim = watched.world.app.browser();
    let reply = tim.call("reset/confirm", wrong.clone()).await;
    let reply = reply.refused(422, "wrong_password");
    watched.read(TIM, &reply, false);
    watched
        .world
        .app
        .sql("UPDATE tries SET count = 1000000")
        .await;
    let reply = tim.call("reset/confirm", wrong).await;
    let reply = reply.refused(429, "paused");
    watched.read(TIM, &reply, false);
}
