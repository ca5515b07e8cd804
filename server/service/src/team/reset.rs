//! The offer to reset somebody's two-factor authentication, who lost app and recovery codes alike.
//!
//! The factor is the user's and holds in all their accounts, so an account may only offer: the user is mailed a link,
//! and nothing has changed until they confirm it (`sign_in::offered_reset`).

use app::types::account::AccountRef;
use app::types::ids::{AccountId, UserId};
use app::types::timestamp::Timestamp;
use app::types::two_factor::StepUp;

use super::on_member::{OnMember, Rule};
use crate::audit::{About, Event};
use crate::change::Change;
use crate::letters::Letter;
use crate::limits::{Limit, take_each};
use crate::refusal::Refusal;
use crate::sessions::SignedIn;
use crate::{Outcome, Services};
use crypto::token::Token;
use domain::offers::{OffersLeft, RESET_LIFE, may_offer_reset};
use domain::roles::Action;
use domain::team;
use storage::reset_offers::{ResetOffer, replace_reset_offer};
use storage::users::{User, lock_user};

/// Keeps hashes of these tokens apart from those of other tokens.
pub const PURPOSE: &str = "reset offer";

const RULE: Rule = Rule {
    right: Action::ReadUsers,
    denial: team::reset_two_factor,
};

/// Offers somebody to reset their two-factor authentication. An earlier offer of this account to them is over.
///
/// # Errors
/// The owner can for anyone else, an administrator for developers and billing; where it is off, or no letter reaches
/// them, there is nothing to offer. A day has its limit. A code that was given is spent all the same.
pub async fn offer(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    user: UserId,
    given: &StepUp,
) -> Outcome<()> {
    let OnMember { change, member, .. } =
        OnMember::begin(services, caller, (account, user), &RULE, given).await?;
    let other = lock_user(change.db(), user)
        .await?
        .ok_or(Refusal::NotFound)?;
    let account = member.account.id;
    take_one_of_the_day(&change, account, user).await?;
    let link = keep(&change, account, &other, caller.user.id).await?;
    let about = About::user(&other).within(account);
    change.record(&Event::ResetOffered, about).await?;
    let letter = Letter::TwoFactorResetOffered {
        account: &member.account.name,
        by: &caller.user.name,
        until: link.until,
        token: &link.token,
    };
    change.queue(&other, &letter).await?;
    change.commit().await?;
    Ok(())
}

/// The mailed link of an offered reset.
struct ResetLink {
    /// What opens it.
    token: Token,
    /// Until when it is good.
    until: Timestamp,
}

async fn keep(
    change: &Change<'_>,
    account: AccountId,
    user: &User,
    by: UserId,
) -> Outcome<ResetLink> {
    let token = Token::new(change.services.random.as_ref());
    let until = change.services.now() + RESET_LIFE;
    let offer = ResetOffer {
        account,
        user: user.id,
        by,
        expires_at: until,
    };
    replace_reset_offer(change.db(), offer, &token.hash(PURPOSE)).await?;
    Ok(ResetLink { token, until })
}

/// Counts an offer, unless the day has had enough of them: then nothing is counted.
async fn take_one_of_the_day(change: &Change<'_>, account: AccountId, user: UserId) -> Outcome<()> {
    let of_all = Limit::ResetOffers.of_user(user);
    let buckets = [
        Limit::FirstResetOffer.of_user_in(account, user),
        Limit::ResetOffersOfAccount.of_user_in(account, user),
        of_all,
    ];
    let part = change.savepoint().await?;
    let spent = take_each(change.services, part.db(), &buckets).await?;
    let left = |at: usize| spent.get(at).is_some_and(Option::is_none);
    let may = may_offer_reset(OffersLeft {
        is_first_of_account: left(0),
        of_account: left(1),
        of_all: left(2),
    });
    part.end(may).await?;
    if may {
        return Ok(());
    }
    // The first bucket says nothing of when: it is spent from the first offer on.
    let until = spent.iter().skip(1).flatten().max().copied();
    let until = until.unwrap_or_else(|| change.services.now());
    Err(of_all.refusal(change.services, until).into())
}
