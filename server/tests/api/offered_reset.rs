//! The mailed link of an offered reset: what it takes to confirm it, what follows, and what it is worth to whom.

mod ends;
mod other_accounts;
mod own_offer;

use serde_json::json;

use crate::support::{Authenticator, Browser, PASSWORD, Reply, TestApp, last_mail_to, subject};

const MALLORY: &str = "mallory@example.org";
const VERA: &str = "vera@example.org";

/// Vera owns "Big", which requires two-factor authentication. Mallory has an account of his own that she belongs to.
struct World {
    app: TestApp,
    mallory: Browser,
    /// Mallory's account, from which the offers come.
    guests: String,
    vera: Browser,
    app_of_vera: Authenticator,
    big: String,
    id_of_vera: String,
}

impl World {
    async fn new() -> Self {
        let (app, _) = TestApp::start_with_mail(|_| {}).await;
        let (mut vera, app_of_vera) = app.member_with_two_factor(VERA).await;
        let big = vera.own_account().await;
        vera.require(&big, None).await.expect(200);
        let mallory = app.member(MALLORY).await;
        app.join(MALLORY, VERA, 4).await;
        Self {
            guests: app.account_of(MALLORY).await,
            id_of_vera: app.user(VERA).await.id.to_string(),
            app,
            mallory,
            vera,
            app_of_vera,
            big,
        }
    }

    /// Mallory offers Vera a reset; the token of its link.
    async fn offer(&mut self) -> String {
        let mut mallory = self.mallory.clone();
        let token = self.offer_by(&mut mallory).await;
        self.mallory = mallory;
        token
    }

    /// Somebody of Mallory's account does.
    async fn offer_by(&mut self, browser: &mut Browser) -> String {
        self.app.clock.advance(1);
        let step_up = json!({ "password": PASSWORD, "code": null });
        let call = json!({ "account": self.guests, "user": self.id_of_vera, "step_up": step_up });
        browser.call("team/offer-reset", call).await.expect(200);
        self.app.links("/reset-two-factor").await.pop().unwrap()
    }

    async fn has_factor(&self) -> bool {
        let factors = format!(
            "SELECT COUNT(*) FROM second_factors JOIN users ON users.id = user_id WHERE email = '{VERA}'"
        );
        self.app.number(&factors).await == 1
    }
}

async fn open(browser: &mut Browser, token: &str) -> Reply {
    browser.call("reset/open", json!({ "token": token })).await
}

async fn confirm(browser: &mut Browser, token: &str) -> Reply {
    confirm_with(browser, token, PASSWORD).await
}

async fn confirm_with(browser: &mut Browser, token: &str, password: &str) -> Reply {
    let call = json!({ "token": token, "password": password });
    browser.call("reset/confirm", call).await
}

/// F66: whoever shares an account with a user takes nothing away from them, as often as they try, and though they know the password.
#[tokio::test]
async fn a_throw_away_account_takes_nobodys_factor_away() {
    let mut world = World::new().await;
    let overview = world.vera.overview().await;
    for _ in 0..3 {
        world.offer().await;
    }
    assert_eq!(world.vera.overview().await, overview);
    let big = world.big.clone();
    world.vera.overview_of(&big).await.expect(200);
    assert_eq!(world.vera.state().await, "signed_in");
    // With Vera's password, too: the code is asked for as before.
    let mut thief = world.app.browser();
    let reply = thief.sign_in(VERA).await.expect(200);
    assert_eq!(reply.json()["step"], "second_factor_due");
    // And the link is with nobody but her mailbox: what is not it opens nothing.
    for token in ["", "x", &"A".repeat(43)] {
        confirm(&mut thief, token).await.refused(409, "link_over");
    }
    assert!(world.has_factor().await);
}

#[tokio::test]
async fn the_link_alone_changes_nothing_and_says_whose_it_is() {
    let mut world = World::new().await;
    let token = world.offer().await;
    let mut browser = world.app.browser();
    let shown = open(&mut browser, &token).await.expect(200).json();
    let expected = json!({
        "account_name": "Analytical Engines", "offered_by": "Ada", "email": VERA,
        "until": world.app.clock_seconds() + 86_400, "is_other_signed_in": false,
    });
    assert_eq!(shown, expected);
    confirm_with(&mut browser, &token, "a wrong password")
        .await
        .refused(422, "wrong_password");
    assert!(world.has_factor().await);
    assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
    assert_eq!(world.vera.state().await, "signed_in");
}

