//! What each operation calls, and what the model then expects.

use app::types::timestamp::Timestamp;
use serde_json::{Value, json};
use service::browsers::KnownTokens;
use storage::known_browsers::{find_known_browser, note_mailbox_proven};

use super::model::{Answer, Factor, Model, Shown, Token};
use super::operation::{BROWSERS, Code, Given, Proof, RecoveryCode};
use super::play::{Play, email};
use super::texts::{NO_RECOVERY_CODE, code_of, codes, told};
use crate::calls::NEW_PASSWORD;
use crate::support::{Authenticator, PASSWORD, Reply};

/// The browser that never proves a mailbox: no first factor is set up in it.
const STRANGER: usize = BROWSERS - 1;
const PASSWORDS: [&str; 2] = [PASSWORD, NEW_PASSWORD];

impl Play {
    pub(super) async fn guessed(&mut self, user: usize, times: u32) -> (Answer, Answer) {
        let (now, of) = (self.model.now, email(user));
        self.app
            .sql(&format!(
                "UPDATE users SET factor_failures = {times}, factor_failed_at = {now} WHERE email = '{of}'"
            ))
            .await;
        let user = &mut self.model.users[user];
        (user.failures, user.failed_at) = (times, Some(now));
        (Answer::new(), Answer::new())
    }

    pub(super) async fn password(
        &mut self,
        browser: usize,
        user: usize,
        is_right: bool,
    ) -> (Answer, Answer) {
        let password = if is_right {
            PASSWORDS[self.model.users[user].password]
        } else {
            "a wrong password"
        };
        let body = json!({ "email": email(user), "password": password });
        let said = self.call(browser, "sign-in/password", body).await;
        let expected = if is_right {
            self.model.password(browser, user)
        } else {
            "401 wrong_credentials".to_owned()
        };
        (said, expected)
    }

    pub(super) async fn code(
        &mut self,
        browser: usize,
        code: Code,
        trust: bool,
    ) -> (Answer, Answer) {
        let (text, token) = match self.model.pending(browser) {
            Some(at) => self.of_app(self.model.pendings[at].user, code),
            None => ("000000".to_owned(), Token::Wrong),
        };
        let body = json!({ "code": text, "trust_browser": trust });
        let said = self.call(browser, "sign-in/code", body).await;
        (said, self.model.second_factor(browser, &token, trust))
    }

    pub(super) async fn recovery(
        &mut self,
        browser: usize,
        code: RecoveryCode,
    ) -> (Answer, Answer) {
        let (text, token) = match self.model.pending(browser) {
            Some(at) => self.of_set(self.model.pendings[at].user, code),
            None => (NO_RECOVERY_CODE.to_owned(), Token::Wrong),
        };
        let body = json!({ "code": text });
        let said = self.call(browser, "sign-in/recovery-code", body).await;
        (said, self.model.second_factor(browser, &token, false))
    }

    /// Calls an act that takes a step-up, and lets the model prove it; the session where it holds.
    async fn prove(
        &mut self,
        browser: usize,
        proof: Proof,
        call: (&str, Value),
        refuse: impl FnOnce(&Model, usize) -> Option<&'static str>,
    ) -> (Reply, Result<usize, Answer>) {
        let session = self.model.session(browser);
        let user = session.map_or(0, |at| self.model.sessions[at].user);
        let given = match proof.code {
            Given::Nothing => None,
            Given::App(code) => Some(self.of_app(user, code)),
            Given::Recovery(code) => Some(self.of_set(user, code)),
        };
        let password = if proof.is_password_right {
            PASSWORDS[self.model.users[user].password]
        } else {
            "a wrong password"
        };
        let (endpoint, mut body) = call;
        let code = given.as_ref().map(|(text, _)| text);
        body["step_up"] = json!({ "password": password, "code": code });
        let reply = self.browsers[browser].call(endpoint, body).await;
        let token = given.map(|(_, token)| token);
        let expected = session
            .ok_or_else(|| "401 signed_out".to_owned())
            .and_then(|at| {
                self.model.prove_password(at, proof.is_password_right)?;
                if let Some(refusal) = refuse(&self.model, user) {
                    return Err(refusal.to_owned());
                }
                self.model.prove_factor(browser, at, token.as_ref())?;
                Ok(at)
            });
        (reply, expected)
    }

    /// Makes a browser one that has proven the mailbox of whoever is signed in in it.
    async fn prove_mailbox(&mut self, browser: usize) {
        if let Some(at) = self.model.session(browser) {
            let user = email(self.model.sessions[at].user);
            let token = &self.browsers[browser].cookies["twofold_browser"];
            let presented = KnownTokens::parse(token).unwrap().hashes();
            let user = self.app.user(&user).await.id;
            let transaction = self.app.services.database.begin_write().await.unwrap();
            let now = Timestamp(self.model.now);
            let known = find_known_browser(&transaction, user, &presented).await;
            let hash = known.unwrap().unwrap().token_hash;
            note_mailbox_proven(&transaction, user, &hash, now)
                .await
                .unwrap();
            transaction.commit().await.unwrap();
            let (user, now) = (self.model.sessions[at].user, self.model.now);
            if let Some(known) = &mut self.model.browsers[browser].known[user] {
                known.mailbox = Some(now);
            }
        }
    }

