//! Verifies that the second factors of a user are those that the program stored, and refuses otherwise. Each user has a tag
//! (a MAC under the keys) over all of their factors, including the empty set. Code that changes a factor calls [`bind`] in
//! the same transaction.
//! docs/decisions/0028-bound-factors.md

mod everyone;
mod refused;

use crate::refusal::Refusal;
use app::types::ids::UserId;
use constant_time_eq::constant_time_eq;

use super::browsers::renew_trust;
use super::{Failure, Outcome, Services};
use crypto::random::bytes;
use crypto::seal::{KeyId, KeyRing};
use domain::factor_set::{
    BoundFactor, STAMP_BYTES, SetVerdict, StampedFactors, TagFound, judge, key_value, parts,
    user_bytes,
};
use domain::factors::Factors;
use storage::factor_sets::{FactorSet, find_factor_set, upsert_factor_set};
use storage::factors::lock_factors;
use storage::users::lock_user;
use storage::{ConnectionTrait, WriteTransaction};

pub use everyone::{bind_everyone, may_a_server_live};
pub use refused::{is_refused, refused_among};

/// Keeps these tags apart from others under the same keys.
pub const PURPOSE: &str = "factor set";

/// The verified second factors of a user whose row the caller has locked.
///
/// # Errors
/// `FactorUnreadable` where the rows are not those that the program stored: a factor was removed, added or changed past it.
pub async fn load(
    services: &Services,
    transaction: &WriteTransaction,
    user: UserId,
) -> Outcome<StampedFactors> {
    let factors = lock_factors(transaction, user).await?;
    let set = find_factor_set(transaction, user).await?;
    match (
        verdict(services, transaction, user, (&set, &factors)).await?,
        set,
    ) {
        (SetVerdict::Genuine, Some(set)) => Ok(StampedFactors::new(factors, set.stamp)),
        (SetVerdict::Adopt, _) => {
            let stamp = write(services, transaction, user, &factors).await?;
            let factors = StampedFactors::new(factors, stamp);
            renew_trust_of(services, transaction, user, &factors).await?;
            Ok(factors)
        }
        // No set without a row is genuine.
        (SetVerdict::Refused, _) | (SetVerdict::Genuine, None) => {
            tracing::error!(
                user.id = %user,
                "the second factors of a user are not those that Twofold stored: their rows were changed past it, or \
                 a key is missing. Nobody is signed in; `twofold user reset-two-factor` lets the user set up anew"
            );
            Err(Refusal::FactorUnreadable.into())
        }
    }
}

async fn verdict(
    services: &Services,
    db: &impl ConnectionTrait,
    user: UserId,
    (set, factors): (&Option<FactorSet>, &Factors),
) -> Outcome<SetVerdict> {
    let found = match set {
        None => TagFound::Missing,
        Some(set) if fits(services, user, set, factors) => TagFound::Fitting,
        Some(_) => TagFound::Wrong,
    };
    let is_everyone_bound =
        found == TagFound::Missing && services.keys.is_everyone_bound(db).await?;
    Ok(judge(found, is_everyone_bound))
}

/// Binds the factors of a user as they are now, with a new stamp. The caller has just changed them, or made the user.
///
/// # Errors
/// When the key that seals is not here.
pub async fn bind(
    services: &Services,
    transaction: &WriteTransaction,
    user: UserId,
) -> Outcome<()> {
    let factors = lock_factors(transaction, user).await?;
    write(services, transaction, user, &factors).await?;
    Ok(())
}

/// Binds the same factors, which were sealed again, with the previous stamp.
///
/// # Errors
/// Faults of the database.
pub async fn bind_again(
    transaction: &WriteTransaction,
    keys: &KeyRing,
    user: UserId,
    stamp: Vec<u8>,
) -> Outcome<()> {
    let factors = lock_factors(transaction, user).await?;
    let set = bound(keys, user, stamp, &factors);
    upsert_factor_set(transaction, user, set).await?;
    Ok(())
}

