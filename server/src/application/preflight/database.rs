//! What is in a file of SQLite: whose schema it has, whether the keys are there that it was sealed with, and what names another.

use std::fs;
use std::path::Path;

use super::Obstacle;
use service::keys::{KeysProblem, keys_at_hand, prove, under_missing_keys};
use settings::Settings;
use storage::instance::find_instance;
use storage::sqlite_copy::{open_beside_others, open_copy};
use storage::{Database, DatabaseProblem, Location};

pub(super) async fn check(settings: &Settings) -> Option<Obstacle> {
    let location = settings.location();
    let Location::Sqlite(path) = &location else {
        return None;
    };
    let in_data = |problem: DatabaseProblem| Obstacle::of("data", problem.at(&location));
    let database = match open_as_it_stands(path).await? {
        Ok(database) => database,
        Err(problem) => return Some(in_data(problem)),
    };
    let found = match database.steps_due().await {
        Err(problem) => Some(in_data(problem)),
        Ok(_) => check_keys(settings, &database).await,
    };
    // What was read is known by then.
    let _ = database.close().await;
    found
}

/// What names a key that is not here, as the start says it.
pub(super) async fn warnings(settings: &Settings) -> Option<String> {
    let Location::Sqlite(path) = settings.location() else {
        return None;
    };
    let ring = keys_at_hand(settings).ok()??;
    let database = open_as_it_stands(&path).await?.ok()?;
    // A schema of a version before is brought up to date by the start, which then looks again.
    let said = under_missing_keys(&database, &ring).await.ok().flatten();
    let _ = database.close().await;
    said
}

/// Opens the file so that nothing is made beside it; none where that cannot be, or nothing is in it.
async fn open_as_it_stands(path: &Path) -> Option<Result<Database, DatabaseProblem>> {
    let beside = |end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        length(Path::new(&name))
    };
    // Of a change that broke off: whoever writes next takes it back.
    if length(path) == 0 || beside("-journal") > 0 {
        return None;
    }
    match (beside("-wal"), beside("-shm")) {
        (0, _) => Some(open_copy(path).await),
        (_, 0) => None,
        _ => Some(open_beside_others(path).await),
    }
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
}

async fn check_keys(settings: &Settings, database: &Database) -> Option<Obstacle> {
    // A schema of a version before may not have the row yet.
    let instance = find_instance(database.read()).await.ok().flatten()?;
    let setting = match (&settings.keys, &settings.keys_file) {
        (Some(_), _) => "keys",
        (None, Some(_)) => "keys_file",
        (None, None) => "data",
    };
    // What cannot be read is said by the check of the file.
    let problem = match keys_at_hand(settings).ok()? {
        None => KeysProblem::Missing(settings.keys_path()),
        Some(ring) => prove(&ring, &instance.key_check).err()?,
    };
    Some(Obstacle::of(setting, problem))
}
