//! When answers leave whose time could tell whether an address has a user.
//!
//! Such a request does the same work for every address, but never in exactly the same time: to undo a row and to keep it
//! differ by some 40 microseconds, of which a few hundred requests make a certainty. So its answer leaves at the next of
//! even steps after it came. A difference far below a step moves only the answers that end beside a step's edge, and what
//! can be seen of it is its part of the step. docs/decisions/0056-answers-in-steps.md

use std::time::Duration;

use app::api::Pace;
use crypto::clock::Stopwatch;

/// The step of a server: long against the work of these requests, and short for whoever waits.
pub const STEP: Duration = Duration::from_millis(100);

/// Waits until the answer of a request that came at `since` may leave.
pub async fn wait(pace: Pace, step: Duration, since: Stopwatch) {
    match pace {
        Pace::AtOnce => {}
        Pace::InSteps => tokio::time::sleep(rest_of_step(step, since.elapsed())).await,
    }
}

/// How long it is from `passed` to the next edge of a step.
fn rest_of_step(step: Duration, passed: Duration) -> Duration {
    let step = step.as_nanos().max(1);
    let over = passed.as_nanos() % step;
    let rest = if over == 0 { 0 } else { step - over };
    Duration::from_nanos(u64::try_from(rest).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_leave_at_the_edge_of_a_step() {
        let micros = Duration::from_micros;
        for (passed, rest) in [
            (0, 0),
            (1, 99_999),
            (4_000, 96_000),
            (4_040, 95_960),
            (99_999, 1),
            (100_000, 0),
            (100_001, 99_999),
            (1_234_567, 65_433),
        ] {
            let found = rest_of_step(STEP, micros(passed));
            assert_eq!(found, micros(rest), "after {passed} microseconds");
        }
    }

    #[test]
    fn without_a_step_nobody_waits() {
        let found = rest_of_step(Duration::ZERO, Duration::from_millis(4));
        assert_eq!(found, Duration::ZERO);
    }

    #[tokio::test]
    async fn only_what_could_tell_waits() {
        // Would end after the test's own end.
        let for_ever = Duration::from_hours(24);
        wait(Pace::AtOnce, for_ever, Stopwatch::start()).await;
        let (step, since) = (Duration::from_millis(5), Stopwatch::start());
        wait(Pace::InSteps, step, since).await;
        assert!(since.elapsed() >= step);
    }
}
