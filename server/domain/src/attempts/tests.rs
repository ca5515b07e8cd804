use proptest::prelude::*;

use super::*;

const LAST: Timestamp = Timestamp(1_700_000_000);

fn after(in_a_row: u32, seconds: i64) -> Throttle {
    standing(
        Failures {
            in_a_row,
            last_at: Some(LAST),
        },
        LAST + seconds,
    )
}

#[test]
fn ten_in_a_row_pause_and_each_further_one_pauses_longer() {
    // (failures in a row, seconds of the pause)
    let table = [
        (0, 0),
        (1, 0),
        (9, 0),
        (10, 60),
        (11, 120),
        (12, 240),
        (13, 480),
        (14, 900),
        (15, 900),
        (99, 900),
    ];
    for (in_a_row, pause) in table {
        if pause > 0 {
            let paused = Throttle::Paused {
                until: LAST + pause,
            };
            assert_eq!(after(in_a_row, 0), paused, "{in_a_row}");
            assert_eq!(after(in_a_row, pause - 1), paused, "{in_a_row}");
        }
        assert_eq!(after(in_a_row, pause), Throttle::Open, "{in_a_row}");
    }
}

#[test]
fn a_hundred_in_a_row_close_for_good() {
    for in_a_row in [100, 101, u32::MAX] {
        assert_eq!(after(in_a_row, 0), Throttle::Closed);
        assert_eq!(after(in_a_row, 100 * 365 * 86_400), Throttle::Closed);
        assert_eq!(
            standing(
                Failures {
                    in_a_row,
                    last_at: None
                },
                LAST
            ),
            Throttle::Closed
        );
    }
}

#[test]
fn the_hundredth_closes_and_no_other() {
    let failures = |in_a_row| Failures {
        in_a_row,
        last_at: Some(LAST),
    };
    let closing: Vec<_> = (0..200)
        .filter(|before| closes(failures(*before), failures(before + 1)))
        .collect();
    assert_eq!(closing, [99]);
}

#[test]
fn nobody_without_failures_waits() {
    assert_eq!(standing(Failures::default(), LAST), Throttle::Open);
}

#[test]
fn a_clock_set_back_lengthens_a_pause_by_the_step_and_by_a_day_at_most() {
    let paused = Throttle::Paused { until: LAST + 60 };
    // (seconds since the last failure, where the user stands)
    let table = [
        (-1, paused),
        (-3_600, paused),
        (-86_400, paused),
        (-86_401, Throttle::Open),
        (-10 * 365 * 86_400, Throttle::Open),
    ];
    for (seconds, expected) in table {
        assert_eq!(after(10, seconds), expected, "{seconds}");
    }
}

#[test]
fn a_budget_is_spent_and_comes_back_with_the_next_window() {
    let budget = Budget {
        limit: 2,
        window: 60,
        begins: Begins::WithTheFirst,
    };
    let within = |count, window_start| BudgetVerdict::Within {
        count,
        window_start,
    };
    let spent = BudgetVerdict::Spent { until: LAST + 60 };
    // (count, seconds since the window began, verdict)
    let table = [
        (0, 0, within(1, LAST)),
        (1, 0, within(2, LAST)),
        (1, 59, within(2, LAST)),
        (2, 0, spent),
        (2, 59, spent),
        (u32::MAX, 59, spent),
        (2, 60, within(1, LAST + 60)),
        (u32::MAX, 61, within(1, LAST + 61)),
        (1, -1, within(2, LAST)),
        (2, -1, spent),
        (2, -86_400, spent),
    ];
    for (count, seconds, verdict) in table {
        assert_eq!(
            spend(count, LAST, budget, LAST + seconds),
            verdict,
            "{count} {seconds}"
        );
    }
    let none = Budget { limit: 0, ..budget };
    assert_eq!(spend(0, LAST, none, LAST), spent);
    let each = Budget {
        begins: Begins::WithEach,
        ..budget
    };
    assert_eq!(spend(1, LAST, each, LAST + 59), within(2, LAST + 59));
    assert_eq!(spend(2, LAST, each, LAST + 59), spent);
    assert_eq!(spend(2, LAST, each, LAST + 60), within(1, LAST + 60));
}

/// The moment from which on a code is looked at; the end of time when closed.
fn open_from(in_a_row: u32) -> Timestamp {
    match after(in_a_row, 0) {
        Throttle::Open => LAST,
        Throttle::Paused { until } => until,
        Throttle::Closed => Timestamp(i64::MAX),
    }
}

proptest! {
    #[test]
    fn more_failures_never_wait_less(fewer in 0_u32..200, more in 0_u32..200) {
        prop_assume!(fewer <= more);
        prop_assert!(open_from(fewer) <= open_from(more));
    }

    #[test]
    fn waiting_never_closes_and_no_moment_panics(in_a_row: u32, last: i64, now: i64, later in 0_i64..1 << 40) {
        let failures = Failures { in_a_row, last_at: Some(Timestamp(last)) };
        if standing(failures, Timestamp(now)) == Throttle::Open && last <= now {
            prop_assert_eq!(standing(failures, Timestamp(now) + later), Throttle::Open);
        }
    }

    #[test]
    fn no_window_lets_more_through_than_its_limit(limit in 0_u32..20, gaps in prop::collection::vec(0_i64..10, 1..100)) {
        let budget = Budget { limit, window: 60, begins: Begins::WithTheFirst };
        let (mut count, mut start, mut now, mut passed) = (0, LAST, LAST, Vec::new());
        for gap in gaps {
            now = now + gap;
            if let BudgetVerdict::Within { count: next, window_start } = spend(count, start, budget, now) {
                (count, start) = (next, window_start);
                passed.push(window_start);
            }
        }
        for window in &passed {
            let in_it = passed.iter().filter(|start| *start == window).count();
            prop_assert!(in_it <= limit as usize);
        }
    }

    #[test]
    fn no_span_lets_more_through_than_the_limit_where_each_try_begins_a_window(
        limit in 0_u32..20,
        gaps in prop::collection::vec(0_i64..90, 1..100),
    ) {
        let budget = Budget { limit, window: 60, begins: Begins::WithEach };
        let (mut count, mut start, mut now, mut passed) = (0, LAST, LAST, Vec::new());
        for gap in gaps {
            now = now + gap;
            if let BudgetVerdict::Within { count: next, window_start } = spend(count, start, budget, now) {
                (count, start) = (next, window_start);
                passed.push(now);
            }
        }
        for first in &passed {
            let in_it = passed.iter().filter(|at| *first <= **at && **at < *first + 60).count();
            prop_assert!(in_it <= limit as usize);
        }
    }
}
