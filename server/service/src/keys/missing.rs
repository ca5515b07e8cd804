//! What names a key that is not here, although the key that seals is: told at each start and by `check-config`. It refuses those
//! whom it concerns, and stops nobody else.

use std::collections::BTreeMap;

use super::rotation::in_words;
use super::under::Walk;
use crypto::seal::KeyRing;
use storage::sealed::{SealedTable, count_misnamed, count_under_others};
use storage::{Database, StorageError};

/// How many values of each table.
type Counts = BTreeMap<SealedTable, i64>;

/// Says how much is under a key that is not here, or in a row that names another key, and what helps; none where all is well. The
/// database compares the names in the rows, which an index has, with what the values say, and what it finds is looked at here.
/// Of a tag, which says nothing, the name in the row is believed; `twofold keys check` computes each.
///
/// # Errors
/// Faults of the database.
pub async fn under_missing_keys(
    database: &Database,
    ring: &KeyRing,
) -> Result<Option<String>, StorageError> {
    let here: Vec<_> = ring.ids().iter().map(ToString::to_string).collect();
    let mut found = 0;
    for table in SealedTable::ALL {
        found += count_under_others(database.read(), table, &here).await?;
        found += count_misnamed(database.read(), table).await?;
    }
    if found == 0 {
        return Ok(None);
    }
    let (mut under, mut named) = (Counts::new(), Counts::new());
    let mut walk = Walk::over_not_named(here);
    while let Some(values) = walk.next(database.read()).await? {
        for value in values {
            let is_here = value.key(Some(ring)).is_some_and(|key| ring.has(key));
            let counts = if is_here { &mut named } else { &mut under };
            *counts.entry(value.table).or_default() += 1;
        }
    }
    let said = [
        (!under.is_empty()).then(|| of_values(&under)),
        (!named.is_empty()).then(|| of_names(&named)),
    ];
    let said: Vec<_> = said.into_iter().flatten().collect();
    Ok((!said.is_empty()).then(|| said.join("; ")))
}

fn of_names(counts: &Counts) -> String {
    format!(
        "some rows name another key than the one that their values are under, which is among the keys: {}. Nobody is refused for \
         that, but the database was edited: `twofold keys check` names the rows, `twofold keys rotate` writes the name anew",
        in_words(counts)
    )
}

fn of_values(counts: &Counts) -> String {
    format!(
        "some sealed values are under a key that is not among the keys: {}. Whoever has a second factor or a tag under it is refused, and nobody \
         else. `twofold keys check` names keys and users. Add the key; where the database was edited, `twofold user reset-two-factor` lets one user set up anew",
        in_words(counts)
    )
}
