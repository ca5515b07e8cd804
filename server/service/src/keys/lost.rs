//! Keys that are lost for good: values sealed under them can never be read again. Every factor under such a key is removed,
//! like by the operator's reset of each user, so that everybody can sign in again without a table being edited by hand.
//!
//! Each batch is a transaction, and what is done is not found again: whoever is interrupted runs the command once more.

use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use super::{CHECK, KeySource, Keys, KeysProblem, PURPOSE, ROW, file, keys_at_hand, prove};
use crate::audit::{About, Event};
use crate::change::Change;
use crate::factor_set::{bind, may_a_server_live};
use crate::letters::Letter;
use crate::two_factor::remove_factor;
use crate::{Failure, Services};
use crypto::random::Random;
use crypto::seal::KeyRing;
use domain::ends::Occasion;
use settings::Settings;
use storage::instance::{find_instance, replace_key_check};
use storage::sealed::{SealedTable, count_by_key, delete_sealed, next_sealed};
use storage::users::{lock_user, set_sign_in_link_due};
use storage::{Database, StorageError};

/// Rows in one transaction.
const BATCH: u64 = 100;

/// What is under keys that are not here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loss {
    /// Users whose second factor can never be checked again.
    pub users: i64,
    /// Everything else: tags, unfinished set-ups and mails that wait.
    pub others: i64,
    /// Whether the key that seals is among the lost ones.
    pub is_current_lost: bool,
}

impl Loss {
    /// Whether any key is lost.
    pub const fn is_none(&self) -> bool {
        self.users == 0 && self.others == 0 && !self.is_current_lost
    }
}

/// Finds what is under keys that are not here.
///
/// # Errors
/// When the database was never used, and faults of it.
pub async fn find_loss(settings: &Settings, database: &Database) -> Result<Loss, KeysProblem> {
    let ring = keys_at_hand(settings)?;
    let db = database.read();
    let instance = find_instance(db).await?.ok_or(KeysProblem::NoCheck)?;
    let is_here = |id: &str| {
        let ring = ring.as_ref();
        ring.is_some_and(|ring| id.parse().is_ok_and(|id| ring.has(id)))
    };
    let fits = ring
        .as_ref()
        .is_some_and(|ring| prove(ring, &instance.key_check).is_ok());
    let mut loss = Loss {
        is_current_lost: !fits,
        ..Loss::default()
    };
    for table in SealedTable::ALL {
        for (id, count) in count_by_key(db, table).await? {
            match table {
                _ if is_here(&id) => {}
                SealedTable::SecondFactors => loss.users += count,
                SealedTable::Enrolments | SealedTable::FactorSets | SealedTable::Mails => {
                    loss.others += count;
                }
            }
        }
    }
    Ok(loss)
}

/// The keys to go on with: those that are here, or a new one where there is none. One of them seals from now on.
///
/// # Errors
/// When they cannot be read or made.
pub async fn go_on_without(
    settings: &Settings,
    database: &Database,
    random: &dyn Random,
) -> Result<Keys, KeysProblem> {
    let ring = match keys_at_hand(settings)? {
        Some(ring) => ring,
        None => file::create(&settings.keys_path(), random)?,
    };
    let transaction = database.begin_alone().await?;
    let instance = find_instance(&transaction)
        .await?
        .ok_or(KeysProblem::NoCheck)?;
    let ring = match prove(&ring, &instance.key_check) {
        Ok(current) => ring.sealing_with(current).unwrap_or(ring),
        Err(KeysProblem::NotAmongThem(_)) => {
            let ring = ring.sealing_with(ring.newest()).unwrap_or(ring);
            let check = ring.seal(random, PURPOSE, ROW, CHECK);
            replace_key_check(&transaction, check).await?;
            ring
        }
        // Another key under the id of the one that sealed: nothing is lost, the file is wrong.
        Err(problem) => return Err(problem),
    };
    transaction.commit().await.map_err(StorageError::from)?;
    Ok(Keys::new(KeySource::of(settings), ring))
}

/// Refuses while a server may be alive, which may still have the keys. Asked before anything is written.
///
/// # Errors
/// That refusal; faults of the database.
pub async fn refuse_beside_servers(database: &Database, now: Timestamp) -> Result<(), KeysProblem> {
    if may_a_server_live(database.read(), now).await? {
        return Err(KeysProblem::Other(
            "a server works on this database, or was killed a few minutes ago: it may still have the keys. \
             Stop all servers; after one was killed, wait for four minutes"
                .to_owned(),
        ));
    }
    Ok(())
}

/// Ends everything that is under a key which is not here: how many users lost their second factor.
///
/// # Errors
/// Faults of the database.
pub async fn reset_all(services: &Services) -> Result<u64, KeysProblem> {
    let ring = services.keys.ring();
    let (mut users, mut after) = (0, None);
    loop {
        let change = Change::by_operator(services).await?;
        let rows = next_sealed(change.db(), SealedTable::SecondFactors, after, None, BATCH).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        for row in rows.iter().filter(|row| !is_here(&ring, &row.key_id)) {
            reset(&change, UserId::new(row.id)).await?;
            users += 1;
        }
        change.commit().await?;
    }
    bind_the_others(services, &ring).await?;
    for table in [SealedTable::Enrolments, SealedTable::Mails] {
        let change = Change::by_operator(services).await?;
        for (id, _) in count_by_key(change.db(), table).await? {
            if !is_here(&ring, &id) {
                delete_sealed(change.db(), table, &id).await?;
            }
        }
        change.commit().await?;
    }
    Ok(users)
}

fn is_here(ring: &KeyRing, id: &str) -> bool {
    id.parse().is_ok_and(|id| ring.has(id))
}

/// As the operator's reset of one user.
async fn reset(change: &Change<'_>, user: UserId) -> Result<(), KeysProblem> {
    let Some(user) = lock_user(change.db(), user).await? else {
        return Ok(());
    };
    remove_factor(change, &user).await?;
    change.end(Occasion::FactorReset, user.id).await?;
    set_sign_in_link_due(change.db(), user.id, true).await?;
    let event = Event::TwoFactorReset;
    change.record(&event, About::user(&user)).await?;
    let letter = Letter::TwoFactorResetByOperator { takes_link: true };
    change.queue(&user, &letter).await?;
    Ok(())
}

/// Users whose factor can be read, or who have none, and whose tag is under a lost key: nobody can say any more whether it
/// fits, so it is computed again.
async fn bind_the_others(services: &Services, ring: &KeyRing) -> Result<(), KeysProblem> {
    let mut after = None;
    loop {
        let change = Change::by_operator(services).await?;
        let rows = next_sealed(change.db(), SealedTable::FactorSets, after, None, BATCH).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = Some(last.id);
        for row in rows.iter().filter(|row| !is_here(ring, &row.key_id)) {
            let user = UserId::new(row.id);
            match bind(services, change.db(), user).await {
                Ok(()) => {}
                // What cannot be read cannot be bound either.
                Err(Failure::Refused(_)) => reset(&change, user).await?,
                Err(fault) => return Err(fault.into()),
            }
        }
        change.commit().await?;
    }
}
