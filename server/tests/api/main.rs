//! The API as a browser uses it: a real server on a port of its own, a real SQLite file, a clock that
//! stands until it is moved, seeded randomness. One file for each file of `app/src/api`.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed; the lint knows only functions marked as tests"
)]

mod support;

mod accounts;
mod activity;
mod addresses;
mod announcements;
mod authentication_settings;
mod bad_input;
mod operator;
mod operator_accounts;
mod parallel;
mod requirement;
mod restart;
mod roles;
mod session;
mod setup;
mod sign_in;
mod sign_up;
mod two_factor;
