//! What wrong codes count, and whom they pause.

use super::model::{Model, Token};

impl Model {
    /// The wrong codes of a browser that has given this factor, or proven the mailbox since, and when it tried last.
    fn own(&self, browser: usize, user: usize) -> Option<(u32, Option<i64>)> {
        let since = self.users[user].factor.as_ref()?.since;
        let known = self.browsers[browser].known[user]?;
        let is_proven = known.proven.max(known.mailbox) >= Some(since);
        is_proven.then_some((known.failures, known.tried_at))
    }

    /// The same, where it is the count that decides.
    fn apart(&self, browser: usize, user: usize) -> Option<(u32, Option<i64>)> {
        let own = self.own(browser, user);
        own.filter(|(own, _)| *own < 20 && self.users[user].failures < 200)
    }

    /// Seconds of the pause after so many wrong codes in a row.
    fn pause(failures: u32) -> i64 {
        match failures {
            0..10 => 0,
            10 => 60,
            11 => 120,
            12 => 240,
            13 => 480,
            14.. => 900,
        }
    }

    /// The refusal of a code that is not looked at.
    fn unseen(&self, browser: usize, user: usize, token: &Token) -> Option<String> {
        let (failures, failed_at) = (self.users[user].failures, self.users[user].failed_at);
        let (pause, from) = if let Some((own, tried_at)) = self.apart(browser, user) {
            let spaced = if failures >= 100 { 60 } else { 0 };
            (Self::pause(own).max(spaced), tried_at)
        } else if failures >= 100 && !matches!(token, Token::Recovery(_)) {
            return Some("429 factor_closed".to_owned());
        } else {
            (Self::pause(failures), failed_at)
        };
        let wait = from? + pause - self.now;
        (wait > 0).then(|| format!("429 paused {wait}"))
    }

    /// Checks and spends a second factor: nothing, or the refusal and whether the pending sign-in counts it.
    pub(super) fn check(
        &mut self,
        browser: usize,
        user: usize,
        token: &Token,
    ) -> Result<Option<usize>, (String, bool)> {
        if let Some(refusal) = self.unseen(browser, user, token) {
            return Err((refusal, false));
        }
        let present = self.now.div_euclid(30);
        let factor = self.users[user].factor.as_mut().unwrap();
        let (is_right, was_used) = match token {
            Token::Step(step) if (step.0 - present).abs() <= 1 => {
                let is_new = *step > factor.last;
                factor.last = factor.last.max(*step);
                (is_new, !is_new)
            }
            Token::Step(_) | Token::Wrong => (false, false),
            Token::Recovery(code) => {
                let was_used = factor.spent.contains(code);
                let at = factor.left.iter().position(|left| left == code);
                factor.spent.extend(at.map(|at| factor.left.remove(at)));
                (at.is_some(), was_used)
            }
            Token::Nothing => unreachable!("what is no guess is not checked"),
        };
        let left = factor.left.len();
        if is_right {
            let is_recovery = matches!(token, Token::Recovery(_));
            self.right(browser, user, is_recovery);
            return Ok(is_recovery.then_some(left));
        }
        if !was_used {
            self.wrong(browser, user);
        }
        Err(("422 wrong_code".to_owned(), true))
    }

    fn right(&mut self, browser: usize, user: usize, is_recovery: bool) {
        let apart = self.apart(browser, user).filter(|_| !is_recovery);
        let taken_back = apart.map_or(u32::MAX, |(own, _)| own);
        let all = &mut self.users[user];
        let is_counted = all.failures > 0 || all.failed_at.is_some();
        all.failures = all.failures.saturating_sub(taken_back);
        if all.failures == 0 && is_counted {
            self.forgive(user);
        }
        self.prove_browser(browser, user);
    }

    fn wrong(&mut self, browser: usize, user: usize) {
        let all = &mut self.users[user];
        all.failures += 1;
        all.failed_at = Some(self.now);
        let failures = all.failures;
        if self.own(browser, user).is_some()
            && let Some(known) = &mut self.browsers[browser].known[user]
        {
            known.failures += 1;
            known.tried_at = Some(self.now);
        }
        let is_paused_by_own = self.apart(browser, user).is_some_and(|(own, _)| own >= 10);
        for at in 0..self.pendings.len() {
            let (of, its) = (self.pendings[at].user, self.pendings[at].browser);
            let own = self.own(its, user).filter(|(own, _)| *own < 20);
            let is_apart = self.pendings[at].is_in_known && own.is_some();
            let ends = if is_apart {
                is_paused_by_own && its == browser
            } else {
                failures >= 10
            };
            self.pendings[at].is_there &= of != user || !ends;
        }
    }

    /// Ends every count of a user.
    pub(super) fn forgive(&mut self, user: usize) {
        (self.users[user].failures, self.users[user].failed_at) = (0, None);
        let of_user = self.browsers.iter_mut();
        let of_user = of_user.filter_map(|browser| browser.known[user].as_mut());
        of_user.for_each(|known| known.failures = 0);
    }

    /// A right code was given in a browser, which is known for it where it is known at all.
    pub(super) fn prove_browser(&mut self, browser: usize, user: usize) {
        let now = Some(self.now);
        if let Some(known) = &mut self.browsers[browser].known[user] {
            (known.proven, known.tried_at, known.failures) = (now, now, 0);
        }
    }
}
