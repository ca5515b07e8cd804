//! Adds a key, seals everything again under another key, and drops a key that nothing needs.
//!
//! Every step is a small transaction and every write a conditional one: a server that works meanwhile, a second
//! rotation and a crash at any moment lose nothing, and the next rotation goes on where one ended.

mod dropping;
mod rest;

use std::collections::BTreeMap;
use std::time::Duration;

use app::types::ids::UserId;
use uuid::Uuid;
use zeroize::Zeroizing;

pub use self::dropping::drop_key;
use self::rest::{reseal_the_rest, without_tag};
use super::{CHECK, CHECK_BOUND, Keys, KeysProblem, PURPOSE, ROW, file};
use crate::audit::{About, Event};
use crate::browsers::renew_trust;
use crate::change::Change;
use crate::passkeys::NOTHING_SEALED;
use crate::{Failure, Fault, Services, factor_set, letters, second_factor};
use crypto::random::Random;
use crypto::seal::{KeyId, KeyRing, sealed_with, with_new_key};
use settings::Settings;
use storage::WriteTransaction;
use storage::instance::{lock_key_check, replace_key_check};
use storage::sealed::{Holds, SealedRow, SealedTable, next_sealed, replace_sealed};
use storage::users::lock_user;

/// Values in one transaction; it bounds how long other writers wait.
const BATCH: u64 = 25;
/// Between two of them others come to write: SQLite lets them try now and then, it does not queue them.
const BETWEEN: Duration = Duration::from_millis(10);
/// How often in a row the database may be busy for longer than it waits by itself.
const MOST_TRIES: u32 = 20;

/// What a rotation has just done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationStep {
    /// From here on this key seals what is new.
    TookOver(KeyId),
    /// So many values more of a table are under the current key.
    Resealed(SealedTable, u64),
}

/// What a rotation has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The key that everything is under now.
    pub key: KeyId,
    /// How many values this rotation sealed anew.
    pub resealed: u64,
    /// Whether the key took over in this rotation.
    pub took_over: bool,
}

/// Adds a new key to the file of keys. Nothing is sealed with it yet: every server is to know it first.
///
/// # Errors
/// When the keys are in the setting, or the file or the log cannot be read or written.
pub async fn add(services: &Services) -> Result<KeyId, KeysProblem> {
    let path = services
        .keys
        .source()
        .file()
        .ok_or(KeysProblem::InSetting)?;
    let locked = file::lock(path)?;
    let text = file::read_text(path)?.ok_or_else(|| KeysProblem::Missing(path.to_owned()))?;
    let (text, id) = with_new_key(&text, services.random.as_ref());
    let change = Change::by_operator(services).await?;
    let event = Event::KeyAdded {
        key: id.to_string(),
    };
    change.record(&event, About::NOTHING).await?;
    locked.replace(&text)?;
    change.commit().await?;
    Ok(id)
}

/// The text of all keys with a new one, for the setting. It is as secret as the keys.
///
/// # Errors
/// When there are no keys to add to.
pub fn printed(settings: &Settings, random: &dyn Random) -> Result<Zeroizing<String>, KeysProblem> {
    let text = if let Some(keys) = &settings.keys {
        Zeroizing::new(keys.0.clone())
    } else {
        let path = settings.keys_path();
        file::read_text(&path)?.ok_or(KeysProblem::Missing(path))?
    };
    Ok(with_new_key(&text, random).0)
}

/// Seals everything anew with the newest key, or with `to`.
///
/// # Errors
/// When that key is not there, and when something cannot be opened: that stays as it is.
pub async fn rotate(
    services: &Services,
    to: Option<KeyId>,
    say: &mut impl FnMut(RotationStep),
) -> Result<Rotated, KeysProblem> {
    let (key, took_over) = take_over(services, to).await?;
    if took_over {
        say(RotationStep::TookOver(key));
    }
    let mut resealed = 0;
    loop {
        let mut this_time = 0;
        for table in SealedTable::ALL {
            this_time += reseal_table(services, table, say).await?;
        }
        if this_time == 0 {
            break;
        }
        resealed += this_time;
    }
    // The passes above go by the names in the rows, which an index finds. What is left are values whose rows name a wrong key.
    let left = reseal_the_rest(services, key, say).await?;
    let (values, users) = (left.values, left.users + without_tag(services).await?);
    if values > 0 || users > 0 {
        return Err(KeysProblem::Unreadable { values, users });
    }
    Ok(Rotated {
        key,
        resealed: resealed + left.resealed,
        took_over,
    })
}

/// Makes a key the one that seals; false where it is already.
async fn take_over(services: &Services, to: Option<KeyId>) -> Result<(KeyId, bool), KeysProblem> {
    let _locked = lock(&services.keys)?;
    let ring = read_anew(services)?;
    let to = to.unwrap_or_else(|| ring.newest());
    let ring = ring.sealing_with(to).ok_or(KeysProblem::NoSuchKey(to))?;
    let change = Change::by_operator(services).await?;
    if current(change.db()).await? == to {
        return Ok((to, false));
    }
    let says = if services.keys.is_everyone_bound(change.db()).await? {
        CHECK_BOUND
    } else {
        CHECK
    };
    let check = ring.seal(services.random.as_ref(), PURPOSE, ROW, says);
    replace_key_check(change.db(), check).await?;
    let event = Event::SealingKeyChanged {
        key: to.to_string(),
    };
    change.record(&event, About::NOTHING).await?;
    change.commit().await?;
    Ok((to, true))
}

