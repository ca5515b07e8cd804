//! The operator's listener: metrics that real sign-ins change, readiness, and no personal data.

mod docs;
pub(crate) mod log;

use std::collections::BTreeSet;

use crypto::random::SeededRandom;
use crypto::seal::KeyRing;
use serde_json::Value;
use settings::Settings;

use crate::support::{Authenticator, Browser, PASSWORD, START, TestApp};

const ADA: &str = "ada@example.org";

pub(super) fn watched(settings: &mut Settings) {
    settings.metrics.listen = "127.0.0.1:0".parse().ok();
}

/// The operator's side of a server.
pub(super) struct Operator(Browser);

impl Operator {
    pub(super) fn of(app: &TestApp) -> Self {
        let address = app.services.settings.metrics.listen.unwrap();
        Self(Browser::new(&format!("http://{address}")))
    }

    pub(super) async fn metrics(&mut self) -> String {
        self.0.get("/metrics").await.expect(200).text
    }

    /// The value of a line, or 0 where there is none yet.
    async fn value(&mut self, line: &str) -> i64 {
        let text = self.metrics().await;
        let value = text.lines().find_map(|found| found.strip_prefix(line));
        value.map_or(0, |value| value.trim().parse().unwrap())
    }

    async fn sign_ins(&mut self, outcome: &str, factor: &str) -> i64 {
        let line = format!("twofold_sign_ins_total{{outcome=\"{outcome}\",factor=\"{factor}\"}}");
        self.value(&line).await
    }

    async fn readiness(&mut self, status: u16) -> Value {
        self.0.get("/readyz").await.expect(status).json()
    }
}

/// A user with two-factor authentication who signs in in every way, well and badly.
async fn busy(app: &TestApp) -> Authenticator {
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let mut browser = app.browser();
    browser.sign_in_with(ADA, "wrong").await.expect(401);
    browser.sign_in(ADA).await.expect(200);
    browser.give_code("000000").await.expect(422);
    browser
        .give_code(&authenticator.code(START + 30))
        .await
        .expect(200);
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    browser
        .give_recovery_code(&authenticator.recovery_codes[0])
        .await
        .expect(200);
    authenticator
}

#[tokio::test]
async fn sign_ins_are_counted_by_outcome_and_factor() {
    let app = TestApp::start_with(watched).await;
    let mut operator = Operator::of(&app);
    assert_eq!(operator.sign_ins("signed_in", "password").await, 0);
    busy(&app).await;
    for (outcome, factor, times) in [
        ("signed_in", "password", 1),
        ("second_factor_due", "password", 2),
        ("signed_in", "app", 1),
        ("signed_in", "recovery_code", 1),
        ("wrong_credentials", "password", 1),
        ("wrong_code", "code", 1),
    ] {
        let counted = operator.sign_ins(outcome, factor).await;
        assert_eq!(counted, times, "{outcome} {factor}");
    }
}

/// An alert sees the first event only where the series was there before it, at zero.
#[tokio::test]
async fn every_outcome_and_every_fault_has_its_series_from_the_start() {
    let app = TestApp::start_with(watched).await;
    let mut operator = Operator::of(&app);
    let series = async |operator: &mut Operator| -> BTreeSet<String> {
        let text = operator.metrics().await;
        let counted = text.lines().filter(|line| {
            line.starts_with("twofold_sign_ins_total{") || line.contains("status=\"5xx\"")
        });
        let name = |line: &str| line.rsplit_once(' ').unwrap().0.to_owned();
        counted.map(name).collect()
    };
    let at_the_start = series(&mut operator).await;
    for line in [
        "twofold_sign_ins_total{outcome=\"wrong_code\",factor=\"code\"}",
        "twofold_sign_ins_total{outcome=\"wrong_credentials\",factor=\"password\"}",
        "twofold_requests_total{function=\"sign-in/password\",status=\"5xx\"}",
        "twofold_requests_total{function=\"page\",status=\"5xx\"}",
    ] {
        assert!(at_the_start.contains(line), "{line}");
    }
    let functions = app::api::all_functions().count() + 4;
    let faults = at_the_start.iter().filter(|line| line.contains("5xx"));
    assert_eq!(faults.count(), functions);
    busy(&app).await;
    let mut browser = app.browser();
    browser.give_code("000000").await;
    browser.sign_in(ADA).await.expect(200);
    browser.give_recovery_code("abcd-efgh-ijkl-mnop").await;
    assert_eq!(series(&mut operator).await, at_the_start, "one is new");
}

