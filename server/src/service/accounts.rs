//! Accounts: who is admitted to one, and what they may do there.
//!
//! Every use case of an account begins here, in the transaction of what it does: a role that was taken away, or a
//! requirement that holds since a second ago, is then seen by everything that comes after it.

use app::error::ApiError;
use app::types::account::{AccountRef, RequiringAccount};

use super::sessions::SignedIn;
use super::{Failure, Outcome, Services};
use crate::domain::enforcement::{Requirement, Standing, counts, standing};
use crate::domain::roles::{Action, Roles, may};
use crate::storage::ConnectionTrait;
use crate::storage::accounts::{Account, AccountOfUser, find_account_of, find_account_used_last};
use crate::storage::second_factors::find_factor_kind;

/// A user of an account, admitted to it.
pub struct Member {
    /// The account.
    pub account: Account,
    /// What the user is in it, ownership among it.
    pub roles: Roles,
    /// What its requirement means to the user now.
    pub standing: Standing,
}

impl Member {
    /// Whether the user may do something in the account.
    ///
    /// # Errors
    /// Refuses as forbidden what no role of theirs allows.
    pub fn may(&self, action: Action) -> Result<(), ApiError> {
        if may(self.roles, action) {
            Ok(())
        } else {
            Err(ApiError::Forbidden)
        }
    }
}

/// Admits a user to an account.
///
/// # Errors
/// An account that is not there or not theirs is not found; one whose requirement holds is shut until the user has
/// two-factor authentication, and nothing of it but its name can be read before.
pub async fn admit(
    services: &Services,
    db: &impl ConnectionTrait,
    caller: &SignedIn,
    account: AccountRef,
) -> Outcome<Member> {
    let member = admit_shut(services, db, caller, account).await?;
    match (member.standing, member.account.required_from) {
        (Standing::Due, Some(from)) => Err(ApiError::TwoFactorRequired {
            account: RequiringAccount {
                id: member.account.id,
                name: member.account.name,
                from,
                in_force: true,
            },
        }
        .into()),
        (Standing::Due | Standing::DueFrom(_) | Standing::Free, _) => Ok(member),
    }
}

/// Admits a user to an account though its doors are shut: for leaving it and for switching to another.
///
/// # Errors
/// An account that is not there or not theirs is not found.
pub async fn admit_shut(
    services: &Services,
    db: &impl ConnectionTrait,
    caller: &SignedIn,
    account: AccountRef,
) -> Outcome<Member> {
    let user = caller.user.id;
    let found = match account {
        AccountRef::Any => find_account_used_last(db, user).await?,
        AccountRef::Id(id) => find_account_of(db, user, id).await?,
    };
    let AccountOfUser { account, roles, .. } = found.ok_or(Failure::Refused(ApiError::NotFound))?;
    let factor = find_factor_kind(db, user).await?;
    let standing = standing(
        Requirement::from(account.required_from),
        counts(factor, account.rules.sms_counts),
        services.now(),
    );
    Ok(Member {
        account,
        roles,
        standing,
    })
}
