//! Connections that break off while a password is compared: a correct one keeps no try, and a wrong one is no free guess.

use app::api::all_functions;
use std::sync::mpsc::{Sender, channel};

use crypto::clock::Stopwatch;
use serde_json::{Value, json};
use settings::{Settings, SmsGatewayKind};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::calls::{Ids, NEW_PASSWORD, body};
use crate::doors::{FOR_A_FIRST_FACTOR, call, doors};
use crate::refused_secrets::TAKE_A_NEW_PASSWORD;
use crate::support::{Browser, PASSWORD, TestApp, wait_until};
use crate::world::{OLGA, TIM, World};

const WRONG: &str = "not-the-password";
const ACCEPT: &str = "/api/team/accept-transfer";
const SIGN_IN: &str = "/api/sign-in/password";
const SIGN_UP: &str = "/api/sign-up/finish";
const RESET: &str = "/api/reset/confirm";
/// Seconds after which a request that was cut off is not slow, but stuck.
const LONG: f64 = 60.0;
/// What the connections of the database do.
const STATEMENTS: &str = "SELECT pid || ' ' || COALESCE(state, '') || ' ' || COALESCE(wait_event_type || '/' || wait_event, '') || ' behind ' || \
                          CAST(pg_blocking_pids(pid) AS TEXT) || ' since ' || COALESCE(CAST(xact_start AS TEXT), '') || ' ' || left(query, 120) \
                          FROM pg_stat_activity WHERE datname = current_database()";
const NO_STATEMENTS: &str = "SELECT 'one writer'";
/// Tries that no step-up has given back.
const HELD: &str = "SELECT COALESCE(max(step_up_failures), 0) FROM sessions";

/// Keeps every slot that hashes at work until it is dropped.
pub(crate) struct FullSlots(Vec<(Sender<()>, JoinHandle<()>)>);

impl FullSlots {
    pub(crate) async fn new(app: &TestApp) -> Self {
        let slots = std::thread::available_parallelism().unwrap().get();
        let begun = app.services.hasher.estimates();
        let held = (0..slots).map(|_| {
            let (release, released) = channel::<()>();
            let services = app.services.clone();
            let running = tokio::spawn(async move {
                // Ends when the sender is dropped.
                let until_released = move || released.recv().is_err();
                assert!(services.hasher.estimate(until_released).await.unwrap());
            });
            (release, running)
        });
        let held = Self(held.collect());
        // By what has begun, not by how many run: a slot whose answer has just gone out still counts as running, and one of
        // these would wait behind it, as the request is to.
        wait_until("the slots are full", async || {
            app.services.hasher.estimates() == begun + slots as u64
        })
        .await;
        held
    }

    pub(crate) async fn release(self) {
        for (release, running) in self.0 {
            drop(release);
            running.await.unwrap();
        }
    }
}

