//! What somebody who is not here could do in an account at this moment: what they have offered rests on it when others
//! take it up.

use app::types::ids::{AccountId, UserId};

use crate::factor_set::is_refused;
use crate::{Outcome, Services};
use domain::enforcement::{Requirement, RequirementStatus, standing_after_reset};
use domain::roles::{Action, Roles, may};
use storage::ConnectionTrait;
use storage::accounts::find_account_of;
use storage::factors::find_readable_factors;
use storage::users::find_user;

/// Whether a user could do something in an account now, were they here: they belong to it with a role that allows it, are
/// neither disabled nor refused for their second factors, and the account is not shut to them.
///
/// # Errors
/// Faults of the database.
pub async fn could_still(
    services: &Services,
    db: &impl ConnectionTrait,
    (user, account): (UserId, AccountId),
    action: Action,
) -> Outcome<bool> {
    let roles = acting_roles(services, db, user, account).await?;
    Ok(may(roles, action))
}

/// As what a user could act in an account now; none where nothing of it is open to them.
async fn acting_roles(
    services: &Services,
    db: &impl ConnectionTrait,
    user: UserId,
    account: AccountId,
) -> Outcome<Roles> {
    let user = find_user(db, user).await?.filter(|user| !user.is_disabled);
    let Some(user) = user else {
        return Ok(Roles::NONE);
    };
    let Some(found) = find_account_of(db, user.id, account).await? else {
        return Ok(Roles::NONE);
    };
    // Who is refused at each sign-in does nothing here either.
    if is_refused(services, db, user.id).await? {
        return Ok(Roles::NONE);
    }
    let Some(factors) = find_readable_factors(db, user.id).await? else {
        return Ok(Roles::NONE);
    };
    let standing = standing_after_reset(
        Requirement::from(found.account.required_from),
        factors.cover(found.account.rules),
        found.opens_at,
        services.now(),
    );
    Ok(match standing {
        RequirementStatus::Due => Roles::NONE,
        RequirementStatus::DueFrom(_) | RequirementStatus::Free => found.roles,
    })
}
