//! Backups: one file with a snapshot of the database. Its last line lists the keys that it needs and has a tag that shows
//! that nobody has changed it. docs/decisions/0015-keys-and-backup.md

mod file;
mod leftovers;
mod manifest;
mod problem;
pub mod restore;

use std::path::Path;
use std::sync::Arc;

use self::file::{Partial, folder_of, hash_of};
pub use self::leftovers::Leftovers;
pub use self::manifest::Manifest;
pub use self::problem::BackupProblem;
use super::audit::{Event, note_by_operator};
use super::keys::{KeysProblem, keys_at_hand, keys_in_use, prove};
use crypto::clock::Clock;
use crypto::random::Random;
use crypto::seal::KeyRing;
use files::trusted_files::reading::open_folder;
use settings::Settings;
use storage::instance::find_instance;
use storage::sqlite_copy::{copy_into, is_sound, open_copy};
use storage::{Database, DatabaseProblem, Location};

/// What a command has at hand without opening the database.
#[derive(Clone)]
pub struct AtHand {
    /// The operator's settings.
    pub settings: Settings,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

impl AtHand {
    /// The keys.
    fn keys(&self) -> Result<Option<KeyRing>, KeysProblem> {
        keys_at_hand(&self.settings)
    }
}

/// A backup that was made.
#[derive(Debug)]
pub struct Made {
    /// What it is.
    pub manifest: Manifest,
    /// What earlier ones had left in its folder.
    pub leftovers: Leftovers,
}

/// Writes a backup, while a server uses the database or not. Nothing is at `target` before the backup is whole, proven
/// and on the disk.
///
/// # Errors
/// When there is something at `target`, the database is not one of SQLite, or it or the keys cannot be used.
pub async fn back_up(at_hand: &AtHand, target: &Path) -> Result<Made, BackupProblem> {
    let location = at_hand.settings.location();
    if let Location::Postgres(_) = location {
        return Err(BackupProblem::PostgresDump);
    }
    if target.symlink_metadata().is_ok() {
        return Err(BackupProblem::Exists(target.to_owned()));
    }
    let database = Database::open_as_it_is(&location).await?;
    let keys = at_hand.keys()?;
    let keys = keys.ok_or_else(|| KeysProblem::Missing(at_hand.settings.keys_path()))?;
    let entered = leftovers::enter(target);
    let partial = Partial::beside(target)?;
    copy_into(&database, partial.path()).await?;
    let manifest = examine(partial.path(), &keys, at_hand.clock.now()).await?;
    let content = hash_of(partial.path())?;
    partial.append(&manifest.seal(&keys, &content))?;
    let (random, clock) = (at_hand.random.as_ref(), at_hand.clock.as_ref());
    note_by_operator(&database, random, clock, &Event::BackedUp).await?;
    database.close().await?;
    partial.publish(target)?;
    Ok(Made {
        manifest,
        leftovers: entered.leftovers,
    })
}

/// Opens a copy, proves that it is whole and ours and that the keys fit, and says what it is.
async fn examine(
    copy: &Path,
    keys: &KeyRing,
    made_at: app::types::timestamp::Timestamp,
) -> Result<Manifest, BackupProblem> {
    let database = open_copy(copy).await?;
    let manifest = async {
        if !is_sound(&database).await? {
            return Err(BackupProblem::Damaged);
        }
        let due = database.steps_due().await?;
        let schema = storage::schema::steps()
            .into_iter()
            .rfind(|step| !due.contains(step));
        let schema = schema.ok_or(DatabaseProblem::Foreign)?;
        let instance = find_instance(database.read()).await?;
        let instance = instance.ok_or(BackupProblem::NothingInIt)?;
        let current = prove(keys, &instance.key_check)?;
        let mut needed = vec![current];
        // The key of a value that is not here cannot be read now either: a restore must not ask for that key, which may be one that
        // somebody has written into a row.
        let others = keys_in_use(database.read(), keys, due.is_empty()).await?;
        needed.extend(others.into_iter().filter(|key| *key != current));
        Ok(Manifest {
            made_at,
            schema,
            keys: needed,
        })
    }
    .await;
    database.close().await?;
    manifest
}

/// Makes sure that a new name in a folder is on the disk.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    open_folder(folder_of(path))?.sync_all()
}
