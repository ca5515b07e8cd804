//! Restores a backup into the data folder of a server that is not running.

use std::path::Path;

use app::types::timestamp::Timestamp;

use super::{DataLock, FolderUse, StartProblem, build_services, lock_data, services_on};
use service::backup::restore::{look, settle, unpack};
use service::backup::{AtHand, BackupProblem, Manifest};
use service::presence::who_is_there;
use storage::audit::find_newest_moment;
use storage::{Database, DatabaseProblem, Location};

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreProblem {
    /// The folder, or a setting.
    #[error(transparent)]
    Start(#[from] StartProblem),
    /// The backup, or what is there already.
    #[error(transparent)]
    Backup(#[from] BackupProblem),
}

/// Makes a backup the database of a data folder without one. A crash leaves no database, or the whole of it.
///
/// # Errors
/// When a server has the folder, it has a database, or the backup or the keys cannot be used.
pub async fn restore(at_hand: &AtHand, file: &Path) -> Result<Manifest, RestoreProblem> {
    look(at_hand, file)?;
    let lock = lock_data(&at_hand.settings, FolderUse::ByCommand)?;
    let restored = restore_locked(at_hand, file).await;
    leave_nothing(restored, lock.as_ref())
}

/// What did not succeed leaves no file of the lock in a folder that had none.
fn leave_nothing<T>(
    done: Result<T, RestoreProblem>,
    lock: Option<&DataLock>,
) -> Result<T, RestoreProblem> {
    if let (Err(_), Some(lock)) = (&done, lock) {
        lock.remove_if_made();
    }
    done
}

async fn restore_locked(at_hand: &AtHand, file: &Path) -> Result<Manifest, RestoreProblem> {
    let unpacked = unpack(at_hand, file).await?;
    let database = unpacked.open().await?;
    let settings = at_hand.settings.clone();
    let (clock, random) = (at_hand.clock.clone(), at_hand.random.clone());
    let services = services_on(database, settings, clock, random).await?;
    settle(&services, unpacked.manifest.made_at).await?;
    unpacked.publish(services).await?;
    Ok(unpacked.manifest.clone())
}

/// Does what a restore does beside restoring, where another tool has put an old database in place. Gives the moment of the
/// newest line of its log, which is about when it was copied.
///
/// # Errors
/// When a server has the folder or, unless it is forced, the database, or the database or the keys cannot be used.
pub async fn settle_in_place(
    at_hand: &AtHand,
    is_forced: bool,
) -> Result<Timestamp, RestoreProblem> {
    refuse_absent(&at_hand.settings.location())?;
    let lock = lock_data(&at_hand.settings, FolderUse::ByCommand)?;
    let settled = settle_locked(at_hand, is_forced).await;
    leave_nothing(settled, lock.as_ref())
}

/// Before anything is made: none is settled where there is none.
fn refuse_absent(location: &Location) -> Result<(), RestoreProblem> {
    match location {
        Location::Sqlite(path) if !path.exists() => {
            Err(BackupProblem::from(DatabaseProblem::absent(path)).into())
        }
        Location::Sqlite(_) | Location::Postgres(_) => Ok(()),
    }
}

async fn settle_locked(at_hand: &AtHand, is_forced: bool) -> Result<Timestamp, RestoreProblem> {
    // None is made where there is none.
    let location = at_hand.settings.location();
    let looked = Database::open_as_it_is(&location)
        .await
        .map_err(BackupProblem::from)?;
    let servers = who_is_there(&looked, at_hand.clock.now()).await;
    looked.close().await.map_err(BackupProblem::from)?;
    let servers = servers.map_err(BackupProblem::from)?;
    // On SQLite the lock has said already that there is none.
    if matches!(location, Location::Postgres(_)) && !servers.is_empty() && !is_forced {
        return Err(BackupProblem::ServersLive(servers.join("; ")).into());
    }
    let (clock, random) = (at_hand.clock.clone(), at_hand.random.clone());
    let services = build_services(at_hand.settings.clone(), clock, random).await?;
    let newest = find_newest_moment(services.database.read()).await;
    let newest = newest.map_err(BackupProblem::from)?;
    let made_at = newest.unwrap_or_else(|| services.now());
    settle(&services, made_at).await?;
    Ok(made_at)
}
