//! A user with a browser, and a record of what the server has acknowledged to them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use app::types::ids::UserId;
use app::types::secret_text::SecretText;
use app::types::setup::NewUser;
use app::types::timestamp::Timestamp;
use crypto::clock::{Clock as _, SystemClock};
use domain::totp::TimeStep;
use serde_json::{Value, json};

use crate::change::Change;
use crate::post;
use crate::process::create_user;
use crate::support::{Authenticator, Browser, PASSWORD, Reply};

/// The name of the cookie by which a browser is known.
const KNOWN: &str = "twofold_browser";

/// The server is gone: the last call was not answered.
pub(crate) struct Gone;

/// The second factor of a person, as it must be.
pub(crate) struct Factor {
    pub(crate) app: Authenticator,
    /// The last time step that was accepted, and its code.
    pub(crate) last: (TimeStep, String),
    /// Recovery codes that are good; none when the answer that had them was lost.
    pub(crate) left: Option<BTreeSet<String>>,
    /// Recovery codes of this set that were taken.
    pub(crate) used: Vec<String>,
}

pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) id: UserId,
    pub(crate) name: String,
    pub(crate) saves: i64,
    is_trust_allowed: bool,
    pub(crate) factor: Option<Factor>,
    /// The browser, while it is signed in.
    pub(crate) browser: Option<Browser>,
    /// The cookie by which the browser is known, signed in or not; it proves the mailbox from the first code on.
    known: Option<String>,
    folder: PathBuf,
    /// The cookies of sessions that were ended.
    pub(crate) ended: Option<BTreeMap<String, String>>,
    /// How often each kind of change was acknowledged.
    pub(crate) book: BTreeMap<&'static str, i64>,
    /// A change that was asked for and not answered.
    pub(crate) unsure: Option<Change>,
}

impl Person {
    /// Somebody whom the operator has just made a user; `find` tells their id by the address.
    pub(crate) async fn new(folder: &Path, number: usize) -> Self {
        let email = format!("person{number}@example.org");
        let user = NewUser {
            name: "Ada".to_owned(),
            email: email.clone(),
            account_name: "Analytical Engines".to_owned(),
            password: SecretText::new(PASSWORD),
        };
        create_user(folder, &user).await;
        Self {
            id: crate::invariants::id_of(folder, &email).await,
            email,
            name: user.name,
            saves: 0,
            is_trust_allowed: true,
            factor: None,
            browser: None,
            known: None,
            folder: folder.to_owned(),
            ended: None,
            book: BTreeMap::new(),
            unsure: None,
        }
    }

    /// Sends a call that changes nothing worth remembering.
    async fn ask(browser: &mut Browser, endpoint: &str, body: &Value) -> Result<Reply, Gone> {
        let request = browser.request(endpoint).body(body.to_string().into());
        let reply = browser.try_send(request.unwrap()).await.map_err(|_| Gone)?;
        Ok(reply.expect(200))
    }

    /// Sends a call that changes something, and writes the answer into the book.
    async fn change(
        &mut self,
        browser: &mut Browser,
        call: (&str, &Value),
        change: Change,
    ) -> Result<(), Gone> {
        self.unsure = Some(change.clone());
        let reply = Self::ask(browser, call.0, call.1).await?;
        self.unsure = None;
        *self.book.entry(change.kind()).or_default() += 1;
        self.happened(change, Some(&reply.json()));
        Ok(())
    }

