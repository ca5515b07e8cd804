//! Opens every sealed value once: how many are under each key, and which cannot be opened.

use std::collections::BTreeMap;

use app::types::ids::UserId;

use super::rotation::{binding, in_words};
use super::{KeysProblem, prove, says_bound};
use crate::factor_set;
use crypto::seal::{KeyRing, UnsealProblem, sealed_with};
use storage::Database;
use storage::factor_sets::{find_factor_set, users_without_factor_set};
use storage::factors::find_readable_factors;
use storage::instance::find_instance;
use storage::sealed::{Holds, SealedRow, SealedTable, next_sealed};

/// Values read at once.
const PAGE: u64 = 500;
/// Problems that are told one by one.
const MOST_TOLD: usize = 20;

/// What is under one key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyUse {
    /// Whether it seals what is new.
    pub is_current: bool,
    /// Whether it is among the keys.
    pub is_here: bool,
    /// How many values of each table.
    pub counts: BTreeMap<SealedTable, i64>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Survey {
    /// Every key that is here or needed, by its id.
    pub keys: BTreeMap<String, KeyUse>,
    /// A line for each of the first problems.
    pub problems: Vec<String>,
    /// How many problems there are.
    pub count: usize,
}

impl Survey {
    fn tell(&mut self, problem: String) {
        self.count += 1;
        if self.count <= MOST_TOLD {
            self.problems.push(problem);
        }
    }

    /// The keys that are needed, and not here.
    pub fn missing(&self) -> Vec<&str> {
        let missing = self.keys.iter().filter(|(_, key)| !key.is_here);
        missing.map(|(id, _)| id.as_str()).collect()
    }
}

/// Opens everything.
///
/// # Errors
/// When the database cannot be read. What cannot be opened is told in the answer.
pub async fn survey(database: &Database, keys: &KeyRing) -> Result<Survey, KeysProblem> {
    let db = database.read();
    let mut survey = Survey::default();
    for id in keys.ids() {
        survey.keys.entry(id.to_string()).or_default().is_here = true;
    }
    let mut is_everyone_bound = false;
    if let Some(instance) = find_instance(db).await? {
        is_everyone_bound = says_bound(keys, &instance.key_check);
        if let Some(id) = sealed_with(&instance.key_check) {
            survey.keys.entry(id.to_string()).or_default().is_current = true;
        }
        if let Err(problem) = prove(keys, &instance.key_check) {
            survey.tell(format!("the database's own check of its keys: {problem}"));
        }
    }
    for table in SealedTable::ALL {
        let mut after = None;
        loop {
            let rows = next_sealed(db, table, after, None, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            for row in &rows {
                if row.holds == Holds::FactorSet {
                    look_at_set(&mut survey, database, keys, row).await?;
                } else {
                    look_at(&mut survey, table, keys, row);
                }
            }
        }
    }
    if is_everyone_bound {
        let mut after = None;
        loop {
            let users = users_without_factor_set(db, after, PAGE).await?;
            let Some(last) = users.last() else { break };
            after = Some(*last);
            for user in users {
                survey.tell(format!(
                    "the second factors of user {user} are refused: their tag is missing"
                ));
            }
        }
    }
    Ok(survey)
}

/// A tag is not opened: it is computed again, and must be the same.
async fn look_at_set(
    survey: &mut Survey,
    database: &Database,
    keys: &KeyRing,
    row: &SealedRow,
) -> Result<(), KeysProblem> {
    let named = survey.keys.entry(row.key_id.clone()).or_default();
    *named.counts.entry(SealedTable::FactorSets).or_default() += 1;
    let user = UserId::new(row.id);
    let is_here = row.key_id.parse().is_ok_and(|id| keys.has(id));
    let mut fits = is_here && is_bound(database, keys, user).await?;
    if is_here && !fits {
        // The factor may have changed between the two readings.
        fits = is_bound(database, keys, user).await?;
    }
    if !fits {
        let why = if is_here {
            "they are not those that Twofold stored"
        } else {
            "the key of their tag is missing"
        };
        survey.tell(format!(
            "the second factors of user {user} are refused: {why}"
        ));
    }
    Ok(())
}

async fn is_bound(database: &Database, keys: &KeyRing, user: UserId) -> Result<bool, KeysProblem> {
    let Some(factors) = find_readable_factors(database.read(), user).await? else {
        return Ok(false);
    };
    let set = find_factor_set(database.read(), user).await?;
    // One that is gone meanwhile is nobody's.
    Ok(set.is_none_or(|set| factor_set::fits_under(keys, user, &set, &factors)))
}

fn look_at(survey: &mut Survey, table: SealedTable, keys: &KeyRing, row: &SealedRow) {
    let named = survey.keys.entry(row.key_id.clone()).or_default();
    *named.counts.entry(table).or_default() += 1;
    let Some((purpose, id)) = binding(row) else {
        let (table, user) = (in_words(&[(table, 1)].into()), UserId::new(row.id));
        survey.tell(format!(
            "a row of user {user} ({table}) does not say what it holds: its kind is unknown"
        ));
        return;
    };
    let what = match row.holds {
        Holds::Unknown => return,
        Holds::Factor(_) => format!("a second factor of user {id}"),
        Holds::FactorSet => format!("the tag of user {id}"),
        Holds::Mail => format!("mail {id}"),
    };
    if sealed_with(&row.sealed).map(|key| key.to_string()) != Some(row.key_id.clone()) {
        survey.tell(format!(
            "{what} is not sealed with the key that its row names"
        ));
        return;
    }
    match keys.open(purpose, &id, &row.sealed) {
        Ok(_) => {}
        Err(problem @ (UnsealProblem::NoSuchKey(_) | UnsealProblem::Tampered)) => {
            survey.tell(format!("{what} cannot be opened: {problem}"));
        }
    }
}
