//! Random sequences of what several users do in several browsers, held against the rules written a second time: every answer
//! and the state at the end. `SEQUENCES` says how many, `SEQUENCE_LENGTH` how long, `SEQUENCE_SEED` which.

mod acts;
mod counts;
mod model;
mod operation;
mod play;
mod rules;
mod texts;

use std::time::Duration;

use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use operation::sequences;

/// What one sequence takes at most; most take half a second.
const LONGEST: Duration = Duration::from_mins(1);

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().unwrap())
}

/// F155: whatever is done in whatever order, the rules hold.
#[test]
fn the_rules_hold_in_every_order() {
    let config = Config {
        cases: u32::try_from(number("SEQUENCES", 12)).unwrap(),
        max_shrink_iters: 300,
        max_shrink_time: 120_000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(number("SEQUENCE_SEED", 1)),
        ..Config::default()
    };
    let length = usize::try_from(number("SEQUENCE_LENGTH", 40)).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut runner = TestRunner::new(config);
    let played = std::cell::Cell::new(0);
    let result = runner.run(&sequences(length), |operations| {
        played.set(played.get() + operations.len());
        let difference = runtime.block_on(async {
            tokio::time::timeout(LONGEST, Box::pin(play::play(&operations))).await
        });
        let difference = difference.unwrap_or_else(|_| Err("it hangs".to_owned()));
        difference.map_err(TestCaseError::fail)
    });
    println!("sequences: {} operations played", played.get());
    if let Err(failure) = result {
        panic!("{failure}");
    }
}