/// One pass over a table: how many values were sealed anew.
async fn reseal_table(
    services: &Services,
    table: SealedTable,
    say: &mut impl FnMut(RotationStep),
) -> Result<u64, KeysProblem> {
    let (mut after, mut resealed, mut tries) = (None, 0, 0);
    loop {
        match reseal_batch(services, table, after).await {
            Ok(None) => return Ok(resealed),
            Ok(Some((last, done))) => {
                (after, tries) = (Some(last), 0);
                resealed += done;
                if done > 0 {
                    say(RotationStep::Resealed(table, done));
                }
            }
            // A server that writes all the time may keep the database from us for a while.
            Err(problem) if problem.is_transient() && tries < MOST_TRIES => tries += 1,
            Err(problem) => return Err(problem),
        }
        tokio::time::sleep(BETWEEN).await;
    }
}

/// One transaction: the last value looked at, and how many were sealed anew; none when there was nothing to look at.
async fn reseal_batch(
    services: &Services,
    table: SealedTable,
    after: Option<Uuid>,
) -> Result<Option<(Uuid, u64)>, KeysProblem> {
    let transaction = services.database.begin_write().await?;
    let keys = services.keys.sealing(&transaction).await?;
    let key = keys.current().to_string();
    let rows = next_sealed(&transaction, table, after, &[key], BATCH).await?;
    let Some(last) = rows.last() else {
        return Ok(None);
    };
    let mut done = 0;
    for row in &rows {
        done += u64::from(reseal(services, &transaction, &keys, (table, row)).await?);
    }
    transaction.commit().await?;
    Ok(Some((last.id, done)))
}

/// One value: true when it was sealed anew. What is bound to a user is bound again, by the same stamp.
async fn reseal(
    services: &Services,
    transaction: &WriteTransaction,
    keys: &KeyRing,
    (table, row): (SealedTable, &SealedRow),
) -> Result<bool, KeysProblem> {
    let user = UserId::new(row.id);
    match table {
        SealedTable::Enrolments | SealedTable::Mails => {
            replace_anew(services, transaction, keys, (table, row)).await
        }
        SealedTable::FactorSets => {
            Ok(factor_set::bind_under(services, transaction, keys, user).await?)
        }
        SealedTable::SecondFactors => {
            // Whoever signs in or changes the factor waits for the lock of the user, too.
            let Some(locked) = lock_user(transaction, user).await? else {
                return Ok(false);
            };
            let factors = match factor_set::load(services, transaction, user).await {
                Ok(factors) => factors,
                // It is no sign that the row is not the program's own: the rotation tries again, or ends.
                Err(Failure::Fault(fault @ Fault::Storage(_))) => return Err(fault.into()),
                Err(_) => return Ok(false),
            };
            let done = replace_anew(services, transaction, keys, (table, row)).await?;
            if done {
                let stamp = factors.stamp().to_vec();
                factor_set::bind_again(transaction, keys, user, stamp).await?;
                let sealed_anew = factor_set::load(services, transaction, user).await?;
                renew_trust(services, transaction, &locked, &sealed_anew).await?;
            }
            Ok(done)
        }
    }
}

async fn replace_anew(
    services: &Services,
    transaction: &WriteTransaction,
    keys: &KeyRing,
    (table, row): (SealedTable, &SealedRow),
) -> Result<bool, KeysProblem> {
    let Some(sealed) = seal_anew(services, keys, row) else {
        return Ok(false);
    };
    let key = keys.current().to_string();
    Ok(replace_sealed(transaction, table, row, sealed, &key).await?)
}

/// A value under the current key; none where it cannot be opened.
fn seal_anew(services: &Services, keys: &KeyRing, row: &SealedRow) -> Option<Vec<u8>> {
    let (purpose, id) = binding(row)?;
    let plain = services.keys.open(purpose, &id, &row.sealed).ok()?;
    Some(keys.seal(services.random.as_ref(), purpose, &id, &plain))
}

/// What a value is bound to; nothing where its row does not say what it is.
pub(super) fn binding(row: &SealedRow) -> Option<(&'static str, String)> {
    Some(match row.holds {
        Holds::Unknown => return None,
        Holds::Factor(kind) => (
            second_factor::purpose(kind),
            UserId::new(row.id).to_string(),
        ),
        Holds::Nothing => (NOTHING_SEALED, UserId::new(row.id).to_string()),
        Holds::FactorSet { .. } => (factor_set::PURPOSE, UserId::new(row.id).to_string()),
        Holds::Mail => (letters::queue::PURPOSE, row.id.to_string()),
    })
}

fn lock(keys: &Keys) -> Result<Option<file::Locked>, KeysProblem> {
    keys.source().file().map(file::lock).transpose()
}

/// The keys as they are now, whoever changed them meanwhile.
fn read_anew(services: &Services) -> Result<KeyRing, KeysProblem> {
    match services.keys.source().file() {
        None => Ok(services.keys.ring()),
        Some(path) => file::read(path)?.ok_or_else(|| KeysProblem::Missing(path.to_owned())),
    }
}

async fn current(transaction: &WriteTransaction) -> Result<KeyId, KeysProblem> {
    let check = lock_key_check(transaction).await?;
    check
        .as_deref()
        .and_then(sealed_with)
        .ok_or(KeysProblem::NoCheck)
}

/// Counts as a line has them: `second factors 12, mails 1`.
pub fn in_words(counts: &BTreeMap<SealedTable, i64>) -> String {
    let words = counts.iter().map(|(table, count)| {
        let table = match table {
            SealedTable::Enrolments => "unfinished set-ups",
            SealedTable::SecondFactors => "second factors",
            SealedTable::FactorSets => "tags of second factors",
            SealedTable::Mails => "waiting mails",
        };
        format!("{table} {count}")
    });
    words.collect::<Vec<_>>().join(", ")
}
