//! Binds the factors of users who have no tag yet, after an upgrade from a version without tags.

use app::types::timestamp::Timestamp;

use super::load;
use crate::browsers::renew_trust;
use crate::keys::say_everyone_is_bound;
use crate::upkeep::JOB;
use crate::{Failure, Outcome, Services};
use storage::factor_sets::{WithoutFactorSet, is_any_without_factor_set};
use storage::instance::lock_key_check;
use storage::leases::find_lease_end;
use storage::trusted_browsers::users_with_trusted_browsers;
use storage::users::lock_user;
use storage::{ConnectionTrait, Stored};

/// The lease that servers of earlier versions took, for 55 seconds in each minute.
const JOB_BEFORE: &str = "upkeep";
/// Seconds after the end of its lease for which such a server may still be alive.
const MAY_BE_ALIVE: i64 = 180;
/// The longest that such a lease can last from now; a later end was written by a clock that was ahead.
const LONGEST_LEASE: i64 = 60;
/// Users in one transaction; it bounds how long other writers wait.
const BATCH: u64 = 200;

/// Binds all users without a tag, as soon as no server of an earlier version can be alive, and records that in the database:
/// from then on a user without a tag is refused. True when it was recorded now.
///
/// # Errors
/// Faults of the database; the next turn goes on where this one ended.
pub async fn bind_everyone(services: &Services) -> Outcome<bool> {
    let db = services.database.read();
    if services.keys.is_everyone_bound(db).await?
        || may_an_old_server_live(db, services.now()).await?
    {
        return Ok(false);
    }
    let mut walk = WithoutFactorSet::default();
    while let Some(users) = walk.next(db, BATCH).await? {
        let transaction = services.database.begin_write().await?;
        for user in users {
            if lock_user(&transaction, user).await?.is_none() {
                continue;
            }
            match load(services, &transaction, user).await {
                // Refused is logged, and stays refused.
                Ok(_) | Err(Failure::Refused(_)) => {}
                Err(fault) => return Err(fault),
            }
        }
        transaction.commit().await?;
    }
    renew_all_trust(services).await?;
    let transaction = services.database.begin_write().await?;
    // Code that creates a user or changes a factor takes this lock in shared mode, so neither happens meanwhile.
    lock_key_check(&transaction).await?;
    let is_left = is_any_without_factor_set(&transaction).await?;
    if is_left || may_an_old_server_live(&transaction, services.now()).await? {
        return Ok(false);
    }
    say_everyone_is_bound(services, &transaction).await?;
    transaction.commit().await?;
    tracing::info!("the second factors of every user are bound to them");
    Ok(true)
}

/// Servers of a version before have trusted browsers until now, also of users who were bound already.
async fn renew_all_trust(services: &Services) -> Outcome<()> {
    let mut after = None;
    loop {
        let db = services.database.read();
        let users = users_with_trusted_browsers(db, after, BATCH).await?;
        let Some(last) = users.last() else {
            return Ok(());
        };
        after = Some(*last);
        let transaction = services.database.begin_write().await?;
        for user in users {
            let Some(user) = lock_user(&transaction, user).await? else {
                continue;
            };
            match load(services, &transaction, user.id).await {
                Ok(factors) if factors.is_on() => {
                    renew_trust(services, &transaction, &user, &factors).await?;
                }
                // Whose factors are refused or gone has no trust.
                Ok(_) | Err(Failure::Refused(_)) => {}
                Err(fault) => return Err(fault),
            }
        }
        transaction.commit().await?;
    }
}

/// Whether a server of any version works on this database, or did within the last minutes.
///
/// # Errors
/// Faults of the database.
pub async fn may_a_server_live(db: &impl ConnectionTrait, now: Timestamp) -> Stored<bool> {
    let ends_at = find_lease_end(db, JOB).await?;
    let is_of_now = ends_at.is_some_and(|ends_at| may_live(ends_at, now));
    Ok(is_of_now || may_an_old_server_live(db, now).await?)
}

async fn may_an_old_server_live(db: &impl ConnectionTrait, now: Timestamp) -> Stored<bool> {
    let ends_at = find_lease_end(db, JOB_BEFORE).await?;
    Ok(ends_at.is_some_and(|ends_at| may_live(ends_at, now)))
}

fn may_live(lease_ends_at: Timestamp, now: Timestamp) -> bool {
    now < lease_ends_at + MAY_BE_ALIVE && lease_ends_at <= now + LONGEST_LEASE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_of_before_may_live_until_three_minutes_after_its_lease() {
        let now = Timestamp(1_000_000);
        let table = [
            (55, true),
            (60, true),
            (61, false),
            (0, true),
            (-179, true),
            (-180, false),
        ];
        for (ends_in, may) in table {
            assert_eq!(may_live(now + ends_in, now), may, "{ends_in}");
        }
    }
}
