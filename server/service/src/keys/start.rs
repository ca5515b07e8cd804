//! Loads the keys at start-up: creates them for a new database, and refuses keys that do not fit an existing one.

use super::{CHECK_BOUND, KeySource, Keys, KeysProblem, PURPOSE, ROW, file, keys_at_hand, prove};
use crypto::clock::Clock;
use crypto::random::Random;
use settings::Settings;
use storage::instance::{Instance, find_instance, insert_instance};
use storage::{Database, StorageError};

/// Loads the keys and verifies that they fit the database. Creates them where both are new.
///
/// # Errors
/// When keys are missing, unreadable or not the right ones. It never goes on without them.
pub async fn load_keys(
    settings: &Settings,
    database: &Database,
    random: &dyn Random,
    clock: &dyn Clock,
) -> Result<Keys, KeysProblem> {
    if let Some(instance) = find_instance(database.read()).await? {
        return fitting_keys(settings, &instance);
    }
    // Whoever starts at the same time waits here, and then takes the keys that the first one made.
    let transaction = database.begin_alone().await?;
    if let Some(instance) = find_instance(&transaction).await? {
        drop(transaction);
        return fitting_keys(settings, &instance);
    }
    let ring = match keys_at_hand(settings)? {
        Some(ring) => ring,
        None => file::create(&settings.keys_path(), random)?,
    };
    // Nobody is in it yet: whoever comes is bound from the beginning.
    let check = ring.seal(random, PURPOSE, ROW, CHECK_BOUND);
    insert_instance(&transaction, check, clock.now()).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    Ok(Keys::new(KeySource::of(settings), ring))
}

/// The keys for a database that was sealed with some. The key that seals has to be there; what names another that is not is told
/// by [`super::missing`], and refuses those whom it concerns alone: one row that somebody has edited must not stop everybody.
fn fitting_keys(settings: &Settings, instance: &Instance) -> Result<Keys, KeysProblem> {
    let ring = keys_at_hand(settings)?.ok_or_else(|| KeysProblem::Missing(settings.keys_path()))?;
    let current = prove(&ring, &instance.key_check)?;
    let ring = ring.sealing_with(current).unwrap_or(ring);
    Ok(Keys::new(KeySource::of(settings), ring))
}
