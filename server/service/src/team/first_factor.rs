//! The owner lets somebody set up a first factor without a code from their mailbox, where none reaches them or their address
//! proves nothing. The operator has the same way (`first_factor::allowance`).

use app::types::account::AccountRef;
use app::types::ids::UserId;
use app::types::two_factor::StepUp;

use super::{admit_locked_with, find_other, refuse};
use crate::accounts::{Member, admit};
use crate::change::Change;
use crate::first_factor::allowance::{self, AllowedBy};
use crate::letters::{Letter, in_letter};
use crate::principal::Principal;
use crate::refusal::Refusal;
use crate::sessions::SignedIn;
use crate::step_up::prove;
use crate::{Outcome, Services};
use domain::roles::Action;
use domain::team;
use storage::ConnectionTrait;
use storage::users::lock_user;

/// Lets a user of the account in, for 30 minutes and for the next browser that signs in.
///
/// # Errors
/// The owner can, for somebody who belongs to this account alone, never had a factor, and whom no code reaches or whose
/// address is not proven. A code that was given is spent all the same.
pub async fn allow(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    user: UserId,
    given: &StepUp,
) -> Outcome<()> {
    let db = services.database.read();
    let member = admit(services, db, caller, account).await?;
    check(services, db, &member, caller, user).await?;
    let proven = prove(services, caller, given).await?;
    let change = Change::proven(services, caller, &proven).await?;
    let account = AccountRef::Id(member.account.id);
    let member = admit_locked_with(&change, caller, account, user).await?;
    let_set_up(&change, &member, caller, user).await?;
    change.commit().await?;
    Ok(())
}

/// All that refuses comes before anything is written; the user's row is locked first, so that no factor comes on meanwhile.
async fn let_set_up(
    change: &Change<'_>,
    member: &Member,
    caller: &Principal,
    user: UserId,
) -> Outcome<()> {
    let other = lock_user(change.db(), user)
        .await?
        .ok_or(Refusal::NotFound)?;
    check(change.services, change.db(), member, caller, user).await?;
    let by = AllowedBy::Owner {
        account: member.account.id,
        owner: caller.user.id,
    };
    allowance::allow(change, &other, by).await?;
    let letter = Letter::FirstFactorAllowedToMember {
        account: &member.account.name,
        name: &other.name,
        email: in_letter(&other.email),
        from: &caller.visitor,
    };
    change.queue(&caller.user, &letter).await?;
    Ok(())
}

async fn check(
    services: &Services,
    db: &impl ConnectionTrait,
    member: &Member,
    caller: &Principal,
    user: UserId,
) -> Outcome<()> {
    member.may(Action::AllowFirstFactor)?;
    let (_, other) = find_other(services, db, member, caller, user).await?;
    refuse(team::allow_first_factor(member.roles, other))?;
    Ok(())
}
