//! Opening an account to somebody before the day after their reset is over: another account had offered it, and this one
//! waits until its owner has read the letter.

use app::types::account::AccountRef;
use app::types::ids::UserId;
use app::types::two_factor::StepUp;

use super::{admit_locked, find_other, refuse};
use crate::accounts::{Member, admit};
use crate::audit::Event;
use crate::change::Change;
use crate::letters::Letter;
use crate::principal::Principal;
use crate::sessions::SignedIn;
use crate::step_up::prove;
use crate::{Outcome, Services};
use domain::roles::{Action, Denial};
use domain::team;
use storage::ConnectionTrait;
use storage::memberships::open_at_once;
use storage::team::TeamMember;

/// Opens the account to a user of it.
///
/// # Errors
/// Owner and administrators can, for others; where it is open there is nothing to do. A code that was given is spent all
/// the same.
pub async fn let_in(
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
    let member = admit_locked(&change, caller, account).await?;
    open(&change, &member, caller, user).await?;
    change.commit().await?;
    Ok(())
}

async fn open(
    change: &Change<'_>,
    member: &Member,
    caller: &Principal,
    user: UserId,
) -> Outcome<()> {
    let row = check(change.services, change.db(), member, caller, user).await?;
    if !open_at_once(change.db(), member.account.id, user, change.services.now()).await? {
        return Err(Denial::OpenAlready.into());
    }
    let about = member.about(&row);
    change.record(&Event::LetIn, about).await?;
    let letter = Letter::LetIn {
        account: &member.account.name,
        by: &caller.user.name,
    };
    change.queue(&row, &letter).await?;
    Ok(())
}

async fn check(
    services: &Services,
    db: &impl ConnectionTrait,
    member: &Member,
    caller: &Principal,
    user: UserId,
) -> Outcome<TeamMember> {
    member.may(Action::ReadUsers)?;
    let (row, other) = find_other(services, db, member, caller, user).await?;
    refuse(team::let_in(member.roles, other))?;
    Ok(row)
}
