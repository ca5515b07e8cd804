//! Faults of other products, tried on this one: one file for each kind. `register` lists them, each with its rule and its
//! tests; a number in the comment of a test is for the reader.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed; the lint knows only functions marked as tests"
)]

use test_support as support;

mod availability;
mod budgets;
mod calls;
mod clock;
mod codes;
mod cut_off;
mod doors;
mod drawn_for;
mod edited_words;
mod enrolment;
mod existence;
mod factor_rows;
mod foreign_ids;
mod gate_matrix;
mod growth;
mod guessing;
mod headers;
mod letters;
mod limits;
mod machine;
mod meanwhile;
mod named_keys;
mod new_passwords;
mod paths;
mod pauses;
mod proofs;
mod reads;
mod refused_secrets;
mod register;
mod replay;
mod secrets;
mod secrets_at_rest;
mod sequences;
mod sessions;
mod shut_out;
mod spent_codes;
mod step_up;
mod texts;
mod times;
mod wire;
mod world;
