//! Log lines for whoever watches for attacks: refused guesses, cross-site requests, exhausted limits, proxies that are
//! misconfigured. Strangers decide how many there are, so each kind has a limit of lines a minute; the rest is counted.
//!
//! Who asked stands in the span of the request: the client's address, and the user where one is known. It is the span's,
//! so that every line of a request has it, and no line holds text that a stranger wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use app::types::ids::UserId;
use app::types::timestamp::Timestamp;
use tracing::Span;
use tracing::field::display;

/// Seconds in which so many lines of a kind are written.
const WINDOW: i64 = 60;
/// Lines of one kind in a window. At about 250 bytes each that is 75 kB a minute for each kind.
const MOST_LINES: u32 = 300;
/// Limits, and proxies, that are remembered as told.
const MOST_TOLD: usize = 1024;
/// Characters of a header that are shown.
const SHOWN: usize = 80;

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum RefusalKind {
    /// A wrong password or code.
    Guess,
    /// A request that does not come from our own pages.
    Elsewhere,
    /// A limit that is spent.
    Limit,
    /// A second factor that wrong codes have closed.
    Closed,
}

impl RefusalKind {
    /// What the log calls it.
    const fn word(self) -> &'static str {
        match self {
            Self::Guess => "wrong password or code",
            Self::Elsewhere => "request from elsewhere",
            Self::Limit => "spent limit",
            Self::Closed => "closed second factor",
        }
    }
}

/// Lines of a kind in the minute that is going on.
#[derive(Clone, Copy, Default)]
struct Window {
    begins: i64,
    lines: u32,
    passed_over: u32,
}

/// What this server has told.
#[derive(Default)]
pub struct RefusalLog {
    windows: Mutex<BTreeMap<RefusalKind, Window>>,
    /// Buckets of limits, each with the end of its window.
    spent: Mutex<BTreeMap<[u8; 32], Timestamp>>,
    proxies: Mutex<BTreeSet<IpAddr>>,
}

impl RefusalLog {
    /// Notes a request that does not come from our own pages.
    pub fn note_elsewhere(&self, now: Timestamp) {
        if self.has_room(RefusalKind::Elsewhere, now) {
            let reason = "cross_site";
            tracing::warn!(reason, "a request from elsewhere was refused");
        }
    }

    /// Notes that a secret was given and is refused, by its own answer or by one that others get too: a pause, say, or the end
    /// of a session that has guessed too often. Whether it would have been the right one is not looked at by then.
    pub fn note_guess(&self, reason: &'static str, now: Timestamp) {
        if self.has_room(RefusalKind::Guess, now) {
            tracing::warn!(reason, "a guess was refused");
        }
    }

    /// Notes that wrong codes have closed the second factor of the user whom the request is about.
    pub fn note_closed(&self, now: Timestamp) {
        if self.has_room(RefusalKind::Closed, now) {
            tracing::warn!("wrong codes closed a second factor");
        }
    }

    /// Notes that a limit is spent: once until its window ends.
    pub fn note_spent(
        &self,
        limit: &'static str,
        hash: &[u8; 32],
        until: Timestamp,
        now: Timestamp,
    ) {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.len() >= MOST_TOLD {
            spent.retain(|_, until| *until > now);
        }
        let is_told = spent.get(hash).is_some_and(|told| *told > now);
        if is_told || spent.len() >= MOST_TOLD {
            return;
        }
        spent.insert(*hash, until);
        drop(spent);
        if self.has_room(RefusalKind::Limit, now) {
            tracing::warn!(limit, "a limit is spent");
        }
    }

    /// Warns of a trusted proxy whose `X-Forwarded-For` is not understood: once for each.
    pub fn note_proxy(&self, proxy: IpAddr, header: &[u8]) {
        let mut told = self.proxies.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() < MOST_TOLD && told.insert(proxy) {
            let shown: String = String::from_utf8_lossy(header)
                .chars()
                .take(SHOWN)
                .collect();
            tracing::warn!(
                %proxy,
                header = ?shown,
                "the X-Forwarded-For of a trusted proxy is not understood: its own address stands for its clients'"
            );
        }
    }

    /// Whether one more line of a kind may be written now.
    fn has_room(&self, kind: RefusalKind, now: Timestamp) -> bool {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(kind).or_default();
        let begins = now.seconds().div_euclid(WINDOW);
        let before = if window.begins == begins {
            0
        } else {
            let before = window.passed_over;
            *window = Window {
                begins,
                ..Window::default()
            };
            before
        };
        let has_room = window.lines < MOST_LINES;
        if has_room {
            window.lines += 1;
        } else {
            window.passed_over += 1;
        }
        drop(windows);
        if before > 0 {
            tracing::warn!(
                kind = kind.word(),
                lines = before,
                "refusals of the minutes before were not logged"
            );
        }
        has_room
    }
}

/// Puts the client's address into the span of the request.
pub fn name_client(address: IpAddr) {
    Span::current().record("client", display(address));
}

/// Puts the user whom a request is about into its span.
pub fn name_user(user: UserId) {
    Span::current().record("user.id", display(user));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_so_many_lines_of_each_kind() {
        let log = RefusalLog::default();
        let room = |kind, now| log.has_room(kind, Timestamp(now));
        for _ in 0..MOST_LINES {
            assert!(room(RefusalKind::Guess, 0));
        }
        assert!(!room(RefusalKind::Guess, 59));
        assert!(room(RefusalKind::Elsewhere, 59), "another kind");
        assert!(room(RefusalKind::Guess, 60), "the next minute");
    }

    #[test]
    fn a_spent_limit_is_told_once_in_its_window_and_memory_is_bounded() {
        let log = RefusalLog::default();
        let lines = |log: &RefusalLog| {
            let windows = log.windows.lock().unwrap();
            windows
                .get(&RefusalKind::Limit)
                .map_or(0, |window| window.lines)
        };
        log.note_spent("sign-ups", &[1; 32], Timestamp(50), Timestamp(0));
        log.note_spent("sign-ups", &[1; 32], Timestamp(50), Timestamp(49));
        assert_eq!(lines(&log), 1);
        log.note_spent("sign-ups", &[1; 32], Timestamp(99), Timestamp(50));
        assert_eq!(lines(&log), 2);
        for n in 0_u32..5_000 {
            let mut hash = [0; 32];
            hash[..4].copy_from_slice(&n.to_be_bytes());
            log.note_spent("sign-ups", &hash, Timestamp(5_000), Timestamp(60));
            log.note_proxy(IpAddr::from(n.to_be_bytes()), b"unknown");
        }
        assert!(log.spent.lock().unwrap().len() <= MOST_TOLD);
        assert!(log.proxies.lock().unwrap().len() <= MOST_TOLD);
    }
}