    /// Does a change to what must be; without an answer, what only the answer had is not known.
    fn happened(&mut self, change: Change, answer: Option<&Value>) {
        let codes = answer.and_then(|answer| answer["codes"].as_array());
        let codes: Option<BTreeSet<_>> = codes.map(|codes| {
            let codes = codes.iter().map(|code| code.as_str().unwrap().to_owned());
            codes.collect()
        });
        match change {
            Change::SignedIn | Change::SignedOut => {}
            Change::SignedInWithCode { step, code } => {
                self.factor.as_mut().unwrap().last = (step, code);
            }
            Change::SignedInWithRecoveryCode(code) => {
                let factor = self.factor.as_mut().unwrap();
                factor.left.as_mut().unwrap().remove(&code);
                factor.used.push(code);
            }
            Change::Enabled { app, step } => {
                self.factor = Some(Factor {
                    last: (step, code(&app, step)),
                    app,
                    left: codes,
                    used: Vec::new(),
                });
            }
            Change::Disabled => self.factor = None,
            Change::NewCodes => {
                let factor = self.factor.as_mut().unwrap();
                (factor.left, factor.used) = (codes, Vec::new());
            }
            Change::Renamed(name) => self.name = name,
            Change::Saved { allowed } => {
                self.saves += 1;
                self.is_trust_allowed = allowed;
            }
        }
    }

    /// What the database says about the change that was not answered.
    pub(crate) fn resolve(&mut self, is_done: bool) {
        let Some(change) = self.unsure.take() else {
            return;
        };
        if is_done {
            *self.book.entry(change.kind()).or_default() += 1;
            if change.changes_token() {
                self.browser = None;
            }
            self.happened(change, None);
        }
    }

    /// A code that the server must take: of the earliest step that is not spent.
    fn next_code(&self) -> Option<(TimeStep, String)> {
        let factor = self.factor.as_ref()?;
        let present = TimeStep::at(SystemClock.now()).0;
        let step = TimeStep(present.max(factor.last.0.0 + 1));
        (step.0 <= present + 1).then(|| (step, code(&factor.app, step)))
    }

    /// A recovery code that the server must take.
    fn next_recovery_code(&self) -> Option<String> {
        self.factor.as_ref()?.left.as_ref()?.first().cloned()
    }

    /// Does the next thing that a person may do; `choice` says which.
    pub(crate) async fn act(&mut self, base: &str, choice: u64) -> Result<(), Gone> {
        let Some(browser) = self.browser.take() else {
            return self.sign_in(base, choice.is_multiple_of(2)).await;
        };
        let mut here = Browser::new(base);
        here.cookies = browser.cookies;
        let before = here.cookies.clone();
        let done = self.act_in(&mut here, choice).await;
        self.known = here.cookies.get(KNOWN).cloned();
        let has_left = done.is_ok() && !here.cookies.contains_key("twofold_session");
        if has_left {
            self.ended = Some(before);
        } else {
            self.browser = Some(here);
        }
        done
    }

    async fn act_in(&mut self, browser: &mut Browser, choice: u64) -> Result<(), Gone> {
        let step_up = json!({ "password": PASSWORD, "code": null });
        let proof = json!({ "step_up": step_up });
        match (choice, self.factor.is_some()) {
            (0..=2, false) => self.enable(browser, &step_up).await,
            (0, true) => {
                let call = ("two-factor/disable", &proof);
                self.change(browser, call, Change::Disabled).await
            }
            (1 | 2, true) => {
                let call = ("two-factor/new-recovery-codes", &proof);
                self.change(browser, call, Change::NewCodes).await
            }
            (3, _) => {
                let name = format!("Ada {}", self.book.get("renamed").unwrap_or(&0) + 1);
                let body = json!({ "name": name });
                self.change(browser, ("profile/rename", &body), Change::Renamed(name))
                    .await
            }
            (4, _) => self.save(browser).await,
            // Who could not come back stays.
            _ if self.factor.is_some() && self.next_code().or(self.way_back()).is_none() => Ok(()),
            _ => {
                let call = ("session/sign-out", &json!({}));
                self.change(browser, call, Change::SignedOut).await
            }
        }
    }

    fn way_back(&self) -> Option<(TimeStep, String)> {
        self.next_recovery_code().map(|code| (TimeStep(0), code))
    }

