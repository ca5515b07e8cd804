//! Keys that are lost for good: values sealed under them can never be read again. Every factor under such a key is removed,
//! like by the operator's reset of each user, so that everybody can sign in again without a table being edited by hand.
//!
//! A key that is missing may also be one that never was: whoever can write to the database names one in a row. So a lost key
//! gives nobody more than a reset does. A user whose tag cannot be computed any more is reset, with a mailed link due, even
//! where no factor is left of them. That they had none is believed only where the key that seals is lost, the keys at hand open
//! nothing at all, and nothing in the database says that they ever had one. docs/decisions/0028-bound-factors.md

use std::collections::BTreeSet;

use app::types::ids::UserId;
use app::types::timestamp::Timestamp;
use uuid::Uuid;

use super::under::{SealedValue, Walk};
use super::{CHECK_BOUND, KeySource, Keys, KeysProblem, PURPOSE, ROW, file, keys_at_hand, prove};
use crate::Services;
use crate::audit::{About, Event};
use crate::change::Change;
use crate::factor_set::{bind, may_a_server_live};
use crate::letters::Letter;
use crate::two_factor::remove_factor;
use crypto::random::Random;
use crypto::seal::KeyRing;
use domain::ends::Occasion;
use settings::Settings;
use storage::factor_sets::WithoutFactorSet;
use storage::factors::find_readable_factors;
use storage::instance::{find_instance, lock_key_check, replace_key_check};
use storage::recovery_codes::count_recovery_codes;
use storage::sealed::{SealedTable, delete_sealed};
use storage::users::{find_user, lock_user, set_sign_in_link_due};
use storage::{ConnectionTrait, Database, Stored};

/// Users without a tag read at once.
const PAGE: u64 = 500;

/// What is under keys that are not here, and what becomes of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Loss {
    /// Users whose second factors can never be checked again: they are reset.
    pub resets: BTreeSet<UserId>,
    /// Users who have no factor, of whom nothing says any more that they have none: it is believed.
    believed: BTreeSet<UserId>,
    /// Unfinished set-ups and mails that wait: they are removed.
    removed: Vec<(SealedTable, Uuid)>,
    /// Whether the key that seals is among the lost ones.
    is_current_lost: bool,
}

impl Loss {
    /// Whether any key is lost.
    pub fn is_none(&self) -> bool {
        self.resets.is_empty()
            && self.believed.is_empty()
            && self.removed.is_empty()
            && !self.is_current_lost
    }

    /// How many set-ups and mails are removed.
    pub const fn removed(&self) -> usize {
        self.removed.len()
    }

    /// How many users are believed to have had no factor.
    pub fn believed(&self) -> usize {
        self.believed.len()
    }
}

/// Finds what is under keys that are not here.
///
/// # Errors
/// When the database was never used, and faults of it.
pub async fn find_loss(settings: &Settings, database: &Database) -> Result<Loss, KeysProblem> {
    look(database.read(), keys_at_hand(settings)?.as_ref()).await
}

async fn look(db: &impl ConnectionTrait, ring: Option<&KeyRing>) -> Result<Loss, KeysProblem> {
    let instance = find_instance(db).await?.ok_or(KeysProblem::NoCheck)?;
    let is_proven = |ring| prove(ring, &instance.key_check).is_ok();
    let mut seen = Seen::default();
    seen.loss.is_current_lost = !ring.is_some_and(is_proven);
    let mut walk = Walk::over_all();
    while let Some(values) = walk.next(db).await? {
        for value in &values {
            seen.note(ring, value);
        }
    }
    if seen.loss.is_current_lost {
        // What said whether a user without a tag is refused is lost, too.
        let mut walk = WithoutFactorSet::default();
        while let Some(users) = walk.next(db, PAGE).await? {
            seen.untold.extend(users);
        }
    }
    let Seen {
        mut loss,
        untold,
        is_anything_left,
    } = seen;
    let is_nothing_left = loss.is_current_lost && !is_anything_left;
    for user in untold {
        if is_nothing_left && has_no_trace_of_a_factor(db, user).await? {
            loss.believed.insert(user);
        } else {
            loss.resets.insert(user);
        }
    }
    Ok(loss)
}

/// What a walk over all values has seen so far.
#[derive(Default)]
struct Seen {
    loss: Loss,
    /// Users of whom no tag says any more what they have.
    untold: BTreeSet<UserId>,
    /// Whether the keys at hand open anything at all.
    is_anything_left: bool,
}

impl Seen {
    fn note(&mut self, ring: Option<&KeyRing>, value: &SealedValue) {
        let is_here = |ring: &KeyRing| value.key(Some(ring)).is_some_and(|key| ring.has(key));
        if ring.is_some_and(is_here) {
            self.is_anything_left =
                self.is_anything_left || ring.is_some_and(|ring| value.check(ring).is_ok());
            return;
        }
        match value.table {
            SealedTable::SecondFactors => {
                self.loss.resets.insert(value.user());
            }
            SealedTable::FactorSets => {
                self.untold.insert(value.user());
            }
            SealedTable::Enrolments | SealedTable::Mails => {
                self.loss.removed.push((value.table, value.row.id));
            }
        }
    }
}

/// Whether a user has no factor, and nothing in the database says that they ever had one. Whoever has taken the row of a factor away
/// has most often left the rest.
async fn has_no_trace_of_a_factor(db: &impl ConnectionTrait, user: UserId) -> Stored<bool> {
    let factors = find_readable_factors(db, user).await?;
    let has_none = factors.is_some_and(|factors| !factors.is_on());
    let had_one = find_user(db, user)
        .await?
        .is_none_or(|user| user.had_factor);
    Ok(has_none && !had_one && count_recovery_codes(db, user).await? == 0)
}

/// The keys to go on with: those that are here, or a new one where there is none. One of them seals from now on, as soon as
/// [`give_up`] has said so in the database.
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
    let instance = find_instance(database.read())
        .await?
        .ok_or(KeysProblem::NoCheck)?;
    let current = match prove(&ring, &instance.key_check) {
        Ok(current) => current,
        Err(KeysProblem::NotAmongThem(_)) => ring.newest(),
        // Another key under the id of the one that sealed: nothing is lost, the file is wrong.
        Err(problem) => return Err(problem),
    };
    let ring = ring.sealing_with(current).unwrap_or(ring);
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

/// Ends everything that is under a key which is not here, in one transaction. From then on every user is bound.
///
/// # Errors
/// When something else is lost by now than was confirmed; faults of the database.
pub async fn give_up(services: &Services, confirmed: &Loss) -> Result<(), KeysProblem> {
    let change = Change::by_operator(services).await?;
    lock_key_check(change.db()).await?;
    let ring = services.keys.ring();
    let loss = look(change.db(), Some(&ring)).await?;
    if loss != *confirmed {
        return Err(KeysProblem::Other(
            "the database has changed meanwhile, and nothing was done: run the command again"
                .to_owned(),
        ));
    }
    if loss.is_current_lost {
        let check = ring.seal(services.random.as_ref(), PURPOSE, ROW, CHECK_BOUND);
        replace_key_check(change.db(), check).await?;
    }
    for user in &loss.believed {
        bind(services, change.db(), *user).await?;
    }
    for user in &loss.resets {
        reset(&change, *user).await?;
    }
    for (table, id) in &loss.removed {
        delete_sealed(change.db(), *table, *id).await?;
    }
    let event = Event::LostKeysGivenUp {
        users: u32::try_from(loss.resets.len()).unwrap_or(u32::MAX),
    };
    change.record(&event, About::NOTHING).await?;
    change.commit().await?;
    Ok(())
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
