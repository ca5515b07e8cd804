//! Restores a backup: unpacks it beside the future database, verifies it, migrates it and ends what was open, and only then
//! renames it to be the database.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file::{copy_hashed, remove};
use super::manifest::{Claimed, Ending, LONGEST, read_ending};
use super::{AtHand, BackupProblem, Manifest, examine, sync_folder};
use app::types::timestamp::Timestamp;

use crate::Services;
use crate::audit::{About, Event};
use crate::change::Change;
use crate::ends::end_restored;
use crate::letters::Letter;
use crypto::random::bytes;
use crypto::seal::{KeyId, KeyRing};
use domain::totp::{SKEW_STEPS, TimeStep};
use files::trusted_files::reading::open_file;
use storage::account_settings::outdate_settings;
use storage::factors::spend_steps;
use storage::instance::set_challenge_epoch;
use storage::operator_lists::next_users;
use storage::schema::steps;
use storage::{Database, Location};

/// Users whose mails are written at once.
const PAGE: u64 = 500;

/// A backup, unpacked and proven, that is not the database yet.
pub struct Unpacked {
    /// What it is.
    pub manifest: Manifest,
    /// Where it is now.
    path: PathBuf,
    /// Where it goes.
    target: PathBuf,
}

impl Unpacked {
    /// The database, brought up to date.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn open(&self) -> Result<Database, BackupProblem> {
        Ok(Database::open(&Location::Sqlite(self.path.clone())).await?)
    }

    /// Makes it the database: everything of it is on the disk before it has its name.
    ///
    /// # Errors
    /// When it cannot be closed or renamed.
    pub async fn publish(&self, services: Arc<Services>) -> Result<(), BackupProblem> {
        services.database.clone().close().await?;
        let publish = || -> io::Result<()> {
            if beside(&self.path, "-wal").exists() {
                return Err(io::Error::other("SQLite left a log beside it"));
            }
            open_file(&self.path)?.0.sync_all()?;
            fs::rename(&self.path, &self.target)?;
            sync_folder(&self.target)
        };
        publish().map_err(|error| BackupProblem::File(self.path.clone(), error))
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        clear(&self.path);
    }
}

/// Looks whether a file can be a backup at all, before anything is made for it.
///
/// # Errors
/// When restoring is not for this database, or the file is not there, is cut off or of a newer version.
pub fn look(at_hand: &AtHand, file: &Path) -> Result<(), BackupProblem> {
    match at_hand.settings.location() {
        Location::Postgres(_) => Err(BackupProblem::PostgresRestore),
        Location::Sqlite(_) => read_claim(file).map(drop),
    }
}

/// Unpacks a backup and proves it. The caller holds the lock of the data folder.
///
/// # Errors
/// When there is a database, or the file is cut off, changed, of a newer version, or needs keys that are not here.
pub async fn unpack(at_hand: &AtHand, file: &Path) -> Result<Unpacked, BackupProblem> {
    let target = match at_hand.settings.location() {
        Location::Postgres(_) => return Err(BackupProblem::PostgresRestore),
        Location::Sqlite(target) => target,
    };
    for end in ["", "-wal", "-shm"] {
        let there = beside(&target, end);
        if there.symlink_metadata().is_ok() {
            return Err(BackupProblem::DatabaseExists(there));
        }
    }
    let (claimed, length) = read_claim(file)?;
    let keys = keys_for(at_hand, file, &claimed.manifest)?;
    let unpacked = Unpacked {
        path: target.with_file_name(".twofold.db.restored"),
        target,
        manifest: claimed.manifest.clone(),
    };
    clear(&unpacked.path);
    let copied = copy(file, length, &unpacked.path);
    let content = copied.map_err(|error| BackupProblem::File(file.to_owned(), error))?;
    if !claimed.is_true(&keys, &content) {
        return Err(BackupProblem::Changed(file.to_owned()));
    }
    examine(&unpacked.path, &keys, claimed.manifest.made_at).await?;
    Ok(unpacked)
}

