//! What must outlive everything: the keys while they change, backups and what comes back from them, and the databases of
//! earlier versions. The program itself is run and killed here, as an operator and a power cut do.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed; the lint knows only functions marked as tests"
)]

use test_support as support;

mod audited;
mod backup;
mod bulk_users;
mod created;
mod keys;
mod lost_keys;
mod process;
mod released;
mod restore;
mod rotation;
mod unfit;
mod upgrade;