    async fn enable(&mut self, browser: &mut Browser, step_up: &Value) -> Result<(), Gone> {
        let body = json!({ "purpose": "enable", "step_up": step_up });
        let Some(begun) = self.begin(browser, body).await? else {
            return Ok(());
        };
        let app = Authenticator::new(begun["key"].as_str().unwrap());
        let step = TimeStep::at(SystemClock.now());
        let body = json!({ "enrolment": begun["id"], "code": code(&app, step) });
        let change = Change::Enabled { app, step };
        self.change(browser, ("two-factor/confirm", &body), change)
            .await
    }

    /// Begins an enrolment, with a code from the mailbox where this browser has not proven it; nothing once the mailbox
    /// has had all codes of the day.
    async fn begin(&self, browser: &mut Browser, mut body: Value) -> Result<Option<Value>, Gone> {
        let endpoint = "two-factor/begin";
        let request = browser.request(endpoint).body(body.to_string().into());
        let reply = browser.try_send(request.unwrap()).await.map_err(|_| Gone)?;
        if reply.status == 200 {
            return Ok(Some(reply.json()));
        }
        reply.refused(422, "mailbox_code_needed");
        let before = post::last_code(&self.folder, &self.email);
        let asked = json!({ "act": "first_factor", "step_up": body["step_up"] });
        let request = browser.request("two-factor/mail-code");
        let request = request.body(asked.to_string().into()).unwrap();
        let reply = browser.try_send(request).await.map_err(|_| Gone)?;
        if reply.status == 429 {
            reply.refused(429, "too_many_mailed_codes");
            return Ok(None);
        }
        if reply.expect(200).json()["is_earlier"] == true {
            // None is on its way, and the one before has been tried.
            return Ok(None);
        }
        let code = loop {
            let last = post::last_code(&self.folder, &self.email);
            if last != before {
                break last;
            }
            // Whoever waits for a mail of a server that is gone waits in vain.
            Self::ask(browser, "session/state", &json!({})).await?;
        };
        body["mailbox_code"] = json!(code.unwrap().1);
        Ok(Some(Self::ask(browser, endpoint, &body).await?.json()))
    }

    async fn save(&mut self, browser: &mut Browser) -> Result<(), Gone> {
        let allowed = !self.is_trust_allowed;
        let body = json!({
            "account": "any", "step_up": { "password": PASSWORD, "code": null },
            "change": {
                "version": self.saves + 1, "required": false, "required_from": null,
                "rules": { "trusted_browsers_allowed": allowed, "sms_counts": false },
            },
        });
        self.change(
            browser,
            ("account/save-settings", &body),
            Change::Saved { allowed },
        )
        .await
    }

    async fn sign_in(&mut self, base: &str, by_code: bool) -> Result<(), Gone> {
        let by_recovery_code = self.next_recovery_code().filter(|_| !by_code);
        let code = self.next_code();
        if self.factor.is_some() && code.is_none() && by_recovery_code.is_none() {
            return Ok(());
        }
        let mut browser = Browser::new(base);
        let known = self.known.clone();
        browser
            .cookies
            .extend(known.map(|known| (KNOWN.to_owned(), known)));
        let body = json!({ "email": self.email, "password": PASSWORD });
        if self.factor.is_none() {
            let call = ("sign-in/password", &body);
            self.change(&mut browser, call, Change::SignedIn).await?;
        } else {
            Self::ask(&mut browser, "sign-in/password", &body).await?;
            let (endpoint, body, change) = match (by_recovery_code, code) {
                (Some(code), _) => (
                    "sign-in/recovery-code",
                    json!({ "code": code }),
                    Change::SignedInWithRecoveryCode(code),
                ),
                (None, code) => {
                    let (step, code) = code.unwrap();
                    let body = json!({ "code": code, "trust_browser": false });
                    let change = Change::SignedInWithCode { step, code };
                    ("sign-in/code", body, change)
                }
            };
            self.change(&mut browser, (endpoint, &body), change).await?;
        }
        self.browser = Some(browser);
        Ok(())
    }
}

/// The code of a step.
pub(crate) fn code(app: &Authenticator, step: TimeStep) -> String {
    app.code(Timestamp(step.0 * 30))
}
