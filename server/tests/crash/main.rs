//! The program is killed at any moment and started again: nothing that it has acknowledged is lost, nothing is taken
//! twice, and it always starts.
//!
//! The moments are drawn from a seed (`CRASH_SEED`): a number of acknowledged calls, then a busy count, so that other calls
//! are on their way. `KILLS` says how often; `make crash` kills 200 times. A kill takes the process, not the machine: what
//! the kernel has been given is kept, so that this shows the order of our writes, not that the disk keeps its word.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed; the lint knows only functions marked as tests"
)]

use test_support as support;

mod change;
mod first_start;
mod invariants;
mod person;
mod post;
mod process;
mod unwritable;
mod workload;

/// How often the server is killed.
fn kills() -> u64 {
    number("KILLS", 15)
}

/// What the moments are drawn from.
fn seed() -> u64 {
    number("CRASH_SEED", 1)
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().unwrap())
}
