//! What names a key that is not here, although the key that seals is: told at each start and by `check-config`. It refuses those
//! whom it concerns, and stops nobody else.

use std::collections::BTreeMap;

use super::rotation::in_words;
use crypto::seal::KeyRing;
use storage::sealed::{SealedTable, count_under_others};
use storage::{Database, StorageError};

/// Says how much names a key that is not here, and what helps; none where everything names one that is.
///
/// # Errors
/// Faults of the database.
pub async fn under_missing_keys(
    database: &Database,
    ring: &KeyRing,
) -> Result<Option<String>, StorageError> {
    let here: Vec<_> = ring.ids().iter().map(ToString::to_string).collect();
    let mut counts = BTreeMap::new();
    for table in SealedTable::ALL {
        let count = count_under_others(database.read(), table, &here).await?;
        if count > 0 {
            counts.insert(table, i64::try_from(count).unwrap_or(i64::MAX));
        }
    }
    Ok((!counts.is_empty()).then(|| sentence(&counts)))
}

fn sentence(counts: &BTreeMap<SealedTable, i64>) -> String {
    format!(
        "some sealed values name a key that is not among the keys: {}. Whoever has a second factor or a tag under it is refused, and nobody \
         else. `twofold keys check` names keys and users, `twofold keys rotate` writes the name anew where the value can be opened. \
         Add the key; where the database was edited, `twofold user reset-two-factor` lets one user set up anew",
        in_words(counts)
    )
}
