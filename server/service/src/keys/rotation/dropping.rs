//! Drops a key that nothing needs.

use std::collections::BTreeMap;

use super::{current, in_words, lock, read_anew};
use crate::Services;
use crate::audit::{About, Event};
use crate::change::Change;
use crate::keys::under::Walk;
use crate::keys::{KeysProblem, file};
use crypto::seal::{KeyId, KeyRing, sealed_with, without_key};
use storage::ConnectionTrait;
use storage::instance::find_instance;
use storage::sealed::{SealedTable, count_by_key};

/// Drops a key that nothing is sealed with. In a file its line goes; in the setting the operator takes it out.
///
/// # Errors
/// Refuses the current key, one that is not there, and one that something in the database needs.
pub async fn drop_key(services: &Services, id: KeyId) -> Result<(), KeysProblem> {
    let locked = lock(&services.keys)?;
    let ring = read_anew(services)?;
    if !ring.has(id) {
        return Err(KeysProblem::NoSuchKey(id));
    }
    // Nothing comes to be under a key that does not seal, and none changes while its file is locked. So what a walk does not find
    // is not there, and nobody waits for the walk.
    let instance = find_instance(services.database.read()).await?;
    let instance = instance.ok_or(KeysProblem::NoCheck)?;
    if sealed_with(&instance.key_check) == Some(id) {
        return Err(KeysProblem::Current(id));
    }
    let mut counts = count_under(services.database.read(), &ring, id).await?;
    // From here on nobody seals, so that nothing can come to be under this key while its line goes.
    let change = Change::by_operator(services).await?;
    if current(change.db()).await? == id {
        return Err(KeysProblem::Current(id));
    }
    for table in SealedTable::ALL {
        for (key, count) in count_by_key(change.db(), table).await? {
            if key == id.to_string() {
                let found = counts.entry(table).or_default();
                *found = count.max(*found);
            }
        }
    }
    if !counts.is_empty() {
        let counts = in_words(&counts);
        return Err(KeysProblem::InUse { id, counts });
    }
    let event = Event::KeyDropped {
        key: id.to_string(),
    };
    change.record(&event, About::NOTHING).await?;
    if let (Some(locked), Some(path)) = (&locked, services.keys.source().file()) {
        let text = file::read_text(path)?.ok_or_else(|| KeysProblem::Missing(path.to_owned()))?;
        locked.replace(&without_key(&text, id))?;
    }
    change.commit().await?;
    Ok(())
}

/// How many values of each table are under a key, or in a row that names it.
async fn count_under(
    db: &impl ConnectionTrait,
    ring: &KeyRing,
    id: KeyId,
) -> Result<BTreeMap<SealedTable, i64>, KeysProblem> {
    let (mut counts, mut walk) = (BTreeMap::new(), Walk::over_all());
    while let Some(values) = walk.next(db).await? {
        for value in values {
            if value.key(Some(ring)) == Some(id) || value.named() == Some(id) {
                *counts.entry(value.table).or_default() += 1;
            }
        }
    }
    Ok(counts)
}
