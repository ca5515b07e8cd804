//! What the passes of a rotation leave, which go by the names in the rows: values whose rows name a wrong key, and users who have
//! no tag.

use super::{BETWEEN, MOST_TRIES, RotationStep, reseal};
use crate::Services;
use crate::keys::KeysProblem;
use crate::keys::under::{SealedValue, Walk};
use crypto::seal::KeyId;
use storage::factor_sets::WithoutFactorSet;
use storage::sealed::SealedTable;

/// Users without a tag read at once.
const PAGE: u64 = 500;

/// What a walk over all values has come to.
#[derive(Default)]
pub(super) struct Rest {
    /// Values that it sealed anew.
    pub(super) resealed: u64,
    /// Values that cannot be opened.
    pub(super) values: u64,
    /// Users whose tag is not of their factors.
    pub(super) users: u64,
}

/// Walks over all values and seals those anew that are not under the key, whatever their rows name. It reads pages and writes one
/// value at a time, so that it keeps nobody waiting where all is well.
pub(super) async fn reseal_the_rest(
    services: &Services,
    key: KeyId,
    say: &mut impl FnMut(RotationStep),
) -> Result<Rest, KeysProblem> {
    let mut rest = Rest::default();
    let mut walk = Walk::over_all();
    while let Some(values) = walk.next(services.database.read()).await? {
        let ring = services.keys.ring();
        for value in &values {
            let is_tag = value.table == SealedTable::FactorSets;
            if value.is_under(&ring, key) && !(is_tag && value.check(&ring).is_err()) {
                continue;
            }
            match reseal_alone(services, value).await? {
                Alone::Resealed => {
                    rest.resealed += 1;
                    say(RotationStep::Resealed(value.table, 1));
                }
                Alone::Fine => {}
                Alone::Left if is_tag => rest.users += 1,
                Alone::Left => rest.values += 1,
            }
        }
    }
    Ok(rest)
}

/// What has become of a value.
enum Alone {
    /// It was sealed anew.
    Resealed,
    /// It is gone, or under the current key by now.
    Fine,
    /// It cannot be opened.
    Left,
}

/// One value in a transaction of its own, as it is by now.
async fn reseal_alone(services: &Services, value: &SealedValue) -> Result<Alone, KeysProblem> {
    let mut tries = 0;
    loop {
        match try_alone(services, value).await {
            Err(problem) if problem.is_transient() && tries < MOST_TRIES => tries += 1,
            done => return done,
        }
        tokio::time::sleep(BETWEEN).await;
    }
}

async fn try_alone(services: &Services, value: &SealedValue) -> Result<Alone, KeysProblem> {
    let transaction = services.database.begin_write().await?;
    let keys = services.keys.sealing(&transaction).await?;
    let Some(now) = value.read_again(&transaction).await? else {
        return Ok(Alone::Fine);
    };
    if now.is_under(&keys, keys.current()) {
        let is_refused = now.table == SealedTable::FactorSets && now.check(&keys).is_err();
        return Ok(if is_refused { Alone::Left } else { Alone::Fine });
    }
    let done = reseal(services, &transaction, &keys, (now.table, &now.row)).await?;
    transaction.commit().await?;
    Ok(if done { Alone::Resealed } else { Alone::Left })
}

/// How many users are refused since they have no tag.
pub(super) async fn without_tag(services: &Services) -> Result<u64, KeysProblem> {
    let db = services.database.read();
    if !services.keys.is_everyone_bound(db).await? {
        return Ok(0);
    }
    let (mut walk, mut found) = (WithoutFactorSet::default(), 0);
    while let Some(users) = walk.next(db, PAGE).await? {
        found += users.len() as u64;
    }
    Ok(found)
}
