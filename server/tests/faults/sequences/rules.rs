//! What follows from each operation, by the rules as docs and product have them.

use super::model::{Answer, Enrolment, Factor, Model, Pending, Session, Shown, Token, Trust};

const TRUST: i64 = 30 * 86_400;
const PENDING: i64 = 600;
const ENROLMENT: i64 = 600;
const FRESH: i64 = 900;

impl Model {
    /// What follows the right password.
    pub(super) fn password(&mut self, browser: usize, user: usize) -> Answer {
        let is_trusted = self.browsers[browser].trust.is_some_and(|at| {
            let trust = &self.trusts[at];
            trust.user == user && trust.is_there && trust.ends > self.now
        });
        self.sign_out(browser);
        if self.users[user].factor.is_none() || is_trusted {
            self.begin_session(browser, user, None);
            return "200 signed_in null".to_owned();
        }
        self.browsers[browser].pending = Some(self.pendings.len());
        let is_in_known = self.browsers[browser].known[user].is_some();
        self.pendings.push(Pending {
            user,
            browser,
            is_in_known,
            ends: self.now + PENDING,
            failures: 0,
            is_there: true,
        });
        "200 second_factor_due".to_owned()
    }

    pub(super) fn sign_out(&mut self, browser: usize) {
        if let Some(at) = self.browsers[browser].session.take() {
            self.sessions[at].is_there = false;
        }
        if let Some(at) = self.browsers[browser].pending.take() {
            self.pendings[at].is_there = false;
        }
    }

    fn begin_session(&mut self, browser: usize, user: usize, proven: Option<i64>) {
        self.browsers[browser].session = Some(self.sessions.len());
        self.browsers[browser].pending = None;
        let known = self.browsers[browser].known[user].get_or_insert_default();
        if proven.is_some() {
            (known.proven, known.tried_at, known.failures) = (proven, proven, 0);
        }
        self.sessions.push(Session {
            user,
            begun: self.now,
            used: self.now,
            proven,
            wrong_passwords: 0,
            is_there: true,
        });
    }

    /// Gives a second factor to a sign-in that waits for it.
    pub(super) fn second_factor(&mut self, browser: usize, token: &Token, trust: bool) -> Answer {
        let Some(at) = self.pending(browser) else {
            return "401 sign_in_over".to_owned();
        };
        if matches!(token, Token::Nothing) {
            return "422 invalid_fields".to_owned();
        }
        let user = self.pendings[at].user;
        let left = match self.check(browser, user, token) {
            Ok(left) => left,
            Err((refusal, true)) => {
                let pending = &mut self.pendings[at];
                pending.failures += 1;
                let left = if pending.is_there {
                    5 - pending.failures
                } else {
                    0
                };
                return format!("{refusal} {left}");
            }
            Err((refusal, false)) => return refusal,
        };
        self.pendings[at].is_there = false;
        self.begin_session(browser, user, Some(self.now));
        if let Some(left) = left {
            self.end_trust(user);
            return format!("200 signed_in {left}");
        }
        if trust {
            self.browsers[browser].trust = Some(self.trusts.len());
            self.trusts.push(Trust {
                user,
                ends: self.now + TRUST,
                is_there: true,
            });
        }
        "200 signed_in null".to_owned()
    }

    /// The password half of a step-up.
    pub(super) fn prove_password(&mut self, session: usize, is_right: bool) -> Result<(), Answer> {
        let session = &mut self.sessions[session];
        if is_right {
            return Ok(());
        }
        session.wrong_passwords += 1;
        if session.wrong_passwords == 10 {
            session.is_there = false;
            return Err("401 signed_out".to_owned());
        }
        Err("422 wrong_password".to_owned())
    }

    /// The other half; a refusal before a code is looked at leaves everything as it was.
    pub(super) fn prove_factor(
        &mut self,
        browser: usize,
        session: usize,
        token: Option<&Token>,
    ) -> Result<(), Answer> {
        let (user, proven) = (self.sessions[session].user, self.sessions[session].proven);
        let is_stale = proven.is_none_or(|at| self.now - at > FRESH);
        if self.users[user].factor.is_some() && is_stale {
            let token = token.ok_or("422 code_needed")?;
            if matches!(token, Token::Nothing) {
                return Err("422 invalid_fields".to_owned());
            }
            let checked = self.check(browser, user, token);
            self.sessions[session].wrong_passwords = 0;
            let left = checked.map_err(|(refusal, is_wrong)| {
                let tail = if is_wrong { " null" } else { "" };
                format!("{refusal}{tail}")
            })?;
            if left.is_some() {
                self.end_trust(user);
            }
            self.sessions[session].proven = Some(self.now);
        }
        self.sessions[session].wrong_passwords = 0;
        Ok(())
    }

    /// Keeps an enrolment that was begun, in place of an earlier one.
    pub(super) fn begun(&mut self, browser: usize, session: usize, mut shown: Shown) {
        shown.ends = self.now + ENROLMENT;
        self.browsers[browser].shown = Some(shown.clone());
        self.users[self.sessions[session].user].enrolment = Some(Enrolment {
            shown,
            session,
            failures: 0,
        });
    }

    /// Whether an enrolment can be finished in a session, and by which steps' codes.
    pub(super) fn confirm(&mut self, session: usize, shown: &Shown, token: &Token) -> Answer {
        let (now, present) = (self.now, self.step().0);
        let user = &mut self.users[self.sessions[session].user];
        if matches!(token, Token::Nothing) {
            return "422 invalid_fields".to_owned();
        }
        if shown.ends <= now {
            return "409 enrolment_over".to_owned();
        }
        let enrolment = user.enrolment.as_mut();
        let Some(enrolment) = enrolment.filter(|one| one.shown.ends > now) else {
            let is_on = user.factor.is_some();
            let refusal = if is_on {
                "two_factor_already_on"
            } else {
                "enrolment_over"
            };
            return format!("409 {refusal}");
        };
        if enrolment.shown.id != shown.id {
            return "409 enrolment_overtaken".to_owned();
        }
        if enrolment.session != session || enrolment.failures >= 10 {
            return "409 enrolment_over".to_owned();
        }
        let off = match token {
            Token::Step(step) => step.0 - present,
            Token::Wrong | Token::Recovery(_) | Token::Nothing => i64::MAX,
        };
        if off.abs() <= 1 {
            return "200 10".to_owned();
        }
        enrolment.failures += 1;
        if off.checked_abs().is_some_and(|off| off <= 20) {
            return format!("422 clock_off {}", off * 30);
        }
        format!("422 wrong_code {}", 10 - enrolment.failures)
    }

    /// Another factor, or none: what rested on the one before ends.
    pub(super) fn change_factor(&mut self, browser: usize, session: usize, factor: Option<Factor>) {
        let user = self.sessions[session].user;
        self.sessions[session].proven = factor.as_ref().map(|_| self.now);
        self.forgive(user);
        if factor.is_some() {
            if self.users[user].factor.is_none() {
                self.forget_browsers(user, Some(browser));
            }
            self.prove_browser(browser, user);
        }
        self.users[user].factor = factor;
        self.users[user].enrolment = None;
        self.end_sessions(user, Some(session));
        self.end_pending(user);
        self.end_trust(user);
    }
}
