//! Every way to sign in, with the second factor off, an app and SMS, required or not: what the table in docs/security.md says
//! is what happens.

use std::path::Path;

use app::api::{Level, ServerFunction, all_functions};
use crypto::clock::Clock as _;
use crypto::token::Token;
use serde_json::json;
use service::team::reset::PURPOSE;
use storage::reset_offers::{ResetOffer, replace_reset_offer};
use storage::users::set_sign_in_link_due;

use crate::support::{Authenticator, Browser, NUMBER, PASSWORD, START, SmsGateway, TestApp};

const ADA: &str = "ada@example.org";

/// The second factor of a user.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Factor {
    Off,
    App,
    Sms,
}

/// What can be tried with a user.
struct Case {
    app: TestApp,
    gateway: SmsGateway,
    factor: Factor,
    /// Trusted, where that is possible.
    trusted: Browser,
    authenticator: Option<Authenticator>,
    recovery_codes: Vec<String>,
}

impl Case {
    async fn new(factor: Factor, is_required: bool) -> Self {
        let gateway = SmsGateway::start().await;
        let app = gateway.app().await;
        let mut member = app.member(ADA).await;
        let mut authenticator = None;
        let mut recovery_codes = Vec::new();
        match factor {
            Factor::Off => {}
            Factor::App => {
                let enabled = member.enable_two_factor(&app).await;
                recovery_codes.clone_from(&enabled.recovery_codes);
                authenticator = Some(enabled);
            }
            Factor::Sms => recovery_codes = member.enable_sms(&gateway, NUMBER).await,
        }
        if is_required {
            app.sql(&format!("UPDATE accounts SET required_from = {}", START.0))
                .await;
        }
        let mut case = Self {
            app,
            gateway,
            factor,
            trusted: member,
            authenticator,
            recovery_codes,
        };
        if factor != Factor::Off {
            case.app.clock.set(START + 30);
            case.trusted = case.with_code(true).await;
        }
        case.app.clock.set(START + 90);
        case
    }

    /// A browser that has signed in with the factor's own code.
    async fn with_code(&self, trust: bool) -> Browser {
        let mut browser = self.app.browser();
        browser.sign_in(ADA).await.expect(200);
        let code = if let Some(authenticator) = &self.authenticator {
            authenticator.code(self.app.clock.now())
        } else {
            browser.send_sign_in_code().await.expect(200);
            self.gateway.last_code()
        };
        let reply = if trust {
            browser.give_code_and_trust(&code).await
        } else {
            browser.give_code(&code).await
        };
        reply.expect(200);
        browser
    }

