//! Opens every sealed value once: how many are under each key, and which cannot be opened.

use std::collections::BTreeMap;

use super::rotation::in_words;
use super::under::{SealedValue, Unusable, Walk};
use super::{KeysProblem, prove, says_bound};
use crypto::seal::{KeyRing, sealed_with};
use storage::Database;
use storage::factor_sets::WithoutFactorSet;
use storage::instance::find_instance;
use storage::sealed::{Holds, SealedTable};

/// Users without a tag read at once.
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
    let mut walk = Walk::over_all();
    while let Some(values) = walk.next(db).await? {
        for value in &values {
            look_at(&mut survey, database, keys, value).await?;
        }
    }
    if is_everyone_bound {
        let mut walk = WithoutFactorSet::default();
        while let Some(users) = walk.next(db, PAGE).await? {
            for user in users {
                survey.tell(format!(
                    "the second factors of user {user} are refused: their tag is missing"
                ));
            }
        }
    }
    Ok(survey)
}

async fn look_at(
    survey: &mut Survey,
    database: &Database,
    keys: &KeyRing,
    value: &SealedValue,
) -> Result<(), KeysProblem> {
    let key = value.key(Some(keys));
    let id = key.map_or_else(|| value.row.key_id.clone(), |key| key.to_string());
    let of_key = survey.keys.entry(id).or_default();
    *of_key.counts.entry(value.table).or_default() += 1;
    let what = in_words_of(value);
    match value.check(keys) {
        Ok(()) if value.named() != key => survey.tell(format!(
            "{what} is not under the key that its row names; `twofold keys rotate` writes the name anew"
        )),
        Ok(()) => {}
        Err(Unusable::Sealed(problem)) => {
            survey.tell(format!("{what} cannot be opened: {problem}"));
        }
        Err(Unusable::Unknown) => survey.tell(format!(
            "{what} does not say what it holds: its kind is unknown"
        )),
        // The factors may have changed between the two readings.
        Err(Unusable::Tag) => match value.read_again(database.read()).await? {
            Some(now) if now.check(keys).is_err() => {
                let why = if now.named().is_some_and(|key| keys.has(key)) {
                    "they are not those that Twofold stored"
                } else {
                    "the key of their tag is missing"
                };
                let user = value.user();
                survey.tell(format!(
                    "the second factors of user {user} are refused: {why}"
                ));
            }
            Some(_) | None => {}
        },
    }
    Ok(())
}

fn in_words_of(value: &SealedValue) -> String {
    let user = value.user();
    match value.row.holds {
        Holds::Unknown => {
            let table = in_words(&[(value.table, 1)].into());
            format!("a row of user {user} ({table})")
        }
        Holds::Factor(_) | Holds::Nothing => format!("a second factor of user {user}"),
        Holds::FactorSet { .. } => format!("the tag of user {user}"),
        Holds::Mail => format!("mail {}", value.row.id),
    }
}
