//! Concurrent requests: what may happen once happens once.

use std::collections::BTreeMap;

use crate::support::{Browser, START, TestApp};

const ADA: &str = "ada@example.org";
const MANY: usize = 50;

/// A server that takes so many passwords at once.
async fn start() -> TestApp {
    TestApp::start_with(|settings| {
        settings.limits.wrong_passwords_of_strangers = 100;
        settings.limits.wrong_passwords_per_client = 100;
    })
    .await
}

async fn pending(app: &TestApp, count: usize) -> Vec<Browser> {
    let mut tasks = Vec::new();
    for _ in 0..count {
        let mut browser = app.browser();
        tasks.push(tokio::spawn(async move {
            browser.sign_in(ADA).await.expect(200);
            browser
        }));
    }
    let mut browsers = Vec::new();
    for task in tasks {
        browsers.push(task.await.unwrap());
    }
    browsers
}

async fn statuses<F>(browsers: Vec<Browser>, call: impl Fn(Browser) -> F) -> BTreeMap<u16, usize>
where
    F: Future<Output = u16> + Send + 'static,
{
    let tasks: Vec<_> = browsers
        .into_iter()
        .map(|browser| tokio::spawn(call(browser)))
        .collect();
    let mut counts = BTreeMap::new();
    for task in tasks {
        *counts.entry(task.await.unwrap()).or_default() += 1;
    }
    counts
}

/// F03: checked and spent in one step.
#[tokio::test(flavor = "multi_thread")]
async fn fifty_uses_of_one_code_make_one_session_and_lock_nobody_out() {
    let app = start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let code = authenticator.code(START + 30);
    let browsers = pending(&app, MANY).await;
    let counts = statuses(browsers, |mut browser| {
        let code = code.clone();
        async move { browser.give_code(&code).await.status }
    })
    .await;
    assert_eq!(counts, BTreeMap::from([(200, 1), (422, MANY - 1)]));
    app.clock.set(START + 60);
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    browser
        .give_code(&authenticator.code(START + 60))
        .await
        .expect(200);
}

/// F08: struck off in one step.
#[tokio::test(flavor = "multi_thread")]
async fn fifty_uses_of_one_recovery_code_make_one_session() {
    let app = start().await;
    let (mut first, authenticator) = app.member_with_two_factor(ADA).await;
    let browsers = pending(&app, MANY).await;
    let code = authenticator.recovery_codes[0].clone();
    let counts = statuses(browsers, |mut browser| {
        let code = code.clone();
        async move { browser.give_recovery_code(&code).await.status }
    })
    .await;
    assert_eq!(counts, BTreeMap::from([(200, 1), (422, MANY - 1)]));
    assert_eq!(
        first.overview().await["two_factor"]["recovery_codes_left"],
        9
    );
}

/// F11: one sign-in, one session.
#[tokio::test(flavor = "multi_thread")]
async fn twenty_finishes_of_one_pending_sign_in_make_one_session() {
    let app = start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let browser = pending(&app, 1).await.remove(0);
    let code = authenticator.code(START + 30);
    let counts = statuses(vec![browser; 20], |mut browser| {
        let code = code.clone();
        async move { browser.give_code(&code).await.status }
    })
    .await;
    assert_eq!(counts[&200], 1);
}

/// F11, F18: at once is no more than in turn.
#[tokio::test(flavor = "multi_thread")]
async fn twenty_wrong_codes_at_once_are_at_most_five_guesses() {
    let app = start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let browser = pending(&app, 1).await.remove(0);
    let wrong = authenticator.wrong_code(START);
    let counts = statuses(vec![browser; 20], |mut browser| {
        let wrong = wrong.clone();
        async move { browser.give_code(&wrong).await.status }
    })
    .await;
    assert_eq!(counts, BTreeMap::from([(401, 15), (422, 5)]));
}

/// F18: nor over many sign-ins.
#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_wrong_codes_over_many_sign_ins_are_at_most_ten_guesses() {
    let app = start().await;
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    let wrong = authenticator.wrong_code(START);
    let browsers: Vec<_> = pending(&app, 40)
        .await
        .into_iter()
        .flat_map(|browser| vec![browser; 5])
        .collect();
    let counts = statuses(browsers, |mut browser| {
        let wrong = wrong.clone();
        async move { browser.give_code(&wrong).await.status }
    })
    .await;
    // The tenth ends all that wait.
    assert_eq!(counts, BTreeMap::from([(401, 190), (422, 10)]));
}