/// Binds the factors of a user under the current key; true when they were bound under another one.
///
/// # Errors
/// Faults of the database. What is refused stays as it is.
pub async fn bind_under(
    services: &Services,
    transaction: &WriteTransaction,
    keys: &KeyRing,
    user: UserId,
) -> Outcome<bool> {
    if lock_user(transaction, user).await?.is_none() {
        return Ok(false);
    }
    match load(services, transaction, user).await {
        Ok(factors) => bind_again(transaction, keys, user, factors.stamp().to_vec())
            .await
            .map(|()| true),
        Err(Failure::Refused(_)) => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// What browsers are trusted with is kept under the keys, too, from the moment at which the factors are bound.
async fn renew_trust_of(
    services: &Services,
    transaction: &WriteTransaction,
    user: UserId,
    factors: &StampedFactors,
) -> Outcome<()> {
    if factors.is_on()
        && let Some(user) = lock_user(transaction, user).await?
    {
        renew_trust(services, transaction, &user, factors).await?;
    }
    Ok(())
}

async fn write(
    services: &Services,
    transaction: &WriteTransaction,
    user: UserId,
    factors: &Factors,
) -> Outcome<Vec<u8>> {
    let stamp = bytes::<STAMP_BYTES>(services.random.as_ref()).to_vec();
    let keys = services.keys.sealing(transaction).await?;
    let set = bound(&keys, user, stamp.clone(), factors);
    upsert_factor_set(transaction, user, set).await?;
    Ok(stamp)
}

/// The tag of these factors under the key that seals.
pub fn bound(keys: &KeyRing, user: UserId, stamp: Vec<u8>, factors: &Factors) -> FactorSet {
    let tag = with_parts(user, &stamp, factors, |parts| keys.tag(PURPOSE, parts));
    FactorSet {
        stamp,
        tag: tag.to_vec(),
        key_id: keys.current().to_string(),
    }
}

/// Whether a tag is of these factors.
fn fits(services: &Services, user: UserId, set: &FactorSet, factors: &Factors) -> bool {
    let fits = || key_of(&services.keys.ring(), user, set, factors).is_some();
    if fits() {
        return true;
    }
    let Ok(key) = set.key_id.parse() else {
        return false;
    };
    services.keys.look_for(key);
    fits()
}

/// The key under which a tag is of these factors; none where it is so under none of these keys. The name in the row says which is
/// tried first, and nothing else: whoever writes to the database can edit it.
pub fn key_of(keys: &KeyRing, user: UserId, set: &FactorSet, factors: &Factors) -> Option<KeyId> {
    let named = set.key_id.parse().ok();
    let others = keys.ids().into_iter().filter(|key| Some(*key) != named);
    let is_under = |key: &KeyId| {
        let tag = with_parts(user, &set.stamp, factors, |parts| {
            keys.tag_under(*key, PURPOSE, parts)
        });
        tag.is_some_and(|tag| constant_time_eq(&tag, &set.tag))
    };
    named.into_iter().chain(others).find(is_under)
}

fn with_parts<T>(
    user: UserId,
    stamp: &[u8],
    factors: &Factors,
    then: impl FnOnce(&[&[u8]]) -> T,
) -> T {
    let id = user_bytes(user);
    let (codes, keys) = (factors.codes(), factors.keys());
    let count = ((codes.len() + keys.len()) as u64).to_be_bytes();
    // The row of an app or a number has the id of its user.
    let codes = codes.iter().map(|factor| BoundFactor {
        id: &id,
        kind: factor.kind.word(),
        value: &factor.sealed,
    });
    let values: Vec<_> = keys.iter().map(key_value).collect();
    let ids: Vec<_> = keys.iter().map(|key| key.id.uuid()).collect();
    let of_keys = keys.iter().zip(&ids).zip(&values);
    let of_keys = of_keys.map(|((key, id), value)| BoundFactor {
        id: id.as_bytes(),
        kind: key.kind().word(),
        value,
    });
    let factors: Vec<_> = codes.chain(of_keys).collect();
    then(&parts(&id, stamp, &count, &factors))
}
