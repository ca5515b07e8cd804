//! Twofold's server: sign-in, second factor, enforcement and their storage.
//!
//! A request goes `http` (what the web requires) → `console` (who asks; the gate; what pages show) → `service` (one
//! use case, one transaction) → `domain` (pure rules) and `storage` (rows). `delivery` carries mail
//! away; `cli` is the operator's way in, `metrics` what the operator watches.

// They panic where a reader has gone away; `cli::output` has what does not.
#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod application;
pub mod cli;
pub mod console;
pub mod delivery;
pub mod http;
pub mod request_id;
