//! Accounts: who is admitted to one, and what they may do there.
//!
//! Every use case of an account starts here, in its own transaction, so that it sees a role that was just revoked or a
//! requirement that has just taken effect.

pub mod acting;
pub mod activity;
pub mod announcements;
mod batch;
pub mod deletion;
pub mod entering;
pub mod entry;
pub mod naming;
mod notices;
pub mod operator;
pub mod settings;
mod settings_store;
mod used;

use app::types::account::{AccountRef, RequiringAccount};
use app::types::timestamp::Timestamp;

use super::audit::About;
use super::change::Change;
use super::principal::Principal;
use super::{Outcome, Services};
use crate::refusal::Refusal;
use domain::enforcement::{Requirement, RequirementStatus, standing_after_reset};
use domain::roles::{Action, Denial, Roles, denial};
use storage::ConnectionTrait;
use storage::accounts::{Account, AccountOfUser, find_account_of, find_account_used_last};
use storage::factors::find_factors;
use storage::team::TeamMember;

/// A user of an account, admitted to it.
pub struct Member {
    /// The account.
    pub account: Account,
    /// What the user is in it, ownership among it.
    pub roles: Roles,
    /// What its requirement means to the user now.
    pub standing: RequirementStatus,
    /// Whether the user has a second factor that counts here.
    pub has_two_factor: bool,
    /// Until when it keeps its doors shut to the user after a reset, factor or not, where it does.
    pub opens_at: Option<Timestamp>,
    /// When the user last used it, as it stood before.
    pub last_used_at: Option<Timestamp>,
}

impl Member {
    /// What is done in the account to another user of it, for the log.
    pub fn about<'a>(&self, whom: &'a TeamMember) -> About<'a> {
        About {
            account: Some(self.account.id),
            subject: Some((whom.id, &whom.name)),
        }
    }

    /// Whether the user may do something in the account.
    ///
    /// # Errors
    /// Says why no role of theirs allows it.
    pub fn may(&self, action: Action) -> Result<(), Denial> {
        denial(self.roles, action).map_or(Ok(()), Err)
    }
}

/// Admits a user to an account. The first time of a session is a line of the account's log: who cannot be noted there is
/// not let in. That they are here is noted once a minute.
///
/// # Errors
/// An account that is not there or not theirs is not found; one whose requirement holds is shut until the user has
/// two-factor authentication, and nothing of it but its name can be read before.
pub async fn admit(
    services: &Services,
    caller: &Principal,
    account: AccountRef,
) -> Outcome<Member> {
    let db = services.database.read();
    let member = admit_unnoted(services, db, caller, account).await?;
    if !entry::is_noted(services, caller, member.account.id) {
        return entry::note(services, caller, member.account.id).await;
    }
    used::note(services, caller, &member).await?;
    Ok(member)
}

/// The same within a change, after [`crate::sessions::still`].
///
/// # Errors
/// As [`admit`].
pub async fn admit_within(
    change: &Change<'_>,
    caller: &Principal,
    account: AccountRef,
) -> Outcome<Member> {
    let member = admit_unnoted(change.services, change.db(), caller, account).await?;
    entry::note_within(change, caller, member.account.id).await?;
    used::note_within(change, caller, &member).await?;
    Ok(member)
}

/// The same without a line in the log: for a look before the rows are locked, which another follows.
///
/// # Errors
/// As [`admit`].
pub(super) async fn admit_unnoted(
    services: &Services,
    db: &impl ConnectionTrait,
    caller: &Principal,
    account: AccountRef,
) -> Outcome<Member> {
    let member = admit_shut(services, db, caller, account).await?;
    match (member.standing, member.account.required_from) {
        (RequirementStatus::Due, Some(from)) => Err(Refusal::TwoFactorRequired {
            account: RequiringAccount {
                id: member.account.id,
                name: member.account.name,
                from: from.into(),
                in_force: true,
                has_two_factor: member.has_two_factor,
                opens_at: member.opens_at,
            },
        }
        .into()),
        (RequirementStatus::Due | RequirementStatus::DueFrom(_) | RequirementStatus::Free, _) => {
            Ok(member)
        }
    }
}

/// Admits a user to an account though its doors are shut: for leaving it and for switching to another.
///
/// # Errors
/// An account that is not there or not theirs is not found.
pub async fn admit_shut(
    services: &Services,
    db: &impl ConnectionTrait,
    caller: &Principal,
    account: AccountRef,
) -> Outcome<Member> {
    let user = caller.user.id;
    let found = match account {
        AccountRef::Any => find_account_used_last(db, user).await?,
        AccountRef::Id(id) => find_account_of(db, user, id).await?,
    };
    let AccountOfUser {
        account,
        roles,
        opens_at,
        last_used_at,
        ..
    } = found.ok_or(Refusal::NotFound)?;
    let factors = find_factors(db, user).await?;
    let has_two_factor = factors.cover(account.rules);
    let now = services.now();
    let standing = standing_after_reset(
        Requirement::from(account.required_from),
        has_two_factor,
        opens_at,
        now,
    );
    Ok(Member {
        account,
        roles,
        standing,
        has_two_factor,
        opens_at: opens_at.filter(|at| *at > now),
        last_used_at,
    })
}
