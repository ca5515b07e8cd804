//! The other half of a transfer: who was offered the account accepts it, with proof that it is them.

use app::types::account::AccountRef;
use app::types::timestamp::Timestamp;
use app::types::two_factor::StepUp;

use super::transferable;
use crate::accounts::acting::could_still;
use crate::accounts::{Member, admit};
use crate::audit::Event;
use crate::change::Change;
use crate::ends::Concerned;
use crate::letters::Letter;
use crate::principal::Principal;
use crate::refusal::Refusal;
use crate::sessions::SignedIn;
use crate::step_up::prove;
use crate::team::{admit_locked_with, refuse};
use crate::{Failure, Fault, Outcome, Services};
use domain::ends::Occasion;
use domain::roles::{Action, Denial, Role};
use domain::team;
use storage::ConnectionTrait;
use storage::accounts::{change_owner, find_account_of};
use storage::factors::find_factors;
use storage::memberships::update_roles;
use storage::team::find_member;
use storage::transfer_offers::{TransferOffer, find_transfer_offer, take_transfer_offer};
use storage::users::find_user;

/// Makes the caller the owner, as the owner before has offered, who stays as an administrator.
///
/// # Errors
/// `OfferOver` where the account is not offered to the caller; without two-factor authentication where it is required.
/// A code that was given is spent all the same.
pub async fn accept(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    given: &StepUp,
) -> Outcome<()> {
    let db = services.database.read();
    let member = admit(services, caller, account).await?;
    let offer = check(services, db, &member, caller).await?;
    let proven = prove(services, caller, given).await?;
    let change = Change::proven(services, caller, proven).await?;
    let account = AccountRef::Id(member.account.id);
    let member = admit_locked_with(&change, caller, account, offer.from).await?;
    take_over(&change, &member, caller).await?;
    change.commit().await?;
    tracing::info!(account.id = %member.account.id, user.id = %caller.user.id, "the account has another owner");
    Ok(())
}

async fn take_over(change: &Change<'_>, member: &Member, caller: &Principal) -> Outcome<()> {
    let over = || Failure::Refused(Refusal::OfferOver);
    let offer = check(change.services, change.db(), member, caller).await?;
    if !stands(change.services, change.db(), member, &offer).await? {
        return Err(over());
    }
    let (id, from, to) = (member.account.id, offer.from, caller.user.id);
    let old = find_account_of(change.db(), from, id).await?;
    let old = old.filter(|old| old.roles.has(Role::Owner));
    let stays_as = old.ok_or_else(over)?.roles.without(Role::Owner);
    // The row of the account is locked: nobody else takes the offer meanwhile.
    if !take_transfer_offer(change.db(), id, offer, change.services.now()).await? {
        return Err(over());
    }
    if !change_owner(change.db(), id, from, to).await?
        || !update_roles(change.db(), id, from, stays_as.with(Role::Admin)).await?
    {
        return Err(Failure::Fault(Fault::Broken(
            "the owner of a locked account changed",
        )));
    }
    for user in [from, to] {
        change
            .end_named(Occasion::RolesChanged, user, Concerned::in_account(id))
            .await?;
    }
    let row = find_member(change.db(), id, from).await?.ok_or_else(over)?;
    let (event, about) = (Event::TransferAccepted, member.about(&row));
    change.record(&event, about).await?;
    let account = member.account.name.as_str();
    // The new owner too, in case it was not them.
    let received = Letter::OwnershipReceived {
        account,
        by: &row.name,
        from: &caller.visitor,
    };
    change.queue(&caller.user, &received).await?;
    let given = Letter::OwnershipGiven {
        account,
        to: &caller.user.name,
        from: &caller.visitor,
    };
    change.queue(&row, &given).await?;
    Ok(())
}

async fn check(
    services: &Services,
    db: &impl ConnectionTrait,
    member: &Member,
    caller: &Principal,
) -> Outcome<TransferOffer> {
    let offer = find_transfer_offer(db, member.account.id, services.now()).await?;
    let offer = offer.filter(|offer| offer.to == caller.user.id);
    let offer = offer.ok_or(Refusal::OfferOver)?;
    refuse(denied(services, db, member, caller).await?)?;
    Ok(offer)
}

/// Whether who offered the account could still offer it: one who is disabled or shut out of it gives nothing away.
async fn stands(
    services: &Services,
    db: &impl ConnectionTrait,
    member: &Member,
    offer: &TransferOffer,
) -> Outcome<bool> {
    let who = (offer.from, member.account.id);
    could_still(services, db, who, Action::Transfer).await
}

async fn denied(
    services: &Services,
    db: &impl ConnectionTrait,
    member: &Member,
    caller: &Principal,
) -> Outcome<Option<Denial>> {
    let factors = find_factors(db, caller.user.id).await?;
    let is_covered = factors.cover(member.account.rules);
    let account = transferable(services, db, member).await?;
    Ok(team::accept_transfer(is_covered, account))
}

/// The offer of an account to another of its users.
pub struct OfferedTransfer {
    /// The owner, by name.
    pub from: String,
    /// Who may accept it, by name.
    pub to: String,
    /// Whether that is the reader.
    pub is_to_reader: bool,
    /// When the offer is over.
    pub until: Timestamp,
    /// Why the reader cannot accept it yet.
    pub accept: Option<Denial>,
}

/// The offer as the owner and the one whom it is for see it; nobody else does.
pub async fn pending(
    services: &Services,
    db: &impl ConnectionTrait,
    member: &Member,
    caller: &Principal,
) -> Outcome<Option<OfferedTransfer>> {
    let user = caller.user.id;
    let offer = find_transfer_offer(db, member.account.id, services.now()).await?;
    let offer = offer.filter(|offer| offer.to == user || offer.from == user);
    let Some(offer) = offer else { return Ok(None) };
    if !stands(services, db, member, &offer).await? {
        return Ok(None);
    }
    let names = (
        find_user(db, offer.from).await?,
        find_user(db, offer.to).await?,
    );
    let (Some(from), Some(to)) = names else {
        return Ok(None);
    };
    let is_to_reader = offer.to == user;
    let accept = if is_to_reader {
        denied(services, db, member, caller).await?
    } else {
        None
    };
    Ok(Some(OfferedTransfer {
        from: from.name,
        to: to.name,
        is_to_reader,
        until: offer.expires_at,
        accept,
    }))
}
