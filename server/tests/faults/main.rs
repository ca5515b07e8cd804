//! Faults that others had, tried on ours: one file for each kind. The number of a fault stands first in the comment of the
//! test that would show it; docs/security.md lists them all.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed; the lint knows only functions marked as tests"
)]

#[path = "../api"]
mod api {
    #[expect(
        dead_code,
        unused_imports,
        reason = "shared with the other tests of the API, which use all of it"
    )]
    pub(crate) mod support;
}
use api::support;

mod availability;
mod calls;
mod clock;
mod codes;
mod doors;
mod enrolment;
mod existence;
mod factor_rows;
mod foreign_ids;
mod gate_matrix;
mod guessing;
mod headers;
mod kept;
mod letters;
mod machine;
mod meanwhile;
mod new_passwords;
mod paths;
mod pauses;
mod proofs;
mod register;
mod replay;
mod secrets;
mod sequences;
mod sessions;
mod shut_out;
mod step_up;
mod texts;
mod times;
mod wire;
mod world;