/// A request as it goes over the wire.
fn raw(browser: &Browser, path: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let endpoint = path.trim_start_matches("/api/");
    let (head, ()) = browser.request(endpoint).body(()).unwrap().into_parts();
    let fields = head.headers.iter();
    let fields =
        fields.map(|(name, value)| [name.as_str(), ": ", value.to_str().unwrap(), "\r\n"].concat());
    let (fields, length) = (fields.collect::<String>(), body.len());
    format!("POST {path} HTTP/1.1\r\nhost: x\r\n{fields}content-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// How many requests of a function have come to their end.
fn answers(app: &TestApp, path: &str) -> u64 {
    let services = &app.services;
    let text = services.metrics.print(None, true, &services.hasher);
    let function = path.trim_start_matches("/api/");
    let start = format!("twofold_requests_total{{function=\"{function}\"");
    text.lines()
        .filter(|line| line.starts_with(&start))
        .filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok())
        .sum()
}

/// Sends a request and cuts the connection while its password waits to be compared; comes back once the server has nothing
/// to do with it any more.
async fn cut_off(app: &TestApp, browser: &Browser, path: &str, body: &Value) {
    let before = answers(app, path);
    let hashes = app.services.hasher.hashes();
    let slots = FullSlots::new(app).await;
    let mut stream = TcpStream::connect(app.services.settings.listen)
        .await
        .unwrap();
    stream.write_all(&raw(browser, path, body)).await.unwrap();
    let waits = async || {
        let mut answer = [0; 1024];
        // Refused before its password was looked at: nothing is left to wait for.
        if let Ok(read) = stream.try_read(&mut answer) {
            let answer = String::from_utf8_lossy(&answer[..read]);
            panic!("{path} was answered at once: {answer}");
        }
        app.services.hasher.load().waiting == 1
    };
    wait_until(path, waits).await;
    drop(stream);
    // The server has time to see that the other one is gone.
    for _ in 0..3 {
        app.browser().get("/healthz").await.expect(200);
    }
    slots.release().await;
    let began = Stopwatch::start();
    wait_until("the request is over", async || {
        let (load, answers) = (app.services.hasher.load(), answers(app, path));
        let is_over = answers > before && load.waiting + load.running == 0;
        if !is_over && began.seconds() > LONG {
            // What it waits for cannot be told from outside.
            let statements = app.texts(app.either(NO_STATEMENTS, STATEMENTS)).await;
            let (hashes, tasks) = (app.services.hasher.hashes() - hashes, tokio::runtime::Handle::current().metrics().num_alive_tasks());
            panic!("{path}: {answers} answers after {before}; {load:?}; {hashes} hashes; {tasks} tasks; {statements:#?}");
        }
        is_over
    })
    .await;
}

async fn world() -> World {
    World::with(|settings: &mut Settings| {
        settings.sign_up = true;
        settings.sms.gateway = Some(SmsGatewayKind::Outbox);
        settings.sms.enrolment = true;
        // None of the other connections ends meanwhile.
        settings.http.idle_seconds = 3_600;
    })
    .await
}

/// A try is taken before the password is compared, and none is kept of a correct one.
#[tokio::test(flavor = "multi_thread")]
async fn a_correct_password_that_is_cut_off_keeps_no_try_of_its_session() {
    let mut world = world().await;
    let right = json!({ "password": PASSWORD, "code": null });
    let strict = "UPDATE accounts SET required_from = 1800000000";
    for door in doors() {
        world.put_back(strict).await;
        let body = call(&world, door, right.clone());
        cut_off(&world.app, &world.olga, door, &body).await;
        assert_eq!(world.app.number(HELD).await, 0, "{door}");
    }
    for door in FOR_A_FIRST_FACTOR {
        world
            .put_back("UPDATE users SET sign_in_link_due = true")
            .await;
        let body = call(&world, door, right.clone());
        cut_off(&world.app, &world.eve, door, &body).await;
        assert_eq!(world.app.number(HELD).await, 0, "{door}");
    }
    world.put_back("").await;
    let offer = body("/api/team/offer-transfer", &world.ids);
    let offered = world.olga.post("/api/team/offer-transfer", &offer);
    offered.await.expect(200);
    let body = call(&world, ACCEPT, right);
    cut_off(&world.app, &world.tim, ACCEPT, &body).await;
    assert_eq!(world.app.number(HELD).await, 0, "{ACCEPT}");
}

/// Nor by many of them, while ten wrong ones end the session as if they had waited for their answers.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_outlives_correct_passwords_that_are_cut_off_and_no_more_wrong_ones() {
    let world = world().await;
    let mail = "/api/two-factor/mail-code";
    let with = |password: &str| {
        let step_up = json!({ "password": password, "code": null });
        call(&world, mail, step_up)
    };
    let mut olga = world.olga.clone();
    for _ in 0..11 {
        cut_off(&world.app, &olga, mail, &with(PASSWORD)).await;
    }
    assert_eq!(olga.state().await, "signed_in");
    for left in (0..10).rev() {
        assert_eq!(olga.state().await, "signed_in", "{left}");
        cut_off(&world.app, &olga, mail, &with(WRONG)).await;
    }
    assert_eq!(olga.state().await, "signed_out");
}

/// The doors that take a password outside of a session.
#[tokio::test(flavor = "multi_thread")]
async fn a_correct_password_that_is_cut_off_shuts_nobody_out_and_a_wrong_one_counts() {
    let mut world = world().await;
    let app = &world.app;
    let sign_in = |password: &str| json!({ "email": OLGA, "password": password });
    for _ in 0..11 {
        cut_off(app, &app.browser(), SIGN_IN, &sign_in(PASSWORD)).await;
    }
    app.browser().sign_in(OLGA).await.expect(200);
    for _ in 0..10 {
        cut_off(app, &app.browser(), SIGN_IN, &sign_in(WRONG)).await;
    }
    let refused = app.browser().sign_in(OLGA).await;
    refused.refused(401, "wrong_credentials");

    let grace = json!({
        "name": "Grace", "email": "grace@example.org", "account_name": "Navy", "password": NEW_PASSWORD,
    });
    let asked = json!({ "user": grace });
    let asked = app.browser().post("/api/sign-up/request", &asked).await;
    asked.expect(200);
    let link = app.links("/verify-email").await.pop().unwrap();
    let finish = |password: &str| json!({ "token": link, "password": password });
    for _ in 0..9 {
        cut_off(app, &app.browser(), SIGN_UP, &finish(WRONG)).await;
    }
    cut_off(app, &app.browser(), SIGN_UP, &finish(NEW_PASSWORD)).await;
    let mut grace = app.browser();
    let signed_in = grace.sign_in_with("grace@example.org", NEW_PASSWORD);
    signed_in.await.expect(200);

    let offer = body("/api/team/offer-reset", &world.ids);
    let offered = world.olga.post("/api/team/offer-reset", &offer).await;
    offered.expect(200);
    let app = &world.app;
    let link = app.links("/reset-two-factor").await.pop().unwrap();
    let confirm = json!({ "token": link, "password": PASSWORD });
    cut_off(app, &app.browser(), RESET, &confirm).await;
    // Without a code.
    let reply = app.browser().sign_in(TIM).await.expect(200);
    assert_ne!(reply.json()["step"], "second_factor_due");
}

/// A door that is added is walked here, or fails.
#[test]
fn every_door_that_takes_a_password_is_cut_off() {
    let ids = Ids::nobodys();
    let outside = all_functions().map(|one| one.path).filter(|path| {
        let body = body(path, &ids);
        let is_new = TAKE_A_NEW_PASSWORD.contains(path);
        body.get("password").is_some() && body.get("step_up").is_none() && !is_new
    });
    assert_eq!(outside.collect::<Vec<_>>(), [SIGN_IN, SIGN_UP, RESET]);
}