    pub(super) async fn begin(
        &mut self,
        browser: usize,
        replace: bool,
        proof: Proof,
    ) -> (Answer, Answer) {
        let purpose = if replace { "replace" } else { "enable" };
        let call = ("two-factor/begin", json!({ "purpose": purpose }));
        let refuse = |model: &Model, user: usize| match (replace, &model.users[user].factor) {
            (false, Some(_)) => Some("409 two_factor_already_on"),
            (true, None) => Some("409 two_factor_off"),
            (false, None) | (true, Some(_)) => None,
        };
        let has_proven_mailbox = browser != STRANGER;
        if has_proven_mailbox {
            self.prove_mailbox(browser).await;
        }
        let (reply, proven) = self.prove(browser, proof, call, refuse).await;
        let expected = match proven {
            Ok(_) if !replace && !has_proven_mailbox => "422 mailbox_code_needed".to_owned(),
            Ok(session) => {
                let begun = reply.json();
                if let Some(key) = begun["key"].as_str() {
                    let shown = Shown {
                        id: begun["id"].clone(),
                        ends: 0,
                        app: Authenticator::new(key),
                    };
                    self.model.begun(browser, session, shown);
                }
                "200".to_owned()
            }
            Err(refusal) => refusal,
        };
        (told(&reply), expected)
    }

    pub(super) async fn confirm(&mut self, browser: usize, code: Code) -> (Answer, Answer) {
        let Some(shown) = self.model.browsers[browser].shown.clone() else {
            return (Answer::new(), Answer::new());
        };
        let session = self.model.session(browser);
        let user = session.map_or(0, |at| self.model.sessions[at].user);
        let last = self.model.users[user].factor.as_ref().map(|one| one.last);
        let (text, token) = code_of(&shown.app, code, self.model.step(), last);
        let reply = self.browsers[browser].confirm(&shown.id, &text).await;
        let Some(session) = session else {
            return (told(&reply), "401 signed_out".to_owned());
        };
        let expected = self.model.confirm(session, &shown, &token);
        if let (true, Token::Step(step)) = (expected.starts_with("200"), token) {
            let factor = Factor {
                app: shown.app,
                since: self.model.now,
                last: step,
                left: codes(&reply),
                spent: Vec::new(),
            };
            self.model.change_factor(browser, session, Some(factor));
        }
        (told(&reply), expected)
    }

    pub(super) async fn disable(&mut self, browser: usize, proof: Proof) -> (Answer, Answer) {
        let call = ("two-factor/disable", json!({}));
        let (reply, proven) = self.prove(browser, proof, call, is_off).await;
        let expected = match proven {
            Ok(session) => {
                self.model.change_factor(browser, session, None);
                "200".to_owned()
            }
            Err(refusal) => refusal,
        };
        (told(&reply), expected)
    }

    pub(super) async fn new_codes(&mut self, browser: usize, proof: Proof) -> (Answer, Answer) {
        let call = ("two-factor/new-recovery-codes", json!({}));
        let (reply, proven) = self.prove(browser, proof, call, is_off).await;
        let expected = match proven {
            Ok(session) => {
                let user = self.model.sessions[session].user;
                let factor = self.model.users[user].factor.as_mut().unwrap();
                (factor.left, factor.spent) = (codes(&reply), Vec::new());
                self.model.end_trust(user);
                "200 10".to_owned()
            }
            Err(refusal) => refusal,
        };
        (told(&reply), expected)
    }

    pub(super) async fn change_password(
        &mut self,
        browser: usize,
        proof: Proof,
    ) -> (Answer, Answer) {
        let session = self.model.session(browser);
        let user = session.map_or(0, |at| self.model.sessions[at].user);
        let next = 1 - self.model.users[user].password;
        let call = ("password/change", json!({ "password": PASSWORDS[next] }));
        let (reply, proven) = self.prove(browser, proof, call, |_, _| None).await;
        let expected = match proven {
            Ok(session) => {
                self.model.users[user].password = next;
                self.model.end_sessions(user, Some(session));
                self.model.end_pending(user);
                self.model.end_trust(user);
                self.model.forget_browsers(user, Some(browser));
                "200".to_owned()
            }
            Err(refusal) => refusal,
        };
        (told(&reply), expected)
    }

    pub(super) async fn reset_password(&mut self, user: usize) -> (Answer, Answer) {
        let next = 1 - self.model.users[user].password;
        let forgotten = json!({ "email": email(user) });
        let mut stranger = self.app.browser();
        stranger
            .call("password/forgot", forgotten)
            .await
            .expect(200);
        // Mails of the same moment are in no order.
        let mut links = self.app.links("/reset-password").await;
        links.retain(|link| !self.used_links.contains(link));
        let token = links.pop();
        self.used_links.extend(token.clone());
        let body = json!({ "token": token, "password": PASSWORDS[next] });
        let said = told(&stranger.call("password/reset", body).await);
        self.model.users[user].password = next;
        self.model.users[user].enrolment = None;
        self.model.users[user].failed_at = None;
        self.model.forget_browsers(user, None);
        self.model.end_sessions(user, None);
        self.model.end_pending(user);
        self.model.end_trust(user);
        (said, "200".to_owned())
    }

    pub(super) async fn end_others(&mut self, browser: usize) -> (Answer, Answer) {
        let said = self.call(browser, "sessions/end-others", json!({})).await;
        let Some(session) = self.model.session(browser) else {
            return (said, "401 signed_out".to_owned());
        };
        let user = self.model.sessions[session].user;
        self.model.end_sessions(user, Some(session));
        self.model.end_pending(user);
        (said, "200".to_owned())
    }
}

fn is_off(model: &Model, user: usize) -> Option<&'static str> {
    let is_off = model.users[user].factor.is_none();
    is_off.then_some("409 two_factor_off")
}
