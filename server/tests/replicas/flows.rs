//! Every flow over two servers, each request at the other one.

use crypto::clock::Clock as _;
use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::support::{
    Authenticator, Browser, OWNER, PASSWORD, START, Team, invitation, invitation_token,
    last_mail_to,
};

const ADA: &str = "ada@example.org";
const NEW_PASSWORD: &str = "violet-sofa-7-drum";

fn step_up(code: Option<&str>) -> Value {
    json!({ "password": PASSWORD, "code": code })
}

async fn sign_in(cluster: &Cluster, authenticator: &Authenticator) -> Browser {
    let mut browser = cluster.app.browser();
    browser.sign_in(ADA).await.expect(200);
    let code = authenticator.code(cluster.app.clock.now());
    browser.give_code(&code).await.expect(200);
    browser
}

/// F85: enrolment, sign-in, step-up, replacement and signing out, and nobody is asked twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_life_with_two_factor_authentication_goes_on_whichever_server_answers() {
    let cluster = Cluster::start().await;
    let app = &cluster.app;
    let (mut first, authenticator) = app.member_with_two_factor(ADA).await;
    app.clock.advance(30);
    let mut ada = sign_in(&cluster, &authenticator).await;
    for _ in 0..6 {
        assert_eq!(ada.state().await, "signed_in");
    }
    app.clock.advance(16 * 60);
    let needs = json!({ "step_up": step_up(None) });
    ada.call("two-factor/new-recovery-codes", needs.clone())
        .await
        .refused(422, "code_needed");
    let code = authenticator.code(app.clock.now());
    let proof = json!({ "step_up": step_up(Some(&code)) });
    ada.call("two-factor/new-recovery-codes", proof)
        .await
        .expect(200);
    // What the code has proven holds at either server.
    for _ in 0..3 {
        ada.call("two-factor/new-recovery-codes", needs.clone())
            .await
            .expect(200);
    }
    let enrolment = ada.begin("replace", None).await.expect(200).json();
    let next = Authenticator::new(enrolment["key"].as_str().unwrap());
    let code = next.code(app.clock.now());
    ada.confirm(&enrolment["id"], &code).await.expect(200);
    app.clock.advance(30);
    let mut old = app.browser();
    old.sign_in(ADA).await.expect(200);
    let code = authenticator.code(app.clock.now());
    old.give_code(&code).await.refused(422, "wrong_code");
    let mut other = sign_in(&cluster, &next).await;
    other.call("session/sign-out", json!({})).await.expect(200);
    for _ in 0..2 {
        assert_eq!(other.state().await, "signed_out");
        assert_eq!(first.state().await, "signed_out");
    }
}

/// F58: enrolled at one server, asked at the other in the same moment.
#[tokio::test(flavor = "multi_thread")]
async fn enrolled_at_one_server_is_asked_at_the_other_at_once() {
    let cluster = Cluster::start().await;
    let mut ada = cluster.app.member(ADA).await;
    let mut at_first = Browser::new(&cluster.first);
    at_first.cookies.clone_from(&ada.cookies);
    let enrolment = at_first.begin("enable", None).await.expect(200).json();
    let authenticator = Authenticator::new(enrolment["key"].as_str().unwrap());
    let code = authenticator.code(START);
    at_first.confirm(&enrolment["id"], &code).await.expect(200);
    let mut at_second = Browser::new(&cluster.second.base);
    let step = at_second.sign_in(ADA).await.expect(200).json();
    assert_eq!(step["step"], "second_factor_due");
    at_second
        .call("two-factor/overview", json!({}))
        .await
        .refused(401, "signed_out");
    // The token of before the enrolment is worth nothing anywhere.
    assert_eq!(ada.state().await, "signed_out");
}

