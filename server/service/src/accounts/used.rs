//! When a user last used an account: what those who look after the account see of it, and by what the one used last is found.
//! It is of the membership, since what somebody does in another account is not for this one.

use app::types::ids::AccountId;
use app::types::timestamp::Timestamp;

use super::Member;
use crate::change::Change;
use crate::principal::Principal;
use crate::{Failure, Fault, Outcome, Services};
use storage::accounts::{find_account_used_last, note_account_used};

/// Seconds within which being in the same account is not noted again: reading pages does not write.
const NOTE_EVERY: i64 = 60;

fn is_due(member: &Member, now: Timestamp) -> bool {
    let last = member.last_used_at;
    last.is_none_or(|at| now.since(at) >= NOTE_EVERY)
}

/// Notes that a member is in the account, where that was not noted within the last minute.
///
/// # Errors
/// Faults of the database, but for those that pass: members go on reading while it takes no writes.
pub(super) async fn note(services: &Services, caller: &Principal, member: &Member) -> Outcome<()> {
    if !is_due(member, services.now()) {
        return Ok(());
    }
    let noted = async {
        let change = Change::by_session(services, caller).await?;
        note_within(&change, caller, member).await?;
        change.commit().await?;
        Ok(())
    };
    match Box::pin(noted).await {
        Err(Failure::Fault(Fault::Storage(error))) if error.is_transient() => {
            let error = error.detail();
            tracing::debug!(error, "the use of an account could not be noted");
            Ok(())
        }
        done => done,
    }
}

/// The same within a change: it is noted if what is done is.
///
/// # Errors
/// Faults of the database.
pub(super) async fn note_within(
    change: &Change<'_>,
    caller: &Principal,
    member: &Member,
) -> Outcome<()> {
    let now = change.services.now();
    if is_due(member, now) {
        note_account_used(change.db(), caller.user.id, member.account.id, now).await?;
    }
    Ok(())
}

/// Makes an account the one used last, where another is.
///
/// # Errors
/// Faults of the database.
pub(super) async fn note_entered(
    services: &Services,
    caller: &Principal,
    account: AccountId,
) -> Outcome<()> {
    let user = caller.user.id;
    let last = find_account_used_last(services.database.read(), user).await?;
    let Some(last) = last.filter(|last| last.account.id != account) else {
        return Ok(());
    };
    let now = services.now();
    // Later than any other, also within one second and after a clock was set back.
    let at = last.last_used_at.map_or(now, |at| now.max(at + 1));
    let change = Change::by_session(services, caller).await?;
    note_account_used(change.db(), user, account, at).await?;
    change.commit().await?;
    Ok(())
}