#[tokio::test]
async fn what_the_database_knows_is_read_at_each_scrape() {
    let app = TestApp::start_with(watched).await;
    let mut operator = Operator::of(&app);
    assert_eq!(operator.value("twofold_users ").await, 0);
    busy(&app).await;
    app.mails().await;
    for (line, value) in [
        ("twofold_users ", 1),
        ("twofold_accounts ", 1),
        ("twofold_requiring_accounts ", 0),
        ("twofold_two_factor_users{factor=\"app\"} ", 1),
        ("twofold_two_factor_users{factor=\"sms\"} ", 0),
        ("twofold_sessions ", 3),
        ("twofold_mail_queue_length ", 0),
        ("twofold_database_up ", 1),
        ("twofold_database_writable ", 1),
        ("process_start_time_seconds ", START.seconds()),
    ] {
        assert_eq!(operator.value(line).await, value, "{line}");
    }
    assert!(operator.value("twofold_mails_total{fate=\"sent\"} ").await > 0);
    let idle = app.services.settings.session.idle_seconds();
    app.clock.advance(idle + 1);
    assert_eq!(operator.value("twofold_sessions ").await, 0);
}

#[tokio::test]
async fn requests_are_counted_by_function_and_status_and_hashes_by_their_wait() {
    let app = TestApp::start_with(watched).await;
    let mut operator = Operator::of(&app);
    let mut browser = app.browser();
    browser
        .call("profile/overview", serde_json::json!({}))
        .await;
    browser.get("/sign-in").await;
    browser
        .call("no-such/function", serde_json::json!({}))
        .await;
    browser.sign_in(ADA).await.expect(401);
    for line in [
        "twofold_requests_total{function=\"profile/overview\",status=\"4xx\"} ",
        "twofold_requests_total{function=\"page\",status=\"2xx\"} ",
        "twofold_requests_total{function=\"unknown\",status=\"4xx\"} ",
        "twofold_request_seconds_count{function=\"sign-in/password\"} ",
        "twofold_hash_wait_seconds_count ",
    ] {
        assert_eq!(operator.value(line).await, 1, "{line}");
    }
}

#[tokio::test]
async fn who_meets_a_limit_is_counted_under_its_name() {
    let app = TestApp::start_with(|settings| {
        watched(settings);
        settings.limits.wrong_passwords_per_client = 1;
    })
    .await;
    let mut operator = Operator::of(&app);
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(401);
    browser.sign_in(ADA).await.expect(429);
    let line = "twofold_limit_refusals_total{limit=\"passwords of client\"} ";
    assert_eq!(operator.value(line).await, 1);
    assert_eq!(operator.sign_ins("paused", "password").await, 1);
}

/// Labels hold words of ours: no addresses, names, tokens or codes.
#[tokio::test]
async fn nothing_of_people_is_among_the_metrics() {
    let app = TestApp::start_with(watched).await;
    let authenticator = busy(&app).await;
    let mut browser = app.browser();
    browser
        .get("/accounts/0190a5d4-8e4c-7000-8000-000000000000/team")
        .await;
    let text = Operator::of(&app).metrics().await;
    for secret in [
        ADA,
        "Ada",
        PASSWORD,
        "Test browser",
        "0190a5d4",
        "127.0.0.1",
    ] {
        assert!(!text.contains(secret), "{secret}");
    }
    for code in &authenticator.recovery_codes {
        assert!(!text.contains(code.as_str()));
    }
    let labels: BTreeSet<_> = text
        .split(['{', ','])
        .filter_map(|piece| piece.split_once("=\"").map(|(name, _)| name))
        .collect();
    let known = [
        "database", "factor", "fate", "function", "le", "limit", "outcome", "status", "version",
    ];
    assert!(
        labels.iter().all(|label| known.contains(label)),
        "{labels:?}"
    );
}

