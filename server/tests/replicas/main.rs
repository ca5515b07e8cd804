//! Several servers on one PostgreSQL, behind a proxy that sends each request to the next of them. Run by
//! `scripts/with-postgres cargo test --test replicas`.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed; the lint knows only functions marked as tests"
)]

use test_support as support;

mod cluster;
mod database;
mod deletion;
mod exchange;
mod failover;
mod flows;
mod in_place;
mod keys;
mod killed;
mod once;
mod pair;
mod proxy;
mod start;
mod wire;
