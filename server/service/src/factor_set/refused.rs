//! Whose second factors are refused, for lists and for rules that ask before anything is done. It changes nothing and writes no
//! line of the log.

use std::collections::HashSet;

use app::types::ids::UserId;

use super::fits;
use crate::{Outcome, Services, second_factor};
use domain::factor_set::{SetVerdict, TagFound, judge};
use domain::factors::Factors;
use storage::ConnectionTrait;
use storage::factor_sets::find_factor_sets_of;
use storage::factors::find_readable_factors_of;

/// Those of these users whose second factors are not the ones that the program stored, or cannot be opened: they cannot sign in
/// before a reset.
///
/// # Errors
/// Faults of the database.
pub async fn refused_among(
    services: &Services,
    db: &impl ConnectionTrait,
    users: &[UserId],
) -> Outcome<HashSet<UserId>> {
    let refused = look(services, db, users).await?;
    if refused.is_empty() {
        return Ok(refused);
    }
    // Factors may have changed between the readings.
    let again: Vec<_> = refused.into_iter().collect();
    look(services, db, &again).await
}

/// Whether the second factors of one user are refused.
///
/// # Errors
/// Faults of the database.
pub async fn is_refused(
    services: &Services,
    db: &impl ConnectionTrait,
    user: UserId,
) -> Outcome<bool> {
    Ok(!refused_among(services, db, &[user]).await?.is_empty())
}

async fn look(
    services: &Services,
    db: &impl ConnectionTrait,
    users: &[UserId],
) -> Outcome<HashSet<UserId>> {
    let mut factors = find_readable_factors_of(db, users).await?;
    let sets = find_factor_sets_of(db, users).await?;
    let is_any_missing = users.iter().any(|user| !sets.contains_key(user));
    let is_everyone_bound = is_any_missing && services.keys.is_everyone_bound(db).await?;
    let mut refused = HashSet::new();
    for user in users {
        // Who has no row has the empty set; none where a row cannot be read.
        let factors = factors.remove(user).unwrap_or(Some(Factors::default()));
        let is_good = factors.is_some_and(|factors| {
            let found = match sets.get(user) {
                None => TagFound::Missing,
                Some(set) if fits(services, *user, set, &factors) => TagFound::Fitting,
                Some(_) => TagFound::Wrong,
            };
            let verdict = judge(found, is_everyone_bound);
            verdict != SetVerdict::Refused && can_be_opened(services, *user, &factors)
        });
        if !is_good {
            refused.insert(*user);
        }
    }
    Ok(refused)
}

/// Whether the keys open each factor. A tag says nothing of that: it is over the sealed bytes.
fn can_be_opened(services: &Services, user: UserId, factors: &Factors) -> bool {
    factors.codes().iter().all(|factor| {
        let purpose = second_factor::purpose(factor.kind);
        let opened = services
            .keys
            .open(purpose, &user.to_string(), &factor.sealed);
        opened.is_ok()
    })
}
