//! The API as a browser uses it: a real server on a port of its own, a real SQLite file, a clock that
//! stands until it is moved, seeded randomness. One file for each file of `app/src/api`.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed; the lint knows only functions marked as tests"
)]

use test_support as support;

mod account_log;
mod accounts;
mod activity;
mod addresses;
mod announcements;
mod authentication_settings;
mod bad_input;
mod branding;
mod check_config;
mod connections;
mod days;
mod first_factor;
mod front_door;
mod guessing;
mod import_totp;
mod invitation;
mod lifecycle;
mod lost_address;
mod mail;
mod mail_budgets;
mod metrics;
mod offered_reset;
mod operator;
mod operator_accounts;
mod parallel;
mod passkeys;
mod password;
mod places;
mod plans;
mod preflight;
mod profile;
mod refusal_log;
mod requirement;
mod restart;
mod retention;
mod roles;
mod schema;
mod seed;
mod session;
mod sessions;
mod settings_bounds;
mod setup;
mod sign_in;
mod sign_in_link;
mod sign_up;
mod sms;
mod team;
mod trusted_browsers;
mod two_factor;
mod unproven;
mod unreadable_rows;
mod upgraded;
mod ways_to_sign_in;
mod withdrawn_letters;
mod without_mail;