/// A forgotten password, an invitation and a requirement: begun at one server, finished at the other.
#[tokio::test(flavor = "multi_thread")]
async fn links_and_rules_of_one_server_hold_at_the_other() {
    let cluster = Cluster::start().await;
    let app = &cluster.app;
    let mut team = Team::found(app).await;
    team.owner.enable_two_factor(app).await;
    let account = app.account_of(OWNER).await;
    let invited = invitation(&account, "grace@example.org", &["developer"]);
    team.owner.call("team/invite", invited).await.expect(200);
    let token = invitation_token(&last_mail_to(app, "grace@example.org").await);
    let join = json!({ "token": token, "user": { "name": "Grace", "password": PASSWORD } });
    app.browser()
        .call("invitation/join", join.clone())
        .await
        .expect(200);
    app.browser()
        .call("invitation/join", join)
        .await
        .refused(409, "link_over");
    let mut grace = app.browser();
    grace.sign_in("grace@example.org").await.expect(200);
    let forgot = json!({ "email": "grace@example.org" });
    app.browser()
        .call("password/forgot", forgot)
        .await
        .expect(200);
    let link = app.links("/reset-password").await.pop().unwrap();
    let reset = json!({ "token": link, "password": NEW_PASSWORD });
    app.browser()
        .call("password/reset", reset)
        .await
        .expect(200);
    for _ in 0..2 {
        assert_eq!(grace.state().await, "signed_out");
    }
    let mut grace = app.browser();
    grace
        .sign_in_with("grace@example.org", NEW_PASSWORD)
        .await
        .expect(200);
    team.owner.require(&account, None).await.expect(200);
    for _ in 0..2 {
        grace
            .of_account("overview", &account)
            .await
            .refused(403, "two_factor_required");
    }
}

/// F29: what is counted is counted for all servers together.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_and_passwords_at_either_server_are_one_count() {
    let cluster = Cluster::start().await;
    let app = &cluster.app;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    app.clock.advance(30);
    let wrong = authenticator.wrong_code(app.clock.now());
    let mut looked_at = 0;
    for _ in 0..4 {
        let mut browser = app.browser();
        browser.sign_in(ADA).await.expect(200);
        for _ in 0..5 {
            let reply = browser.give_code(&wrong).await;
            looked_at += usize::from(reply.code() == "wrong_code");
        }
    }
    assert!((5..=10).contains(&looked_at), "{looked_at}");
    app.create_user("bob@example.org").await;
    for n in 0..10 {
        let mut stranger = app.browser();
        stranger.forwarded_for = Some(format!("198.51.100.{n}"));
        stranger
            .sign_in_with("bob@example.org", "a wrong password")
            .await
            .refused(401, "wrong_credentials");
    }
    for base in [&cluster.first, &cluster.second.base] {
        Browser::new(base)
            .sign_in("bob@example.org")
            .await
            .refused(401, "wrong_credentials");
    }
    app.clock.advance(15 * 60);
    app.browser().sign_in("bob@example.org").await.expect(200);
}

/// F25, F29: so is the count of a browser that has given the factor, and strangers' codes at either server do not pause it.
#[tokio::test(flavor = "multi_thread")]
async fn the_count_of_a_browser_is_one_at_either_server() {
    let cluster = Cluster::start().await;
    let app = &cluster.app;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    app.clock.advance(30);
    let mut own = sign_in(&cluster, &authenticator).await;
    own.call("session/sign-out", json!({})).await.expect(200);
    app.sql("UPDATE users SET factor_failures = 50, factor_failed_at = 1")
        .await;
    let wrong = authenticator.wrong_code(app.clock.now());
    let mut waiting = vec![own.clone(); 4];
    for browser in &mut waiting {
        browser.sign_in(ADA).await.expect(200);
    }
    let mut running = Vec::new();
    for browser in waiting.iter().cycle().take(5 * waiting.len()) {
        let (mut browser, wrong) = (browser.clone(), wrong.clone());
        running.push(tokio::spawn(async move {
            browser.give_code(&wrong).await.code()
        }));
    }
    let mut looked_at = 0;
    for code in running {
        looked_at += i64::from(code.await.unwrap() == "wrong_code");
    }
    let counted = "SELECT CAST(SUM(factor_failures) AS BIGINT) FROM known_browsers";
    assert_eq!((looked_at, app.number(counted).await), (10, 10));
    app.sql("UPDATE known_browsers SET factor_failures = 0")
        .await;
    app.clock.advance(30);
    let code = authenticator.code(app.clock.now());
    app.sql(&format!(
        "UPDATE users SET factor_failed_at = {}",
        app.clock.now().0
    ))
    .await;
    let mut stranger = app.browser();
    stranger.sign_in(ADA).await.expect(200);
    stranger.give_code(&code).await.refused(429, "paused");
    own.sign_in(ADA).await.expect(200);
    own.give_code(&code).await.expect(200);
}
