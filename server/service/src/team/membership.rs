//! Changing somebody's roles, removing somebody, leaving.

use app::types::account::AccountRef;
use app::types::ids::UserId;
use app::types::team::RevokedInvitations;
use app::types::two_factor::StepUp;

use super::{admit_locked, admit_shut_locked, find_other, refuse};
use crate::accounts::{Member, admit};
use crate::audit::{About, Event};
use crate::change::Change;
use crate::ends::Concerned;
use crate::invitations::sender::{LostRight, revoke_sent};
use crate::letters::{Letter, in_letter};
use crate::limits::Limit;
use crate::principal::Principal;
use crate::refusal::{Refusal, Wrong};
use crate::sessions::SignedIn;
use crate::step_up::prove_where_due;
use crate::{Outcome, Services};
use domain::ends::Occasion;
use domain::roles::{Action, Roles, changes_rank, denial, gives_rank};
use domain::team;
use storage::ConnectionTrait;
use storage::memberships::{delete_membership, update_roles};
use storage::team::TeamMember;
use storage::users::find_user;

/// Changes somebody's roles. Roles that are theirs already change nothing and tell nobody. Making somebody an
/// administrator gives rank: it takes a step-up, and the owner is mailed whoever does it. Taking rank away revokes the
/// invitations that the other can no longer offer.
///
/// # Errors
/// Nobody touches one of their own rank or above or gives more than they have; the owner stays the owner; the roles of one
/// user change so often in a day and no oftener; a step-up that is missing or fails where rank is given.
pub async fn change_roles(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    wanted: &RolesChange,
    step_up: Option<&StepUp>,
) -> Outcome<RevokedInvitations> {
    let db = services.database.read();
    let member = admit(services, caller, account).await?;
    let row = check_change(services, db, &member, caller, wanted).await?;
    let is_due = gives_rank(row.roles, wanted.to_be);
    let proven = prove_where_due(services, caller, is_due, step_up).await?;
    let change = Change::where_due(services, caller, proven).await?;
    let account = AccountRef::Id(member.account.id);
    let member = admit_locked(&change, caller, account).await?;
    let row = check_change(services, change.db(), &member, caller, wanted).await?;
    change.require_step_up(gives_rank(row.roles, wanted.to_be))?;
    if wanted.to_be == row.roles {
        change.commit().await?;
        return Ok(RevokedInvitations { count: 0 });
    }
    admit_change(&change, &member, (caller, wanted.user)).await?;
    let (id, to_be) = (member.account.id, wanted.to_be);
    if !update_roles(change.db(), id, wanted.user, to_be).await? {
        return Err(Refusal::NotFound.into());
    }
    let event = Event::RolesChanged {
        roles: to_be.list(),
    };
    let about = member.about(&row);
    change.record(&event, about).await?;
    if changes_rank(row.roles, to_be) {
        let (occasion, here) = (Occasion::RolesChanged, Concerned::in_account(id));
        change.end_named(occasion, wanted.user, here).await?;
    }
    let sender = (row.id, row.name.as_str());
    let lost = LostRight {
        occasion: Occasion::RolesChanged,
        account: Some(id),
        left: to_be,
    };
    let count = revoke_sent(&change, sender, lost).await?;
    tell_of_change(&change, caller, (&member, &row), to_be).await?;
    change.commit().await?;
    Ok(RevokedInvitations { count })
}

/// Whose roles become which.
#[derive(Clone, Copy)]
pub struct RolesChange {
    /// The user.
    pub user: UserId,
    /// The roles from now on.
    pub to_be: Roles,
}

async fn check_change(
    services: &Services,
    db: &impl ConnectionTrait,
    member: &Member,
    caller: &Principal,
    change: &RolesChange,
) -> Outcome<TeamMember> {
    // Who may not even see users is not told who is one.
    member.may(Action::ReadUsers)?;
    let (row, other) = find_other(services, db, member, caller, change.user).await?;
    refuse(team::change_any_role(member.roles, other))?;
    if change.to_be == Roles::NONE {
        return Err(Wrong::NoRoles.into());
    }
    refuse(team::change_roles(member.roles, other, change.to_be))?;
    Ok(row)
}