/// Proves a backup without restoring it: that it is whole, that nobody has changed it, that SQLite finds it sound, and that
/// the keys here open it. A copy is made in the data folder for as long as this takes.
///
/// # Errors
/// As [`unpack`], but for the database that may be there.
pub async fn check(at_hand: &AtHand, file: &Path) -> Result<Manifest, BackupProblem> {
    let (claimed, length) = read_claim(file)?;
    let keys = keys_for(at_hand, file, &claimed.manifest)?;
    let name = format!(".twofold.db.checked.{}", std::process::id());
    let path = at_hand.settings.data.join(name);
    clear(&path);
    // Removes it, however this ends.
    let unpacked = Unpacked {
        target: path.clone(),
        path,
        manifest: claimed.manifest.clone(),
    };
    let copied = copy(file, length, &unpacked.path);
    let content = copied.map_err(|error| BackupProblem::File(unpacked.path.clone(), error))?;
    if !claimed.is_true(&keys, &content) {
        return Err(BackupProblem::Changed(file.to_owned()));
    }
    examine(&unpacked.path, &keys, claimed.manifest.made_at).await?;
    Ok(unpacked.manifest.clone())
}

/// What the file says of itself, and how long the database in it is.
fn read_claim(path: &Path) -> Result<(Claimed, u64), BackupProblem> {
    let read = || -> io::Result<(Vec<u8>, u64)> {
        let (mut file, found) = open_file(path)?;
        let length = found.len();
        file.seek(SeekFrom::Start(length.saturating_sub(LONGEST)))?;
        let mut end = Vec::new();
        file.take(LONGEST).read_to_end(&mut end)?;
        Ok((end, length))
    };
    let (end, length) = read().map_err(|error| BackupProblem::File(path.to_owned(), error))?;
    match read_ending(&end) {
        // Its tag is of no use to us then: the keys may be of a kind that we do not know.
        Ending::Claimed(claimed) if !steps().contains(&claimed.manifest.schema) => {
            Err(BackupProblem::Newer(path.to_owned()))
        }
        Ending::Claimed(claimed) => {
            let content = length.saturating_sub(claimed.length as u64);
            Ok((claimed, content))
        }
        Ending::Newer => Err(BackupProblem::Newer(path.to_owned())),
        Ending::Nothing => Err(BackupProblem::NotWhole(path.to_owned())),
    }
}

/// The keys at hand, when all that the backup needs are among them.
fn keys_for(at_hand: &AtHand, file: &Path, needs: &Manifest) -> Result<KeyRing, BackupProblem> {
    let keys = at_hand.keys()?;
    let is_missing = |id: &&KeyId| keys.as_ref().is_none_or(|keys| !keys.has(**id));
    let missing: Vec<_> = needs.keys.iter().filter(is_missing).collect();
    match (keys, missing.as_slice()) {
        (Some(keys), []) => Ok(keys),
        (_, missing) => {
            let ids: Vec<_> = missing.iter().map(|id| format!("key {id}")).collect();
            let place = if at_hand.settings.keys.is_some() {
                "setting `keys`".to_owned()
            } else {
                at_hand.settings.keys_path().display().to_string()
            };
            Err(BackupProblem::KeysMissing {
                file: file.display().to_string(),
                missing: ids.join(" and "),
                place,
            })
        }
    }
}

fn copy(from: &Path, length: u64, to: &Path) -> io::Result<[u8; 32]> {
    let mut options = OpenOptions::new();
    let mut copy = options.write(true).create_new(true).mode(0o600).open(to)?;
    let hash = copy_hashed(open_file(from)?.0, length, &mut copy)?;
    copy.sync_all()?;
    Ok(hash)
}

/// Ends what was open when the backup was made, and tells everybody that what they changed since is undone.
///
/// # Errors
/// Faults of the database.
pub async fn settle(services: &Services, made_at: Timestamp) -> Result<(), BackupProblem> {
    let now = services.now();
    let change = Change::by_operator(services).await?;
    end_restored(change.db(), now).await?;
    // Challenges that were spent since the backup are not known as spent any more.
    set_challenge_epoch(change.db(), bytes(change.services.random.as_ref())).await?;
    outdate_settings(change.db(), now).await?;
    // A code that was taken since the backup is of this step at the latest.
    let newest = TimeStep(TimeStep::at(now).0 + SKEW_STEPS);
    spend_steps(change.db(), newest).await?;
    let event = Event::Restored { made_at };
    change.record(&event, About::NOTHING).await?;
    let mut after = None;
    loop {
        let users = next_users(change.db(), false, after, PAGE).await?;
        let Some((last, _)) = users.last() else { break };
        after = Some(last.id);
        for (user, _) in users.iter().filter(|(user, _)| !user.is_disabled) {
            let letter = Letter::Restored { made_at };
            change.queue(user, &letter).await?;
        }
    }
    change.commit().await?;
    Ok(())
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(end);
    PathBuf::from(path)
}

/// Removes what a restore left that was killed, or did not succeed.
fn clear(path: &Path) {
    for end in ["", "-journal", "-wal", "-shm"] {
        let _ = remove(&beside(path, end));
    }
}
