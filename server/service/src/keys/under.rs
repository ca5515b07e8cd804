//! Under which key each value of the database is, and the walk over all of them. Whatever counts, opens or seals values anew, or
//! gives them up, asks here. The value itself decides: the name of a key in its row is an index, which whoever writes to the
//! database can edit. docs/decisions/0028-bound-factors.md

use std::collections::{BTreeSet, HashMap};

use app::types::ids::UserId;

use super::rotation::binding;
use crate::factor_set;
use crypto::seal::{KeyId, KeyRing, UnsealProblem, sealed_with};
use domain::factors::Factors;
use storage::factor_sets::FactorSet;
use storage::factors::find_readable_factors_of;
use storage::sealed::{
    Holds, SealedRow, SealedTable, count_by_key, find_sealed, keys_of_values, next_sealed,
};
use storage::{ConnectionTrait, Stored};
use uuid::Uuid;

/// Values read at once: it bounds the memory of a walk.
const PAGE: u64 = 500;

/// A value with what it takes to say under which key it is.
pub(super) struct SealedValue {
    /// Its table.
    pub(super) table: SealedTable,
    /// Its row.
    pub(super) row: SealedRow,
    /// Of a tag: the factors that it is over; none where they cannot be read.
    factors: Option<Factors>,
}

/// Why a value cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unusable {
    /// It does not open.
    Sealed(UnsealProblem),
    /// The tag is not one of these factors under any of the keys.
    Tag,
    /// The row does not say what it holds.
    Unknown,
}

impl SealedValue {
    /// Under which of the keys it is. A sealed value names its key, and a tag is under that which it fits. Only where neither
    /// says anything does the name in the row count.
    pub(super) fn key(&self, ring: Option<&KeyRing>) -> Option<KeyId> {
        let by_itself = match &self.row.holds {
            Holds::FactorSet { stamp } => ring.and_then(|ring| self.key_of_tag(ring, stamp)),
            Holds::Factor(_) | Holds::Nothing | Holds::Mail | Holds::Unknown => {
                sealed_with(&self.row.sealed)
            }
        };
        by_itself.or_else(|| self.named())
    }

    /// The key that the row names, where that is a name of a key.
    pub(super) fn named(&self) -> Option<KeyId> {
        self.row.key_id.parse().ok()
    }

    /// Whether it is under this key, and its row says so.
    pub(super) fn is_under(&self, ring: &KeyRing, key: KeyId) -> bool {
        self.key(Some(ring)) == Some(key) && self.row.key_id == key.to_string()
    }

    /// Opens it, or computes the tag again.
    ///
    /// # Errors
    /// Why that fails.
    pub(super) fn check(&self, ring: &KeyRing) -> Result<(), Unusable> {
        if let Holds::FactorSet { stamp } = &self.row.holds {
            let key = self.key_of_tag(ring, stamp);
            return key.map(drop).ok_or(Unusable::Tag);
        }
        let (purpose, id) = binding(&self.row).ok_or(Unusable::Unknown)?;
        let opened = ring.open(purpose, &id, &self.row.sealed);
        opened.map(drop).map_err(Unusable::Sealed)
    }

    /// Whose it is; of a mail, nobody's.
    pub(super) const fn user(&self) -> UserId {
        UserId::new(self.row.id)
    }

    fn key_of_tag(&self, ring: &KeyRing, stamp: &[u8]) -> Option<KeyId> {
        let set = FactorSet {
            stamp: stamp.to_vec(),
            tag: self.row.sealed.clone(),
            key_id: self.row.key_id.clone(),
        };
        factor_set::key_of(ring, self.user(), &set, self.factors.as_ref()?)
    }

    /// The same value as it is now; none where it is gone.
    pub(super) async fn read_again(&self, db: &impl ConnectionTrait) -> Stored<Option<Self>> {
        let row = find_sealed(db, self.table, self.row.id).await?;
        let values = with_factors(db, self.table, row.into_iter().collect()).await?;
        Ok(values.into_iter().next())
    }
}

/// A walk over the values of all tables, a page at a time.
pub(super) struct Walk {
    tables: &'static [SealedTable],
    after: Option<Uuid>,
    /// Rows that name one of these are left out.
    not_named: Vec<String>,
}

impl Walk {
    /// Over everything.
    pub(super) const fn over_all() -> Self {
        Self::over_not_named(Vec::new())
    }

    /// Over rows that name none of these keys, which an index finds.
    pub(super) const fn over_not_named(keys: Vec<String>) -> Self {
        Self {
            tables: &SealedTable::ALL,
            after: None,
            not_named: keys,
        }
    }

    /// The next page, of one table; none at the end.
    pub(super) async fn next(
        &mut self,
        db: &impl ConnectionTrait,
    ) -> Stored<Option<Vec<SealedValue>>> {
        while let Some((table, rest)) = self.tables.split_first() {
            let rows = next_sealed(db, *table, self.after, &self.not_named, PAGE).await?;
            if let Some(last) = rows.last() {
                self.after = Some(last.id);
                return with_factors(db, *table, rows).await.map(Some);
            }
            (self.tables, self.after) = (rest, None);
        }
        Ok(None)
    }
}

async fn with_factors(
    db: &impl ConnectionTrait,
    table: SealedTable,
    rows: Vec<SealedRow>,
) -> Stored<Vec<SealedValue>> {
    let mut factors = match table {
        SealedTable::FactorSets => {
            let users: Vec<_> = rows.iter().map(|row| UserId::new(row.id)).collect();
            find_readable_factors_of(db, &users).await?
        }
        SealedTable::Enrolments | SealedTable::SecondFactors | SealedTable::Mails => HashMap::new(),
    };
    let values = rows.into_iter().map(|row| SealedValue {
        table,
        // Who has no row has the empty set.
        factors: factors
            .remove(&UserId::new(row.id))
            .unwrap_or_else(|| Some(Factors::default())),
        row,
    });
    Ok(values.collect())
}

/// The keys at hand that something needs, or a row names. In the schema of an earlier version columns may be missing that a walk
/// reads: there the names in the rows say it, and the values themselves. Of a tag, only a walk says it.
///
/// # Errors
/// Faults of the database.
pub async fn keys_in_use(
    db: &impl ConnectionTrait,
    ring: &KeyRing,
    is_schema_of_now: bool,
) -> Stored<BTreeSet<KeyId>> {
    let mut found = BTreeSet::new();
    for table in SealedTable::ALL {
        let counts = count_by_key(db, table).await?;
        found.extend(
            counts
                .iter()
                .filter_map(|(key, _)| key.parse::<KeyId>().ok()),
        );
        let said = keys_of_values(db, table).await?;
        found.extend(said.iter().filter_map(|key| key.parse::<KeyId>().ok()));
    }
    let mut walk = Walk::over_all();
    while is_schema_of_now && let Some(values) = walk.next(db).await? {
        found.extend(values.iter().filter_map(|value| value.key(Some(ring))));
    }
    found.retain(|key| ring.has(*key));
    Ok(found)
}
