//! Transfer of an account: its owner offers it to another of its users, and it is theirs once they accept. Until then
//! nothing changes, and the owner can take the offer back.

pub mod accept;

use app::types::account::AccountRef;
use app::types::ids::UserId;
use app::types::two_factor::StepUp;

use super::{admit_locked_with, admit_shut_locked, find_other, refuse};
use crate::accounts::{Member, admit};
use crate::audit::Event;
use crate::change::Change;
use crate::letters::Letter;
use crate::letters::ground::take_back_offer_letter;
use crate::limits::Limit;
use crate::principal::Principal;
use crate::refusal::Refusal;
use crate::sessions::SignedIn;
use crate::step_up::prove;
use crate::{Outcome, Services};
use domain::offers::TRANSFER_LIFE;
use domain::roles::Action;
use domain::team::{self, Transferable};
use storage::team::{TeamMember, find_member};
use storage::transfer_offers::{
    TransferOffer, find_transfer_offer, insert_transfer_offer, take_transfer_offer,
};
use storage::{ConnectionTrait, Stored};

/// Offers the account to somebody else, for a week.
///
/// # Errors
/// Only the owner can; only to a user of the account, who is not disabled and has two-factor authentication where it is
/// required; one offer at a time. A code that was given is spent all the same.
pub async fn offer(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    user: UserId,
    given: &StepUp,
) -> Outcome<()> {
    let db = services.database.read();
    let member = admit(services, caller, account).await?;
    check(services, db, &member, caller, user).await?;
    let proven = prove(services, caller, given).await?;
    let change = Change::proven(services, caller, proven).await?;
    let account = AccountRef::Id(member.account.id);
    let member = admit_locked_with(&change, caller, account, user).await?;
    make(&change, &member, caller, user).await?;
    change.commit().await?;
    Ok(())
}

async fn make(
    change: &Change<'_>,
    member: &Member,
    caller: &Principal,
    user: UserId,
) -> Outcome<()> {
    let to = check(change.services, change.db(), member, caller, user).await?;
    // Each offer is mailed: back and forth must not be a way to flood a mailbox.
    let bucket = Limit::TransferOffers.of_user_in(member.account.id, user);
    change.take_or_refuse(&bucket).await?;
    let now = change.services.now();
    let offer = TransferOffer {
        from: caller.user.id,
        to: user,
        expires_at: now + TRANSFER_LIFE,
    };
    insert_transfer_offer(change.db(), member.account.id, offer, now).await?;
    let (event, about) = (Event::TransferOffered, member.about(&to));
    change.record(&event, about).await?;
    let (account, until) = (member.account.name.as_str(), offer.expires_at);
    // The owner too, in case it was not them.
    let sent = Letter::TransferOfferSent {
        account,
        to: &to.name,
        until,
        from: &caller.visitor,
    };
    change.queue(&caller.user, &sent).await?;
    let offered = Letter::TransferOffered {
        account,
        by: &caller.user.name,
        of: member.account.id,
        offer,
    };
    change.queue(&to, &offered).await?;
    Ok(())
}

/// Takes the offer of the account back, also through a door that is shut to the owner: it gives nothing.
///
/// # Errors
/// Only the owner can; `OfferOver` where there is none.
pub async fn take_back(
    services: &Services,
    caller: &Principal,
    account: AccountRef,
) -> Outcome<()> {
    let change = Change::by_session(services, caller).await?;
    let member = admit_shut_locked(&change, caller, account).await?;
    member.may(Action::Transfer)?;
    let offer = take(&change, &member, |_| true).await?;
    if let Some(to) = find_member(change.db(), member.account.id, offer.to).await? {
        let (event, about) = (Event::TransferTakenBack, member.about(&to));
        change.record(&event, about).await?;
        if !take_back_offer_letter(&change, member.account.id, &offer).await? {
            let letter = Letter::TransferTakenBack {
                account: &member.account.name,
                by: &caller.user.name,
            };
            change.queue(&to, &letter).await?;
        }
    }
    change.commit().await?;
    Ok(())
}

/// Declines the account that is offered, also through a door that is shut.
///
/// # Errors
/// `OfferOver` where it is not offered to the caller.
pub async fn decline(services: &Services, caller: &Principal, account: AccountRef) -> Outcome<()> {
    let change = Change::by_session(services, caller).await?;
    let member = admit_shut_locked(&change, caller, account).await?;
    let is_mine = |offer: &TransferOffer| offer.to == caller.user.id;
    let offer = take(&change, &member, is_mine).await?;
    if let Some(from) = find_member(change.db(), member.account.id, offer.from).await? {
        let (event, about) = (Event::TransferDeclined, member.about(&from));
        change.record(&event, about).await?;
        let letter = Letter::TransferDeclined {
            account: &member.account.name,
            by: &caller.user.name,
        };
        change.queue(&from, &letter).await?;
    }
    change.commit().await?;
    Ok(())
}

/// Takes out the offer of an account whose row is locked.
async fn take(
    change: &Change<'_>,
    member: &Member,
    is_meant: impl Fn(&TransferOffer) -> bool,
) -> Outcome<TransferOffer> {
    let (account, now) = (member.account.id, change.services.now());
    let offer = find_transfer_offer(change.db(), account, now).await?;
    let offer = offer.filter(is_meant).ok_or(Refusal::OfferOver)?;
    if !take_transfer_offer(change.db(), account, offer, now).await? {
        return Err(Refusal::OfferOver.into());
    }
    Ok(offer)
}

async fn check(
    services: &Services,
    db: &impl ConnectionTrait,
    member: &Member,
    caller: &Principal,
    user: UserId,
) -> Outcome<TeamMember> {
    member.may(Action::Transfer)?;
    let (row, other) = find_other(services, db, member, caller, user).await?;
    let account = transferable(services, db, member).await?;
    refuse(team::transfer(member.roles, other, account))?;
    Ok(row)
}

/// What stands in the way of any transfer of an account.
pub(super) async fn transferable(
    services: &Services,
    db: &impl ConnectionTrait,
    member: &Member,
) -> Stored<Transferable> {
    let offered = find_transfer_offer(db, member.account.id, services.now()).await?;
    Ok(Transferable {
        is_required: member.account.required_from.is_some(),
        is_offered: offered.is_some(),
    })
}
