//! Opening an account to somebody before the day after their reset is over: another account had offered it, and this one
//! waits until its owner has read the letter.

use app::error::ApiError;
use app::types::account::AccountRef;
use app::types::ids::UserId;
use app::types::two_factor::StepUp;

use super::{about, actor, addressed, admit_locked, find_other, refuse};
use crate::domain::roles::Action;
use crate::domain::team;
use crate::service::accounts::{Member, admit};
use crate::service::audit::{Event, record};
use crate::service::letters::{Letter, queue};
use crate::service::sessions::SignedIn;
use crate::service::step_up::{prove_password, prove_second_factor, unless_refused};
use crate::service::{Outcome, Services};
use crate::storage::memberships::open_at_once;
use crate::storage::team::TeamMember;
use crate::storage::{ConnectionTrait, WriteTransaction};

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
    let password = prove_password(services, caller, given).await?;
    let transaction = services.database.begin_write().await?;
    let account = AccountRef::Id(member.account.id);
    let member = admit_locked(services, &transaction, caller, account).await?;
    let (transaction, _) =
        prove_second_factor(services, transaction, caller, given, &password).await?;
    let opened = open(services, &transaction, &member, caller, user).await;
    let (transaction, ()) = unless_refused(transaction, opened).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(())
}

async fn open(
    services: &Services,
    transaction: &WriteTransaction,
    member: &Member,
    caller: &SignedIn,
    user: UserId,
) -> Outcome<()> {
    let row = check(services, transaction, member, caller, user).await?;
    if !open_at_once(transaction, member.account.id, user, services.now()).await? {
        return Err(ApiError::OpenAlready.into());
    }
    let about = about(member, &row);
    record(services, transaction, actor(caller), &Event::LetIn, about).await?;
    let letter = Letter::LetIn {
        account: &member.account.name,
        by: &caller.user.name,
    };
    queue(services, transaction, addressed(&row), &letter).await?;
    Ok(())
}

async fn check(
    services: &Services,
    db: &impl ConnectionTrait,
    member: &Member,
    caller: &SignedIn,
    user: UserId,
) -> Outcome<TeamMember> {
    member.may(Action::ReadUsers)?;
    let (row, other) = find_other(services, db, member, caller, user).await?;
    refuse(team::let_in(member.roles, other))?;
    Ok(row)
}
