//! Allows a user to set up a first factor without a mailbox proof, in the next session that they start. Without it, a user
//! who gets no mail could never have one. The operator can give an allowance, and so can the owner of the only account that
//! the user belongs to.

use app::types::ids::{AccountId, SessionId, UserId};
use app::types::two_factor::LetInBy;

use super::has_factor;
use crate::accounts::acting::could_still;
use crate::accounts::operator::{NotDone, find as find_account_of_operator};
use crate::audit::{About, Event};
use crate::change::Change;
use crate::factor_set::refused_among;
use crate::letters::Letter;
use crate::users::lock_named;
use crate::{Outcome, Services};
use domain::first_factor::{Belongs, HasFactor, allowance_ends, still_allowed};
use domain::roles::{Action, Denial};
use storage::coverage::next_uncovered;
use storage::deleted_accounts::{AnyAccount, all_accounts_of};
use storage::first_factors::{AllowanceRow, find_allowances, replace_allowance, take_allowance};
use storage::users::{User, find_user, lock_user};
use storage::{ConnectionTrait, Stored};

/// Users of an account that are read at a time.
const AT_A_TIME: u64 = 500;

/// Who lets somebody in, and in which account.
#[derive(Clone, Copy)]
pub enum AllowedBy {
    /// The operator; the account is the one of which everybody is let in.
    Operator(Option<AccountId>),
    /// The owner of an account.
    Owner {
        /// The account.
        account: AccountId,
        /// Its owner.
        owner: UserId,
    },
}

/// Lets a user in, who has no factor and whose row the caller has locked.
///
/// # Errors
/// Faults.
pub async fn allow(change: &Change<'_>, user: &User, by: AllowedBy) -> Outcome<()> {
    let until = allowance_ends(change.services.now());
    let (given, account, letter) = match by {
        AllowedBy::Operator(account) => (None, account, Letter::FirstFactorAllowed),
        AllowedBy::Owner { account, owner } => {
            let letter = Letter::FirstFactorAllowedByOwner;
            (Some((account, owner)), Some(account), letter)
        }
    };
    replace_allowance(change.db(), user.id, given, until).await?;
    let about = About {
        account,
        subject: Some((user.id, &user.name)),
    };
    change.record(&Event::FirstFactorAllowed, about).await?;
    change.queue(user, &letter).await?;
    Ok(())
}

/// The operator lets a user in.
///
/// # Errors
/// Refuses an address without a user, a user who has a factor, and one who is disabled and could not use it.
pub async fn allow_by_operator(services: &Services, email: &str) -> Outcome<()> {
    let change = Change::by_operator(services).await?;
    let user = lock_named(change.db(), email).await?;
    if user.is_disabled {
        return Err(Denial::UserDisabled.into());
    }
    if has_factor(&change, &user).await? == HasFactor::Yes {
        return Err(Denial::TwoFactorOn.into());
    }
    allow(&change, &user, AllowedBy::Operator(None)).await?;
    change.commit().await?;
    Ok(())
}

/// Whom the operator has let in of an account, and whom not, as a command names them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct LetIn {
    /// Who can set up a first factor now.
    pub allowed: Vec<String>,
    /// Whose factors are refused: of them nobody knows that they have none, and a reset comes first.
    pub refused: Vec<String>,
}

/// The operator lets in whoever of an account has no factor and is not disabled.
///
/// # Errors
/// Says in one line what is in the way.
pub async fn allow_all_of(services: &Services, account: &str) -> Result<LetIn, NotDone> {
    let change = Change::by_operator(services).await?;
    let account = find_account_of_operator(change.db(), account).await?.id;
    let mut done = LetIn::default();
    let mut after = None;
    loop {
        // Of any kind: who has SMS enrols by it.
        let some = next_uncovered(change.db(), account, true, after, AT_A_TIME).await?;
        let Some(last) = some.last() else { break };
        after = Some(last.id);
        let ids: Vec<_> = some.iter().map(|member| member.id).collect();
        for id in ids.iter().copied() {
            lock_user(change.db(), id).await?;
        }
        let refused = refused_among(services, change.db(), &ids).await?;
        for id in ids {
            let user = find_user(change.db(), id).await?;
            let Some(user) = user.filter(|user| !user.is_disabled) else {
                continue;
            };
            if refused.contains(&id) {
                done.refused.push(user.for_operator());
                continue;
            }
            allow(&change, &user, AllowedBy::Operator(Some(account))).await?;
            done.allowed.push(user.for_operator());
        }
    }
    change.commit().await?;
    Ok(done)
}

/// What there is of an allowance of a user, and by whom; nothing where it is over, or holds no longer for what they are now.
///
/// # Errors
/// Faults of the database.
pub async fn find(
    services: &Services,
    db: &impl ConnectionTrait,
    user: UserId,
) -> Outcome<Option<(AllowanceRow, LetInBy)>> {
    let found = find_allowances(db, &[user], services.now()).await?;
    let Some(row) = found.into_iter().next() else {
        return Ok(None);
    };
    let belongs_to = if row.by.is_some() {
        belongs_to(db, user).await?
    } else {
        Vec::new()
    };
    if let Some((account, owner)) = row.by
        && !could_still(services, db, (owner, account), Action::AllowFirstFactor).await?
    {
        return Ok(None);
    }
    Ok(still_allowed(row.by, &belongs_to).map(|by| (row, by)))
}

/// By whom the next session that a user begins is let in.
///
/// # Errors
/// Faults of the database.
pub async fn waiting(
    services: &Services,
    db: &impl ConnectionTrait,
    user: UserId,
) -> Outcome<Option<LetInBy>> {
    let found = find(services, db, user).await?;
    let waiting = found.filter(|(row, _)| row.session.is_none());
    Ok(waiting.map(|(_, by)| by))
}

/// The accounts that a user belongs to, with their owners; those that were deleted and may come back, too.
///
/// # Errors
/// Faults of the database.
pub async fn belongs_to(db: &impl ConnectionTrait, user: UserId) -> Stored<Vec<Belongs>> {
    let accounts = all_accounts_of(db, user).await?;
    let belongs = |account: AnyAccount| Belongs {
        account: account.id,
        owner: account.owner,
        is_deleted: account.is_deleted,
    };
    Ok(accounts.into_iter().map(belongs).collect())
}

/// Gives the allowance of a user to the session that has just begun, where there is one.
pub async fn take(change: &Change<'_>, user: &User, session: SessionId) -> Outcome<()> {
    if take_allowance(change.db(), user.id, session, change.services.now()).await? {
        let event = Event::FirstFactorAllowanceUsed;
        change.record_own(user, &event).await?;
    }
    Ok(())
}
