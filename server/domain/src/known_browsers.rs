//! Which of the known browsers of a user are forgotten for another one.
//!
//! Somebody who has stolen the password can make as many browsers known as they like. They must not push out those that
//! the user has budgets of their own in. docs/decisions/0046-sign-ins-of-a-user.md gives the reasons.

use app::types::timestamp::Timestamp;

use super::mailbox_code::KNOWN_FOR;

/// A known browser, as far as it matters to whether it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// When it was first seen.
    pub first_seen_at: Timestamp,
    /// When it was last seen.
    pub last_seen_at: Timestamp,
    /// Whether a second factor of its user or the mailbox that they have now was ever proven in it.
    pub is_proven: bool,
}

/// What is done for a browser that is to be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomForBrowser {
    /// Which are forgotten, by their place in the list.
    pub forgotten: Vec<usize>,
    /// Whether there is room for the new one.
    pub is_kept: bool,
}

/// What a browser has shown, the least first: this is the order in which they are forgotten.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum ShownByBrowser {
    Password,
    PasswordForADay,
    Proof,
}

impl Remembered {
    fn shown(self, now: Timestamp) -> ShownByBrowser {
        if self.is_proven {
            ShownByBrowser::Proof
        } else if now.since(self.first_seen_at) >= KNOWN_FOR {
            ShownByBrowser::PasswordForADay
        } else {
            ShownByBrowser::Password
        }
    }
}

/// Room for one more browser beside these, of which `most` are kept. Those that have shown the password alone and have been
/// known for less than a day are forgotten first, then those known for a day, and of each the one seen least recently. One
/// that has proven the mailbox or a second factor is forgotten only for another one that has. Where all others have, there
/// is no room for one that has not.
pub fn room_for(
    known: &[Remembered],
    newcomer_is_proven: bool,
    most: usize,
    now: Timestamp,
) -> RoomForBrowser {
    let excess = (known.len() + 1).saturating_sub(most);
    let mut order: Vec<_> = (0..known.len()).collect();
    order.sort_by_key(|place| {
        let it = known[*place];
        (it.shown(now), it.last_seen_at, it.first_seen_at)
    });
    let may_go = |place: &usize| newcomer_is_proven || !known[*place].is_proven;
    let forgotten: Vec<_> = order.into_iter().filter(may_go).take(excess).collect();
    RoomForBrowser {
        is_kept: forgotten.len() == excess,
        forgotten,
    }
}

/// The latest second, up to now, in which none of these browsers was first seen: two that are counted apart must differ,
/// and one that is forgotten now leaves its count to nobody.
pub fn free_second(known: &[Remembered], now: Timestamp) -> Timestamp {
    let is_taken = |second| known.iter().any(|it| it.first_seen_at == second);
    let mut free = now;
    while is_taken(free) {
        free = free - 1;
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000);

    /// First and last seen so many seconds ago.
    fn seen(first: i64, last: i64, is_proven: bool) -> Remembered {
        Remembered {
            first_seen_at: NOW - first,
            last_seen_at: NOW - last,
            is_proven,
        }
    }

    #[test]
    fn who_has_shown_the_least_is_forgotten_first() {
        let (day, proven) = (KNOWN_FOR, true);
        let cases: &[(&[Remembered], bool, &[usize], bool)] = &[
            // There is room.
            (&[seen(9, 9, false), seen(5, 5, false)], false, &[], true),
            // The one seen least recently of those of less than a day, whatever was seen before it.
            (
                &[
                    seen(9, 2, false),
                    seen(5, 5, false),
                    seen(2 * day, day, false),
                ],
                false,
                &[1],
                true,
            ),
            // A second before its day is over, and when it is.
            (
                &[
                    seen(day, day, false),
                    seen(day - 1, 0, false),
                    seen(9, 9, proven),
                ],
                false,
                &[1],
                true,
            ),
            (
                &[
                    seen(day, day, false),
                    seen(day, 0, false),
                    seen(9, 9, proven),
                ],
                false,
                &[0],
                true,
            ),
            // Proven ones, however old, are left alone by one that is not.
            (
                &[
                    seen(9, 9, proven),
                    seen(900 * day, 300 * day, proven),
                    seen(9 * day, 0, false),
                ],
                false,
                &[2],
                true,
            ),
            (
                &[seen(9, 9, proven), seen(8, 8, proven), seen(7, 7, proven)],
                false,
                &[],
                false,
            ),
            // One that is proven takes the place of what is not, and else of the proven one seen least recently.
            (
                &[
                    seen(9, 9, proven),
                    seen(8, 8, proven),
                    seen(7 * day, 0, false),
                ],
                proven,
                &[2],
                true,
            ),
            (
                &[seen(7, 7, proven), seen(9, 9, proven), seen(8, 8, proven)],
                proven,
                &[1],
                true,
            ),
        ];
        for (known, newcomer, forgotten, is_kept) in cases {
            let room = room_for(known, *newcomer, 3, NOW);
            assert_eq!(room.forgotten, *forgotten, "{known:?}");
            assert_eq!(room.is_kept, *is_kept, "{known:?}");
        }
    }

    /// More than there may be are brought down to it.
    #[test]
    fn as_many_as_are_too_many_are_forgotten() {
        let known = [seen(9, 9, false), seen(8, 8, true), seen(7, 7, false)];
        let room = room_for(&known, false, 2, NOW);
        assert_eq!((room.forgotten, room.is_kept), (vec![0, 2], true));
    }

    #[test]
    fn no_two_browsers_were_first_seen_in_one_second() {
        for (taken, free) in [
            (&[][..], 0),
            (&[0][..], 1),
            (&[1, 0, 2][..], 3),
            (&[-1, 1][..], 0),
            (&[2, 0][..], 1),
        ] {
            let known: Vec<_> = taken.iter().map(|ago| seen(*ago, 0, false)).collect();
            assert_eq!(free_second(&known, NOW), NOW - free, "{taken:?}");
        }
    }
}
