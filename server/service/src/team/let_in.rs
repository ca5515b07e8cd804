//! Opening an account to somebody before the day after their reset is over: another account had offered it, and this one
//! waits until its owner has read the letter.

use app::events::EventKind;
use app::types::account::AccountRef;
use app::types::ids::{AccountId, UserId};
use app::types::two_factor::StepUp;

use super::on_member::{OnMember, Rule};
use crate::accounts::Member;
use crate::audit::Event;
use crate::change::Change;
use crate::letters::{Letter, in_letter};
use crate::sessions::SignedIn;
use crate::{Outcome, Services};
use domain::offers::{OPENS_AFTER, RESET_LIFE};
use domain::roles::{Action, Denial};
use domain::team;
use storage::ConnectionTrait;
use storage::accounts::find_account;
use storage::audit::{find_acts_on, find_people_of_acts};
use storage::deleted_accounts::find_deleted;
use storage::memberships::{find_administrators, open_at_once};
use storage::team::TeamMember;
use storage::users::find_user;

const RULE: Rule = Rule {
    right: Action::ReadUsers,
    denial: team::let_in,
};

/// Opens the account to a user of it.
///
/// # Errors
/// Owner and administrators can, for who is below them and for the owner; not whoever had a hand in the offer of the reset;
/// where it is open there is nothing to do. A code that was given is spent all the same.
pub async fn let_in(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    user: UserId,
    given: &StepUp,
) -> Outcome<()> {
    let OnMember {
        change,
        member,
        row,
    } = OnMember::begin(services, caller, (account, user), &RULE, given).await?;
    let of = (member.account.id, user);
    if is_own_offer(services, change.db(), of, caller.user.id).await? {
        return Err(Denial::OwnOffer.into());
    }
    if !open_at_once(change.db(), member.account.id, user, services.now()).await? {
        return Err(Denial::OpenAlready.into());
    }
    let about = member.about(&row);
    change.record(&Event::LetIn, about).await?;
    let letter = Letter::LetIn {
        account: &member.account.name,
        by: &caller.user.name,
    };
    change.queue(&row, &letter).await?;
    tell_team(&change, (&member, &row), caller).await?;
    change.commit().await?;
    Ok(())
}

/// The owner hears of it, whoever did it, and so do the other administrators: the one who did it may have asked for it.
async fn tell_team(
    change: &Change<'_>,
    (member, row): (&Member, &TeamMember),
    caller: &SignedIn,
) -> Outcome<()> {
    let letter = Letter::LetInOfMember {
        account: &member.account.name,
        by: &caller.user.name,
        name: &row.name,
        email: in_letter(&row.email),
        from: &caller.visitor,
    };
    let admins = find_administrators(change.db(), member.account.id).await?;
    let admins = admins.into_iter().filter(|id| *id != caller.user.id);
    for id in [member.account.owner].into_iter().chain(admins) {
        let told = find_user(change.db(), id).await?;
        // Who is let in has a letter of their own.
        if let Some(told) = told.filter(|told| told.id != row.id && !told.is_disabled) {
            change.queue(&told, &letter).await?;
        }
    }
    Ok(())
}

/// Whether somebody had a hand in the offer of a reset after which an account is shut to a user: they made it in another
/// account, or that account is theirs, or was since. Whoever else could offer the reset and open the account alone. By the log, which keeps such
/// lines for longer than any offer lasts; an offer that came to nothing counts too, since which was confirmed no row says.
pub(super) async fn is_own_offer(
    services: &Services,
    db: &impl ConnectionTrait,
    (account, user): (AccountId, UserId),
    who: UserId,
) -> Outcome<bool> {
    let since = services.now() - OPENS_AFTER - RESET_LIFE;
    let kinds = [EventKind::ResetOffered.word()];
    for (offering, by) in find_acts_on(db, user, &kinds, since).await? {
        let Some(offering) = offering.filter(|offering| *offering != account) else {
            continue;
        };
        if by == Some(who) || owner_of(db, offering).await? == Some(who) {
            return Ok(true);
        }
        let kinds = [
            EventKind::TransferAccepted.word(),
            EventKind::AccountTransferred.word(),
        ];
        let owners = find_people_of_acts(db, offering, &kinds, since).await?;
        if owners.contains(&who) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn owner_of(db: &impl ConnectionTrait, account: AccountId) -> Outcome<Option<UserId>> {
    if let Some(account) = find_account(db, account).await? {
        return Ok(Some(account.owner));
    }
    let deleted = find_deleted(db, account).await?;
    Ok(deleted.map(|account| account.owner))
}