/// Tells the user, and the owner of the account where it gives rank. The owner is told whoever did it: a stolen session
/// acts as its user.
async fn tell_of_change(
    change: &Change<'_>,
    caller: &Principal,
    (member, row): (&Member, &TeamMember),
    to_be: Roles,
) -> Outcome<()> {
    let (account, by) = (member.account.name.as_str(), caller.user.name.as_str());
    let letter = Letter::RolesChanged {
        account,
        by,
        roles: to_be,
    };
    change.queue(row, &letter).await?;
    if gives_rank(row.roles, to_be)
        && let Some(owner) = find_user(change.db(), member.account.owner).await?
    {
        let letter = Letter::RankGiven {
            account,
            by,
            name: &row.name,
            email: in_letter(&row.email),
            roles: to_be,
            from: &caller.visitor,
        };
        change.queue(&owner, &letter).await?;
    }
    Ok(())
}

/// Each change is mailed to the one it is done to: back and forth must not be a way to flood a mailbox.
async fn admit_change(
    change: &Change<'_>,
    member: &Member,
    (caller, user): (&Principal, UserId),
) -> Outcome<()> {
    let bucket = Limit::RoleChanges.of_user_in_by(member.account.id, user, caller.user.id);
    change.take_or_refuse(&bucket).await
}

/// Removes somebody from an account, and revokes the invitations to it that they have on the way. Their sessions go on,
/// and find nothing of the account from the next call on.
///
/// # Errors
/// Nobody removes one of their own rank or above, or themselves; the owner stays.
pub async fn remove(
    services: &Services,
    caller: &Principal,
    account: AccountRef,
    user: UserId,
) -> Outcome<RevokedInvitations> {
    let change = Change::by_session(services, caller).await?;
    let member = admit_locked(&change, caller, account).await?;
    member.may(Action::ReadUsers)?;
    let (row, other) = find_other(services, change.db(), &member, caller, user).await?;
    refuse(team::remove(member.roles, other))?;
    if !delete_membership(change.db(), member.account.id, user).await? {
        return Err(Refusal::NotFound.into());
    }
    let (occasion, here) = (
        Occasion::RemovedFromAccount,
        Concerned::in_account(member.account.id),
    );
    change.end_named(occasion, user, here).await?;
    let about = member.about(&row);
    change.record(&Event::UserRemoved, about).await?;
    let sender = (row.id, row.name.as_str());
    let lost = LostRight::of_removed(member.account.id);
    let count = revoke_sent(&change, sender, lost).await?;
    let letter = Letter::RemovedFromAccount {
        account: &member.account.name,
        by: &caller.user.name,
    };
    change.queue(&row, &letter).await?;
    change.commit().await?;
    Ok(RevokedInvitations { count })
}

/// Leaves an account, also one that keeps its doors shut; the invitations to it that were sent are revoked.
///
/// # Errors
/// The owner stays until the account is transferred.
pub async fn leave(
    services: &Services,
    caller: &Principal,
    account: AccountRef,
) -> Outcome<RevokedInvitations> {
    let change = Change::by_session(services, caller).await?;
    let member = admit_shut_locked(&change, caller, account).await?;
    let id = member.account.id;
    refuse(denial(member.roles, Action::Leave))?;
    if !delete_membership(change.db(), id, caller.user.id).await? {
        return Err(Refusal::NotFound.into());
    }
    let (occasion, here) = (Occasion::RemovedFromAccount, Concerned::in_account(id));
    change.end_named(occasion, caller.user.id, here).await?;
    let about = About::account(id);
    change.record(&Event::UserLeft, about).await?;
    let sender = (caller.user.id, caller.user.name.as_str());
    let lost = LostRight::of_removed(id);
    let count = revoke_sent(&change, sender, lost).await?;
    let letter = Letter::LeftAccount {
        account: &member.account.name,
        from: &caller.visitor,
    };
    change.queue(&caller.user, &letter).await?;
    change.commit().await?;
    Ok(RevokedInvitations { count })
}