    /// What the password leads to in a browser, in the words of the table.
    async fn password(&self, browser: &mut Browser) -> &'static str {
        let step = browser.sign_in(ADA).await.expect(200).json()["step"].clone();
        match step.as_str().unwrap() {
            "signed_in" => "signed in",
            "second_factor_due" => "code asked",
            "link_due" => "link asked",
            other => panic!("{other}"),
        }
    }

    /// The line of the table for each way.
    async fn outcomes(self) -> Vec<(&'static str, &'static str)> {
        let mut outcomes = Vec::new();
        outcomes.push(("password", self.password(&mut self.app.browser()).await));
        let mut trusted = self.trusted.clone();
        outcomes.push((
            "password in a trusted browser",
            self.password(&mut trusted).await,
        ));
        outcomes.push(("password and code of the app", self.code_of_app().await));
        outcomes.push(("password and code by SMS", self.code_by_sms().await));
        self.app
            .sql("UPDATE accounts SET trusted_browsers_allowed = false")
            .await;
        let forbidden = self.password(&mut trusted).await;
        outcomes.push((
            "password in a trusted browser, which an account forbids",
            forbidden,
        ));
        self.app
            .sql("UPDATE accounts SET trusted_browsers_allowed = true")
            .await;
        outcomes.push(("password and recovery code", self.recovery_code().await));
        let after = self.password(&mut trusted).await;
        outcomes.push((
            "password in a trusted browser, after a recovery code",
            after,
        ));
        self.make_link_due().await;
        let mut waiting = self.app.browser();
        let after_reset = self.password(&mut waiting).await;
        outcomes.push(("password, after a reset", after_reset));
        outcomes.push((
            "password and mailed link, after a reset",
            self.link(waiting).await,
        ));
        let again = self.password(&mut self.app.browser()).await;
        outcomes.push(("password, after that link", again));
        let way = "password and mailed link of an offered reset";
        outcomes.push((way, self.offered_reset().await));
        outcomes.push(("link that sets a password", self.password_link().await));
        outcomes
    }

    async fn code_of_app(&self) -> &'static str {
        if self.factor != Factor::App {
            return "not asked";
        }
        self.with_code(false).await;
        "signed in"
    }

    async fn code_by_sms(&self) -> &'static str {
        if self.factor != Factor::Sms {
            return "not asked";
        }
        self.with_code(false).await;
        "signed in"
    }

    async fn recovery_code(&self) -> &'static str {
        let Some(code) = self.recovery_codes.first() else {
            return "not asked";
        };
        let mut browser = self.app.browser();
        browser.sign_in(ADA).await.expect(200);
        browser.give_recovery_code(code).await.expect(200);
        "signed in"
    }

    async fn make_link_due(&self) {
        let user = self.app.user(ADA).await;
        let transaction = self.app.services.database.begin_write().await.unwrap();
        set_sign_in_link_due(&transaction, user.id, true)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }

    async fn link(&self, mut browser: Browser) -> &'static str {
        let Some(token) = self.app.links("/sign-in").await.pop() else {
            return "not asked";
        };
        let arguments = json!({ "token": token });
        browser.call("sign-in/link", arguments).await.expect(200);
        "signed in"
    }

    /// A team has offered a reset; where there is no factor, there is nothing that could be.
    async fn offered_reset(&self) -> &'static str {
        const BOSS: &str = "boss@example.org";
        self.app.create_user(BOSS).await;
        self.app.join(BOSS, ADA, 4).await;
        let (by, user) = (self.app.user(BOSS).await, self.app.user(ADA).await);
        let token = Token::new(self.app.services.random.as_ref());
        let offer = ResetOffer {
            account: self.app.account_of(BOSS).await.parse().unwrap(),
            user: user.id,
            by: by.id,
            expires_at: self.app.clock.now() + 60,
        };
        let transaction = self.app.services.database.begin_write().await.unwrap();
        replace_reset_offer(&transaction, offer, &token.hash(PURPOSE))
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        let mut browser = self.app.browser();
        let arguments = json!({ "token": token.to_text().expose(), "password": PASSWORD });
        let reply = browser.call("reset/confirm", arguments).await;
        if reply.code() == "link_over" {
            return "not asked";
        }
        reply.expect(200);
        assert_eq!(browser.state().await, "signed_in");
        "signed in"
    }

    async fn password_link(&self) -> &'static str {
        let mut browser = self.app.browser();
        let forget = json!({ "email": ADA });
        browser.call("password/forgot", forget).await.expect(200);
        let token = self.app.links("/reset-password").await.pop().unwrap();
        let arguments = json!({ "token": token, "password": "violet-sofa-7-drum" });
        browser.call("password/reset", arguments).await.expect(200);
        assert_eq!(browser.state().await, "signed_out");
        "nobody signed in"
    }
}

/// F55, F153: every way in, with it on and off.
#[tokio::test]
async fn every_way_does_what_the_table_in_the_documentation_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/security.md");
    let docs = std::fs::read_to_string(path).unwrap();
    for is_required in [false, true] {
        let off = Case::new(Factor::Off, is_required).await.outcomes().await;
        let app = Case::new(Factor::App, is_required).await.outcomes().await;
        let sms = Case::new(Factor::Sms, is_required).await.outcomes().await;
        for (((way, off), (_, app)), (_, sms)) in off.into_iter().zip(app).zip(sms) {
            let line = format!("| {way} | {off} | {app} | {sms} |");
            assert!(docs.contains(&line), "missing in docs/security.md: {line}");
        }
    }
}

/// F38: half a session is none.
#[tokio::test]
async fn half_a_sign_in_opens_nothing_but_what_finishes_it() {
    let app = TestApp::start().await;
    let (_, _) = app.member_with_two_factor(ADA).await;
    let mut browser = app.browser();
    browser.sign_in(ADA).await.expect(200);
    for ServerFunction { path, level, .. } in all_functions() {
        if *level == Level::Session {
            let endpoint = path.trim_start_matches("/api/");
            browser
                .call(endpoint, json!({}))
                .await
                .refused(401, "signed_out");
        }
    }
    assert_eq!(browser.state().await, "second_factor_due");
}
