//! The migration state of a database, for the operator's commands: which steps are applied and which are due.

use sea_orm_migration::MigratorTrait;

use super::connect::{applied_migrations, is_up_to_date};
use super::migrations::Migrator;
use super::{Database, DatabaseProblem, Location, instance};

impl Database {
    /// Opens a database as it is: nothing is made and no step is taken.
    ///
    /// # Errors
    /// When there is none, or it is of another program or a newer version.
    pub async fn open_as_it_is(location: &Location) -> Result<Self, DatabaseProblem> {
        if let Location::Sqlite(path) = location
            && !path.exists()
        {
            return Err(DatabaseProblem::absent(path));
        }
        let database = Self::connect(location).await?;
        let due = database.steps_due().await;
        let due = due.map_err(|problem| problem.at(location))?;
        if due.len() == steps().len() {
            return Err(DatabaseProblem::Absent(match location {
                Location::Sqlite(path) => format!("in {}", path.display()),
                Location::Postgres(_) => "at `database_url`".to_owned(),
            }));
        }
        Ok(database)
    }

    /// The steps that are due, in their order.
    ///
    /// # Errors
    /// When it is of another program or a newer version.
    pub async fn steps_due(&self) -> Result<Vec<String>, DatabaseProblem> {
        if is_up_to_date(&self.readers).await? {
            return Ok(Vec::new());
        }
        let applied = applied_migrations(&self.readers).await?;
        if applied.is_empty() && instance::has_tables(&self.readers).await? {
            return Err(DatabaseProblem::Foreign);
        }
        let steps = steps().into_iter();
        Ok(steps.filter(|step| !applied.contains(step)).collect())
    }

    /// Closes every connection; on SQLite what is in the log goes into the file.
    ///
    /// # Errors
    /// When a connection does not close.
    pub async fn close(self) -> super::Stored<()> {
        if let Some(fast_reads) = &self.fast_reads {
            fast_reads.close();
        }
        self.readers.close().await?;
        Ok(self.writer.close().await?)
    }
}

/// Every step that this version knows, in order.
pub fn steps() -> Vec<String> {
    Migrator::migrations()
        .iter()
        .map(|step| step.name().to_owned())
        .collect()
}