#[tokio::test]
async fn with_the_password_everything_goes_and_each_sign_in_takes_a_link_from_then_on() {
    let mut world = World::new().await;
    let mut trusted = world.app.browser();
    trusted.sign_in(VERA).await.expect(200);
    let code = world.app_of_vera.recovery_codes[0].clone();
    trusted.give_recovery_code(&code).await.expect(200);
    let token = world.offer().await;
    let mut browser = world.app.browser();
    let reply = confirm(&mut browser, &token).await.expect(200);
    let signed_in = json!({ "step": "signed_in", "recovery_codes_left": null });
    assert_eq!(reply.json(), signed_in);
    assert_eq!(browser.state().await, "signed_in");
    let overview = browser.overview().await;
    assert_eq!(overview["two_factor"]["state"], "off");
    // The link has proven the mailbox in this browser.
    assert_eq!(overview["entry"]["entry"], "open");
    for other in [&mut world.vera, &mut trusted] {
        assert_eq!(other.state().await, "signed_out");
    }
    for table in [
        "second_factors",
        "trusted_browsers",
        "recovery_codes",
        "reset_offers",
    ] {
        assert_eq!(world.app.count(table).await, 0, "{table}");
    }
    // Of the known browsers of Vera, only this one is left.
    let known = format!(
        "SELECT COUNT(*) FROM known_browsers JOIN users ON users.id = user_id WHERE email = '{VERA}'"
    );
    assert_eq!(world.app.number(&known).await, 1);
    let mut thief = world.app.browser();
    let reply = thief.sign_in(VERA).await.expect(200);
    assert_eq!(reply.json()["step"], "link_due");
    confirm(&mut world.app.browser(), &token)
        .await
        .refused(409, "link_over");
    let events = world.app.events().await;
    assert!(events.contains(&"reset_confirmed Analytical Engines".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_confirmations_at_once_are_one() {
    let mut world = World::new().await;
    let token = world.offer().await;
    let browser = world.app.browser();
    let mut tasks = Vec::new();
    for _ in 0..10 {
        let (mut browser, token) = (browser.clone(), token.clone());
        tasks.push(tokio::spawn(async move {
            confirm(&mut browser, &token).await.status
        }));
    }
    let mut done = 0;
    for task in tasks {
        match task.await.unwrap() {
            200 => done += 1,
            status => assert_eq!(status, 409),
        }
    }
    assert_eq!(done, 1);
    let events = world.app.events().await;
    let confirmed = events.iter().filter(|it| it.starts_with("reset_confirmed"));
    assert_eq!(confirmed.count(), 1);
}

#[tokio::test]
async fn beside_somebody_elses_session_nothing_is_confirmed() {
    let mut world = World::new().await;
    let token = world.offer().await;
    let mut shared = world.mallory.clone();
    let shown = open(&mut shared, &token).await.expect(200).json();
    assert_eq!(shown["is_other_signed_in"], true);
    confirm(&mut shared, &token)
        .await
        .refused(409, "link_of_another_user");
    assert!(world.has_factor().await);
    shared.call("session/sign-out", json!({})).await.expect(200);
    confirm(&mut shared, &token).await.expect(200);
}

/// F24: no door more for guessing passwords.
#[tokio::test]
async fn wrong_passwords_count_with_those_at_the_sign_in_and_ten_end_the_link() {
    let mut world = World::new().await;
    let token = world.offer().await;
    let mut thief = world.app.browser();
    for _ in 0..10 {
        confirm_with(&mut thief, &token, "a wrong password")
            .await
            .refused(422, "wrong_password");
    }
    confirm(&mut thief, &token).await.paused("wrong_secrets");
    // Strangers have used up their tries at the sign-in, too, where the right password reads as wrong now.
    thief.sign_in(VERA).await.refused(401, "wrong_credentials");
    // Who opens another link is no stranger, and its first right password is heard.
    let another = world.offer().await;
    confirm(&mut world.app.browser(), &another)
        .await
        .expect(200);
}

#[tokio::test]
async fn a_client_that_guessed_elsewhere_is_paused_here() {
    let mut world = World::new().await;
    let token = world.offer().await;
    let mut client = world.app.browser();
    for at in 0..50 {
        let email = format!("nobody{at}@example.org");
        client
            .sign_in_with(&email, "a wrong password")
            .await
            .refused(401, "wrong_credentials");
    }
    confirm(&mut client, &token).await.refused(429, "paused");
    assert!(world.has_factor().await);
}

/// The subjects of the mails to an address, the oldest first.
async fn subjects(app: &TestApp, email: &str) -> Vec<String> {
    let to = format!("To: {email}\r\n");
    let mails = app.mails().await;
    let mails = mails.iter().map(|mail| mail.replace("\r\n ", " "));
    let mails = mails.filter(|mail| mail.contains(&to));
    mails.map(|mail| subject(&mail).to_owned()).collect()
}

#[tokio::test]
async fn the_user_is_told_of_the_offer_and_of_what_they_confirmed() {
    let mut world = World::new().await;
    let before = subjects(&world.app, VERA).await.len();
    let token = world.offer().await;
    world.app.clock.advance(1);
    confirm(&mut world.app.browser(), &token).await.expect(200);
    let mut told = subjects(&world.app, VERA).await.split_off(before);
    // Of one second, in any order.
    told.sort();
    let expected = [
        "An offer to reset your two-factor authentication",
        "Two-factor authentication was reset",
        "You signed in from a new browser",
    ];
    assert_eq!(told, expected);
    let mail = last_mail_to(&world.app, VERA).await;
    assert!(mail.contains("127.0.0.1"), "{mail}");
}