#[tokio::test]
async fn the_main_listener_has_neither_metrics_nor_readiness() {
    let app = TestApp::start_with(watched).await;
    let mut browser = app.browser();
    for path in ["/metrics", "/readyz"] {
        let reply = browser.get(path).await.expect(404);
        assert!(!reply.text.contains("twofold_"), "{path}");
    }
    let reply = browser.get("/healthz").await.expect(200);
    assert_eq!(reply.text, "ok\n");
    assert_eq!(Operator::of(&app).0.get("/").await.status, 404);
}

#[tokio::test]
async fn ready_means_that_database_keys_and_clock_are_as_they_should_be() {
    use storage::ConnectionTrait as _;
    let app = TestApp::start_with(watched).await;
    app.set_clock_by_database().await;
    let mut operator = Operator::of(&app);
    let ready = operator.readiness(200).await;
    for part in ["database", "writes", "keys", "clock", "mail"] {
        assert_eq!(ready[part]["ok"], true, "{ready}");
    }
    assert_eq!(ready["ready"], true);
    let spoil = async |sql: &str| {
        let transaction = app.services.database.begin_write().await.unwrap();
        transaction.execute_unprepared(sql).await.unwrap();
        transaction.commit().await.unwrap();
    };
    let check = app.bytes("00");
    spoil(&format!("UPDATE instance SET key_check = {check}")).await;
    let unready = operator.readiness(503).await;
    assert_eq!(unready["keys"]["ok"], false);
    assert_eq!(unready["database"]["ok"], true);
    spoil("ALTER TABLE instance RENAME TO gone").await;
    let unready = operator.readiness(503).await;
    assert_eq!(unready["database"]["ok"], false);
    assert_eq!(operator.0.get("/healthz").await.status, 200);
}

/// A proxy that asks whether a server is ready would otherwise take all of them out, and nothing would tell them of the key.
#[tokio::test]
async fn a_server_is_ready_when_another_key_seals_that_it_has_not_read_yet() {
    let app = TestApp::start_with(watched).await;
    app.set_clock_by_database().await;
    let mut operator = Operator::of(&app);
    operator.readiness(200).await;
    for act in ["add", "rotate"] {
        // Waited for without holding the thread that the server has: it may be in the middle of a transaction.
        let done = tokio::process::Command::new(env!("CARGO_BIN_EXE_twofold"))
            .arg("--data")
            .arg(app.folder())
            .envs(app.database_variable())
            .args(["keys", act])
            .output()
            .await
            .unwrap();
        assert!(done.status.success(), "{act}: {done:?}");
    }
    let ready = operator.readiness(200).await;
    assert_eq!(ready["keys"]["ok"], true);
}

/// Mail that waits takes no server out: signing in goes on without it.
#[tokio::test]
async fn a_lagging_mail_queue_is_said_but_keeps_nobody_from_the_server() {
    let app = TestApp::start_with(|settings| {
        watched(settings);
        let nowhere = "smtp://127.0.0.1:9".to_owned();
        settings.mail.smtp_url = Some(settings::SecretSetting(nowhere));
    })
    .await;
    app.set_clock_by_database().await;
    // The worker that may still look by the clock of before would find a mail that is months old.
    let app = app.restart().await;
    // Under a key that may still come, so that it waits.
    let random = SeededRandom::new(99);
    let (others, _) = KeyRing::generate(&random);
    let sealed = others.seal(&random, "mail", "another", b"{}");
    let queued = storage::mails::insert_mail(
        app.services.database.read(),
        (
            app.services.new_uuid(),
            sealed,
            others.current().to_string(),
        ),
        app.services.now() - 3600,
        false,
    );
    queued.await.unwrap();
    let readiness = Operator::of(&app).readiness(200).await;
    assert_eq!(readiness["mail"]["queued"], 1);
}
