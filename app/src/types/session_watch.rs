//! What an open page does about the end of its session: from what the server said was left, and the seconds since.

use super::session::SessionLeft;

/// How long what was typed waits for its user after the end, in seconds.
pub const KEPT_FOR: i64 = 60 * 60;
/// Between two looks at the clock there lie so many seconds at most, unless the computer slept.
pub const SLEPT: i64 = 30;

/// Which limit ends the session first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndsFirst {
    /// That without use: a use puts it off.
    Unused,
    /// The absolute one: nothing puts it off.
    TooOld,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// Nothing yet.
    Waits,
    /// The server is asked: another tab, or an act of this one, may have used the session since.
    Asks,
    /// Its user is warned of the end in so many seconds.
    Warns(EndsFirst, u32),
    /// The session has ended as far as this page knows: nothing is shown until the server has said.
    Ended,
}

/// The rule. Seconds since are by the clock of the browser, which may be set: a clock that went back knows nothing.
pub fn watch(left: SessionLeft, since: i64) -> Watch {
    if since < 0 {
        return Watch::Asks;
    }
    let ending = if left.in_all <= left.unused {
        EndsFirst::TooOld
    } else {
        EndsFirst::Unused
    };
    let first = left.unused.min(left.in_all);
    let remaining = i64::from(first) - since;
    let warning = i64::from(left.warning);
    if remaining < 0 {
        Watch::Ended
    } else if i64::from(first) <= warning {
        Watch::Warns(ending, u32::try_from(remaining).unwrap_or(0))
    } else if remaining <= warning {
        Watch::Asks
    } else {
        Watch::Waits
    }
}

/// Whether these seconds are said to somebody who listens: not each of them.
pub const fn is_announced(seconds: u32) -> bool {
    matches!(seconds, 60 | 30 | 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn left(unused: u32, in_all: u32) -> SessionLeft {
        SessionLeft {
            unused,
            in_all,
            warning: 120,
        }
    }

    #[test]
    fn a_page_waits_asks_warns_and_ends() {
        for (said, since, does) in [
            (left(3_600, 86_400), 0, Watch::Waits),
            (left(3_600, 86_400), 3_479, Watch::Waits),
            (left(3_600, 86_400), 3_480, Watch::Asks),
            (left(3_600, 86_400), 3_600, Watch::Asks),
            // The computer slept.
            (left(3_600, 86_400), 3_601, Watch::Ended),
            (left(3_600, 86_400), 50_000, Watch::Ended),
            (left(120, 86_400), 0, Watch::Warns(EndsFirst::Unused, 120)),
            (left(120, 86_400), 120, Watch::Warns(EndsFirst::Unused, 0)),
            (left(120, 86_400), 121, Watch::Ended),
            (left(3_600, 90), 0, Watch::Warns(EndsFirst::TooOld, 90)),
            (left(90, 90), 0, Watch::Warns(EndsFirst::TooOld, 90)),
            (left(80, 90), 0, Watch::Warns(EndsFirst::Unused, 80)),
            (left(0, 90), 0, Watch::Warns(EndsFirst::Unused, 0)),
            // A clock that was set back.
            (left(3_600, 86_400), -5, Watch::Asks),
            (left(60, 86_400), -5, Watch::Asks),
        ] {
            assert_eq!(watch(said, since), does, "{said:?} {since}");
        }
    }

    #[test]
    fn few_of_the_seconds_are_said() {
        let said: Vec<_> = (0..=120).filter(|it| is_announced(*it)).collect();
        assert_eq!(said, [10, 30, 60]);
    }
}
