//! Audit events of the operator's commands that have no services or change nothing.

use super::Event;
use crate::Services;
use crypto::clock::Clock;
use crypto::random::{Random, new_uuid};
use storage::audit::{AuditRow, insert_audit_event};
use storage::{ConnectionTrait, Database, DatabaseProblem, Stored};

/// How often in a row the database may be busy for longer than it waits by itself.
const MOST_TRIES: u32 = 20;

/// Adds a line about what the operator did in no account, in the caller's transaction.
pub async fn record_by_operator(
    transaction: &impl ConnectionTrait,
    random: &dyn Random,
    clock: &dyn Clock,
    event: &Event,
) -> Stored<()> {
    let row = AuditRow {
        id: new_uuid(random, clock),
        at: clock.now(),
        kind: event.kind().word(),
        actor_kind: "operator",
        actor_id: None,
        actor_name: "",
        account_id: None,
        subject_id: None,
        subject_name: "",
        address: "",
        browser: "",
        data: event.data(),
    };
    insert_audit_event(transaction, row).await
}

/// Adds a line about what the operator has read, copied or brought up to date. A database of an earlier schema, which we do
/// not write, gets none.
///
/// # Errors
/// When the database cannot be written, or is of another program or a newer version.
pub async fn note_by_operator(
    database: &Database,
    random: &dyn Random,
    clock: &dyn Clock,
    event: &Event,
) -> Result<(), DatabaseProblem> {
    if !database.steps_due().await?.is_empty() {
        return Ok(());
    }
    let mut tries = 0;
    let transaction = loop {
        match database.begin_write().await {
            Ok(transaction) => break transaction,
            // A server that writes all the time may keep the database from us for a while.
            Err(error) if error.is_transient() && tries < MOST_TRIES => tries += 1,
            Err(error) => return Err(error.into()),
        }
    };
    record_by_operator(&transaction, random, clock, event).await?;
    transaction
        .commit()
        .await
        .map_err(DatabaseProblem::Unusable)
}

/// The same for a command that has services. It comes before what is read out: what cannot be noted is not shown.
///
/// # Errors
/// As [`note_by_operator`].
pub async fn note(services: &Services, event: &Event) -> Result<(), DatabaseProblem> {
    let (random, clock) = (services.random.as_ref(), services.clock.as_ref());
    note_by_operator(&services.database, random, clock, event).await
}
