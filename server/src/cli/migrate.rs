//! `twofold migrate`.

use clap::Args;

use super::output::print;
use super::{Ended, Options, settings, settings_to_write};
use crate::application::{FolderUse, lock_data};
use crypto::clock::SystemClock;
use crypto::random::SystemRandom;
use service::audit::{Event, note_by_operator};
use storage::Database;

#[derive(Args)]
pub(super) struct Migrate {
    /// Change nothing; fail when a step is due
    #[arg(long)]
    check: bool,
}

pub(super) async fn run(options: &Options, migrate: &Migrate) -> Ended {
    let settings = if migrate.check {
        settings(options, &[])?
    } else {
        settings_to_write(options)?
    };
    let location = settings.location();
    let database = Database::open_as_it_is(&location).await;
    let database = database.map_err(|problem| problem.to_string())?;
    let due = database.steps_due().await;
    let due = due.map_err(|problem| problem.to_string())?;
    if due.is_empty() {
        print("The schema is up to date.")?;
        return Ok(());
    }
    if migrate.check {
        return Err(format!(
            "steps of the schema are due: {}; `twofold migrate` or the next start of the server takes them",
            due.join(", ")
        ));
    }
    // A server of the version before would go on with a schema that it does not know.
    let _lock =
        lock_data(&settings, FolderUse::ByCommand).map_err(|problem| problem.to_string())?;
    let database = Database::open(&location)
        .await
        .map_err(|problem| problem.to_string())?;
    if let Some(to) = due.last().cloned() {
        let event = Event::Migrated { to };
        note_by_operator(&database, &SystemRandom, &SystemClock, &event)
            .await
            .map_err(|problem| {
                format!("the schema is up to date, but the log has no line of it: {problem}")
            })?;
    }
    for step in due {
        print(&format!("{step} is done."))?;
    }
    print("The schema is up to date.")?;
    Ok(())
}
