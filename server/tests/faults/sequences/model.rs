//! The rules, written once more and small: what must be in the database after each operation, and what is answered.

use domain::totp::TimeStep;
use serde_json::Value;

use super::operation::{BROWSERS, USERS};
use crate::support::{Authenticator, START};

const IDLE: i64 = 3600;
const ABSOLUTE: i64 = 86_400;

/// Whether a row is still there.
pub(super) struct Session {
    pub(super) user: usize,
    pub(super) begun: i64,
    pub(super) used: i64,
    pub(super) proven: Option<i64>,
    pub(super) wrong_passwords: u32,
    pub(super) is_there: bool,
}

pub(super) struct Pending {
    pub(super) user: usize,
    pub(super) browser: usize,
    /// Whether the browser was known to the user when it began.
    pub(super) is_in_known: bool,
    pub(super) ends: i64,
    pub(super) failures: u32,
    pub(super) is_there: bool,
}

pub(super) struct Trust {
    pub(super) user: usize,
    pub(super) ends: i64,
    pub(super) is_there: bool,
}

pub(super) struct Factor {
    pub(super) app: Authenticator,
    /// When it went on, or took the place of another.
    pub(super) since: i64,
    pub(super) last: TimeStep,
    pub(super) left: Vec<String>,
    pub(super) spent: Vec<String>,
}

/// An enrolment, as the page shows it.
#[derive(Clone)]
pub(super) struct Shown {
    pub(super) id: Value,
    pub(super) ends: i64,
    pub(super) app: Authenticator,
}

pub(super) struct Enrolment {
    pub(super) shown: Shown,
    pub(super) session: usize,
    pub(super) failures: u32,
}

#[derive(Default)]
pub(super) struct User {
    /// Which of the passwords it is.
    pub(super) password: usize,
    pub(super) factor: Option<Factor>,
    pub(super) enrolment: Option<Enrolment>,
    pub(super) failures: u32,
    pub(super) failed_at: Option<i64>,
}

/// What a user's browser is known for.
#[derive(Clone, Copy, Default)]
pub(super) struct Known {
    pub(super) proven: Option<i64>,
    pub(super) mailbox: Option<i64>,
    pub(super) failures: u32,
    pub(super) tried_at: Option<i64>,
}

#[derive(Default)]
pub(super) struct Browser {
    /// To whom it is known.
    pub(super) known: [Option<Known>; USERS],
    pub(super) session: Option<usize>,
    pub(super) pending: Option<usize>,
    pub(super) trust: Option<usize>,
    /// The enrolment that its page shows, overtaken or not.
    pub(super) shown: Option<Shown>,
}

pub(super) struct Model {
    pub(super) now: i64,
    pub(super) users: [User; USERS],
    pub(super) browsers: [Browser; BROWSERS],
    pub(super) sessions: Vec<Session>,
    pub(super) pendings: Vec<Pending>,
    pub(super) trusts: Vec<Trust>,
}

/// What was given as second factor, as the rules see it.
#[derive(Clone)]
pub(super) enum Token {
    /// The code of this step, of the user's app.
    Step(TimeStep),
    Wrong,
    Recovery(String),
    /// Too little to be a guess.
    Nothing,
}

/// An answer, in a line: status, code, what goes with it.
pub(super) type Answer = String;

impl Model {
    pub(super) fn new() -> Self {
        Self {
            now: START.0,
            users: Default::default(),
            browsers: Default::default(),
            sessions: Vec::new(),
            pendings: Vec::new(),
            trusts: Vec::new(),
        }
    }

    pub(super) const fn step(&self) -> TimeStep {
        TimeStep(self.now.div_euclid(30))
    }

    /// The live session of a browser; asking for it is a use.
    pub(super) fn session(&mut self, browser: usize) -> Option<usize> {
        let at = self.browsers[browser].session?;
        let (now, session) = (self.now, &mut self.sessions[at]);
        let is_over = now - session.used > IDLE || now - session.begun > ABSOLUTE;
        if !session.is_there || is_over {
            return None;
        }
        if now - session.used >= 60 {
            session.used = now;
        }
        Some(at)
    }

    /// The live sign-in of a browser that waits for a code.
    pub(super) fn pending(&self, browser: usize) -> Option<usize> {
        let at = self.browsers[browser].pending?;
        let pending = &self.pendings[at];
        (pending.is_there && pending.ends > self.now && pending.failures < 5).then_some(at)
    }

    /// Forgets the browsers of a user, but for one.
    pub(super) fn forget_browsers(&mut self, user: usize, but: Option<usize>) {
        for (at, browser) in self.browsers.iter_mut().enumerate() {
            if Some(at) != but {
                browser.known[user] = None;
            }
        }
    }

    pub(super) fn end_trust(&mut self, user: usize) {
        let of_user = self.trusts.iter_mut().filter(|trust| trust.user == user);
        of_user.for_each(|trust| trust.is_there = false);
    }

    pub(super) fn end_pending(&mut self, user: usize) {
        let of_user = self.pendings.iter_mut().filter(|one| one.user == user);
        of_user.for_each(|one| one.is_there = false);
    }

    pub(super) fn end_sessions(&mut self, user: usize, but: Option<usize>) {
        for (at, session) in self.sessions.iter_mut().enumerate() {
            if session.user == user && Some(at) != but {
                session.is_there = false;
            }
        }
    }
}
