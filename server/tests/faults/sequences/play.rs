//! Plays a sequence on a server and on the model, and compares.

use serde_json::{Value, json};
use settings::Limits;

use super::model::{Answer, Model};
use super::operation::{BROWSERS, Operation, USERS};
use super::texts::told;
use crate::support::{Browser, TestApp};

pub(super) fn email(user: usize) -> String {
    format!("user{user}@example.org")
}

/// Plays a sequence.
///
/// # Errors
/// Says where the server and the model differ.
pub(super) async fn play(operations: &[Operation]) -> Result<(), String> {
    let mut play = Play::new().await;
    for (at, operation) in operations.iter().enumerate() {
        let (said, expected);
        (play, said, expected) = Box::pin(play.one(operation)).await;
        if said != expected {
            return Err(format!(
                "{at}: {operation:?}\n said {said}, expected {expected}"
            ));
        }
    }
    play.compare().await
}

pub(super) struct Play {
    pub(super) app: TestApp,
    pub(super) browsers: Vec<Browser>,
    pub(super) model: Model,
    pub(super) used_links: Vec<String>,
}

impl Play {
    async fn new() -> Self {
        let app = TestApp::start_with(|settings| {
            // Limits have tests of their own; these sequences would meet them early.
            settings.limits = Limits {
                wrong_passwords_per_client: 1_000_000,
                wrong_passwords_of_strangers: 1_000_000,
                wrong_passwords_per_browser: 1_000_000,
                password_resets_per_client: 1_000_000,
                mails_per_address: 1_000_000,
                mails_per_address_an_hour: 1_000_000,
                mails_per_mailbox_a_day: 1_000_000,
                invitations_per_mailbox_a_day: 1_000_000,
                invitations_per_mailbox_and_user: 1_000_000,
                invitations_per_user: 1_000_000,
                accounts_per_user: 1_000_000,
                ..settings.limits
            };
        })
        .await;
        for user in 0..USERS {
            app.create_user(&email(user)).await;
        }
        let browsers = (0..BROWSERS).map(|_| app.browser()).collect();
        let model = Model::new();
        Self {
            app,
            browsers,
            model,
            used_links: Vec::new(),
        }
    }

    /// Does one thing, and gives what the server said and what the model expects.
    async fn one(mut self, operation: &Operation) -> (Self, Answer, Answer) {
        let (said, expected) = match operation {
            Operation::Restart => {
                return (Box::pin(self.restart()).await, Answer::new(), Answer::new());
            }
            Operation::Wait { seconds } => {
                self.model.now += seconds;
                self.app.clock.advance(*seconds);
                (Answer::new(), Answer::new())
            }
            Operation::Guessed { user, times } => self.guessed(*user, *times).await,
            Operation::Password {
                browser,
                user,
                is_right,
            } => self.password(*browser, *user, *is_right).await,
            Operation::Code {
                browser,
                code,
                trust,
            } => self.code(*browser, *code, *trust).await,
            Operation::RecoveryCode { browser, code } => self.recovery(*browser, *code).await,
            Operation::Begin {
                browser,
                replace,
                proof,
            } => self.begin(*browser, *replace, *proof).await,
            Operation::Confirm { browser, code } => self.confirm(*browser, *code).await,
            Operation::Disable { browser, proof } => self.disable(*browser, *proof).await,
            Operation::NewRecoveryCodes { browser, proof } => {
                self.new_codes(*browser, *proof).await
            }
            Operation::ChangePassword { browser, proof } => {
                self.change_password(*browser, *proof).await
            }
            Operation::ResetPassword { user } => self.reset_password(*user).await,
            Operation::EndOtherSessions { browser } => self.end_others(*browser).await,
            Operation::SignOut { browser } => {
                let said = self.call(*browser, "session/sign-out", json!({})).await;
                self.model.sign_out(*browser);
                (said, "200".to_owned())
            }
            Operation::State { browser } => self.state(*browser).await,
        };
        (self, said, expected)
    }

    pub(super) async fn call(&mut self, browser: usize, endpoint: &str, body: Value) -> Answer {
        told(&self.browsers[browser].call(endpoint, body).await)
    }

    async fn restart(self) -> Self {
        // A mail that is on its way would wait for a minute that the clock here does not have.
        self.app.mails().await;
        let app = self.app.restart().await;
        let browsers = self.browsers.iter();
        let browsers = browsers.map(|browser| app.browser().with(&browser.cookies));
        Self {
            browsers: browsers.collect(),
            app,
            model: self.model,
            used_links: self.used_links,
        }
    }

    async fn state(&mut self, browser: usize) -> (Answer, Answer) {
        let said = self.call(browser, "session/state", json!({})).await;
        let expected = if self.model.session(browser).is_some() {
            "200 signed_in"
        } else if self.model.pending(browser).is_some() {
            "200 second_factor_due"
        } else {
            "200 signed_out"
        };
        (said, expected.to_owned())
    }

    /// The state at the end: of every browser, and of every user in the database.
    async fn compare(mut self) -> Result<(), String> {
        for browser in 0..BROWSERS {
            let (said, expected) = self.state(browser).await;
            if said != expected {
                return Err(format!("browser {browser} is {said}, not {expected}"));
            }
        }
        let stale = self.app.stale_memberships().await;
        if stale != 0 {
            return Err(format!("{stale} memberships say something else than users"));
        }
        for (at, user) in self.model.users.iter().enumerate() {
            let factor = user.factor.as_ref();
            let count = |codes: &Vec<String>| i64::try_from(codes.len()).unwrap();
            let browsers = self.model.browsers.iter();
            let own = browsers.filter_map(|browser| browser.known[at]);
            let expected = [
                factor.map_or(-1, |factor| factor.last.0),
                factor.map_or(0, |factor| count(&factor.left)),
                factor.map_or(0, |factor| count(&factor.spent)),
                i64::from(user.failures),
                own.map(|known| i64::from(known.failures)).sum(),
            ];
            let stored = stored(&self.app, &email(at)).await;
            if stored != expected {
                return Err(format!("user {at} has {stored:?}, not {expected:?}"));
            }
        }
        Ok(())
    }
}

/// The last step, recovery codes left and spent, failures, and those of browsers that are counted apart.
async fn stored(app: &TestApp, email: &str) -> [i64; 5] {
    let of_user = format!("user_id = (SELECT id FROM users WHERE email = '{email}')");
    let numbers = [
        format!("SELECT COALESCE((SELECT last_step FROM second_factors WHERE {of_user}), -1)"),
        format!("SELECT COUNT(*) FROM recovery_codes WHERE {of_user} AND used_at IS NULL"),
        format!("SELECT COUNT(*) FROM recovery_codes WHERE {of_user} AND used_at IS NOT NULL"),
        format!("SELECT CAST(factor_failures AS BIGINT) FROM users WHERE email = '{email}'"),
        format!(
            "SELECT CAST(COALESCE(SUM(factor_failures), 0) AS BIGINT) FROM known_browsers WHERE {of_user}"
        ),
    ];
    let mut found = [0; 5];
    for (number, query) in found.iter_mut().zip(numbers) {
        *number = app.number(&query).await;
    }
    found
}
